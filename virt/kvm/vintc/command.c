// SPDX-License-Identifier: GPL-2.0-only
/* KVM_VINTC_COMMAND: what acts. */
#include <linux/uaccess.h>

#include "vintc.h"

static int reset(struct vintc_device *dev, struct kvm_vintc_command *c)
{
	return c->flags & KVM_VINTC_RESET_MODEL ? VINTC_RESET_MODEL : vintc_reset(dev);
}

static int inject(struct vintc_device *dev, struct kvm_vintc_command *c)
{
	static const enum vintc_input inputs[] = {
		[0] = VINTC_LOW,
		[1] = VINTC_HIGH,
		[KVM_VINTC_INJECT_PULSE] = VINTC_PULSE,
	};
	u32 level = c->inject.level;
	int r = vintc_ready(dev);

	if (r)
		return r;
	if (level >= ARRAY_SIZE(inputs))
		return -EINVAL;
	level = array_index_nospec(level, ARRAY_SIZE(inputs));
	vintc_enter_wait(dev);
	c->inject.status = vintc_inject(dev, c->inject.gsi, inputs[level]);
	vintc_leave(dev);
	return c->inject.status == VINTC_UNKNOWN_SOURCE ? -EINVAL : 0;
}

/* What a vCPU does, or only a look at its lines: with its mutex, as it would itself. */
static int as_vcpu(struct vintc_device *dev, struct kvm_vcpu *vcpu, void *icp,
		   struct kvm_vintc_command *c)
{
	int r = 0;

	if (mutex_lock_killable(&vcpu->mutex))
		return -EINTR;
	if (c->command == KVM_VINTC_CMD_LINE_FD)
		r = vintc_line_set_fd(dev->model->cpu(icp), c->line.fd);
	vintc_enter_wait(dev);
	switch (c->command) {
	case KVM_VINTC_CMD_HYPERCALL:
		r = dev->model->hypercall(dev, icp, c);
		break;
	case KVM_VINTC_CMD_RTAS:
		r = dev->model->rtas(dev, icp, c);
		break;
	case KVM_VINTC_CMD_ACCESS:
		r = dev->model->access(dev, icp, c);
		break;
	}
	if (!r)
		c->lines = vintc_line_follow(dev, icp);
	vintc_leave(dev);
	mutex_unlock(&vcpu->mutex);
	return r;
}

static int presentation(struct vintc_device *dev, struct kvm_vintc_command *c)
{
	struct kvm_vcpu *vcpu = c->vcpu < KVM_MAX_VCPU_IDS ? kvm_get_vcpu_by_id(dev->kvm, c->vcpu) : NULL;
	void *icp = vcpu ? vintc_device_icp(dev, vcpu) : NULL;
	int r;

	if (!icp)
		return -ENOENT;
	r = vintc_ready(dev);
	return r ? r : as_vcpu(dev, vcpu, icp, c);
}

#define SIZE_OF(member)	sizeof(((struct kvm_vintc_command *)0)->member)

static const struct command {
	int (*run)(struct vintc_device *dev, struct kvm_vintc_command *c);
	size_t size;			/* of what it uses of the union */
	u32 flags;			/* that it takes */
} commands[] = {
	[KVM_VINTC_CMD_RESET] = { reset, 0, KVM_VINTC_RESET_MODEL },
	[KVM_VINTC_CMD_INJECT] = { inject, SIZE_OF(inject) },
	[KVM_VINTC_CMD_HYPERCALL] = { presentation, SIZE_OF(hypercall) },
	[KVM_VINTC_CMD_RTAS] = { presentation, SIZE_OF(rtas) },
	[KVM_VINTC_CMD_ACCESS] = { presentation, SIZE_OF(access) },
	[KVM_VINTC_CMD_LINE] = { presentation, 0 },
	[KVM_VINTC_CMD_LINE_FD] = { presentation, SIZE_OF(line) },
};

int vintc_has_command(struct vintc_device *dev, u64 command)
{
	const struct vintc_model *model = dev->model;
	bool has = command < ARRAY_SIZE(commands);

	switch (command) {
	case KVM_VINTC_CMD_HYPERCALL:
		has = model->hypercall;
		break;
	case KVM_VINTC_CMD_RTAS:
		has = model->rtas;
		break;
	case KVM_VINTC_CMD_ACCESS:
		has = model->access;
		break;
	case KVM_VINTC_CMD_LINE:
	case KVM_VINTC_CMD_LINE_FD:
		has = dev->by_userspace;
		break;
	}
	return has ? 0 : -ENXIO;
}

/* Reserved fields inside of what a command uses. */
static u32 reserved(const struct kvm_vintc_command *c)
{
	switch (c->command) {
	case KVM_VINTC_CMD_INJECT:
		return c->inject.reserved | c->vcpu;
	case KVM_VINTC_CMD_RTAS:
		return c->rtas.reserved;
	case KVM_VINTC_CMD_LINE_FD:
		return c->line.reserved;
	case KVM_VINTC_CMD_RESET:
		return c->vcpu;
	}
	return 0;
}

int vintc_command(struct vintc_device *dev, struct kvm_vintc_command __user *arg)
{
	const struct command *command;
	struct kvm_vintc_command c;
	int r;

	if (copy_from_user(&c, arg, sizeof(c)))
		return -EFAULT;
	r = vintc_has_command(dev, c.command);
	if (r)
		return r;
	command = &commands[array_index_nospec(c.command, ARRAY_SIZE(commands))];
	if (c.flags & ~command->flags || reserved(&c) ||
	    memchr_inv((u8 *)c.reserved + command->size, 0, sizeof(c.reserved) - command->size))
		return -EINVAL;
	c.lines = 0;
	r = command->run(dev, &c);
	if (r)
		return r;
	return copy_to_user(arg, &c, sizeof(c)) ? -EFAULT : 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* A device in a real VM, and its ABI in the words of a VMM. */
#ifndef VINTC_KUNIT_DEVICE_H
#define VINTC_KUNIT_DEVICE_H

#include "fixture.h"

struct vintc_test_device {
	struct vintc_test_vm vm;
	struct file *vcpu[2];		/* with the ids 0 and 5 */
	struct file *file;
};

/* For struct kunit_suite: test->priv is a device without a model. */
int vintc_test_device_init(struct kunit *test);
void vintc_test_device_exit(struct kunit *test);
/* A new one in place of the one before; and an end to it. */
void vintc_test_device_anew(struct kunit *test, struct vintc_test_device *d);
void vintc_test_device_put(struct vintc_test_device *d);

/* Another thread that is inside KVM_RUN, as far as its mutex tells. */
struct vcpu_holder {
	struct kvm_vcpu *vcpu;
	struct vintc_test_thread thread;
	struct completion holds;
};

void hold_vcpu(struct kunit *test, struct vcpu_holder *holder, struct kvm_vcpu *vcpu);
void release_vcpu(struct vcpu_holder *holder);

/* The model that this host offers, as the suites need it that go for any model. */
struct vintc_test_model {
	const struct vintc_model *model;
	u32 wide_group;			/* whose values have 64 bits */
	u32 numbers;			/* a vCPU's number is below */
	u32 gsi, line;			/* an interrupt, for KVM_IRQFD and for KVM_IRQ_LINE */
	/* Makes that interrupt, in a device whose vCPU 5 is connected. */
	long (*make_interrupt)(struct vintc_test_device *d);
	/* Allocations whose failure fails the choice of the model, and a connect. */
	unsigned int choose_allocations, connect_allocations;
};

extern const struct vintc_test_model vintc_test_model;

static inline bool is_wide(u32 group)
{
	return group == vintc_test_model.wide_group || group == KVM_VINTC_GRP_COUNTERS;
}

static inline long set(struct vintc_test_device *d, u32 group, u64 attr, u64 value)
{
	u32 word = value;

	if (is_wide(group))
		return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, group, attr, &value, sizeof(value));
	return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, group, attr, &word, sizeof(word));
}

static inline long get(struct vintc_test_device *d, u32 group, u64 attr, u64 *value)
{
	u32 word = 0;
	long r;

	*value = 0;
	if (is_wide(group))
		return vintc_test_attr(d->file, KVM_GET_DEVICE_ATTR, group, attr, value, sizeof(*value));
	r = vintc_test_attr(d->file, KVM_GET_DEVICE_ATTR, group, attr, &word, sizeof(word));
	*value = word;
	return r;
}

static inline long has(struct vintc_test_device *d, u32 group, u64 attr)
{
	return vintc_test_attr(d->file, KVM_HAS_DEVICE_ATTR, group, attr, NULL, 0);
}

static inline long choose(struct vintc_test_device *d, u64 model)
{
	return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_MODEL, model, NULL, 0);
}

static inline long connect(struct vintc_test_device *d, u64 id, u32 number)
{
	return set(d, KVM_VINTC_GRP_VCPU, id, number);
}

static inline long inject(struct vintc_test_device *d, u32 irq, u32 level)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };

	return vintc_test_ioctl(d->file, KVM_IRQ_LINE, &line, sizeof(line));
}

static inline long ioctl_irqfd(struct vintc_test_device *d, int fd, u32 gsi, u32 flags)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = gsi, .flags = flags };

	return vintc_test_ioctl(d->file, KVM_IRQFD, &args, sizeof(args));
}

static inline long command(struct vintc_test_device *d, struct kvm_vintc_command *c)
{
	return vintc_test_ioctl(d->file, KVM_VINTC_COMMAND, c, sizeof(*c));
}

static inline long reset_model(struct vintc_test_device *d)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_RESET,
				       .flags = KVM_VINTC_RESET_MODEL };

	return command(d, &c);
}

/*
 * Sets an attribute with the nth allocation failing; @addr is in user memory.
 * ENOMEM, or done: the kernel's debug code allocates too, and bears it. Has an
 * allocation failed?
 */
bool vintc_test_set_failing(struct kunit *test, u32 group, u64 attr, unsigned long addr,
			    unsigned int nth, long *result);

#endif /* VINTC_KUNIT_DEVICE_H */

// SPDX-License-Identifier: GPL-2.0-only
/* Threads and devices that the GICv2's suites have in common. */
#include <linux/kthread.h>

#include "gicv2.h"

static int hold(void *data)
{
	struct vcpu_holder *holder = data;

	mutex_lock(&holder->vcpu->mutex);
	complete(&holder->holds);
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	mutex_unlock(&holder->vcpu->mutex);
	return 0;
}

void hold_vcpu(struct kunit *test, struct vcpu_holder *holder, struct kvm_vcpu *vcpu)
{
	holder->vcpu = vcpu;
	init_completion(&holder->holds);
	holder->task = kthread_run(hold, holder, "vintc-holder");
	KUNIT_ASSERT_FALSE(test, IS_ERR(holder->task));
	wait_for_completion(&holder->holds);
}

void release_vcpu(struct vcpu_holder *holder)
{
	kthread_stop(holder->task);
}

struct file *in_tree_gicv3(struct vintc_test_device *d)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	long r = vintc_test_ioctl(d->vm.file, KVM_CREATE_DEVICE, &create, sizeof(create));

	return r ? ERR_PTR(r) : close_fd_get_file(create.fd);
}

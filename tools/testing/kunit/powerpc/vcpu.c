// SPDX-License-Identifier: GPL-2.0-only
/* vCPUs: those without a VM have what kvm-hv's fast_vcpu_kick touches, and the line. */
#include <linux/rcuwait.h>
#include <asm/kvm_ppc.h>

#include "xics_calls.h"

/* POWER's need nothing. */
long vintc_test_vcpu_init(struct file *vm, struct file *vcpu)
{
	return 0;
}

struct kvm_vcpu *vintc_test_vcpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kunit_kzalloc(test, sizeof(*vcpu), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vcpu);
	rcuwait_init(&vcpu->arch.wait);
	vcpu->arch.waitp = &vcpu->arch.wait;
	vcpu->arch.thread_cpu = -1;
	vcpu->cpu = -1;
	return vcpu;
}

bool vintc_test_line(struct kvm_vcpu *vcpu)
{
	return test_bit(BOOK3S_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions);
}

/*
 * As the vCPU's thread with the vCPU loaded: a kick sends its processor an
 * interrupt. As in KVM nobody else runs there meanwhile.
 */
void vintc_test_load(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, get_cpu());
}

void vintc_test_unload(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
	put_cpu();
}

void vintc_test_cede(struct kvm_vcpu *vcpu, const bool *stop)
{
	rcuwait_wait_event(vcpu->arch.waitp, vintc_test_line(vcpu) || READ_ONCE(*stop), TASK_IDLE);
}

void vintc_test_kick(struct kvm_vcpu *vcpu)
{
	rcuwait_wake_up(vcpu->arch.waitp);
}

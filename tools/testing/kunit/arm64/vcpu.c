// SPDX-License-Identifier: GPL-2.0-only
/* vCPUs: those of a VM made able to run, and those without one: what a kick touches. */
#include <linux/rcuwait.h>
#include <asm/kvm_emulate.h>

#include "../fixture.h"

long vintc_test_vcpu_init(struct file *vm, struct file *vcpu)
{
	struct kvm_vcpu_init init = {};
	long r = vintc_test_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, sizeof(init));

	if (r)
		return r;
	init.features[0] = BIT(KVM_ARM_VCPU_PSCI_0_2);
	return vintc_test_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, sizeof(init));
}

struct kvm_vcpu *vintc_test_vcpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kunit_kzalloc(test, sizeof(*vcpu), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vcpu);
	rcuwait_init(&vcpu->wait);
	vcpu->cpu = -1;
	return vcpu;
}

/* As KVM asks before the vCPU sleeps; the bit stays until the guest is entered. */
bool vintc_test_line(struct kvm_vcpu *vcpu)
{
	return test_bit(__ffs(HCR_VI), vcpu_hcr(vcpu));
}

/* As the guest is entered: a kick from now on sends this processor an interrupt. */
void vintc_test_load(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, get_cpu());
	smp_store_mb(vcpu->mode, IN_GUEST_MODE);
	clear_bit(__ffs(HCR_VI), vcpu_hcr(vcpu));
	kvm_clear_request(KVM_REQ_IRQ_PENDING, vcpu);
}

void vintc_test_unload(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	WRITE_ONCE(vcpu->cpu, -1);
	put_cpu();
}

// SPDX-License-Identifier: GPL-2.0-only
/* The PMU's overflow interrupt, on a host that has a PMU. */
#include "lib/test.h"

static bool pmu_created(struct vcpu *cpu)
{
	u32 intid = PPI_PMU;
	struct kvm_device_attr attr = { .group = KVM_ARM_VCPU_PMU_V3_CTRL,
					.attr = KVM_ARM_VCPU_PMU_V3_IRQ,
					.addr = (uintptr_t)&intid };

	/* The interrupt is the irqchip's affair if that is not in-tree. */
	if (cpu->vm->irqchip == &in_tree_irqchip &&
	    xioctl(cpu->fd, KVM_SET_DEVICE_ATTR, &attr))
		return false;
	attr.attr = KVM_ARM_VCPU_PMU_V3_INIT;
	attr.addr = 0;
	return !xioctl(cpu->fd, KVM_SET_DEVICE_ATTR, &attr);
}

PLAIN_TEST(overflow)
{
	struct vcpu *cpu;
	struct vm vm;

	if (kvm_check(KVM_CAP_ARM_PMU_V3) <= 0)
		SKIP(return, "this host has no PMU for guests");
	arch_want_pmu();
	vm_create(&vm, 1);
	cpu = &vm.cpu[0];
	irqchip_create_ready(&vm, irqchip_under_test());
	ASSERT_TRUE(pmu_created(cpu));
	gic_open(&vm);
	gic_enable(cpu, PPI_PMU, 0x80);
	for (u64 i = 1; i <= soak(20); i++) {
		vcpu_start(cpu, OP_OVERFLOW);
		vcpu_join(cpu);
		if (i == 1 && !cpu->box->arg[0]) {
			TH_LOG("its cycle counter reads %lx", cpu->box->arg[1]);
			vm_destroy(&vm);
			SKIP(return, "this host's PMU does not overflow");
		}
		EXPECT_EQ(i, cpu->box->pmu);
	}
	EXPECT_EQ(0, cpu->box->spurious);
	EXPECT_FALSE(gicd_bit(cpu, GICD_ISPENDR, PPI_PMU));
	vm_destroy(&vm);
}

GIC_TEST_MAIN

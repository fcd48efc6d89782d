/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The levels of the architected timers' and the PMU's interrupts. KVM hands them to
 * userspace where there is no vgic, and every board that Linux knows has them at
 * these PPIs.
 *
 * A timer's registers are the guest's own while its context is loaded on this
 * processor: the virtual timer's always, the physical timer's with VHE. Else they
 * are in memory, and the level is a comparison. They are read there as they are:
 * __vcpu_sys_reg() may ask KVM first, by a function that it does not export.
 */
#ifndef VINTC_ARM64_PPI_H
#define VINTC_ARM64_PPI_H

#include <linux/kvm_host.h>
#include <asm/arch_timer.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>

#include "../../../../virt/kvm/vintc/compat.h"

#define PPI_PMU		23
#define PPI_VTIMER	27
#define PPI_PTIMER	30
#define DRIVEN_PPIS	(BIT(PPI_PMU) | BIT(PPI_VTIMER) | BIT(PPI_PTIMER))

static __always_inline bool ctl_fires(u64 ctl)
{
	return (ctl & (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_MASK | ARCH_TIMER_CTRL_IT_STAT)) ==
	       (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_STAT);
}

static __always_inline bool is_armed(u64 ctl)
{
	return (ctl & (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_MASK)) == ARCH_TIMER_CTRL_ENABLE;
}

static __always_inline bool vtimer_fires(struct kvm_vcpu *vcpu)
{
	if (vcpu_vtimer(vcpu)->loaded)
		return ctl_fires(read_sysreg_el0(SYS_CNTV_CTL));
	return is_armed(ctxt_sys_reg(&vcpu->arch.ctxt, CNTV_CTL_EL0)) &&
	       ctxt_sys_reg(&vcpu->arch.ctxt, CNTV_CVAL_EL0) <=
		       __arch_counter_get_cntpct() - vintc_vtimer_offset(vcpu);
}

static __always_inline bool ptimer_fires(struct kvm_vcpu *vcpu)
{
	if (vcpu_ptimer(vcpu)->loaded)
		return ctl_fires(read_sysreg_el0(SYS_CNTP_CTL));
	return is_armed(ctxt_sys_reg(&vcpu->arch.ctxt, CNTP_CTL_EL0)) &&
	       ctxt_sys_reg(&vcpu->arch.ctxt, CNTP_CVAL_EL0) <=
		       __arch_counter_get_cntpct() - vintc_ptimer_offset(vcpu);
}

static __always_inline bool pmu_fires(struct kvm_vcpu *vcpu)
{
#ifdef CONFIG_HW_PERF_EVENTS
	return vcpu->arch.pmu.irq_level;
#else
	return false;
#endif
}

/* The levels, for the running vCPU with interrupts off: between two processors one has them. */
static __always_inline u32 ppi_levels(struct kvm_vcpu *vcpu)
{
	return (u32)vtimer_fires(vcpu) << PPI_VTIMER |
	       (u32)ptimer_fires(vcpu) << PPI_PTIMER |
	       (u32)pmu_fires(vcpu) << PPI_PMU;
}

/* The same in the terms of run->s.regs.device_irq_level. */
static __always_inline u64 device_irq_level(u32 levels)
{
	BUILD_BUG_ON(KVM_ARM_DEV_EL1_VTIMER != BIT(0) || KVM_ARM_DEV_EL1_PTIMER != BIT(1) ||
		     KVM_ARM_DEV_PMU != BIT(2));
	return (levels >> PPI_VTIMER & 1) | (levels >> PPI_PTIMER & 1) << 1 |
	       (levels >> PPI_PMU & 1) << 2;
}

#endif /* VINTC_ARM64_PPI_H */

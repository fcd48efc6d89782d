// SPDX-License-Identifier: GPL-2.0-only
/*
 * The levels of the architected timers' and the PMU's interrupts.
 *
 * A timer's registers are the guest's own while its context is loaded on this
 * processor: the virtual timer's always, the physical timer's with VHE. Else they
 * are in memory, and the level is a comparison.
 */
#include <linux/kvm_host.h>
#include <asm/arch_timer.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>

#include "arm64.h"

static bool ctl_fires(u64 ctl)
{
	return (ctl & (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_MASK | ARCH_TIMER_CTRL_IT_STAT)) ==
	       (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_STAT);
}

static bool is_armed(u64 ctl)
{
	return (ctl & (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_MASK)) == ARCH_TIMER_CTRL_ENABLE;
}

static bool vtimer_fires(struct kvm_vcpu *vcpu)
{
	if (vcpu_vtimer(vcpu)->loaded)
		return ctl_fires(read_sysreg_el0(SYS_CNTV_CTL));
	return is_armed(__vcpu_sys_reg(vcpu, CNTV_CTL_EL0)) &&
	       __vcpu_sys_reg(vcpu, CNTV_CVAL_EL0) <=
		       __arch_counter_get_cntpct() - __vcpu_sys_reg(vcpu, CNTVOFF_EL2);
}

static bool ptimer_fires(struct kvm_vcpu *vcpu)
{
	if (vcpu_ptimer(vcpu)->loaded)
		return ctl_fires(read_sysreg_el0(SYS_CNTP_CTL));
	return is_armed(__vcpu_sys_reg(vcpu, CNTP_CTL_EL0)) &&
	       __vcpu_sys_reg(vcpu, CNTP_CVAL_EL0) <= __arch_counter_get_cntpct();
}

static bool pmu_fires(struct kvm_vcpu *vcpu)
{
#ifdef CONFIG_HW_PERF_EVENTS
	return vcpu->arch.pmu.irq_level;
#else
	return false;
#endif
}

u32 vintc_arm64_sample(struct kvm_vcpu *vcpu)
{
	return (u32)vtimer_fires(vcpu) << VINTC_PPI_VTIMER |
	       (u32)ptimer_fires(vcpu) << VINTC_PPI_PTIMER |
	       (u32)pmu_fires(vcpu) << VINTC_PPI_PMU;
}

u32 vintc_arm64_ppi_levels(void *vcpu)
{
	unsigned long flags;
	u32 levels;

	/* Not between two processors, one of which has the registers. */
	local_irq_save(flags);
	levels = vintc_arm64_sample(vcpu);
	local_irq_restore(flags);
	return levels;
}

/* These are KVM_ARM_DEV_EL1_VTIMER, _EL1_PTIMER and _PMU. */
void vintc_arm64_acknowledge_levels(struct kvm_vcpu *vcpu, u32 levels)
{
	struct kvm_sync_regs *regs = &vcpu->run->s.regs;
	u64 told = (levels & BIT(VINTC_PPI_VTIMER) ? KVM_ARM_DEV_EL1_VTIMER : 0) |
		   (levels & BIT(VINTC_PPI_PTIMER) ? KVM_ARM_DEV_EL1_PTIMER : 0) |
		   (levels & BIT(VINTC_PPI_PMU) ? KVM_ARM_DEV_PMU : 0);

	if (READ_ONCE(regs->device_irq_level) != told)
		WRITE_ONCE(regs->device_irq_level, told);
}

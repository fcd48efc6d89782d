/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernels differ in. The code is written for the newest; here is what gives
 * the older ones the same. What no kernel says about itself is told by version.
 */
#ifndef VINTC_COMPAT_H
#define VINTC_COMPAT_H

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/version.h>

/* It moved in 6.12. */
#if __has_include(<linux/unaligned.h>)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* Before 6.12 struct fd had the file as a member. */
#ifndef fd_file
#define fd_file(f)	((f).file)
#endif

/* Before 6.8 one said how much to add. */
static inline void vintc_eventfd_signal(struct eventfd_ctx *eventfd)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(eventfd);
#else
	eventfd_signal(eventfd, 1);
#endif
}

#ifdef CONFIG_ARM64
#include <linux/ftrace.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>
#include <asm/kvm_mmu.h>

/* Before 6.8 a VM had one stage 2 translation. */
static inline u64 vintc_gpa_end(struct kvm *kvm)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	return kvm_phys_size(&kvm->arch.mmu);
#else
	return kvm_phys_size(kvm);
#endif
}

/*
 * How far the counters of a vCPU's timers are behind the physical one. Before 6.4
 * only the virtual timer's was, by a register.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
static __always_inline u64 vintc_timer_offset(struct arch_timer_offset *offset)
{
	return (offset->vm_offset ? *offset->vm_offset : 0) +
	       (offset->vcpu_offset ? *offset->vcpu_offset : 0);
}
#define vintc_vtimer_offset(vcpu)	vintc_timer_offset(&vcpu_vtimer(vcpu)->offset)
#define vintc_ptimer_offset(vcpu)	vintc_timer_offset(&vcpu_ptimer(vcpu)->offset)
#else
#define vintc_vtimer_offset(vcpu)	ctxt_sys_reg(&(vcpu)->arch.ctxt, CNTVOFF_EL2)
#define vintc_ptimer_offset(vcpu)	0
#endif

/* Has the guest an EL2 of its own? Before 6.4 none had. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <asm/kvm_nested.h>
#define vintc_vcpu_has_el2(vcpu)	vcpu_has_nv(vcpu)
#else
#define vintc_vcpu_has_el2(vcpu)	false
#endif

/*
 * What an ftrace function may see of the one it stands in front of, and change:
 * its arguments and result where ftrace saves those, else all registers on request.
 */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#define VINTC_FTRACE_FL_REGS	0

static __always_inline unsigned long vintc_ftrace_argument(struct ftrace_regs *fregs)
{
	return ftrace_regs_get_argument(fregs, 0);
}

static __always_inline void vintc_ftrace_return(struct ftrace_regs *fregs, unsigned long result)
{
	ftrace_regs_set_return_value(fregs, result);
	ftrace_override_function_with_return(fregs);
}
#else
#define VINTC_FTRACE_FL_REGS	FTRACE_OPS_FL_SAVE_REGS

static __always_inline unsigned long vintc_ftrace_argument(struct ftrace_regs *fregs)
{
	return ftrace_get_regs(fregs)->regs[0];
}

static __always_inline void vintc_ftrace_return(struct ftrace_regs *fregs, unsigned long result)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);

	regs->regs[0] = result;
	instruction_pointer_set(regs, procedure_link_pointer(regs));
}
#endif
#endif /* CONFIG_ARM64 */

#ifdef CONFIG_PPC_BOOK3S_64
#include <asm/kvm_book3s.h>

/*
 * Since 6.7 a hypervisor above this host may hold a vCPU's registers. These bring
 * what vcpu->arch.regs.gpr[] has of them up to date, and say what was changed there.
 */
static inline void vintc_gprs_fetch(struct kvm_vcpu *vcpu, int first, int count)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	if (kvmhv_is_nestedv2())
		while (count--)
			kvmppc_get_gpr(vcpu, first + count);
#endif
}

static inline void vintc_gprs_changed(struct kvm_vcpu *vcpu, int first, int count)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	if (kvmhv_is_nestedv2())
		while (count--)
			kvmppc_set_gpr(vcpu, first + count, vcpu->arch.regs.gpr[first + count]);
#endif
}
#endif /* CONFIG_PPC_BOOK3S_64 */

#endif /* VINTC_COMPAT_H */

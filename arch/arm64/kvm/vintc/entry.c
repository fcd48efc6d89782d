// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before each entry to the guest: the driven PPIs are sampled, and the lines
 * computed. And before a vCPU's first run: is the device complete?
 *
 * The lines are bits of hcr_el2, which KVM loads on each entry. Its vCPU's own
 * thread changes hcr_el2 without atomics, so a bit that another thread sets there
 * may be lost. It is the GIC's own word that counts, and it is looked at on each
 * entry, after the vCPU has become IN_GUEST_MODE; who raises a line kicks after
 * that word is stored. Either the entry sees the line or the kick ends it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/kernel_stat.h>
#include <linux/tracepoint.h>
#include <asm/kvm_emulate.h>

#include "../../../../virt/kvm/vintc/trace.h"
#include "arm64.h"
#include "ppi.h"

static unsigned long notify_function, sync_function, run_function;
static int mechanism;

u32 vintc_arm64_ppi_levels(void *vcpu)
{
	unsigned long flags;
	u32 levels;

	local_irq_save(flags);
	levels = ppi_levels(vcpu);
	local_irq_restore(flags);
	return levels;
}

/* The CPU interface of a vCPU that is ours, or NULL. */
static __always_inline struct vintc_gic_cpu *interface_of(struct kvm_vcpu *vcpu, struct vintc_device **dev)
{
	*dev = vintc_device_find(vcpu->kvm);
	return *dev ? vintc_device_icp(*dev, vcpu) : NULL;
}

/* At the end of a pause the vCPU is made to come here again (vintc_host.look). */
static __always_inline u32 compute_lines(struct vintc_device *dev, struct vintc_gic_cpu *cpu, u32 levels)
{
	return likely(!READ_ONCE(dev->paused)) ? vintc_gic_enter(gicv2_of(dev)->gic, cpu, levels) : 0;
}

/*
 * On the vCPU's thread, interrupts off, about to enter the guest, under RCU. KVM
 * compares the levels with what userspace knows: it knows.
 */
static __always_inline void enter(struct kvm_vcpu *vcpu, struct vintc_device *dev,
				  struct vintc_gic_cpu *cpu, bool driven)
{
	struct kvm_sync_regs *regs = &vcpu->run->s.regs;
	u32 levels = driven ? ppi_levels(vcpu) : 0;
	u32 lines = compute_lines(dev, cpu, levels);
	unsigned long *hcr = vcpu_hcr(vcpu);
	unsigned long want = (*hcr & ~(HCR_VI | HCR_VF)) |
			     (lines & VINTC_GIC_LINE_IRQ ? HCR_VI : 0) |
			     (lines & VINTC_GIC_LINE_FIQ ? HCR_VF : 0);

	if (*hcr != want) {
		if (trace_vintc_deliver_enabled() && want & ~*hcr)
			trace_vintc_deliver(vcpu);
		WRITE_ONCE(*hcr, want);
	}
	if (driven && READ_ONCE(regs->device_irq_level) != device_irq_level(levels))
		WRITE_ONCE(regs->device_irq_level, device_irq_level(levels));
}

/*
 * Has a sleeping vCPU a reason to wake? For a timer its own thread looks itself;
 * another thread, which thinks of yielding to it, goes by what is known.
 */
static bool wakes(struct kvm_vcpu *vcpu, struct vintc_gic_cpu *cpu)
{
	unsigned long flags;
	bool changed = false;

	if (vintc_gic_wakes(cpu))
		return true;
	local_irq_save(flags);
	if (kvm_get_running_vcpu() == vcpu)
		changed = ppi_levels(vcpu) != vintc_gic_levels(cpu);
	local_irq_restore(flags);
	return changed;
}

/*
 * In place of kvm_timer_should_notify_user(). It has two callers: one is about to
 * enter the guest (a kick may have taken the vCPU out of IN_GUEST_MODE again), the
 * other asks for a reason not to sleep. False: not ours.
 */
static bool replace_notify(struct kvm_vcpu *vcpu, unsigned long *notify)
{
	struct vintc_device *dev;
	struct vintc_gic_cpu *cpu = interface_of(vcpu, &dev);

	if (!cpu)
		return false;
	if (READ_ONCE(vcpu->mode) == OUTSIDE_GUEST_MODE) {
		*notify = wakes(vcpu, cpu);
	} else {
		enter(vcpu, dev, cpu, true);
		*notify = false;
	}
	return true;
}

/*
 * In place of kvm_timer_sync_user(), after each exit: while the virtual timer does
 * not fire, KVM takes the host's interrupt for it out of its active state, which
 * means a way through the host's interrupt controller. It can be active only when
 * this processor has taken an interrupt since that was done last; if another has
 * run the vCPU meanwhile, KVM did it when it came back. That holds for any VM
 * without a vgic, ours or not. True: nothing to do.
 */
struct synced {
	struct kvm_vcpu *vcpu;		/* not for use as a pointer */
	unsigned long interrupts;
};
static DEFINE_PER_CPU(struct synced, synced);

static bool replace_sync(struct kvm_vcpu *vcpu)
{
	struct synced *last = this_cpu_ptr(&synced);
	unsigned long interrupts = __this_cpu_read(kstat.irqs_sum);

	if (last->vcpu == vcpu && last->interrupts == interrupts)
		return !vcpu_vtimer(vcpu)->irq.level;
	/* While the timer fires KVM leaves it as it is. */
	last->vcpu = vtimer_fires(vcpu) ? NULL : vcpu;
	last->interrupts = interrupts;
	return false;
}

/* In front of kvm_arch_vcpu_run_pid_change(), under vcpu->mutex. True: refuse. */
static bool refuse_run(struct kvm_vcpu *vcpu, unsigned long *error)
{
	struct vintc_device *dev = vintc_device_find(vcpu->kvm);
	int r;

	if (!dev)
		return false;
	r = irqchip_in_kernel(vcpu->kvm) ? -EEXIST :
	    vintc_vcpu_has_el2(vcpu) ? -EOPNOTSUPP : gicv2_may_run(dev, vcpu);
	*error = r;
	return r;
}

/* ---- ftrace ---- */

/* ftrace's call is among the first instructions of a function. */
static bool is_in(unsigned long ip, unsigned long function)
{
	return ip - function <= 4 * AARCH64_INSN_SIZE;
}

static __always_inline bool replaces(unsigned long ip, struct kvm_vcpu *vcpu, unsigned long *result)
{
	if (is_in(ip, notify_function))
		return replace_notify(vcpu, result);
	if (is_in(ip, sync_function))
		return replace_sync(vcpu);
	return refuse_run(vcpu, result);
}

static void notrace hooked(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs)
{
	struct kvm_vcpu *vcpu = (void *)vintc_ftrace_argument(fregs);
	unsigned long result = 0;
	bool replaced;

	/* A device whose VM does not adopt it goes after a grace period. */
	rcu_read_lock();
	replaced = replaces(ip, vcpu, &result);
	rcu_read_unlock();
	/* To the caller, without the function's body. */
	if (replaced)
		vintc_ftrace_return(fregs, result);
}

/* PERMANENT: an interrupt controller must not go away by a sysctl. */
static struct ftrace_ops hook = {
	.func = hooked,
	.flags = VINTC_FTRACE_FL_REGS | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT,
};

/* ftrace_free_filter() leaves pointers to what it frees: this may be repeated. */
static void hook_reset(void)
{
	ftrace_set_filter(&hook, NULL, 0, 1);
}

static int hook_attach(bool timer)
{
	int r;

	if (timer && !(notify_function && sync_function))
		return -ENOENT;
	r = ftrace_set_filter_ip(&hook, run_function, 0, 1);
	if (!r && timer)
		r = ftrace_set_filter_ip(&hook, notify_function, 0, 0);
	if (!r && timer)
		r = ftrace_set_filter_ip(&hook, sync_function, 0, 0);
	if (!r)
		r = register_ftrace_function(&hook);
	if (r)
		hook_reset();
	return r;
}

/* ---- tracepoints ---- */

static void entry_probe(void *unused, unsigned long pc)
{
	struct kvm_vcpu *vcpu = kvm_get_running_vcpu();
	struct vintc_gic_cpu *cpu;
	struct vintc_device *dev;

	if (!vcpu || irqchip_in_kernel(vcpu->kvm))
		return;
	rcu_read_lock();
	cpu = interface_of(vcpu, &dev);
	if (cpu)
		enter(vcpu, dev, cpu, mechanism == VINTC_ARM64_TRACEPOINT);
	rcu_read_unlock();
}

/*
 * KVM compares the timers with what userspace knows, before we sample them. It may
 * do so to put the vCPU to sleep: a timer that fires is then a reason not to.
 */
static void level_probe(void *unused, unsigned long vcpu_id, u32 intid, int level)
{
	struct kvm_vcpu *vcpu = kvm_get_running_vcpu();
	struct kvm_sync_regs *regs;
	struct vintc_device *dev;
	bool ours;
	u64 bit;

	if (!vcpu || vcpu->vcpu_id != vcpu_id || irqchip_in_kernel(vcpu->kvm))
		return;
	rcu_read_lock();
	ours = interface_of(vcpu, &dev);
	rcu_read_unlock();
	if (!ours)
		return;
	bit = intid == PPI_VTIMER ? KVM_ARM_DEV_EL1_VTIMER : KVM_ARM_DEV_EL1_PTIMER;
	regs = &vcpu->run->s.regs;
	WRITE_ONCE(regs->device_irq_level,
		   level ? regs->device_irq_level | bit : regs->device_irq_level & ~bit);
	if (level)
		set_bit(__ffs(HCR_VI), vcpu_hcr(vcpu));
}

static struct probe {
	const char *name;
	void *function;
	struct tracepoint *tracepoint;
} probes[] = {
	{ "kvm_entry", entry_probe },
	{ "kvm_timer_update_irq", level_probe },
};

static void find_probe(struct tracepoint *tracepoint, void *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(tracepoint->name, probes[i].name))
			probes[i].tracepoint = tracepoint;
}

static void probes_detach(int count)
{
	while (count--)
		tracepoint_probe_unregister(probes[count].tracepoint, probes[count].function, NULL);
	tracepoint_synchronize_unregister();
}

/* The first @count of the probes. */
static int probes_attach(int count)
{
	int i, r;

	for_each_kernel_tracepoint(find_probe, NULL);
	for (i = 0; i < count; i++) {
		r = probes[i].tracepoint ? tracepoint_probe_register(probes[i].tracepoint,
								     probes[i].function, NULL)
					 : -ENOENT;
		if (r) {
			probes_detach(i);
			return r;
		}
	}
	return 0;
}

/* ---- the choice ---- */

static int probes_of(int mechanism)
{
	switch (mechanism) {
	case VINTC_ARM64_TRACEPOINT:
		return 2;
	case VINTC_ARM64_USERSPACE:
		return 1;
	}
	return 0;
}

/* A vCPU's first run is hooked whatever the mechanism. */
static int attach(int wanted)
{
	int r;

	mechanism = wanted;
	r = probes_attach(probes_of(wanted));
	if (r)
		return r;
	r = hook_attach(wanted == VINTC_ARM64_HOOK);
	if (r)
		probes_detach(probes_of(wanted));
	return r;
}

int vintc_arm64_entry_attach(int wanted)
{
	int first = wanted, last = wanted, r = 0;

	notify_function = (unsigned long)vintc_symbol("kvm_timer_should_notify_user");
	sync_function = (unsigned long)vintc_symbol("kvm_timer_sync_user");
	run_function = (unsigned long)vintc_symbol("kvm_arch_vcpu_run_pid_change");
	if (!run_function)
		return -ENOENT;
	if (wanted == VINTC_ARM64_MECHANISMS) {
		first = VINTC_ARM64_HOOK;
		last = VINTC_ARM64_USERSPACE;
	}
	for (wanted = first; wanted <= last; wanted++) {
		r = attach(wanted);
		if (!r)
			return wanted;
	}
	pr_err("KVM's functions cannot be hooked on this kernel (%d)\n", r);
	return r;
}

void vintc_arm64_entry_detach(void)
{
	unregister_ftrace_function(&hook);
	hook_reset();
	probes_detach(probes_of(mechanism));
}

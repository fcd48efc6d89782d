// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/kvm_vintc.h>
#include <stddef.h>
#include <string.h>

#include "lib/irqchip.h"
#include "lib/module.h"

#define PSTATE_START	0x3c5ull	/* EL1h, D, A, I and F masked */

#define CORE_REG(field)							\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(field))

static bool pmu_wanted;

void arch_want_pmu(void)
{
	pmu_wanted = true;
}

void arch_vm_created(struct vm *vm)
{
}

static void set_core(struct vcpu *cpu, u64 id, u64 value)
{
	must(vcpu_set_reg(cpu, id, &value));
}

void arch_vcpu_created(struct vcpu *cpu)
{
	struct kvm_vcpu_init init;

	must(xioctl(cpu->vm->fd, KVM_ARM_PREFERRED_TARGET, &init));
	init.features[0] |= 1u << KVM_ARM_VCPU_PSCI_0_2;
	if (pmu_wanted)
		init.features[0] |= 1u << KVM_ARM_VCPU_PMU_V3;
	must(xioctl(cpu->fd, KVM_ARM_VCPU_INIT, &init));

	set_core(cpu, CORE_REG(regs.pc), GUEST_ENTRY);
	set_core(cpu, CORE_REG(regs.pstate), PSTATE_START);
	set_core(cpu, CORE_REG(sp_el1), GUEST_STACKS + GUEST_STACK_SIZE * (cpu->index + 1));
	set_core(cpu, CORE_REG(regs.regs[18]), GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * cpu->index);
	cpu->box->gicd = GUEST_GICD;
	cpu->box->gicc = GUEST_GICC;
}

void arch_vcpu_begins(struct vcpu *cpu)
{
	cpu->exit.mmio = 0;
}

/* What a VMM does that drives the timers' and the PMU's PPIs itself. */
static void pass_levels_on(struct vcpu *cpu)
{
	static const struct {
		u64 level;
		u32 intid;
	} sources[] = {
		{ KVM_ARM_DEV_EL1_VTIMER, PPI_VTIMER },
		{ KVM_ARM_DEV_EL1_PTIMER, PPI_PTIMER },
		{ KVM_ARM_DEV_PMU, PPI_PMU },
	};
	u64 levels = cpu->run->s.regs.device_irq_level, changed = levels ^ cpu->exit.levels;

	cpu->exit.levels = levels;
	for (int i = 0; i < ARRAY_SIZE(sources); i++)
		if (changed & sources[i].level)
			must(irq_line(cpu->vm, ppi(cpu->server, sources[i].intid),
				      !!(levels & sources[i].level)));
}

static bool mmio_exit(struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;
	u32 what = *(u32 *)run->mmio.data;

	if (run->mmio.phys_addr == GUEST_DOORBELL && run->mmio.is_write) {
		if (what == GUEST_DONE)
			return true;
		fatal("vCPU %d: exception %lu, ESR %lx, ELR %lx, FAR %lx", cpu->index,
		      cpu->box->fault[0], cpu->box->fault[1], cpu->box->fault[2],
		      cpu->box->fault[3]);
	}
	cpu->exit.seen = true;
	cpu->exit.mmio++;
	cpu->exit.address = run->mmio.phys_addr;
	cpu->exit.width = run->mmio.len;
	cpu->exit.write = run->mmio.is_write;
	if (!run->mmio.is_write)
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
	if (cpu->left)
		cpu->left(cpu);
	return false;
}

bool arch_vcpu_left(struct vcpu *cpu, int error)
{
	if (cpu->vm->irqchip == &vintc_irqchip && timers_by_vmm())
		pass_levels_on(cpu);
	if (error == -EINTR) {
		if (!cpu->stop && !cpu->run->immediate_exit)
			cpu->exit.interrupted++;
		return false;
	}
	if (error == -EAGAIN)
		return false;
	if (error)
		fatal("vCPU %d: KVM_RUN: %s", cpu->index, error_name(-error));
	if (cpu->run->exit_reason != KVM_EXIT_MMIO)
		fatal("vCPU %d: exit %u", cpu->index, cpu->run->exit_reason);
	return mmio_exit(cpu);
}

void arch_vcpu_describe(struct vcpu *cpu)
{
	volatile struct guest_mailbox *box = cpu->box;

	fatal("vCPU %d never finished operation %lu (%lx %lx %lx): accepted %lu, last %x, spurious %lu, IRQs %lu, FIQs %lu, SGIs %lu, timer %lu %lu, messages %lu, interrupted %lu",
	      cpu->index, box->op, box->arg[0], box->arg[1], box->arg[2], box->accepted,
	      box->accepted ? box->log[(box->accepted - 1) % GUEST_LOG_ENTRIES] : 0,
	      box->spurious, box->irqs, box->fiqs, box->sgis, box->timer[0], box->timer[1],
	      box->messages, cpu->exit.interrupted);
}

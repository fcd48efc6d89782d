// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "lib/vm.h"
#include "lib/xics.h"

#define LPCR_ILE	0x02000000ull	/* interrupts are taken little-endian */
#define MSR_START	0x8000000000000003ull	/* SF, RI, LE */

/* A host with the hash MMU wants the guest's hash table before anything else. */
void arch_vm_created(struct vm *vm)
{
	u32 order = 24;

	if (xioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_PPC_MMU_RADIX) > 0)
		return;
	must(xioctl(vm->fd, KVM_PPC_ALLOCATE_HTAB, &order));
}

void arch_vcpu_created(struct vcpu *cpu)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_regs regs;
	u64 lpcr;

	must(xioctl(cpu->fd, KVM_ENABLE_CAP, &papr));
	must(vcpu_get_reg(cpu, KVM_REG_PPC_LPCR_64, &lpcr));
	lpcr |= LPCR_ILE;
	must(vcpu_set_reg(cpu, KVM_REG_PPC_LPCR_64, &lpcr));

	must(xioctl(cpu->fd, KVM_GET_REGS, &regs));
	memset(regs.gpr, 0, sizeof(regs.gpr));
	regs.pc = GUEST_ENTRY;
	regs.msr = MSR_START;
	regs.gpr[1] = GUEST_STACKS + GUEST_STACK_SIZE * (cpu->index + 1) - 256;
	regs.gpr[13] = GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * cpu->index;
	must(xioctl(cpu->fd, KVM_SET_REGS, &regs));
}

void arch_vcpu_begins(struct vcpu *cpu)
{
	cpu->run->papr_hcall.ret = 0;
}

static void note_exit(struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;

	cpu->exit.seen = true;
	cpu->exit.number = run->papr_hcall.nr;
	for (int i = 0; i < 9; i++)
		cpu->exit.args[i] = run->papr_hcall.args[i];
	run->papr_hcall.ret = (u64)H_FUNCTION;
	if (cpu->left)
		cpu->left(cpu);
}

bool arch_vcpu_left(struct vcpu *cpu, int error)
{
	struct kvm_run *run = cpu->run;

	if (error == -EINTR || error == -EAGAIN)
		return false;
	if (error)
		fatal("vCPU %d: KVM_RUN: %s", cpu->index, error_name(-error));
	if (run->exit_reason != KVM_EXIT_PAPR_HCALL)
		fatal("vCPU %d: exit %u, hardware reason %lx", cpu->index,
		      run->exit_reason, run->hw.hardware_exit_reason);
	if (run->papr_hcall.nr == GUEST_HCALL_FAULT)
		fatal("vCPU %d: interrupt %lx at %lx, SRR1 %lx", cpu->index,
		      run->papr_hcall.args[0], run->papr_hcall.args[1],
		      run->papr_hcall.args[2]);
	if (run->papr_hcall.nr == GUEST_HCALL_DONE)
		return true;
	note_exit(cpu);
	return false;
}

void arch_vcpu_describe(struct vcpu *cpu)
{
	volatile struct guest_mailbox *box = cpu->box;
	u64 icp = 0;

	vcpu_get_reg(cpu, KVM_REG_PPC_ICP_STATE, &icp);
	fatal("vCPU %d never finished operation %lu (%lx %lx %lx): accepted %lu, IPIs %lu, empty %lu, messages %lu, rescued %lu, ICP %016lx",
	      cpu->index, box->op, box->arg[0], box->arg[1], box->arg[2],
	      box->accepted, box->ipis, box->empty, box->messages, box->rescued,
	      icp);
}

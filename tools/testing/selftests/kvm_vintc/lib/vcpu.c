// SPDX-License-Identifier: GPL-2.0-only
/* Running vCPUs: KVM_RUN until the guest says that its operation is done. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "vm.h"
#include "xics.h"

#define SIGNAL_KICK	SIGUSR1

static __thread struct vcpu *this_vcpu;

/* Makes the KVM_RUN to come return at once, should it not have begun yet. */
static void on_kick(int signal)
{
	(void)signal;
	if (this_vcpu)
		this_vcpu->run->immediate_exit = 1;
}

static void install_kick(void)
{
	struct sigaction action = { .sa_handler = on_kick };

	sigaction(SIGNAL_KICK, &action, NULL);
}

static void note_exit(struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;

	cpu->exit.seen = true;
	cpu->exit.number = run->papr_hcall.nr;
	for (int i = 0; i < 9; i++)
		cpu->exit.args[i] = run->papr_hcall.args[i];
	run->papr_hcall.ret = (u64)H_FUNCTION;
}

/* One KVM_RUN: has the operation ended? */
static bool run_once(struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;
	int error = xioctl(cpu->fd, KVM_RUN, 0);

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

static void run_operation(struct vcpu *cpu)
{
	while (!cpu->stop && !run_once(cpu))
		;
}

static void set_operation(struct vcpu *cpu, u64 op, const u64 args[10])
{
	cpu->exit.seen = false;
	/* The first KVM_RUN of all goes from the entry to the first DONE. */
	if (!cpu->box->op)
		run_operation(cpu);
	for (int i = 0; i < 10; i++)
		cpu->box->arg[i] = args[i];
	cpu->box->op = op;
	cpu->run->papr_hcall.ret = 0;
}

void vcpu_do_args(struct vcpu *cpu, u64 op, const u64 args[10])
{
	set_operation(cpu, op, args);
	run_operation(cpu);
}

static void *vcpu_thread(void *argument)
{
	struct vcpu *cpu = argument;

	this_vcpu = cpu;
	cpu->entered = true;
	run_operation(cpu);
	cpu->finished = true;
	return NULL;
}

void vcpu_continue(struct vcpu *cpu)
{
	install_kick();
	cpu->entered = cpu->finished = cpu->stop = false;
	if (pthread_create(&cpu->thread, NULL, vcpu_thread, cpu))
		fatal("no thread for vCPU %d", cpu->index);
	cpu->started = true;
	if (!wait_for(cpu->entered))
		fatal("vCPU %d: its thread does not run", cpu->index);
}

void vcpu_start_args(struct vcpu *cpu, u64 op, const u64 args[10])
{
	set_operation(cpu, op, args);
	vcpu_continue(cpu);
}

static void describe(struct vcpu *cpu)
{
	volatile struct guest_mailbox *box = cpu->box;
	u64 icp = 0;

	vcpu_stop(cpu);
	vcpu_get_reg(cpu, KVM_REG_PPC_ICP_STATE, &icp);
	fatal("vCPU %d never finished operation %lu (%lx %lx %lx): accepted %lu, IPIs %lu, empty %lu, messages %lu, rescued %lu, ICP %016lx",
	      cpu->index, box->op, box->arg[0], box->arg[1], box->arg[2],
	      box->accepted, box->ipis, box->empty, box->messages, box->rescued,
	      icp);
}

void vcpu_join(struct vcpu *cpu)
{
	if (!wait_for(cpu->finished))
		describe(cpu);
	pthread_join(cpu->thread, NULL);
	cpu->started = false;
}

void vcpu_stop(struct vcpu *cpu)
{
	if (!cpu->started)
		return;
	cpu->stop = true;
	if (!wait_for(({ pthread_kill(cpu->thread, SIGNAL_KICK); cpu->finished; })))
		fatal("vCPU %d does not leave KVM_RUN", cpu->index);
	pthread_join(cpu->thread, NULL);
	cpu->started = false;
	cpu->run->immediate_exit = 0;
}

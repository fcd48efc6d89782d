// SPDX-License-Identifier: GPL-2.0-only
/* Running vCPUs: KVM_RUN until the guest says that its operation is done. */
#include <signal.h>
#include <string.h>

#include "vm.h"

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

/* One KVM_RUN: has the operation ended? */
static bool run_once(struct vcpu *cpu)
{
	return arch_vcpu_left(cpu, xioctl(cpu->fd, KVM_RUN, 0));
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
	arch_vcpu_begins(cpu);
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

void vcpu_join(struct vcpu *cpu)
{
	if (!wait_for(cpu->finished)) {
		vcpu_stop(cpu);
		arch_vcpu_describe(cpu);
	}
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

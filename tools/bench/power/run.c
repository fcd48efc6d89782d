// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_RUN, until the guest says that it is done. It stands in for lib/vcpu.c,
 * which runs one operation after the other and leaves no hypercall to us.
 */
#include <unistd.h>

#include "bench.h"
#include "clock.h"
#include "common/threads.h"

/* The guest's timebase, now. */
static u64 guest_timebase(struct vcpu *cpu)
{
	u64 offset;

	must(vcpu_get_reg(cpu, KVM_REG_PPC_TB_OFFSET, &offset));
	return host_clock() + offset;
}

static u64 signal_source(struct bench *bench, struct vcpu *cpu)
{
	u64 one = 1, begin = guest_timebase(cpu);

	if (bench->eventfd < 0)
		bench_raise(bench, bench->first_source);
	else if (write(bench->eventfd, &one, sizeof(one)) != sizeof(one))
		fatal("cannot signal an eventfd");
	return begin;
}

static void raise_all(struct bench *bench)
{
	for (u32 i = 0; i < bench->raised; i++)
		bench_raise(bench, bench->first_source +
			    i * (bench->sources - 1) / (bench->raised - 1));
}

/*
 * The last of the idle vCPUs was sent IPIs, the last of them with priority 1. Of what a
 * XIVE has presented its ICP tells nothing.
 */
static void reopen_idle(struct bench *bench)
{
	struct vcpu *last = &bench->idle[bench->idle_cpus - 1];
	u64 expected = bench->on_xive ? icp_state(CPPR_ALL, XISR_NONE, 1, 0xff) :
					icp_state(CPPR_ALL, XISR_IPI, 1, 1);
	u64 state;

	if (bench->userspace) {
		state = userspace_icp(bench->userspace, last->server);
		userspace_open(bench->userspace, last->server);
	} else {
		state = icp_of(last);
		must(icp_set(last, ICP_OPEN));
	}
	if (state != expected)
		fatal("the idle vCPU's ICP is %016lx", state);
}

static u64 answer(struct bench *bench, struct vcpu *cpu, u64 number, u64 *args)
{
	switch (number) {
	case BENCH_HCALL_RAISE:
		bench_raise(bench, args[0]);
		return H_SUCCESS;
	case BENCH_HCALL_RAISE_ALL:
		raise_all(bench);
		return H_SUCCESS;
	case BENCH_HCALL_REOPEN:
		reopen_idle(bench);
		return H_SUCCESS;
	case BENCH_HCALL_SIGNAL:
		args[0] = signal_source(bench, cpu);
		return H_SUCCESS;
	case BENCH_HCALL_FAILED:
		fatal("vCPU %d: the check at %#lx in guest.elf failed: %lx",
		      cpu->index, args[0], args[1]);
	case GUEST_HCALL_FAULT:
		fatal("vCPU %d: interrupt %lx at %lx, SRR1 %lx", cpu->index,
		      args[0], args[1], args[2]);
	}
	if (!bench->userspace)
		fatal("vCPU %d: hypercall %#lx was left to userspace", cpu->index, number);
	return userspace_hcall(bench->userspace, cpu->server, number, args);
}

struct thread {
	struct bench *bench;
	struct vcpu *cpu;
};

static void run(void *argument)
{
	struct thread *thread = argument;
	struct bench *bench = thread->bench;
	struct vcpu *cpu = thread->cpu;
	struct kvm_run *run = cpu->run;

	for (;;) {
		int error = xioctl(cpu->fd, KVM_RUN, 0);

		if (error)
			fatal("vCPU %d: KVM_RUN: %s", cpu->index, error_name(-error));
		if (run->exit_reason != KVM_EXIT_PAPR_HCALL)
			fatal("vCPU %d: exit %u", cpu->index, run->exit_reason);
		if (run->papr_hcall.nr == GUEST_HCALL_DONE)
			return;
		run->papr_hcall.ret = answer(bench, cpu, run->papr_hcall.nr,
					     (u64 *)run->papr_hcall.args);
	}
}

void bench_run(struct bench *bench)
{
	struct thread thread[GUEST_MAX_CPUS];
	void *argument[GUEST_MAX_CPUS];

	for (int i = 0; i < bench->vm.cpus; i++) {
		thread[i] = (struct thread){ bench, &bench->vm.cpu[i] };
		argument[i] = &thread[i];
	}
	run_threads(bench->vm.cpus, run, argument);
}

/* For vm_destroy(): none runs any more. */
void vcpu_stop(struct vcpu *cpu)
{
	(void)cpu;
}

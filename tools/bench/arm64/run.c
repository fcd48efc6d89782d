// SPDX-License-Identifier: GPL-2.0-only
/* KVM_RUN, until the guest says that it is done. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"
#include "common/threads.h"

static void set_spi(struct bench *bench, bool level)
{
	if (bench->userspace)
		userspace_set_line(bench->userspace, 0, BENCH_SPI, level);
	else
		vm_set_line(&bench->vm, KVM_ARM_IRQ_TYPE_SPI, 0, BENCH_SPI, level);
}

/* Userspace sees no level of an eventfd: that is an edge. */
static void pulse_spi(void *bench)
{
	set_spi(bench, true);
	set_spi(bench, false);
}

static void assign_irqfd(const struct bench *bench)
{
	struct kvm_irqfd irqfd = { .fd = bench->eventfd, .gsi = BENCH_SPI - 32 };

	must(xioctl(bench->vm.injection_fd, KVM_IRQFD, &irqfd));
}

void bench_create_eventfd(struct bench *bench)
{
	bench->eventfd = must(neg_errno(eventfd(0, EFD_CLOEXEC)));
	if (bench->userspace)
		bench->forwarder = forwarder_start(bench->eventfd, pulse_spi, bench);
	else
		assign_irqfd(bench);
}

static u64 signal_spi(struct bench *bench)
{
	u64 one = 1, begin = host_clock();

	if (bench->eventfd < 0)
		set_spi(bench, true);
	else if (write(bench->eventfd, &one, sizeof(one)) != sizeof(one))
		fatal("cannot signal an eventfd");
	return begin;
}

/* The timers' outputs, which KVM reports where no controller of its own takes them. */
static void forward_levels(struct bench *bench, struct vcpu *cpu)
{
	u64 levels = cpu->run->s.regs.device_irq_level, changed = levels ^ cpu->levels;
	bool level = levels & KVM_ARM_DEV_EL1_VTIMER;

	cpu->levels = levels;
	if (!(changed & KVM_ARM_DEV_EL1_VTIMER))
		return;
	if (bench->userspace)
		userspace_set_line(bench->userspace, cpu->index, BENCH_VTIMER, level);
	else
		vm_set_line(&bench->vm, KVM_ARM_IRQ_TYPE_PPI, cpu->index, BENCH_VTIMER, level);
}

/* An access to the VMM's own registers; false if it ended the operation. */
static bool access_own(struct bench *bench, struct vcpu *cpu, u64 address)
{
	struct kvm_run *run = cpu->run;
	u64 value;

	switch (address) {
	case BENCH_DONE:
		return false;
	case BENCH_SIGNAL:
		value = signal_spi(bench);
		memcpy(run->mmio.data, &value, sizeof(value));
		return true;
	case BENCH_LOWER:
		if (bench->eventfd < 0)
			set_spi(bench, false);
		return true;
	case BENCH_FAILED:
		fatal("vCPU %d: %s at %#lx in guest.elf: %#lx", cpu->index,
		      run->mmio.data[0] ? "an exception" : "a check failed",
		      cpu->box->where, cpu->box->seen);
	}
	fatal("vCPU %d: an access to %#lx was left to userspace", cpu->index, address);
}

static bool access_mmio(struct bench *bench, struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;
	u64 address = run->mmio.phys_addr;

	if (bench->userspace &&
	    userspace_access(bench->userspace, cpu->index, address, (u32 *)run->mmio.data,
			     run->mmio.is_write))
		return true;
	return access_own(bench, cpu, address);
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
	bool forward = bench->userspace || bench->forward_timers;

	for (;;) {
		int error = xioctl(cpu->fd, KVM_RUN, 0);

		if (forward)
			forward_levels(bench, cpu);
		if (error == -EINTR)
			continue;
		if (error)
			fatal("vCPU %d: KVM_RUN: %s", cpu->index, error_name(-error));
		if (cpu->run->exit_reason != KVM_EXIT_MMIO)
			fatal("vCPU %d: exit %u", cpu->index, cpu->run->exit_reason);
		if (!access_mmio(bench, cpu))
			return;
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

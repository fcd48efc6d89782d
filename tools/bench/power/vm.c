// SPDX-License-Identifier: GPL-2.0-only
/* A row's VM, whoever controls its interrupts. */
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench.h"

void bench_raise(struct bench *bench, u32 source)
{
	if (bench->userspace)
		userspace_raise(bench->userspace, source);
	else
		raise_source(&bench->vm, source);
}

void bench_add_sources(struct bench *bench, u32 first, u32 number, u8 priority, int step)
{
	u32 server = bench->vm.cpu[0].server;

	bench->first_source = first;
	bench->sources = number;
	for (u32 i = 0; i < number; i++, priority += step) {
		if (bench->userspace)
			userspace_add_source(bench->userspace, first + i, server, priority);
		else
			must(source_set(&bench->vm, first + i,
					source_state(server, priority, SOURCE_MSI)));
	}
}

void bench_create_idle_cpus(struct bench *bench, int number)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };

	for (int i = 0; i < number; i++) {
		struct vcpu *cpu = &bench->idle[bench->idle_cpus++];

		cpu->vm = &bench->vm;
		cpu->index = bench->vm.cpus + i;
		cpu->server = server_of(cpu->index);
		cpu->fd = must(xioctl(bench->vm.fd, KVM_CREATE_VCPU, cpu->index));
		must(xioctl(cpu->fd, KVM_ENABLE_CAP, &papr));
	}
}

static void connect_idle_cpu(struct bench *bench, struct vcpu *cpu)
{
	if (bench->userspace) {
		userspace_connect(bench->userspace, cpu->fd, cpu->server);
		userspace_open(bench->userspace, cpu->server);
	} else {
		must(bench->peer->ops->connect(cpu, cpu->server));
		must(icp_set(cpu, ICP_OPEN));
	}
}

void bench_create_controller(struct bench *bench)
{
	struct vm *vm = &bench->vm;

	if (bench->peer->ops) {
		irqchip_create(vm, bench->peer->ops);
	} else {
		bench->userspace = userspace_create();
		for (int i = 0; i < vm->cpus; i++)
			userspace_connect(bench->userspace, vm->cpu[i].fd, vm->cpu[i].server);
	}
	for (int i = 0; i < bench->idle_cpus; i++)
		connect_idle_cpu(bench, &bench->idle[i]);
}

static void raise_first(void *bench)
{
	bench_raise(bench, ((struct bench *)bench)->first_source);
}

void bench_create_eventfd(struct bench *bench)
{
	bench->eventfd = must(neg_errno(eventfd(0, EFD_CLOEXEC)));
	if (bench->userspace)
		bench->forwarder = forwarder_start(bench->eventfd, raise_first, bench);
	else
		must(irqfd(&bench->vm, bench->eventfd, bench->first_source, 0));
}

void bench_destroy(struct bench *bench)
{
	if (bench->forwarder)
		forwarder_stop(bench->forwarder);
	for (int i = 0; i < bench->idle_cpus; i++)
		close(bench->idle[i].fd);
	if (bench->eventfd >= 0)
		close(bench->eventfd);
	vm_destroy(&bench->vm);
	if (bench->userspace)
		userspace_destroy(bench->userspace);
}

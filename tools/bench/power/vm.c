// SPDX-License-Identifier: GPL-2.0-only
/* Sources and idle vCPUs of a row's VM, whoever controls its interrupts. */
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

static void add_idle_cpu(struct bench *bench, int index)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct vcpu *cpu = &bench->idle[bench->idle_cpus++];

	cpu->vm = &bench->vm;
	cpu->index = index;
	cpu->server = server_of(index);
	cpu->fd = must(xioctl(bench->vm.fd, KVM_CREATE_VCPU, index));
	must(xioctl(cpu->fd, KVM_ENABLE_CAP, &papr));
	if (bench->userspace) {
		userspace_connect(bench->userspace, cpu->fd, cpu->server);
		userspace_open(bench->userspace, cpu->server);
	} else {
		must(bench->peer->ops->connect(cpu, cpu->server));
		must(icp_set(cpu, ICP_OPEN));
	}
}

void bench_add_idle_cpus(struct bench *bench, int number)
{
	for (int i = 0; i < number; i++)
		add_idle_cpu(bench, bench->vm.cpus + i);
}

void bench_destroy(struct bench *bench)
{
	for (int i = 0; i < bench->idle_cpus; i++)
		close(bench->idle[i].fd);
	if (bench->eventfd >= 0)
		close(bench->eventfd);
	vm_destroy(&bench->vm);
	if (bench->userspace)
		userspace_destroy(bench->userspace);
}

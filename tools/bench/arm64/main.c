// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-vmm [--forward-timers] PEER [ROW ...]: measures the rows of one peer on a
 * KVM host (common/report.h says what it prints, tools/bench/rows.py what a row
 * counts). With --forward-timers ours is told of the timers' levels by the VMM, as
 * the module's parameter timer=userspace wants it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/kvm_vintc.h>

#include "bench.h"
#include "common/lookup.h"
#include "common/memory.h"
#include "common/our_state.h"
#include "common/report.h"
#include "state.h"

#define FEW_INTERRUPTS	64
#define MOST_INTERRUPTS	992	/* that an in-tree device can have */
#define ALL_INTERRUPTS	1024	/* of ours: 1,020 that can be used */
#define IN_TREE_ROUTES	4096	/* that KVM takes at most */

static const struct peer ours = { "ours", 2, irqchip_create_ours };
static const struct peer in_tree = { "in-tree", 3, irqchip_create_gicv3 };
static const struct peer in_tree_gicv2 = { "in-tree-gicv2", 2, irqchip_create_gicv2 };
static const struct peer userspace = { "userspace", 2, NULL };

static const struct peer *const peers[] = { &ours, &in_tree, &in_tree_gicv2, &userspace };

struct row {
	const char *name;
	enum bench_op op;		/* 0: there is nothing for a guest to do */
	u64 operations;
	void (*measure)(const struct peer *peer, const struct row *row);	/* then by this */
	enum bench_op op_of_second;	/* of a second vCPU that runs, if there is one */
	bool gicv2_only;
	bool in_kernel_only;
	bool irqfd;
	const struct peer *tax_of;	/* measure a VM of this peer, while another VM is ours */
	u32 routes;			/* GSIs that the table has */
};

static bool applies(const struct row *row, const struct peer *peer)
{
	if (row->tax_of)
		return peer == &ours || peer == row->tax_of;
	return (peer->create || !row->in_kernel_only) && (peer->gic == 2 || !row->gicv2_only);
}

static void create_controller(struct bench *bench, const struct peer *peer)
{
	if (peer->create)
		peer->create(&bench->vm, FEW_INTERRUPTS);
	else
		bench->userspace = userspace_create(&bench->vm);
	for (int i = 0; i < bench->vm.cpus; i++)
		bench->vm.cpu[i].box->gic = peer->gic;
}

static void set_operations(struct bench *bench, const struct row *row)
{
	volatile struct guest_mailbox *first = bench->vm.cpu[0].box;
	volatile struct guest_mailbox *second = bench->vm.cpu[1].box;

	first->op = row->op;
	first->arg[0] = row->operations;
	if (!row->op_of_second)
		return;
	first->arg[1] = second->index;
	second->op = row->op_of_second;
	second->arg[0] = row->operations;
	second->arg[1] = first->index;
}

static void measure_ticks(const struct peer *peer, const struct row *row, bool forward_timers)
{
	struct bench bench = { .eventfd = -1, .forward_timers = forward_timers };
	const struct peer *measured = row->tax_of ? row->tax_of : peer;
	bool with_another = measured != peer;
	struct vm another;

	if (with_another) {
		vm_create(&another, 1);
		irqchip_create_ours(&another, FEW_INTERRUPTS);
	}
	vm_create(&bench.vm, row->op_of_second ? 2 : 1);
	create_controller(&bench, measured);
	if (row->irqfd)
		bench_create_eventfd(&bench);
	set_operations(&bench, row);
	bench_run(&bench);
	report(peer->name, row->name, bench.vm.cpu[0].box->arg[0], bench.vm.cpu[0].box->arg[1]);
	if (bench.forwarder)
		forwarder_stop(bench.forwarder);
	if (bench.eventfd >= 0)
		close(bench.eventfd);
	vm_destroy(&bench.vm);
	if (bench.userspace)
		userspace_destroy(bench.userspace);
	if (with_another)
		vm_destroy(&another);
}

static void measure_memory(const struct peer *peer, const struct row *row)
{
	struct vm vm;

	vm_create(&vm, 8);
	memory_begin();
	peer->create(&vm, MOST_INTERRUPTS);
	report(peer->name, row->name, memory_end(), 1);
	vm_destroy(&vm);
}

static void measure_routes(const struct peer *peer, const struct row *row)
{
	struct lookup lookup = {
		.entries = row->routes, .pins = MOST_INTERRUPTS - 32, .pends = state_pends,
	};
	struct vm vm;

	if (peer != &ours && row->routes > IN_TREE_ROUTES)
		return;
	vm_create(&vm, 1);
	peer->create(&vm, MOST_INTERRUPTS);
	state_make_edges(&vm, MOST_INTERRUPTS);
	lookup.fd = vm.injection_fd;
	lookup.device = vm.irqchip_fd;
	measure_lookup(&lookup, peer->name, row->name);
	if (peer == &ours)
		measure_lookup_by_command(&lookup, row->name);
	vm_destroy(&vm);
}

static void measure_state(const struct peer *peer, const struct row *row,
			  measure_attributes_t *measure_attributes, measure_ours_t *measure_ours)
{
	u32 interrupts = peer == &ours ? ALL_INTERRUPTS : MOST_INTERRUPTS;
	struct our_device device = { .flip = 0x10 };	/* of a priority */
	struct vm vm;

	vm_create(&vm, GUEST_MAX_CPUS);
	peer->create(&vm, interrupts);
	state_fill(&vm, peer, interrupts);
	if (peer == &ours) {
		device.fd = vm.irqchip_fd;
		measure_attributes(&vm, peer, interrupts, "ours:attributes", row->name);
		measure_ours(&device, row->name);
	} else {
		measure_attributes(&vm, peer, interrupts, peer->name, row->name);
	}
	vm_destroy(&vm);
}

static void measure_save(const struct peer *peer, const struct row *row)
{
	measure_state(peer, row, measure_attribute_save, measure_our_save);
}

static void measure_restore(const struct peer *peer, const struct row *row)
{
	measure_state(peer, row, measure_attribute_restore, measure_our_restore);
}

#define ROW(row_name, row_op, number, ...)				\
	{ .name = row_name, .op = row_op, .operations = number, __VA_ARGS__ }

/* There is nothing of the kind to be measured of a controller in userspace. */
#define HOST_ROW(row_name, by, ...)					\
	{ .name = row_name, .measure = by, .in_kernel_only = true, __VA_ARGS__ }

static const struct row rows[] = {
	ROW("null-exit", BENCH_NULL_EXIT, 20000),
	ROW("null-exit-in-tree-vm", BENCH_NULL_EXIT_ALONE, 20000, .tax_of = &in_tree),
	ROW("null-exit-userspace-vm", BENCH_NULL_EXIT_ALONE, 20000, .tax_of = &userspace),
	ROW("mmio-read", BENCH_MMIO_READ, 10000, .gicv2_only = true),
	ROW("mmio-write", BENCH_MMIO_WRITE, 10000, .gicv2_only = true),
	ROW("distributor-read", BENCH_DISTRIBUTOR_READ, 10000),
	ROW("sgi-self", BENCH_SGI_SELF, 5000),
	ROW("sgi-other-wfi", BENCH_PING, 2000, .op_of_second = BENCH_PONG),
	ROW("timer-cycle", BENCH_TIMER_CYCLE, 5000),
	ROW("line-to-handler", BENCH_TO_HANDLER, 2000),
	ROW("irqfd-to-handler", BENCH_TO_HANDLER, 2000, .irqfd = true),
	HOST_ROW("route-lookup-1", measure_routes, .routes = 1),
	HOST_ROW("route-lookup-1000", measure_routes, .routes = 1000),
	HOST_ROW("route-lookup-65536", measure_routes, .routes = 65536),
	HOST_ROW("save-8-vcpus-1020-irqs", measure_save),
	HOST_ROW("restore-8-vcpus-1020-irqs", measure_restore),
	HOST_ROW("memory-8-vcpus-992-interrupts", measure_memory),
};

static const struct peer *find_peer(const char *name)
{
	for (size_t i = 0; name && i < sizeof(peers) / sizeof(peers[0]); i++)
		if (!strcmp(name, peers[i]->name))
			return peers[i];
	fatal("usage: bench-vmm [--forward-timers] ours|in-tree|in-tree-gicv2|userspace [ROW ...]");
}

int main(int argc, char **argv)
{
	bool forward_timers = argc > 1 && !strcmp(argv[1], "--forward-timers");
	char **words = argv + 1 + forward_timers;
	const struct peer *peer = find_peer(*words);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!is_wanted(rows[i].name, words + 1) || !applies(&rows[i], peer))
			continue;
		if (rows[i].op)
			measure_ticks(peer, &rows[i], forward_timers);
		else
			rows[i].measure(peer, &rows[i]);
	}
	return 0;
}

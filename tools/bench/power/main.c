// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-vmm PEER [ROW ...]: measures the rows of one peer on a KVM host. For each
 * it prints
 *
 *	bench PEER ROW TICKS OPERATIONS
 *
 * with the ticks of the timebase that the operations took together, or the bytes of
 * a thing's memory and 1.
 * What a row counts is said in tools/bench/rows.py.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "common/lookup.h"
#include "common/memory.h"
#include "common/report.h"

#define FIRST_SOURCE	0x1000
#define LOOKUP_SOURCES	1024

static const struct peer peers[] = {
	{ "ours", &vintc_irqchip },
	{ "in-tree", &in_tree_irqchip },
	{ "userspace", NULL },
};

struct row {
	const char *name;
	enum bench_op op;		/* 0: there is nothing for a guest to do */
	u64 operations;
	void (*measure)(struct bench *bench, const struct row *row);	/* then by this */
	enum bench_op op_of_second;	/* of a second vCPU that runs, if there is one */
	int connected;			/* vCPUs, those that run included */
	u32 sources;
	u8 priority;			/* of the first source */
	int step;			/* from a source's priority to the next one's */
	u32 waiting;
	bool irqfd;
	bool in_kernel_only;
	bool beside;			/* another VM has a controller, too */
	bool not_on_xive;		/* see is_possible() */
	u32 routes;			/* GSIs that the table has */
};

static void set_operation(struct bench *bench, const struct row *row)
{
	struct vcpu *first = &bench->vm.cpu[0], *second = &bench->vm.cpu[1];

	first->box->op = row->op;
	first->box->arg[0] = row->operations;
	first->box->arg[2] = row->waiting;
	if (row->sources) {
		first->box->arg[1] = bench->first_source;
	} else if (row->connected) {
		first->box->arg[1] = bench->idle[bench->idle_cpus - 1].server;
	} else if (row->op_of_second) {
		first->box->arg[1] = second->server;
		second->box->op = row->op_of_second;
		second->box->arg[0] = row->operations;
		second->box->arg[1] = first->server;
	}
}

/* Everything but the vCPUs, which KVM has without a controller, too. */
static void create_controller(struct bench *bench, const struct row *row)
{
	/* What a VM pays that has no controller of ours, while the module is there. */
	if (row->op == BENCH_NULL_HCALL && bench->peer->ops == &vintc_irqchip)
		return;
	bench_create_controller(bench);
	bench_add_sources(bench, FIRST_SOURCE, row->sources, row->priority, row->step);
	if (row->irqfd)
		bench_create_eventfd(bench);
}

static void measure_memory(struct bench *bench, const struct row *row)
{
	memory_begin();
	create_controller(bench, row);
	report(bench->peer->name, row->name, memory_end(), 1);
}

/* A source that is masked keeps what comes, and nobody hears of it. */
static bool source_pends(int device, u32 source)
{
	u64 state;

	must(device_get(device, KVM_DEV_XICS_GRP_SOURCES, source, &state));
	return state & KVM_XICS_PENDING;
}

/* In-tree XICS has no table: with ours of one entry it is compared as it is. */
static void measure_routes(struct bench *bench, const struct row *row)
{
	bool ours = bench->peer->ops == &vintc_irqchip;
	struct lookup lookup = {
		.entries = ours ? row->routes : 0,
		.first_pin = FIRST_SOURCE, .pins = LOOKUP_SOURCES, .pends = source_pends,
	};

	if (!ours && row->routes > 1)
		return;
	bench_create_controller(bench);
	bench_add_sources(bench, FIRST_SOURCE, LOOKUP_SOURCES, PRIORITY_MASKED, 0);
	lookup.fd = irqchip_ioctl_fd(&bench->vm);
	lookup.device = bench->vm.irqchip_fd;
	measure_lookup(&lookup, bench->peer->name, row->name);
	if (ours)
		measure_lookup_by_command(&lookup, row->name);
}

static void measure_save(struct bench *bench, const struct row *row)
{
	bench_create_controller(bench);
	bench_fill_state(bench, FIRST_SOURCE, row->sources);
	bench_measure_save(bench, row->name);
}

static void measure_restore(struct bench *bench, const struct row *row)
{
	bench_create_controller(bench);
	bench_fill_state(bench, FIRST_SOURCE, row->sources);
	bench_measure_restore(bench, row->name);
}

static void measure_ticks(struct bench *bench, const struct row *row)
{
	volatile struct guest_mailbox *box = bench->vm.cpu[0].box;

	create_controller(bench, row);
	set_operation(bench, row);
	bench_run(bench);
	report(bench->peer->name, row->name, box->arg[0], box->arg[1]);
}

static void measure(const struct peer *peer, const struct row *row, bool on_xive)
{
	static struct bench bench, neighbour;

	bench = (struct bench){
		.peer = peer, .on_xive = on_xive, .raised = row->waiting + 1, .eventfd = -1,
	};
	neighbour = (struct bench){ .peer = peer, .eventfd = -1 };
	if (row->beside) {
		vm_create(&neighbour.vm, 1);
		bench_create_controller(&neighbour);
	}
	vm_create(&bench.vm, row->op_of_second ? 2 : 1);
	if (row->connected)
		bench_create_idle_cpus(&bench, row->connected - bench.vm.cpus);
	if (row->op)
		measure_ticks(&bench, row);
	else
		row->measure(&bench, row);
	bench_destroy(&bench);
	if (row->beside)
		bench_destroy(&neighbour);
}

#define ROW(row_name, row_op, number, ...)				\
	{ .name = row_name, .op = row_op, .operations = number, __VA_ARGS__ }

/* There is nothing of the kind to be measured of a controller in userspace. */
#define HOST_ROW(row_name, by, ...)					\
	{ .name = row_name, .measure = by, .in_kernel_only = true, __VA_ARGS__ }

static const struct row rows[] = {
	ROW("null-hcall", BENCH_NULL_HCALL, 20000),
	ROW("null-hcall-beside", BENCH_NULL_HCALL, 20000, .in_kernel_only = true, .beside = true),
	ROW("h-ipi", BENCH_H_IPI, 20000),
	ROW("h-xirr", BENCH_H_XIRR, 20000),
	ROW("h-cppr", BENCH_H_CPPR, 20000),
	ROW("h-eoi-msi", BENCH_H_EOI, 128 * BENCH_NESTED, .sources = BENCH_NESTED,
	    .priority = BENCH_NESTED_PRIORITY, .step = -1, .not_on_xive = true),
	ROW("ipi-cycle", BENCH_IPI_CYCLE, 10000),
	ROW("ipi-ping-pong", BENCH_PING, 2000, .op_of_second = BENCH_PONG),
	ROW("ipi-to-running", BENCH_IPI_RUNNING, 31, .op_of_second = BENCH_SPIN),
	ROW("msi-cycle", BENCH_MSI_CYCLE, 5000, .sources = 1, .priority = BENCH_MSI_PRIORITY),
	ROW("line-to-handler", BENCH_TO_HANDLER, 2000, .sources = 1,
	    .priority = BENCH_MSI_PRIORITY),
	ROW("irqfd-to-handler", BENCH_TO_HANDLER, 2000, .sources = 1,
	    .priority = BENCH_MSI_PRIORITY, .irqfd = true),
	ROW("ipi-2-vcpus", BENCH_IPI_OTHER, 40 * BENCH_IDLE_PRIORITIES, .connected = 2),
	ROW("ipi-64-vcpus", BENCH_IPI_OTHER, 40 * BENCH_IDLE_PRIORITIES, .connected = 64),
	ROW("ipi-256-vcpus", BENCH_IPI_OTHER, 40 * BENCH_IDLE_PRIORITIES, .connected = 256),
	ROW("resend-1000-waiting", BENCH_RESEND, 200, .sources = 1001,
	    .priority = BENCH_MSI_PRIORITY, .waiting = 1000, .in_kernel_only = true),
	ROW("resend-1-of-16384", BENCH_RESEND, 500, .sources = 16384,
	    .priority = BENCH_MSI_PRIORITY, .waiting = 1, .in_kernel_only = true,
	    .not_on_xive = true),
	HOST_ROW("route-lookup-1", measure_routes, .routes = 1, .not_on_xive = true),
	HOST_ROW("route-lookup-1000", measure_routes, .routes = 1000),
	HOST_ROW("route-lookup-65536", measure_routes, .routes = 65536),
	HOST_ROW("save-16-vcpus-4096-sources", measure_save, .sources = 4096, .connected = 16,
		 .not_on_xive = true),
	HOST_ROW("restore-16-vcpus-4096-sources", measure_restore, .sources = 4096,
		 .connected = 16, .not_on_xive = true),
	HOST_ROW("memory-16-vcpus-1024-sources", measure_memory, .sources = 1024,
		 .priority = BENCH_MSI_PRIORITY, .connected = 16),
};

/*
 * In-tree XICS on a XIVE has too few priorities to nest so many interrupts, and what it
 * tells of a source is made of all sources' state, and not what it was given. Of the two
 * that are left in the end of resend-1-of-16384, H_XIRR was seen to find one only.
 */
static bool is_possible(const struct row *row, const struct peer *peer, bool on_xive)
{
	return peer->ops ? !(on_xive && row->not_on_xive) : !row->in_kernel_only;
}

int main(int argc, char **argv)
{
	const struct peer *peer = NULL;
	bool on_xive;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc > 1 && i < sizeof(peers) / sizeof(peers[0]); i++)
		if (!strcmp(argv[1], peers[i].name))
			peer = &peers[i];
	if (!peer)
		fatal("usage: bench-vmm ours|in-tree|userspace [ROW ...]");
	on_xive = peer->ops == &in_tree_irqchip && why_no_in_tree_xics();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (is_wanted(rows[i].name, argv + 2) && is_possible(&rows[i], peer, on_xive))
			measure(peer, &rows[i], on_xive);
	return 0;
}

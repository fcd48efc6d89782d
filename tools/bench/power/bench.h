/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark's VMM: a VM of the kselftests' library, run by a loop of our
 * own, which answers XICS' hypercalls itself where the peer is "userspace".
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "common/forwarder.h"
#include "lib/irqchip.h"
#include "lib/vm.h"
#include "lib/xics.h"
#include "ops.h"
#include "userspace.h"

#define MAX_IDLE_CPUS	255

/* Who controls the interrupts of a VM. */
struct peer {
	const char *name;
	const struct irqchip_ops *ops;	/* NULL: nobody in the kernel */
};

/* One row of one peer. */
struct bench {
	const struct peer *peer;
	struct vm vm;
	struct vcpu idle[MAX_IDLE_CPUS];	/* connected, and no more */
	int idle_cpus;

	bool on_xive;			/* in-tree XICS, where the hardware is a XIVE */
	struct userspace_xics *userspace;	/* if that is the peer */
	u32 first_source;
	u32 sources;			/* that exist */
	u32 raised;			/* of them, evenly spaced: BENCH_HCALL_RAISE_ALL */
	int eventfd;			/* the first source's, or -1 */
	struct forwarder *forwarder;	/* of that eventfd, if nobody in the kernel takes it */
};

/* Runs every vCPU to the end of its operation. */
void bench_run(struct bench *bench);

void bench_create_idle_cpus(struct bench *bench, int number);
/* Connects every vCPU. */
void bench_create_controller(struct bench *bench);
/* MSIs for the first vCPU; step leads from one's priority to the next one's. */
void bench_add_sources(struct bench *bench, u32 first, u32 number, u8 priority, int step);
void bench_raise(struct bench *bench, u32 source);
/* An eventfd that raises the first source. */
void bench_create_eventfd(struct bench *bench);

/* Sources for all vCPUs, and interrupts of every kind on their way. */
void bench_fill_state(struct bench *bench, u32 first, u32 sources);
/* Measure that, and print it. */
void bench_measure_save(struct bench *bench, const char *row);
void bench_measure_restore(struct bench *bench, const char *row);

void bench_destroy(struct bench *bench);

#endif /* BENCH_BENCH_H */

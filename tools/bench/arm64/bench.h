/* SPDX-License-Identifier: GPL-2.0-only */
/* The benchmark's VMM: one VM for each row of each peer. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "common/forwarder.h"
#include "userspace.h"
#include "vm.h"

/* Who controls the interrupts of a VM. */
struct peer {
	const char *name;
	int gic;			/* the version that its guest finds */
	irqchip_create_t *create;	/* NULL: nobody in the kernel */
};

/* One row of one peer. */
struct bench {
	struct vm vm;
	struct userspace_gic *userspace;	/* if that is the peer */
	bool forward_timers;		/* ours is told of the timers' levels by us */
	int eventfd;			/* the SPI's, or -1 */
	struct forwarder *forwarder;	/* of that eventfd, if nobody in the kernel takes it */
};

/* An eventfd that raises the SPI. */
void bench_create_eventfd(struct bench *bench);

/* Runs every vCPU to the end of its operation. */
void bench_run(struct bench *bench);

#endif /* BENCH_BENCH_H */

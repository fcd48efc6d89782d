/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmark's guest and its VMM agree on, on top of the kselftests'
 * small guest (guest/layout.h), whose entry, vectors and mailbox these are.
 */
#ifndef BENCH_OPS_H
#define BENCH_OPS_H

/*
 * Operations: the row that a vCPU measures. arg[0] is the number of times the
 * row's operation is done; what else there is, is said here. The answer is in
 * arg[0], the ticks of the guest's timebase, and arg[1], the operations done.
 */
enum bench_op {
	BENCH_NULL_HCALL = 1,
	BENCH_H_IPI,
	BENCH_H_XIRR,
	BENCH_H_CPPR,
	BENCH_H_EOI,		/* arg[1]: first source */
	BENCH_IPI_CYCLE,
	BENCH_PING,		/* arg[1]: the other vCPU's server */
	BENCH_PONG,		/* the same; the answer means nothing */
	BENCH_MSI_CYCLE,	/* arg[1]: source */
	BENCH_TO_HANDLER,
	BENCH_IPI_OTHER,	/* arg[1]: server */
	BENCH_RESEND,		/* arg[1]: first source, arg[2]: number that wait */
	BENCH_IPI_RUNNING,	/* arg[1]: the other vCPU's server */
	BENCH_SPIN,		/* the same; the answer means nothing */
};

/*
 * Hypercalls to the VMM. KVM knows nothing of them. GUEST_HCALL_DONE and
 * GUEST_HCALL_FAULT are the others.
 */
#define BENCH_HCALL_FAILED	0xf018	/* a check in the guest: where, value seen */
#define BENCH_HCALL_RAISE	0xf020	/* inject this source */
#define BENCH_HCALL_RAISE_ALL	0xf024	/* inject every source of the row */
#define BENCH_HCALL_REOPEN	0xf028	/* the idle vCPUs' ICPs as they were at first */
#define BENCH_HCALL_SIGNAL	0xf02c	/* signal the row's source; answers when */

/* Operations before the clock is started. */
#define BENCH_WARM_UP		64
#define BENCH_RUNNING_WARM_UP	4	/* where each costs the emulator's turns */

/* Priorities. */
#define BENCH_IPI_PRIORITY	4
#define BENCH_MSI_PRIORITY	5
#define BENCH_NESTED		64	/* MSIs that BENCH_H_EOI has in service at once */
#define BENCH_NESTED_PRIORITY	100	/* of its first source; then one better each */
#define BENCH_IDLE_PRIORITIES	200	/* IPIs of BENCH_IPI_OTHER, one better each */

#endif /* BENCH_OPS_H */

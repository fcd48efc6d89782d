/* SPDX-License-Identifier: GPL-2.0-only */
/* The cost of what a VMM does by itself, with no guest running. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include "lib/util.h"

/* An operation, and what is done before and after each without being counted. */
struct timed {
	void (*before)(void *context);		/* may be NULL, as may be the next */
	void (*operation)(void *context);
	void (*after)(void *context);
};

/* The ticks of the host's clock that the operations took together. */
u64 ticks_of(const struct timed *timed, void *context, u64 operations);

#endif /* BENCH_TIMING_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include "lib/util.h"

/* The host's timebase, now. */
static inline u64 host_clock(void)
{
	u64 ticks;

	asm volatile("mfspr %0, 268" : "=r"(ticks) : : "memory");
	return ticks;
}

#endif /* BENCH_CLOCK_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include "lib/util.h"

/* The host's counter, now; that is what the guest's physical counter shows. */
static inline u64 host_clock(void)
{
	u64 ticks;

	asm volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

#endif /* BENCH_CLOCK_H */

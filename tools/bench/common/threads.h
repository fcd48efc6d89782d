/* SPDX-License-Identifier: GPL-2.0-only */
/* vCPUs' threads, where every run has them in the same place. */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include "lib/util.h"

#define MAX_THREADS	8

/* Calls run(argument[i]) in a thread of its own for each i, and waits for all. */
void run_threads(int number, void (*run)(void *), void *const argument[]);

#endif /* BENCH_THREADS_H */

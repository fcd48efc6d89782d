/* SPDX-License-Identifier: GPL-2.0-only */
/* vCPUs' threads, where every run has them in the same place. */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include <pthread.h>

#include "lib/util.h"

#define MAX_THREADS	8

/* Calls run(argument[i]) in a thread of its own for each i, and waits for all. */
void run_threads(int number, void (*run)(void *), void *const argument[]);

/* Where a thread runs is not left to chance; index counts processors, as far as there are any. */
void pin_thread(pthread_t id, int index);

#endif /* BENCH_THREADS_H */

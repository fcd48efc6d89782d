/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads that do one thing until they are told to stop. */
#ifndef VINTC_THREADS_H
#define VINTC_THREADS_H

#include <pthread.h>

#include "lib/util.h"

struct hammer {
	void (*strike)(struct hammer *hammer);
	int dev;
	u32 cpu, number;	/* what of it the strike wants */
	int fd;
	volatile u64 strikes;	/* done */
	volatile u64 seen;	/* counted by the strike itself */

	pthread_t thread;
	volatile bool stop;
};

void hammer_start(struct hammer *hammer);
void hammer_stop(struct hammer *hammer);
void hammers_start(struct hammer *hammers, int count);
void hammers_stop(struct hammer *hammers, int count);

#endif /* VINTC_THREADS_H */

// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "common/threads.h"

#define SETTLE_MICROSECONDS	200000

struct thread {
	pthread_t id;
	void (*run)(void *);
	void *argument;
};

static void *start(void *context)
{
	struct thread *thread = context;

	thread->run(thread->argument);
	return NULL;
}

void pin_thread(pthread_t id, int index)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(index % sysconf(_SC_NPROCESSORS_ONLN), &set);
	if (pthread_setaffinity_np(id, sizeof(set), &set))
		fatal("thread %d cannot be bound to a processor", index);
}

/*
 * A thread for each vCPU, as VMMs have it, even if there is only one. The clock
 * counts what all processors do: what the last VM left behind is to be over.
 */
void run_threads(int number, void (*run)(void *), void *const argument[])
{
	struct thread thread[MAX_THREADS];

	usleep(SETTLE_MICROSECONDS);
	for (int i = 0; i < number; i++) {
		thread[i] = (struct thread){ .run = run, .argument = argument[i] };
		if (pthread_create(&thread[i].id, NULL, start, &thread[i]))
			fatal("no thread for vCPU %d", i);
		pin_thread(thread[i].id, i);
	}
	for (int i = 0; i < number; i++)
		pthread_join(thread[i].id, NULL);
}

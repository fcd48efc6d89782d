// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>

#include "clock.h"
#include "common/threads.h"
#include "common/timing.h"

struct loop {
	const struct timed *timed;
	void *context;
	u64 operations;
	u64 ticks;
};

static u64 once(const struct loop *loop)
{
	const struct timed *timed = loop->timed;
	u64 ticks;

	if (timed->before)
		timed->before(loop->context);
	ticks = host_clock();
	timed->operation(loop->context);
	ticks = host_clock() - ticks;
	if (timed->after)
		timed->after(loop->context);
	return ticks;
}

static void run(void *argument)
{
	struct loop *loop = argument;

	once(loop);	/* what is allocated once, is now */
	for (u64 i = 0; i < loop->operations; i++)
		loop->ticks += once(loop);
}

u64 ticks_of(const struct timed *timed, void *context, u64 operations)
{
	struct loop loop = { .timed = timed, .context = context, .operations = operations };
	void *argument = &loop;

	run_threads(1, run, &argument);
	return loop.ticks;
}

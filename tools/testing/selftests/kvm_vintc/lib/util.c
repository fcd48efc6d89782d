// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

#define PATIENCE_SECONDS	60

void fatal(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fputs("# ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputs("\n", stderr);
	_exit(1);
}

int neg_errno(int result)
{
	return result < 0 ? -errno : result;
}

const char *error_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "?";
}

static u64 milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

u64 patience_begin(void)
{
	return milliseconds();
}

bool patience_yield(u64 begin)
{
	sched_yield();
	return milliseconds() - begin < PATIENCE_SECONDS * 1000;
}

bool patience_left(u64 begin)
{
	usleep(500);
	return patience_yield(begin);
}

u64 soak(u64 n)
{
	const char *factor = getenv("VINTC_SOAK");
	u64 times = factor ? strtoull(factor, NULL, 0) : 1;

	return n * (times ? times : 1);
}

void random_seed(struct random *random, u64 seed)
{
	random->state = seed * 0x9e3779b97f4a7c15ull + 1;
}

u64 random_below(struct random *random, u64 bound)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return (random->state * 0x2545f4914f6cdd1dull >> 33) % bound;
}

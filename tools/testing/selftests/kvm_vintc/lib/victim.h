/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kill -9 of a VMM. It runs in a process of its own, says by a pipe that its guest
 * is going, and waits to die.
 */
#ifndef VINTC_VICTIM_H
#define VINTC_VICTIM_H

#include <sys/types.h>

#include "util.h"

struct victim {
	pid_t pid;
	int going;	/* the pipe's end to read from */
};

/* vmm() ends by victim_going(). */
struct victim victim_start(void (*vmm)(int going));
void victim_going(int going) __attribute__((noreturn));

/* Waits so many seconds, at most, until it goes. */
bool victim_goes(const struct victim *victim, int seconds);
void victim_kill(const struct victim *victim);

#endif /* VINTC_VICTIM_H */

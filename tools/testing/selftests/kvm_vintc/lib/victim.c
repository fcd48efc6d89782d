// SPDX-License-Identifier: GPL-2.0-only
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "victim.h"

void victim_going(int going)
{
	must(neg_errno(write(going, "", 1)));
	for (;;)
		pause();
}

struct victim victim_start(void (*vmm)(int going))
{
	struct victim victim;
	int pipes[2];

	must(neg_errno(pipe(pipes)));
	victim.pid = must(neg_errno(fork()));
	if (!victim.pid)
		vmm(pipes[1]);
	close(pipes[1]);
	victim.going = pipes[0];
	return victim;
}

bool victim_goes(const struct victim *victim, int seconds)
{
	struct pollfd pollfd = { .fd = victim->going, .events = POLLIN };
	char byte;

	return poll(&pollfd, 1, seconds * 1000) == 1 && read(victim->going, &byte, 1) == 1;
}

void victim_kill(const struct victim *victim)
{
	kill(victim->pid, SIGKILL);
	must(neg_errno(waitpid(victim->pid, NULL, 0)));
	close(victim->going);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "common/lib/threads.h"

static void *strike_on(void *argument)
{
	struct hammer *hammer = argument;

	while (!hammer->stop) {
		hammer->strike(hammer);
		hammer->strikes++;
	}
	return NULL;
}

void hammer_start(struct hammer *hammer)
{
	hammer->stop = false;
	if (pthread_create(&hammer->thread, NULL, strike_on, hammer))
		fatal("no thread");
}

void hammer_stop(struct hammer *hammer)
{
	hammer->stop = true;
	pthread_join(hammer->thread, NULL);
}

void hammers_start(struct hammer *hammers, int count)
{
	for (int i = 0; i < count; i++)
		hammer_start(&hammers[i]);
}

void hammers_stop(struct hammer *hammers, int count)
{
	for (int i = 0; i < count; i++)
		hammers[i].stop = true;
	for (int i = 0; i < count; i++)
		hammer_stop(&hammers[i]);
}

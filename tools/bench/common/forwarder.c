// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "common/forwarder.h"
#include "common/threads.h"

struct forwarder {
	pthread_t thread;
	int eventfd;
	void (*raise)(void *);
	void *context;
	volatile bool stop;
};

static void *forward(void *argument)
{
	struct forwarder *forwarder = argument;
	eventfd_t events;

	for (;;) {
		must(neg_errno(eventfd_read(forwarder->eventfd, &events)));
		if (forwarder->stop)
			return NULL;
		forwarder->raise(forwarder->context);
	}
}

struct forwarder *forwarder_start(int eventfd, void (*raise)(void *), void *context)
{
	struct forwarder *forwarder = malloc(sizeof(*forwarder));

	if (!forwarder)
		fatal("no memory for a forwarder");
	*forwarder = (struct forwarder){ .eventfd = eventfd, .raise = raise, .context = context };
	if (pthread_create(&forwarder->thread, NULL, forward, forwarder))
		fatal("no thread for an eventfd");
	pin_thread(forwarder->thread, 1);
	return forwarder;
}

void forwarder_stop(struct forwarder *forwarder)
{
	forwarder->stop = true;
	must(neg_errno(eventfd_write(forwarder->eventfd, 1)));
	pthread_join(forwarder->thread, NULL);
	free(forwarder);
}

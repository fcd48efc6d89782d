/* SPDX-License-Identifier: GPL-2.0-only */
/* An irqfd, as irqfd.c and resample.c see it. */
#ifndef VINTC_IRQFD_H
#define VINTC_IRQFD_H

#include <linux/poll.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "vintc.h"

struct vintc_irqfd {
	struct vintc_device *dev;
	struct eventfd_ctx *eventfd;
	struct eventfd_ctx *resamplefd;	/* NULL: a signal is a pulse */
	u32 gsi;
	int missed;			/* signalled in a pause, to be injected after it */
	u64 injected;			/* written under the lock of the wait queue */
	wait_queue_entry_t wait;
	poll_table poll;
	struct list_head node;		/* in irqfds */
	struct list_head resampler;	/* in resamplers, with a resamplefd */
	struct work_struct free;
};

/* What a signal does to what the GSI leads to. */
static inline enum vintc_input vintc_irqfd_input(const struct vintc_irqfd *irqfd)
{
	return irqfd->resamplefd ? VINTC_HOLD : VINTC_PULSE;
}

/* A resample irqfd goes: nothing is held by it any more. May sleep. */
void vintc_resample_end(struct vintc_irqfd *irqfd);

#endif /* VINTC_IRQFD_H */

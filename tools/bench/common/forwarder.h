/* SPDX-License-Identifier: GPL-2.0-only */
/* What a VMM has instead of an irqfd: a thread that waits for the eventfd. */
#ifndef BENCH_FORWARDER_H
#define BENCH_FORWARDER_H

#include "lib/util.h"

struct forwarder;

/* Calls raise(context) after each signal, on another processor than the first vCPU's. */
struct forwarder *forwarder_start(int eventfd, void (*raise)(void *), void *context);
void forwarder_stop(struct forwarder *forwarder);

#endif /* BENCH_FORWARDER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's trace events, in a buffer of the test's own. */
#ifndef VINTC_TRACING_H
#define VINTC_TRACING_H

#include "util.h"

struct tracing {
	char directory[96];	/* of the instance */
	int pipe;
	char text[4096];	/* read from it */
	char event[256];
};

/* All of the module's events are on from now on. False: this kernel has none. */
bool tracing_begin(struct tracing *tracing);
/* Off, or on again. */
void tracing_set(struct tracing *tracing, bool on);
/*
 * The next event, as "vintc_reset: device=0 model=0": without the VM, which has to be
 * this process's. "" if there was no other.
 */
const char *tracing_next(struct tracing *tracing);
void tracing_end(struct tracing *tracing);

#endif /* VINTC_TRACING_H */

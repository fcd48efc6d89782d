/* SPDX-License-Identifier: GPL-2.0-only */
/* What an injection by GSI costs, by the size of the routing table. */
#ifndef BENCH_LOOKUP_H
#define BENCH_LOOKUP_H

#include "lib/util.h"

/* The pins are inputs that pend without a vCPU hearing of it. */
struct lookup {
	int fd;			/* takes KVM_SET_GSI_ROUTING and KVM_IRQFD */
	int device;
	u32 entries;		/* of the table; 0: there is none, GSIs are pins */
	u32 first_pin, pins;
	bool (*pends)(int device, u32 pin);
};

/* By eventfd: for a peer, or for us. */
void measure_lookup(const struct lookup *lookup, const char *peer, const char *row);
/* By KVM_VINTC_CMD_INJECT: another way of ours. */
void measure_lookup_by_command(const struct lookup *lookup, const char *row);

#endif /* BENCH_LOOKUP_H */

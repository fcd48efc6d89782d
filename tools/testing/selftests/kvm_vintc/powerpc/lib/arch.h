/* SPDX-License-Identifier: GPL-2.0-only */
/* What POWER adds to a vCPU. */
#ifndef VINTC_ARCH_H
#define VINTC_ARCH_H

#include "lib/util.h"

/* A hypercall that was left to userspace, as KVM_RUN reported it. */
struct vcpu_exit {
	bool seen;
	u64 number;
	u64 args[9];
};

/* The server number a vCPU is given: unlike its id, so that no test mixes them. */
static inline u32 server_of(int index)
{
	return 4 + 3 * index;
}

#endif /* VINTC_ARCH_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* What arm64 adds to a vCPU. */
#ifndef VINTC_ARCH_H
#define VINTC_ARCH_H

#include "lib/util.h"

/* Exits that the guest's accesses did not ask for; reads are answered with 0. */
struct vcpu_exit {
	bool seen;
	u64 mmio;		/* how many there were */
	u64 address;		/* of the last */
	u32 width;
	bool write;

	u64 interrupted;	/* KVM_RUN answered EINTR though nobody sent a signal */
	u64 levels;		/* device_irq_level, as it was passed on last */
};

/* A CPU interface has the number of its vCPU's creation. */
static inline u32 server_of(int index)
{
	return index;
}

/* From now on vCPUs are created with a PMU. */
void arch_want_pmu(void);

#endif /* VINTC_ARCH_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of the VMM's GICv2. The lock is held wherever its state is touched. */
#ifndef BENCH_USERSPACE_STATE_H
#define BENCH_USERSPACE_STATE_H

#include <pthread.h>

#include "userspace.h"

#define SPIS		32	/* from INTID 32 */
#define IDLE		0x100	/* the running priority when nothing is active */
#define NO_INTERRUPT	1023
#define MAX_NESTED	32

/* 32 interrupts, a bit each: an interface's private ones, or the shared ones. */
struct bank {
	u32 enabled, latched, level, active, edge;
	u8 priority[32];
};

struct interface {
	struct bank private;
	u8 sgi_senders[16];
	u32 targeted;		/* SPIs that go to it */
	u32 enabled, mask, running;
	u32 preempted[MAX_NESTED];
	u32 depth;
	bool line;		/* as KVM was told last */
};

struct userspace_gic {
	const struct vm *vm;
	pthread_mutex_t lock;
	u32 enabled;
	struct bank shared;
	u8 targets[SPIS];
	struct interface interface[GUEST_MAX_CPUS];
};

/* What waits to be taken, enabled or not. */
static inline u32 pending(const struct bank *bank)
{
	return bank->latched | (bank->level & ~bank->edge);
}

static inline struct bank *bank_of(struct userspace_gic *gic, int cpu, bool private)
{
	return private ? &gic->interface[cpu].private : &gic->shared;
}

/* The interrupt that the interface signals, or NO_INTERRUPT, and its priority. */
u32 signalled(const struct userspace_gic *gic, const struct interface *interface, u32 *priority);
/* Brings the vCPU's line up to date; the second does so for all that an interrupt concerns. */
void update(struct userspace_gic *gic, int cpu);
void update_for(struct userspace_gic *gic, int cpu, bool private);

void access_interface(struct userspace_gic *gic, int cpu, u32 offset, u32 *value, bool write);
void access_distributor(struct userspace_gic *gic, int cpu, u32 offset, u32 *value, bool write);

#endif /* BENCH_USERSPACE_STATE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* A GICv2, its guests, and the account of every interrupt. */
#ifndef VINTC_KUNIT_STORM_H
#define VINTC_KUNIT_STORM_H

#include <linux/hrtimer.h>
#include <linux/prandom.h>
#include <linux/timer.h>

#include "gicv2.h"

#define GUESTS		2
#define FIRST_SPI	40
#define SPIS		48	/* over three words of bits; every other is level-sensitive */
#define PARTS		3	/* of the interrupts, for an injector each */

static inline bool is_edge(u32 intid)
{
	return intid % 2;
}

struct spi {
	u32 injected, handled, ended;
	atomic_t handlers;
};

struct guest {
	struct storm *storm;
	u32 number;
	struct kvm_vcpu *vcpu;
	struct vintc_gic_cpu *cpu;
	struct task_struct *task;
	struct rnd_state random;
	u32 sgis_sent, sgis_handled;
};

struct storm {
	struct vintc_gic *gic;
	struct guest guests[GUESTS];
	struct spi spis[SPIS];
	u32 rounds;			/* how often each is to be injected */
	bool stop_sending;		/* no more SGIs, and no more configuration */
	atomic_t errors;		/* answers that must not be */

	/* The injectors, and whether they are done. */
	struct task_struct *off;
	struct hrtimer hard;
	struct timer_list soft;
	bool done[PARTS];
};

static inline void storm_error(struct storm *storm, bool wrong)
{
	if (wrong)
		atomic_inc(&storm->errors);
}

/* storm_guest.c: the GIC is ready, and freed with the test. */
struct storm *make_storm(struct kunit *test, u32 rounds);
/* The thread of a struct guest. */
int storm_guest(void *guest);

#endif /* VINTC_KUNIT_STORM_H */

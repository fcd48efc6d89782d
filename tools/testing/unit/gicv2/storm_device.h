// SPDX-License-Identifier: GPL-2.0-only
/* A device of the storm, and what is known of its interrupt on both sides. */
#ifndef VINTC_UNIT_GICV2_STORM_DEVICE_H
#define VINTC_UNIT_GICV2_STORM_DEVICE_H

#include <atomic>

#include "support/gicv2_machine.h"

namespace vintc::test::gicv2 {

/* What it has done, and what of it the guest's handler has seen. */
struct Device {
	u32 intid;
	enum Kind { kEdge, kLevel, kHeld } kind; /* kHeld: by a resampler */
	std::atomic<u64> done = 0, seen = 0;
	std::atomic<bool> asserted = false; /* the input of a level-sensitive one */
	std::atomic<int> active = 0;	    /* on how many CPUs */

	/* It does something and says so. A level is kept until a handler has looked. */
	void act(Gic &g)
	{
		done++;
		if (kind == kEdge)
			g.inject(intid, VINTC_PULSE);
		else if (kind == kHeld)
			g.inject(intid, VINTC_HOLD);
		else if (!asserted.exchange(true))
			g.inject(intid, VINTC_HIGH);
	}

	void handle(Gic &g)
	{
		if (kind != kLevel)
			return look();
		g.inject(intid, VINTC_LOW);
		asserted = false;
		look();
		if (done != seen && !asserted.exchange(true))
			g.inject(intid, VINTC_HIGH);
	}

	/* The guest has ended what was held up. Is there more to see? */
	void resample(Gic &g)
	{
		EXPECT_EQ(kind, kHeld);
		if (done != seen)
			g.inject(intid, VINTC_HOLD);
	}

	/* A handler looks. An older look than somebody else's says nothing new. */
	void look()
	{
		u64 now = done, before = seen;

		while (before < now && !seen.compare_exchange_weak(before, now))
			;
	}
};

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_STORM_DEVICE_H */

// SPDX-License-Identifier: GPL-2.0-only
/* A device of the storm, and what is known of its interrupt on both sides. */
#ifndef VINTC_UNIT_GICV2_STORM_DEVICE_H
#define VINTC_UNIT_GICV2_STORM_DEVICE_H

#include <atomic>

#include "core/types.h"

namespace vintc::test::gicv2 {

/* What it has done, and what of it the guest's handler has seen. */
struct Device {
	u32 intid;
	enum Kind { kEdge, kLevel, kHeld } kind; /* kHeld: by a resampler */
	std::atomic<u64> done = 0, seen = 0;
	std::atomic<bool> asserted = false; /* the input of a level-sensitive one */
	std::atomic<int> active = 0;	    /* on how many CPUs */

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

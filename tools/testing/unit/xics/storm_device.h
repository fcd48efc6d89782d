// SPDX-License-Identifier: GPL-2.0-only
/* A device of the storm, and what is known of its interrupt on both sides. */
#ifndef VINTC_UNIT_XICS_STORM_DEVICE_H
#define VINTC_UNIT_XICS_STORM_DEVICE_H

#include <atomic>

#include "core/types.h"

namespace vintc::test {

/*
 * A device: what it has done, and what of it the guest's handler has seen. It may be
 * wired as VFIO does it: held up by a resample irqfd, and looked at again when the
 * guest has ended the interrupt.
 */
struct Device {
	u32 source;
	bool level;
	bool resampled;
	std::atomic<u64> done = 0, seen = 0;
	std::atomic<bool> asserted = false; /* the line of a level-sensitive one, or its hold */
	std::atomic<int> accepted = 0;	    /* how many vCPUs have it now */

	/* A handler looks. An older look than somebody else's says nothing new. */
	void look()
	{
		u64 now = done, before = seen;

		while (before < now && !seen.compare_exchange_weak(before, now))
			;
	}
};

} // namespace vintc::test

#endif /* VINTC_UNIT_XICS_STORM_DEVICE_H */

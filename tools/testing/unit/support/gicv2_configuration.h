// SPDX-License-Identifier: GPL-2.0-only
/* The machines that a GICv2 is tried on. */
#ifndef VINTC_UNIT_GICV2_CONFIGURATION_H
#define VINTC_UNIT_GICV2_CONFIGURATION_H

#include <initializer_list>

#include "core/types.h"

namespace vintc::test::gicv2 {

struct Configuration {
	std::initializer_list<u32> cpus;
	u32 irqs;
	u32 sampled = 0;

	u8 set() const
	{
		u8 all = 0;

		for (u32 cpu : cpus)
			all |= u8(1 << cpu);
		return all;
	}
};

/* The machines that random sequences run on. */
inline constexpr u32 kSampled = 1 << 27 | 1 << 30;
inline const Configuration kMachines[] = {
	{ { 0 }, 32, kSampled },      { { 0, 1 }, 64, kSampled },
	{ { 0, 2, 3 }, 96 },	      { { 0, 1, 2, 3, 4, 5, 6, 7 }, 128, kSampled },
	{ { 1, 7 }, 1024, kSampled },
};

/* Sequences to try: at least one on each machine. */
#ifdef __SANITIZE_ADDRESS__
inline constexpr unsigned kSequences = 5;
#else
inline constexpr unsigned kSequences = 20;
#endif

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_CONFIGURATION_H */

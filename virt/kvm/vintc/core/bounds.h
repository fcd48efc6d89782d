// SPDX-License-Identifier: GPL-2.0-only
/* Indices from outside. */
#ifndef VINTC_CORE_BOUNDS_H
#define VINTC_CORE_BOUNDS_H

#include "types.h"

namespace vintc {

/*
 * The index, which the caller has found to be below the limit; 0 where a
 * mispredicted comparison says so of one that is not. No branch decides it.
 */
inline u32 clamped(u32 index, u32 limit)
{
	u64 below = u64(index) - limit;

	/* Hidden, or the compiler knows from the comparison what it would be. */
	asm("" : "+r"(below));
	return index & u32(below >> 32);
}

} // namespace vintc

#endif /* VINTC_CORE_BOUNDS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A source as the attribute of KVM_DEV_XICS_GRP_SOURCES, which the kernel documents.
 * It sums up: what is kept back is "pending" whatever it is kept for, and so is a
 * level that is asserted, whatever asserts it.
 */
#ifndef VINTC_CORE_XICS_SOURCE_ATTR_H
#define VINTC_CORE_XICS_SOURCE_ATTR_H

#include "source.h"

namespace vintc::xics {

namespace source_attr {
inline constexpr unsigned kPriority = 32;
inline constexpr u64 kLevel = 1ull << 40, kMasked = 1ull << 41, kPending = 1ull << 42,
		     kPresented = 1ull << 43, kQueued = 1ull << 44;
inline constexpr u64 kReserved = ~((1ull << 45) - 1);
} // namespace source_attr

namespace source {

constexpr u64 to_attr(const SourceState &s)
{
	bool pending = s.level ? s.p : s.masked_pending || s.waiting;
	u8 priority = s.masked() ? s.saved_priority : s.priority;

	return s.server | u64(priority) << source_attr::kPriority |
	       (s.level ? source_attr::kLevel : 0) | (s.masked() ? source_attr::kMasked : 0) |
	       (pending ? source_attr::kPending : 0) | (s.p ? source_attr::kPresented : 0) |
	       (s.q ? source_attr::kQueued : 0);
}

/* Q goes with P, and only an MSI has it. */
constexpr bool attr_consistent(u64 attr)
{
	using namespace source_attr;

	return !(attr & kReserved) &&
	       (!(attr & kQueued) || (!(attr & kLevel) && (attr & (kPresented | kPending))));
}

constexpr u8 attr_priority(u64 attr)
{
	return u8(attr >> source_attr::kPriority);
}

/*
 * A VMM sets the attribute. True: deliver.
 *
 * Inputs belong to who drives them. The attribute tells the line's level, for
 * KVM_IRQ_LINE is the VMM's; what is held stays held, or its holder would wait for an
 * EOI that nobody owes him. So a level that is held is asserted, whatever the attribute
 * says, and an attribute that says so does not mean that the line is up.
 */
constexpr bool set_attr(SourceState &s, u64 attr)
{
	using namespace source_attr;

	bool came = (attr & (kPresented | kPending)) != 0;
	bool level = (attr & kLevel) != 0;
	bool held = s.held;
	bool held_alone = level && held && !came;

	s = { .server = u32(attr),
	      .priority = attr & kMasked ? kLeastFavoured : attr_priority(attr),
	      .saved_priority = attr_priority(attr),
	      .exists = true,
	      .level = level,
	      .p = came || held_alone,
	      .q = (attr & kQueued) != 0,
	      .line = level && came && (s.line || !held),
	      .held = held };
	return (attr & kPending) != 0 || held_alone;
}

} // namespace source
} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_SOURCE_ATTR_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of an interrupt source and its transitions.
 *
 * P and Q say what the source has asked for: P, an interrupt is presented or
 * on its way; Q, an MSI came meanwhile and is due after the EOI. An interrupt
 * that is on its way is in one place:
 *
 *	in an XISR, or accepted by the processor, or being delivered by somebody;
 *	waiting		refused by its server's ICP, which tries it again;
 *	masked_pending	came while the priority was 0xff, goes on when it is not.
 *
 * Whoever turns `waiting` off owns the interrupt and has to deliver it.
 */
#ifndef VINTC_CORE_XICS_SOURCE_H
#define VINTC_CORE_XICS_SOURCE_H

#include "icp.h"

namespace vintc::xics {

struct SourceState {
	u32 server = 0;
	u8 priority = kLeastFavoured;	    /* 0xff: masked */
	u8 saved_priority = kLeastFavoured; /* what ibm,int-on brings back */
	bool exists = false;		    /* a VMM has set it */
	bool level = false;		    /* level-sensitive, else an MSI */
	bool p = false;
	bool q = false;
	bool waiting = false;
	bool masked_pending = false;

	static constexpr unsigned kPriority = 32, kSaved = 40, kExists = 48, kLevel = 49, kP = 50,
				  kQ = 51, kWaiting = 52, kMaskedPending = 53;

	static constexpr SourceState unpack(u64 word)
	{
		auto flag = [word](unsigned bit) { return (word >> bit & 1) != 0; };

		return { .server = u32(word),
			 .priority = u8(word >> kPriority),
			 .saved_priority = u8(word >> kSaved),
			 .exists = flag(kExists),
			 .level = flag(kLevel),
			 .p = flag(kP),
			 .q = flag(kQ),
			 .waiting = flag(kWaiting),
			 .masked_pending = flag(kMaskedPending) };
	}

	constexpr u64 pack() const
	{
		return server | u64(priority) << kPriority | u64(saved_priority) << kSaved |
		       u64(exists) << kExists | u64(level) << kLevel | u64(p) << kP | u64(q) << kQ |
		       u64(waiting) << kWaiting | u64(masked_pending) << kMaskedPending;
	}

	constexpr bool masked() const { return priority == kLeastFavoured; }

	/* Waits for an ICP, as opposed to: for being unmasked. */
	constexpr bool wants_resend() const { return waiting && !masked(); }

	constexpr bool operator==(const SourceState &) const = default;
};

static_assert(SourceState::unpack(SourceState{}.pack()) == SourceState{});

/* The attribute of KVM_DEV_XICS_GRP_SOURCES, as the kernel documents it. */
namespace source_attr {
inline constexpr unsigned kPriority = 32;
inline constexpr u64 kLevel = 1ull << 40, kMasked = 1ull << 41, kPending = 1ull << 42,
		     kPresented = 1ull << 43, kQueued = 1ull << 44;
inline constexpr u64 kReserved = ~((1ull << 45) - 1);
} // namespace source_attr

namespace source {

enum class Raised {
	kUnknown,   /* no such source */
	kDeliver,   /* to be delivered */
	kCoalesced, /* one is on its way already */
};

constexpr Raised raise(SourceState &s)
{
	if (!s.exists)
		return Raised::kUnknown;
	if (s.p) {
		s.q |= !s.level;
		return Raised::kCoalesced;
	}
	s.p = true;
	s.q = false;
	return Raised::kDeliver;
}

/* The line falls. An interrupt that is on its way stays on it. */
constexpr bool lower(SourceState &s)
{
	if (s.level)
		s.p = s.q = false;
	return s.exists;
}

enum class Ended { kUnknown, kDone, kDeliver };

/* EOI: the next MSI is due if one is queued, a level if it is still asserted. */
constexpr Ended eoi(SourceState &s)
{
	if (!s.exists)
		return Ended::kUnknown;
	if (!s.level) {
		s.p = s.q;
		s.q = false;
	}
	return s.p ? Ended::kDeliver : Ended::kDone;
}

/* Delivery begins. False: the source is masked, and keeps its interrupt. */
constexpr bool begin_delivery(SourceState &s)
{
	s.waiting = false;
	s.masked_pending |= s.masked();
	return !s.masked();
}

/*
 * The ICP of this server refused this priority, and the source waits for it.
 * False: the source has been configured anew since.
 */
constexpr bool wait(SourceState &s, u32 server, u8 priority)
{
	if (s.server != server || s.priority != priority)
		return false;
	s.waiting = true;
	return true;
}

/* The waiting ends. False: it was not waiting, somebody else delivers it. */
constexpr bool stop_waiting(SourceState &s)
{
	bool waited = s.waiting;

	s.waiting = false;
	return waited;
}

/* What is kept back goes on if the source is not masked. True: deliver. */
constexpr bool release(SourceState &s)
{
	if (s.masked() || !(s.waiting || s.masked_pending))
		return false;
	s.waiting = s.masked_pending = false;
	return true;
}

enum class Configured { kUnknown, kDone, kDeliver };

/* ibm,set-xive. */
constexpr Configured set_xive(SourceState &s, u32 server, u8 priority)
{
	if (!s.exists)
		return Configured::kUnknown;
	s.server = server;
	s.priority = s.saved_priority = priority;
	return release(s) ? Configured::kDeliver : Configured::kDone;
}

/* ibm,int-off. */
constexpr Configured int_off(SourceState &s)
{
	if (!s.exists)
		return Configured::kUnknown;
	s.saved_priority = s.priority;
	s.priority = kLeastFavoured;
	return Configured::kDone;
}

/* ibm,int-on. */
constexpr Configured int_on(SourceState &s)
{
	if (!s.exists)
		return Configured::kUnknown;
	s.priority = s.saved_priority;
	return release(s) ? Configured::kDeliver : Configured::kDone;
}

constexpr u64 to_attr(const SourceState &s)
{
	bool pending = s.level ? s.p : s.masked_pending || s.waiting;

	return s.server | u64(s.saved_priority) << source_attr::kPriority |
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

/* The source that an attribute describes; a pending one is then to be delivered. */
constexpr SourceState from_attr(u64 attr)
{
	using namespace source_attr;

	return { .server = u32(attr),
		 .priority = attr & kMasked ? kLeastFavoured : attr_priority(attr),
		 .saved_priority = attr_priority(attr),
		 .exists = true,
		 .level = (attr & kLevel) != 0,
		 .p = (attr & (kPresented | kPending)) != 0,
		 .q = (attr & kQueued) != 0 };
}

} // namespace source
} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_SOURCE_H */

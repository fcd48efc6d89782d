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
 *	masked_pending	kept while the priority is 0xff, goes on when it is not.
 *
 * Whoever turns `waiting` off owns the interrupt and has to deliver it.
 *
 * A source has two inputs: `line`, which is driven, and `held`, which the guest's EOI
 * lets go. A level-sensitive source is asserted by either of them, and that is its P.
 * An MSI has no line; held, it comes once.
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
	bool line = false;
	bool held = false;

	/* The layout is that of KVM_VINTC_REG_SOURCE(). */
	static constexpr unsigned kPriority = 32, kSaved = 40, kExists = 48, kLevel = 49, kP = 50,
				  kQ = 51, kWaiting = 52, kMaskedPending = 53, kLine = 54,
				  kHeld = 55;

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
			 .masked_pending = flag(kMaskedPending),
			 .line = flag(kLine),
			 .held = flag(kHeld) };
	}

	constexpr u64 pack() const
	{
		return server | u64(priority) << kPriority | u64(saved_priority) << kSaved |
		       u64(exists) << kExists | u64(level) << kLevel | u64(p) << kP | u64(q) << kQ |
		       u64(waiting) << kWaiting | u64(masked_pending) << kMaskedPending |
		       u64(line) << kLine | u64(held) << kHeld;
	}

	constexpr bool masked() const { return priority == kLeastFavoured; }

	constexpr bool asserted() const { return line || held; }

	/* Holds of every source that exists, and every transition relies on it. */
	constexpr bool consistent() const
	{
		bool inputs = level ? p == asserted() : !line;
		bool queued = !q || (p && !level);
		bool kept = masked() ? !waiting : !masked_pending;

		return exists && inputs && queued && kept;
	}

	constexpr bool operator==(const SourceState &) const = default;
};

static_assert(SourceState::unpack(SourceState{}.pack()) == SourceState{});

namespace source {

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

enum class Configured { kUnknown, kDone, kDeliver };

/* What is kept back goes on if the source is not masked, and else is kept for that. */
constexpr Configured reconsider(SourceState &s)
{
	bool kept = s.waiting || s.masked_pending;

	s.waiting = false;
	s.masked_pending = kept && s.masked();
	return kept && !s.masked() ? Configured::kDeliver : Configured::kDone;
}

/* ibm,set-xive. */
constexpr Configured set_xive(SourceState &s, u32 server, u8 priority)
{
	if (!s.exists)
		return Configured::kUnknown;
	s.server = server;
	s.priority = s.saved_priority = priority;
	return reconsider(s);
}

/* ibm,int-off. */
constexpr Configured int_off(SourceState &s)
{
	if (!s.exists)
		return Configured::kUnknown;
	s.saved_priority = s.priority;
	s.priority = kLeastFavoured;
	return reconsider(s);
}

/* ibm,int-on. */
constexpr Configured int_on(SourceState &s)
{
	if (!s.exists)
		return Configured::kUnknown;
	s.priority = s.saved_priority;
	return reconsider(s);
}

/* Power-on. Inputs stay; what they assert is kept until the source is not masked. */
constexpr SourceState reset(const SourceState &s)
{
	bool asserted = s.level && s.asserted();

	return { .exists = s.exists,
		 .level = s.level,
		 .p = asserted,
		 .masked_pending = asserted,
		 .line = s.line,
		 .held = s.held };
}

} // namespace source
} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_SOURCE_H */

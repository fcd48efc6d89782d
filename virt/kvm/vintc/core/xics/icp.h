// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of an ICP, XICS' presentation controller, and its transitions.
 *
 * There is one ICP for each vCPU; PAPR calls its number the server. All of its
 * state is one word, and each event is a function of that word alone: what else
 * has to be done comes back as the outcome.
 *
 * Priorities run from 0, the most favoured, to 0xff, the least. "Between"
 * transitions this holds always, and each of them relies on it:
 *
 *	XISR == 0   <=>  pending == 0xff
 *	XISR == 2    =>  pending <  CPPR, pending <= MFRR
 *	XISR >= 16   =>  pending <  CPPR, pending <  MFRR
 *
 * An IPI is never lost when it is taken out of XISR: MFRR still holds it.
 */
#ifndef VINTC_CORE_XICS_ICP_H
#define VINTC_CORE_XICS_ICP_H

#include "../types.h"

namespace vintc::xics {

inline constexpr u8 kLeastFavoured = 0xff; /* and, of a source: masked */
inline constexpr u32 kNoSource = 0;
inline constexpr u32 kIpi = 2;
inline constexpr u32 kFirstSource = 16;
inline constexpr u32 kSourceLimit = 1u << 24; /* an XISR has 24 bits */

struct IcpState {
	u8 cppr = 0;		     /* current processor priority */
	u8 mfrr = kLeastFavoured;    /* most favoured request: the IPI's priority */
	u8 pending = kLeastFavoured; /* priority of what is in XISR */
	u32 xisr = kNoSource;	     /* the interrupt presented to the processor */
	bool resend = false;	     /* a source may wait for this ICP */

	/* The layout is KVM_REG_PPC_ICP_STATE's, with `resend` in a bit it leaves free. */
	static constexpr u64 kResend = 1;

	static constexpr IcpState unpack(u64 word)
	{
		return { .cppr = u8(word >> 56),
			 .mfrr = u8(word >> 24),
			 .pending = u8(word >> 16),
			 .xisr = u32(word >> 32) & 0xffffff,
			 .resend = (word & kResend) != 0 };
	}

	constexpr u64 pack() const { return reg() | (resend ? kResend : 0); }

	/* KVM_REG_PPC_ICP_STATE: what a VMM saves and restores. */
	constexpr u64 reg() const
	{
		return u64(cppr) << 56 | u64(xisr) << 32 | u64(mfrr) << 24 | u64(pending) << 16;
	}

	/* What H_XIRR and H_IPOLL show. */
	constexpr u32 xirr() const { return u32(cppr) << 24 | xisr; }

	/* The external interrupt line of the processor. */
	constexpr bool line() const { return xisr != kNoSource && pending < cppr; }

	constexpr bool accepts(u8 priority) const
	{
		return priority < cppr && priority < mfrr && priority < pending;
	}

	constexpr bool consistent() const
	{
		if (xisr == kNoSource)
			return pending == kLeastFavoured;
		if (xisr == kIpi)
			return pending < cppr && pending <= mfrr;
		return xisr >= kFirstSource && pending < cppr && pending < mfrr;
	}

	/* Is this a register that a VMM may set? */
	static constexpr bool restorable(u64 reg)
	{
		return unpack(reg).reg() == reg && unpack(reg).consistent();
	}

	constexpr bool operator==(const IcpState &) const = default;
};

static_assert(IcpState::unpack(IcpState{}.pack()) == IcpState{});
static_assert(IcpState{}.consistent());

/* What a transition leaves to be done, in this order. */
struct IcpOutcome {
	u32 displaced = kNoSource; /* rejected: this source is to be delivered again */
	bool resend = false;	   /* sources that wait are to be tried again */
	bool line = false;	   /* the line is up now... */
	bool rose = false;	   /* ...and was down before */
};

namespace icp {

/* Empties XISR. A source there is the outcome; MFRR remembers an IPI. */
constexpr u32 displace(IcpState &s)
{
	u32 source = s.xisr == kIpi ? kNoSource : s.xisr;

	s.xisr = kNoSource;
	s.pending = kLeastFavoured;
	return source;
}

/* Presents the IPI if MFRR asks for it: PAPR's Check_IPI. */
constexpr u32 check_ipi(IcpState &s)
{
	if (s.mfrr >= s.cppr || s.mfrr > s.pending)
		return kNoSource;

	u32 source = displace(s);

	s.xisr = kIpi;
	s.pending = s.mfrr;
	return source;
}

constexpr bool take_resend(IcpState &s)
{
	bool resend = s.resend;

	s.resend = false;
	return resend;
}

struct Delivery : IcpOutcome {
	bool accepted = false;

	constexpr explicit operator bool() const { return accepted; }
};

/* A source of this priority asks to be presented. Refused: nothing changes. */
constexpr Delivery deliver(IcpState &s, u32 source, u8 priority)
{
	Delivery d;

	if (!s.accepts(priority))
		return d;
	d.rose = !s.line();
	d.displaced = displace(s);
	s.xisr = source;
	s.pending = priority;
	d.accepted = d.line = true;
	return d;
}

/*
 * A source of this priority waits, and says so here. True: noted. False: the
 * ICP would accept it by now, and the source must not wait.
 */
constexpr bool note_waiting(IcpState &s, u8 priority)
{
	if (s.accepts(priority))
		return false;
	s.resend = true;
	return true;
}

/* H_XIRR: the processor accepts what is presented. The XIRR it sees is `xirr`. */
constexpr u32 accept(IcpState &s)
{
	u32 xirr = s.xirr();

	if (s.xisr != kNoSource) {
		s.cppr = s.pending;
		s.xisr = kNoSource;
		s.pending = kLeastFavoured;
	}
	return xirr;
}

/*
 * The priority step of H_EOI, and H_CPPR to a less favoured priority. A guest
 * may misuse H_EOI to raise its priority. PAPR owes it nothing then, but what
 * would be stranded in XISR is taken out all the same: nothing is ever lost.
 */
constexpr IcpOutcome lower_priority(IcpState &s, u8 cppr)
{
	IcpOutcome o;
	bool was_up = s.line();

	s.cppr = cppr;
	if (s.pending >= cppr)
		o.displaced = displace(s);
	if (u32 source = check_ipi(s))
		o.displaced = source;
	o.resend = take_resend(s);
	o.line = s.line();
	o.rose = o.line && !was_up;
	return o;
}

/* H_CPPR. */
constexpr IcpOutcome set_cppr(IcpState &s, u8 cppr)
{
	IcpOutcome o;

	if (cppr > s.cppr)
		return lower_priority(s, cppr);
	if (cppr < s.cppr) {
		s.cppr = cppr;
		if (s.pending >= cppr)
			o.displaced = displace(s);
	}
	o.line = s.line();
	return o;
}

/* H_IPI. An IPI that is presented already stays, also when MFRR takes it back. */
constexpr IcpOutcome set_mfrr(IcpState &s, u8 mfrr)
{
	IcpOutcome o;
	bool was_up = s.line();
	bool less_favoured = mfrr > s.mfrr;

	s.mfrr = mfrr;
	o.displaced = check_ipi(s);
	if (less_favoured)
		o.resend = take_resend(s);
	o.line = s.line();
	o.rose = o.line && !was_up;
	return o;
}

/*
 * A VMM sets the state. What was in XISR is dropped, not rejected: sources are
 * restored by themselves, before or after.
 */
constexpr IcpOutcome restore(IcpState &s, IcpState to)
{
	IcpOutcome o;
	bool less_favoured = to.mfrr > s.mfrr;
	bool noted = s.resend;

	s = to;
	s.resend = noted && !less_favoured;
	o.resend = noted && less_favoured;
	o.line = s.line();
	return o;
}

} // namespace icp
} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_ICP_H */

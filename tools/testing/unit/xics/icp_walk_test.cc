// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazards 16 and 19: every ICP state that any sequence of events leads to, over
 * reduced priorities and two sources, and in each of them every event with every
 * argument. What must hold of each single step is asserted below; it then holds
 * of every sequence of steps.
 */
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <ostream>
#include <set>
#include <vector>

#include "core/xics/icp.h"

namespace vintc::xics {

static void PrintTo(const IcpState &s, std::ostream *os)
{
	*os << "{cppr " << +s.cppr << " xisr " << s.xisr << " mfrr " << +s.mfrr << " pending "
	    << +s.pending << (s.resend ? " note}" : "}");
}

} // namespace vintc::xics

using namespace vintc::xics;

namespace {

constexpr std::array<u8, 5> kPriorities = { 0, 1, 2, 3, 0xff };
constexpr std::array<u32, 2> kSources = { 16, 17 };

/* The least favoured priority that is not accepted; all below it are. */
u8 threshold(const IcpState &s)
{
	return std::min({ s.cppr, s.mfrr, s.pending });
}

/* An IPI that MFRR asks for and that is neither presented nor outranked. */
bool ipi_overlooked(const IcpState &s)
{
	return s.mfrr < s.cppr && s.mfrr < s.pending;
}

class IcpWalk : public testing::Test {
protected:
	/* Visits every state reachable from reset. */
	void walk(bool with_restore)
	{
		reach(IcpState{});
		for (size_t i = 0; i < states.size() && !HasFailure(); i++)
			step(states[i], with_restore);
	}

	void reach(const IcpState &s)
	{
		if (seen.insert(s.pack()).second)
			states.push_back(s);
	}

	void step(const IcpState &s, bool with_restore)
	{
		SCOPED_TRACE(testing::PrintToString(s));

		for (u8 p : kPriorities) {
			for (u32 source : kSources)
				delivers(s, source, p);
			notes(s, p);
			event("H_CPPR", s, [=](IcpState &t) { return icp::set_cppr(t, p); });
			event("H_EOI", s, [=](IcpState &t) { return icp::lower_priority(t, p); });
			event("H_IPI", s, [=](IcpState &t) { return icp::set_mfrr(t, p); });
			opens(s, p);
		}
		accepts(s);
		if (with_restore)
			for (const IcpState &to : consistent_states)
				restores(s, to);
	}

	/* What holds of every state, and of every step from one to another. */
	void between(const IcpState &s, const IcpState &t)
	{
		EXPECT_TRUE(t.consistent());
		EXPECT_EQ(t.line(), t.xisr != kNoSource);
		EXPECT_EQ(IcpState::unpack(t.pack()), t);
		EXPECT_EQ(IcpState::unpack(t.reg()).reg(), t.reg());
		/* The VMM may restore that state; an IPI overlooked then is the VMM's. */
		if (!ipi_overlooked(s))
			EXPECT_FALSE(ipi_overlooked(t));
		reach(t);
	}

	/* A step that H_CPPR, H_EOI, H_IPI or a delivery made. */
	void nothing_lost(const IcpState &s, const IcpState &t, const IcpOutcome &o)
	{
		bool left = s.xisr != t.xisr;

		/* A source that leaves XISR is handed out to be delivered again; an IPI is in MFRR. */
		EXPECT_EQ(o.displaced, left && s.xisr != kIpi ? s.xisr : kNoSource);
		EXPECT_EQ(o.line, t.line());
		EXPECT_EQ(o.rose, t.line() && !s.line());
		/* A note ends in a resend and in nothing else. */
		EXPECT_EQ(s.resend, t.resend || o.resend);
		EXPECT_FALSE(t.resend && o.resend);
		/* Where the ICP opens, the note is taken. */
		if (threshold(t) > threshold(s))
			EXPECT_FALSE(t.resend);
	}

	template <class Event> void event(const char *name, const IcpState &s, Event apply)
	{
		IcpState t = s;
		IcpOutcome o = apply(t);

		SCOPED_TRACE(testing::Message()
			     << name << " leads to " << testing::PrintToString(t));
		between(s, t);
		nothing_lost(s, t, o);
	}

	void delivers(const IcpState &s, u32 source, u8 priority)
	{
		IcpState t = s;
		icp::Delivery d = icp::deliver(t, source, priority);

		SCOPED_TRACE(testing::Message() << "deliver " << source << " at " << +priority);
		EXPECT_EQ(d.accepted, priority < threshold(s));
		if (!d.accepted) {
			EXPECT_EQ(t, s);
			EXPECT_EQ(d.displaced, kNoSource);
			EXPECT_FALSE(d.line || d.rose || d.resend);
			return;
		}
		EXPECT_EQ(t.xisr, source);
		EXPECT_EQ(t.pending, priority);
		EXPECT_EQ(t.cppr, s.cppr);
		EXPECT_EQ(t.mfrr, s.mfrr);
		between(s, t);
		/* A source may displace itself: delivered twice, it is handed out once. */
		if (s.xisr == source)
			EXPECT_EQ(d.displaced, source);
		else
			nothing_lost(s, t, d);
	}

	void notes(const IcpState &s, u8 priority)
	{
		IcpState t = s, noted = s;

		noted.resend = true;
		EXPECT_EQ(icp::note_waiting(t, priority), priority >= threshold(s));
		EXPECT_EQ(t, priority >= threshold(s) ? noted : s);
		reach(t);
	}

	void accepts(const IcpState &s)
	{
		IcpState t = s;

		EXPECT_EQ(icp::accept(t), u32(s.cppr) << 24 | s.xisr);
		EXPECT_EQ(t.xisr, kNoSource);
		EXPECT_EQ(t.cppr, s.xisr == kNoSource ? s.cppr : s.pending);
		EXPECT_EQ(t.mfrr, s.mfrr);
		EXPECT_EQ(t.resend, s.resend);
		EXPECT_FALSE(t.line());
		/* To accept opens nothing: no resend is due. */
		if (s.xisr != kNoSource)
			EXPECT_LE(threshold(t), s.pending);
		between(s, t);
	}

	/* Each of the ways to open an ICP takes the note. */
	void opens(const IcpState &s, u8 p)
	{
		IcpState t = s;

		EXPECT_EQ(icp::lower_priority(t, p).resend, s.resend);
		t = s;
		EXPECT_EQ(icp::set_cppr(t, p).resend, s.resend && p > s.cppr);
		t = s;
		EXPECT_EQ(icp::set_mfrr(t, p).resend, s.resend && p > s.mfrr);
	}

	void restores(const IcpState &s, const IcpState &to)
	{
		IcpState t = s;
		IcpOutcome o = icp::restore(t, to);

		EXPECT_EQ(t.reg(), to.reg());
		EXPECT_EQ(o.displaced, kNoSource);
		EXPECT_EQ(o.line, to.line());
		EXPECT_EQ(o.resend, s.resend && to.mfrr > s.mfrr);
		EXPECT_EQ(s.resend, t.resend || o.resend);
		EXPECT_FALSE(t.resend && o.resend);
		reach(t);
	}

	static std::vector<IcpState> all_consistent_states()
	{
		std::vector<IcpState> all;

		for (u8 cppr : kPriorities)
			for (u8 mfrr : kPriorities)
				for (u8 pending : kPriorities)
					for (u32 xisr :
					     { kNoSource, kIpi, kSources[0], kSources[1] })
						if (IcpState s{ cppr, mfrr, pending, xisr, false };
						    s.consistent())
							all.push_back(s);
		return all;
	}

	const std::vector<IcpState> consistent_states = all_consistent_states();
	std::deque<IcpState> states; /* it grows while it is walked */
	std::set<u64> seen;
};

TEST_F(IcpWalk, hazard16_nothing_is_lost_in_any_state_that_a_guest_can_reach)
{
	walk(false);
	for (const IcpState &s : states)
		EXPECT_FALSE(ipi_overlooked(s)) << testing::PrintToString(s);
	EXPECT_GT(states.size(), 100u);
}

TEST_F(IcpWalk, hazard19_nothing_is_lost_in_any_state_that_a_vmm_can_restore)
{
	walk(true);
	/* Every consistent state can be restored, with the note of another or without. */
	EXPECT_EQ(states.size(), 2 * consistent_states.size());
}

} // namespace

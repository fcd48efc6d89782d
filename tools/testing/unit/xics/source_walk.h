// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every state that a source can come into, over two servers and two priorities, and
 * from each of them every event. An interrupt that came is in one place.
 */
#ifndef VINTC_UNIT_XICS_SOURCE_WALK_H
#define VINTC_UNIT_XICS_SOURCE_WALK_H

#include <gtest/gtest.h>

#include <compare>
#include <ostream>
#include <set>
#include <vector>

#include "core/xics/source_attr.h"
#include "core/xics/source_input.h"

namespace vintc::test {

using namespace vintc::xics;
using source::Configured;
using source::Raised;

/*
 * A source, and how many of its interrupts are elsewhere: in an XISR, accepted,
 * or with somebody who delivers.
 */
struct World {
	SourceState s;
	unsigned out = 0;

	auto key() const { return std::pair(s.pack(), out); }
};

inline std::ostream &operator<<(std::ostream &os, const World &w)
{
	const SourceState &s = w.s;

	return os << (s.level ? "{level" : "{msi") << " server " << s.server << " priority "
		  << +s.priority << " saved " << +s.saved_priority << (s.p ? " P" : "")
		  << (s.q ? " Q" : "") << (s.waiting ? " waiting" : "")
		  << (s.masked_pending ? " masked-pending" : "") << (s.line ? " line" : "")
		  << (s.held ? " held" : "") << " out " << w.out << "}";
}

class SourceWalk : public testing::TestWithParam<bool> {
protected:
	/* What a guest that ends only what it has accepted can reach. */
	void walk()
	{
		for (u32 server : { 1u, 2u })
			for (u8 priority : { u8(4), u8(5), kLeastFavoured })
				reach({ { .server = server,
					  .priority = priority,
					  .saved_priority = priority,
					  .exists = true,
					  .level = GetParam() } });
		for (size_t i = 0; i < worlds.size() && !HasFailure(); i++) {
			World w = worlds[i];

			SCOPED_TRACE(testing::Message() << w);
			step(w);
		}
	}

	void reach(const World &w)
	{
		const SourceState &s = w.s;

		SCOPED_TRACE(testing::Message() << "leads to " << w);
		EXPECT_TRUE(s.consistent());
		EXPECT_LE(w.out + s.waiting + s.masked_pending, 1u) << "in one place at most";
		if (!s.level && s.p)
			EXPECT_EQ(w.out + s.waiting + s.masked_pending, 1u)
				<< "an MSI that came is somewhere";
		if (s.level && s.p)
			EXPECT_EQ(w.out + s.waiting + s.masked_pending, 1u)
				<< "a level that is asserted is somewhere";
		EXPECT_TRUE(source::attr_consistent(source::to_attr(s)));
		if (seen.insert(w.key()).second)
			worlds.push_back(w);
	}

	void step(World w)
	{
		World v = w;

		/* Not here: a level that falls and rises while its interrupt is out comes twice. */
		if (!(w.s.level && !w.s.p && w.out)) {
			raises(w, source::high);
			raises(w, source::pulse);
			raises(w, source::hold);
		}

		EXPECT_TRUE(source::low(v.s));
		EXPECT_EQ(v.s.held, w.s.held);
		EXPECT_FALSE(v.s.line);
		reach(v);

		v = w;
		EXPECT_TRUE(source::let_go(v.s));
		EXPECT_EQ(v.s.line, w.s.line);
		EXPECT_FALSE(v.s.held);
		reach(v);

		if (w.out) {
			v = w;
			v.out--;
			ends(v);

			/* Rejected from an XISR. */
			v = w;
			v.out--;
			deliver(v);
		}

		v = w;
		EXPECT_EQ(source::stop_waiting(v.s), w.s.waiting);
		if (w.s.waiting)
			deliver(v);
		reach({ source::reset(w.s) });

		for (u32 server : { 1u, 2u })
			for (u8 priority : { u8(4), u8(5), kLeastFavoured })
				configure(w, [=](SourceState &s) {
					return source::set_xive(s, server, priority);
				});
		configure(w, source::int_off);
		configure(w, source::int_on);
	}

	/* A level that is held and driven was raised once. */
	template <class Raise> void raises(World w, Raise raise)
	{
		bool was_up = w.s.p;
		Raised raised = raise(w.s);

		EXPECT_EQ(raised, was_up ? Raised::kCoalesced : Raised::kDeliver);
		if (raised == Raised::kDeliver)
			deliver(w);
		else
			reach(w);
	}

	/* The one interrupt that was out has ended; another may come of this. */
	void ends(World w)
	{
		SourceState before = w.s;
		source::Ended ended = source::eoi(w.s);

		EXPECT_EQ((ended & source::kEndedLetGo) != 0, before.held);
		EXPECT_EQ((ended & source::kEndedAgain) != 0, w.s.p);
		EXPECT_FALSE(w.s.held);
		EXPECT_EQ(w.s.line, before.line);
		if (!(ended & source::kEndedAgain))
			return reach(w);
		deliver(w);
	}

	template <class Transition> void configure(World w, Transition transition)
	{
		bool kept = w.s.waiting || w.s.masked_pending;
		Configured c = transition(w.s);

		EXPECT_EQ(c == Configured::kDeliver, kept && !w.s.masked());
		if (c == Configured::kDeliver)
			deliver(w);
		else
			reach(w);
	}

	/* The ICP may take it or not. */
	void deliver(World w)
	{
		if (!source::begin_delivery(w.s))
			return reach(w);

		World accepted = w, refused = w;

		accepted.out++;
		reach(accepted);
		EXPECT_TRUE(source::wait(refused.s, w.s.server, w.s.priority));
		reach(refused);
	}

	std::vector<World> worlds;
	std::set<std::pair<u64, unsigned>> seen;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_XICS_SOURCE_WALK_H */

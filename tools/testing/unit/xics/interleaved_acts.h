// SPDX-License-Identifier: GPL-2.0-only
/*
 * What processors do to a XICS at the same time, and how it is tried in every order
 * of their atomic operations, up to a number of preemptions.
 *
 * MORE_PREEMPTIONS=n looks n preemptions deeper, at about ten times the cost each.
 */
#ifndef VINTC_UNIT_XICS_INTERLEAVED_ACTS_H
#define VINTC_UNIT_XICS_INTERLEAVED_ACTS_H

#include <cstdlib>
#include <functional>

#include "support/interleavings.h"
#include "xics/interleaved_world.h"

namespace vintc::test {

/* Something that a processor does, or several things in a row. */
using Act = std::function<void(World &)>;

inline const Act kNothing = [](World &) {};

template <class... Acts> Act in_turn(Acts... acts)
{
	return [=](World &w) { (acts(w), ...); };
}

/* Device and VMM. */
inline Act inject(u32 number, vintc_input input = VINTC_HIGH)
{
	return [=](World &w) { w.m.inject(number, input); };
}
inline Act make(u32 number, u32 server, u8 priority, u64 flags = 0)
{
	return [=](World &w) {
		EXPECT_EQ(w.m.set_source(number, attr::source(server, priority, flags)), VINTC_OK);
	};
}
inline Act restore(u32 server, u64 reg)
{
	return [=](World &w) { EXPECT_EQ(w.m.set_reg(server, reg), VINTC_OK); };
}

/* vCPUs. C is the one that calls RTAS. */
inline Act cppr(u32 self, u8 cppr)
{
	return [=](World &w) { EXPECT_EQ(w.m.cppr(self, cppr), VINTC_H_SUCCESS); };
}
inline Act open(u32 self)
{
	return cppr(self, 0xff);
}
inline Act close(u32 self)
{
	return cppr(self, 0);
}
inline Act mfrr(u32 self, u32 to, u8 mfrr)
{
	return [=](World &w) { EXPECT_EQ(w.m.ipi(self, to, mfrr), VINTC_H_SUCCESS); };
}
inline Act send(u32 self, u32 to)
{
	return in_turn([=](World &w) { w.mail[to] = true; }, mfrr(self, to, 4));
}
inline Act accept(u32 self)
{
	return [=](World &w) { w.accept(self); };
}
inline Act handle(u32 self)
{
	return [=](World &w) { w.handle(self); };
}
inline Act eoi(u32 self)
{
	return [=](World &w) { w.eoi(self); };
}
inline Act end(u32 self)
{
	return [=](World &w) { w.end(self); };
}
inline Act take(u32 self)
{
	return [=](World &w) { w.take(self); };
}
inline Act move(u32 number, u32 server, u8 priority)
{
	return [=](World &w) {
		EXPECT_EQ(w.m.set_xive(C, number, server, priority), VINTC_RTAS_SUCCESS);
	};
}
inline Act mask_and_unmask(u32 number)
{
	return [=](World &w) {
		EXPECT_EQ(w.m.int_off(C, number), VINTC_RTAS_SUCCESS);
		EXPECT_EQ(w.m.int_on(C, number), VINTC_RTAS_SUCCESS);
	};
}

/* How often a source has to come. */
struct Times {
	u32 source;
	unsigned at_least = 1, at_most = at_least;
};

/*
 * From a VM so prepared, runs the processors in every order of at most so many
 * preemptions. The sources that are named come as often as expected, no other
 * comes, and check() holds.
 */
inline void explore(unsigned preemptions, const Act &prepare, const std::vector<Act> &processors,
		    const std::vector<Times> &expected, const Act &check = kNothing)
{
	const char *more = std::getenv("MORE_PREEMPTIONS");
	Interleavings all(preemptions + (more ? unsigned(std::atoi(more)) : 0));

	do {
		World w;
		std::vector<Actor> actors;

		prepare(w);
		for (const Act &act : processors)
			actors.push_back([&] { act(w); });
		all.run(actors);
		w.is_at_rest();
		w.drain();
		for (const Times &times : expected) {
			EXPECT_GE(w.got[times.source], times.at_least) << times.source;
			EXPECT_LE(w.got[times.source], times.at_most) << times.source;
			w.got.erase(times.source);
		}
		EXPECT_TRUE(w.got.empty()) << w.got.begin()->first << " came uncalled";
		check(w);
		if (testing::Test::HasFailure()) {
			ADD_FAILURE() << "schedule " << all.count() << ": " << all.schedule();
			return;
		}
	} while (all.next());
	testing::Test::RecordProperty("schedules", int(all.count()));
	EXPECT_GT(all.count(), 30u);
}

} // namespace vintc::test

#endif /* VINTC_UNIT_XICS_INTERLEAVED_ACTS_H */

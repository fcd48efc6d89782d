// SPDX-License-Identifier: GPL-2.0-only
/*
 * What devices and a guest's two processors do to a GICv2 at the same time, and how
 * it is tried in every order of their atomic operations, up to a number of
 * preemptions.
 */
#ifndef VINTC_UNIT_GICV2_INTERLEAVED_ACTS_H
#define VINTC_UNIT_GICV2_INTERLEAVED_ACTS_H

#include <cstdlib>

#include "gicv2/interleaved_world.h"
#include "support/interleavings.h"

namespace vintc::test::gicv2 {

/* Something that a processor does, or several things in a row. */
using Act = std::function<void(World &)>;

inline const Act kNothing = [](World &) {};

template <class... Acts> Act in_turn(Acts... acts)
{
	return [=](World &w) { (acts(w), ...); };
}

/* Devices. */
inline Act inject(u32 intid, vintc_input input, u32 whose = A)
{
	return [=](World &w) { w.g.inject(intid, input, whose); };
}
inline Act pulse(u32 intid)
{
	return inject(intid, VINTC_PULSE);
}

inline Act hold(u32 intid)
{
	return [=](World &w) { w.hold(intid); };
}
inline Act release(u32 intid)
{
	return [=](World &w) { w.release(intid); };
}

/* A guest's access leaves the guest, and enters it again. */
inline Act set_gicd(u32 by, u32 offset, u32 value)
{
	return [=](World &w) {
		w.g.gicd(by, offset, value);
		w.g.enter(by);
	};
}
inline Act set_gicc(u32 by, u32 offset, u32 value)
{
	return [=](World &w) {
		w.g.gicc(by, offset, value);
		w.g.enter(by);
	};
}
inline Act pmr(u32 self, u8 pmr)
{
	return set_gicc(self, gicc::kPmr, pmr);
}
inline Act bit(u32 by, u32 base, u32 intid)
{
	return set_gicd(by, base + intid / 32 * 4, 1u << intid % 32);
}
inline Act byte(u32 by, u32 base, u32 intid, u8 value)
{
	return [=](World &w) {
		w.g.set_byte(by, base, intid, value);
		w.g.enter(by);
	};
}
inline Act target(u32 by, u32 intid, u8 targets)
{
	return byte(by, gicd::kItargetsr, intid, targets);
}
inline Act disable_and_enable(u32 by, u32 intid)
{
	return in_turn(bit(by, gicd::kIcenabler, intid), bit(by, gicd::kIsenabler, intid));
}
inline Act sgi(u32 from, u8 to)
{
	return set_gicd(from, gicd::kSgir, u32(to) << 16 | kSgi);
}
inline Act enter(u32 self)
{
	return [=](World &w) { w.g.enter(self); };
}
inline Act acknowledge(u32 self)
{
	return [=](World &w) { w.acknowledge(self); };
}
inline Act handle(u32 self)
{
	return [=](World &w) { w.handle(self); };
}
inline Act eoi(u32 self)
{
	return [=](World &w) { w.eoi(self); };
}
inline Act take(u32 self)
{
	return [=](World &w) { w.take(self); };
}

/* How often an interrupt has to come. */
struct Times {
	u32 intid;
	unsigned at_least = 1, at_most = at_least;
};

/*
 * From a VM so prepared, runs the processors in every order of at most so many
 * preemptions (MORE_PREEMPTIONS as in xics/interleaved_world.h). The interrupts
 * that are named come as often as expected, and no other comes.
 */
inline void explore(unsigned preemptions, const Act &prepare, const std::vector<Act> &processors,
		    const std::vector<Times> &expected)
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
			EXPECT_GE(w.got[times.intid], times.at_least) << times.intid;
			EXPECT_LE(w.got[times.intid], times.at_most) << times.intid;
			w.got.erase(times.intid);
		}
		EXPECT_TRUE(w.got.empty()) << w.got.begin()->first << " came uncalled";
		if (testing::Test::HasFailure()) {
			ADD_FAILURE() << "schedule " << all.count() << ": " << all.schedule();
			return;
		}
	} while (all.next());
	testing::Test::RecordProperty("schedules", int(all.count()));
	EXPECT_GT(all.count(), 30u);
}

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_INTERLEAVED_ACTS_H */

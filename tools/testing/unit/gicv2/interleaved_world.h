// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VM that interleavings of a GICv2 are tried on. Devices, a guest's two
 * processors and what passes between them run in every order of their atomic
 * operations, up to a number of preemptions. When all are at rest, a CPU for which
 * something may be signalled has its line up or was told to look; when the guest
 * then takes what is there, each interrupt comes as often as it should, and every
 * line falls.
 */
#ifndef VINTC_UNIT_GICV2_INTERLEAVED_WORLD_H
#define VINTC_UNIT_GICV2_INTERLEAVED_WORLD_H

#include <cstdlib>
#include <map>
#include <vector>

#include "support/gicv2_machine.h"
#include "support/interleavings.h"

namespace vintc::test::gicv2 {

/* CPUs; SPIs, two of them in one word of hints; a PPI and an SGI. */
inline constexpr u32 A = 0, B = 1;
inline constexpr u8 kToA = 1, kToB = 2, kToBoth = 3;
inline constexpr u32 X = 32, Y = 33, Z = 70, kPpi = 20, kSgi = 3;
inline constexpr u32 kIntids[] = { kSgi, kPpi, X, Y, Z };

/* Priorities of X, of Y and of what is between them. X preempts. */
inline constexpr u8 kHigh = 0x40, kLow = 0x80, kBetween = 0x60, kOpen = 0xff;

struct World {
	Gic g{ { A, B }, 96 };
	std::vector<u32> taken[2];   /* by each CPU, and not ended yet */
	std::map<u32, unsigned> got; /* how often, by INTID */

	/* X and Y are edge-triggered, Z and the PPI are not. */
	World()
	{
		g.open();
		g.set_spi(X, kToA, kHigh, true);
		g.set_spi(Y, kToA, kLow, true);
		g.set_spi(Z, kToA, kBetween, false);
		for (u32 cpu : { A, B }) {
			g.set_byte(cpu, gicd::kIpriorityr, kSgi, kBetween);
			g.set_byte(cpu, gicd::kIpriorityr, kPpi, kBetween);
			g.set_bit(cpu, gicd::kIsenabler, kPpi);
			g.enter(cpu);
		}
	}

	/* IAR. False: there was nothing. */
	bool acknowledge(u32 self)
	{
		u32 iar = g.iar(self);

		g.enter(self);
		if ((iar & 1023) >= kOtherGroup)
			return false;
		for (u32 other : taken[!self])
			EXPECT_TRUE((iar & 1023) < 32 || other != iar) << iar << " is active twice";
		taken[self].push_back(iar);
		return true;
	}

	/* The handler of what was taken last. A device takes its level back. */
	void handle(u32 self)
	{
		u32 intid = taken[self].back() & 1023;

		got[intid]++;
		if (intid == Z || intid == kPpi)
			g.inject(intid, VINTC_GIC_LOW, self);
	}

	void eoi(u32 self)
	{
		u32 iar = taken[self].back();

		taken[self].pop_back();
		g.eoir(self, iar);
		g.enter(self);
	}

	bool take(u32 self)
	{
		if (!acknowledge(self))
			return false;
		handle(self);
		eoi(self);
		return true;
	}

	/* Is it enabled and pending there, in a group that is enabled? */
	bool is_candidate(u32 cpu, u32 intid)
	{
		u32 groups = g.gicd(cpu, gicd::kCtlr) & g.gicc(cpu, gicc::kCtlr);

		return g.bit(cpu, gicd::kIsenabler, intid) && g.bit(cpu, gicd::kIspendr, intid) &&
		       !g.bit(cpu, gicd::kIsactiver, intid) &&
		       g.byte(cpu, gicd::kItargetsr, intid) >> cpu & 1 &&
		       groups >> g.bit(cpu, gicd::kIgroupr, intid) & 1;
	}

	/* The line that has to be up: that of the most favoured one, if it preempts. */
	u32 line_due(u32 cpu)
	{
		u32 best = kSpurious, priority = 256;

		for (u32 intid : kIntids)
			if (is_candidate(cpu, intid) &&
			    g.byte(cpu, gicd::kIpriorityr, intid) < priority) {
				best = intid;
				priority = g.byte(cpu, gicd::kIpriorityr, best);
			}
		if (priority >= g.gicc(cpu, gicc::kPmr))
			return 0;

		bool group1 = g.bit(cpu, gicd::kIgroupr, best);
		u32 low_bits = group1 ? g.gicc(cpu, gicc::kAbpr) : g.gicc(cpu, gicc::kBpr) + 1;

		if ((priority & 0xffu << low_bits) >= g.gicc(cpu, gicc::kRpr))
			return 0;
		return !group1 && g.gicc(cpu, gicc::kCtlr) & gicc::kFiqEn ? VINTC_GIC_LINE_FIQ
									  : VINTC_GIC_LINE_IRQ;
	}

	/* Nobody does anything: whatever could go on has gone on. */
	void is_at_rest()
	{
		for (u32 cpu : { A, B })
			if (u32 due = line_due(cpu)) {
				EXPECT_TRUE(g.vcpu(cpu).line || (g.vcpu(cpu).lines & due))
					<< "CPU " << cpu << " is not told to look";
				EXPECT_TRUE(g.wakes(cpu)) << "CPU " << cpu;
			}
	}

	/* Takes what the line tells. False: it stays up, whatever is taken. */
	bool follow_line(u32 self)
	{
		for (unsigned patience = 10; patience; patience--) {
			if (!g.looks(self) || !g.enter(self))
				return true;
			take(self);
		}
		return false;
	}

	/* The guest goes on as it is, then ends what it has and admits everything. */
	void drain()
	{
		for (u32 self : { A, B })
			EXPECT_TRUE(follow_line(self)) << "the line of " << self << " stays up";
		for (u32 self : { A, B }) {
			while (!taken[self].empty()) {
				handle(self);
				eoi(self);
			}
			g.gicc(self, gicc::kPmr, kOpen);
			g.enter(self);
		}
		for (u32 self : { A, B, A, B })
			EXPECT_TRUE(follow_line(self)) << "the line of " << self << " stays up";
		for (u32 self : { A, B })
			for (u32 intid : kIntids)
				EXPECT_FALSE(is_candidate(self, intid)) << intid << " is stuck";
	}
};

/* Something that a processor does, or several things in a row. */
using Act = std::function<void(World &)>;

inline const Act kNothing = [](World &) {};

template <class... Acts> Act in_turn(Acts... acts)
{
	return [=](World &w) { (acts(w), ...); };
}

/* Devices. */
inline Act inject(u32 intid, vintc_gic_input input, u32 whose = A)
{
	return [=](World &w) { w.g.inject(intid, input, whose); };
}
inline Act pulse(u32 intid)
{
	return inject(intid, VINTC_GIC_PULSE);
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

#endif /* VINTC_UNIT_GICV2_INTERLEAVED_WORLD_H */

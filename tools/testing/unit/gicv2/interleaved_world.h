// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VM that interleavings of a GICv2 are tried on (interleaved_acts.h), and what
 * is true of it whatever happened: when all are at rest, a CPU for which something
 * may be signalled has its line up or was told to look; when the guest then takes
 * what is there, nothing is stuck and every line falls.
 */
#ifndef VINTC_UNIT_GICV2_INTERLEAVED_WORLD_H
#define VINTC_UNIT_GICV2_INTERLEAVED_WORLD_H

#include <map>
#include <vector>

#include "support/gicv2_machine.h"

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

	/* A device that holds an input up: what it has done, and a handler has seen. */
	struct Holder {
		unsigned done = 0, seen = 0;
	};
	std::map<u32, Holder> holders; /* by INTID */

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
		/* As a resampler does: what was not seen needs another interrupt. */
		g.owner.ended = [this](u32 intid) {
			if (holders[intid].seen != holders[intid].done)
				g.inject(intid, VINTC_HOLD, A);
		};
	}

	void hold(u32 intid)
	{
		holders[intid].done++;
		g.inject(intid, VINTC_HOLD, A);
	}
	void release(u32 intid)
	{
		holders[intid].seen = holders[intid].done;
		g.inject(intid, VINTC_RELEASE, A);
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
		if (holders.contains(intid))
			holders[intid].seen = holders[intid].done;
		if (intid == Z || intid == kPpi)
			g.inject(intid, VINTC_LOW, self);
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
		for (auto &[intid, holder] : holders)
			EXPECT_EQ(holder.seen, holder.done) << intid << " was not seen";
	}
};

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_INTERLEAVED_WORLD_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VM that interleavings are tried on. Two or more processors are at work on
 * the same ICP or source, in every order of their atomic operations up to a
 * number of preemptions (interleaved_acts.h, with MORE_PREEMPTIONS). Afterwards no
 * interrupt is stuck, and when the guests take what is there, each comes as often as
 * it should.
 */
#ifndef VINTC_UNIT_INTERLEAVED_WORLD_H
#define VINTC_UNIT_INTERLEAVED_WORLD_H

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "support/machine.h"

namespace vintc::test {

/* The vCPUs by their servers; sources of one block, and one whose hints are elsewhere. */
inline constexpr u32 A = 0, B = 1, C = 2;
inline constexpr u32 W = 16, X = 17, Y = 18, Z = 0x1000;
inline constexpr u32 kSources[] = { W, X, Y, Z };

/* One VM, its guest, and what the guest got. */
struct World {
	Machine m{ { A, B, C } };
	std::vector<u32> accepted[3]; /* by each vCPU, and not ended yet */
	std::map<u32, unsigned> got;  /* how often, by source */
	bool mail[3] = {};	      /* a message for that vCPU... */
	unsigned read[3] = {};	      /* ...and how many it has read */
	unsigned ended = 0;	      /* how often W was held and let go by its EOI... */
	unsigned more = 0;	      /* ...and is held again from the notification */

	World()
	{
		for (u32 number : kSources)
			EXPECT_EQ(m.set_source(number, attr::source(A, 5)), VINTC_OK);
		m.on_input_ended([this](u32 number) {
			EXPECT_EQ(number, W);
			ended++;
			if (more && more--)
				m.inject(W, VINTC_HOLD);
		});
	}

	bool held(u32 number)
	{
		vintc_reg reg = { VINTC_REG_SOURCE, number, 0 };

		EXPECT_EQ(vintc_xics_get_reg(m.xics(), &reg), VINTC_OK);
		return reg.value >> 55 & 1;
	}

	/* H_XIRR alone. False: there was nothing. */
	bool accept(u32 self)
	{
		u32 xirr = m.xirr(self);

		if (xirr & 0xffffff)
			accepted[self].push_back(xirr);
		return xirr & 0xffffff;
	}

	/* The handler of what was accepted last. A device takes its line back. */
	void handle(u32 self)
	{
		u32 number = accepted[self].back() & 0xffffff;

		if (number == kIpi) {
			EXPECT_EQ(m.ipi(self, self, 0xff), VINTC_H_SUCCESS);
			read[self] += std::exchange(mail[self], false);
		} else {
			got[number]++;
			m.inject(number, VINTC_LOW);
		}
	}

	void eoi(u32 self)
	{
		EXPECT_EQ(m.eoi(self, accepted[self].back()), VINTC_H_SUCCESS);
		accepted[self].pop_back();
	}

	void end(u32 self)
	{
		handle(self);
		eoi(self);
	}

	bool take(u32 self)
	{
		if (!accept(self))
			return false;
		end(self);
		return true;
	}

	/* Nobody does anything: whatever could go on has gone on. */
	void is_at_rest()
	{
		for (u32 server : { A, B, C })
			EXPECT_TRUE(m.line(server) || xisr_of(m.reg(server)) == 0)
				<< "line of " << server;
		for (u32 number : kSources) {
			u64 source = *m.source(number);
			u64 icp = m.reg(u32(source));
			u8 threshold = std::min({ cppr_of(icp), mfrr_of(icp), pending_of(icp) });

			if (source & attr::kPending && !(source & (attr::kMasked | attr::kLevel)))
				EXPECT_GE(u8(source >> 32), threshold)
					<< number << " waits for an ICP that would accept it";
		}
	}

	/* Every guest ends what it has, opens, and takes what comes. */
	void drain()
	{
		for (u32 self : { A, B, C }) {
			while (!accepted[self].empty())
				end(self);
			EXPECT_EQ(m.cppr(self, 0xff), VINTC_H_SUCCESS);
		}
		while (take(A) || take(B) || take(C))
			;
		for (u32 number : kSources)
			EXPECT_EQ(*m.source(number) & (attr::kPending | attr::kPresented), 0u)
				<< number << " is stuck";
		EXPECT_FALSE(held(W)) << "nobody will let it go";
	}
};

} // namespace vintc::test

#endif /* VINTC_UNIT_INTERLEAVED_WORLD_H */

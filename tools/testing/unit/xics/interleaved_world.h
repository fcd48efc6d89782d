// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VM that interleavings are tried on. Two or more processors are at work on
 * the same ICP or source, in every order of their atomic operations up to a
 * number of preemptions. Afterwards no interrupt is stuck, and when the guests
 * take what is there, each comes as often as it should.
 *
 * MORE_PREEMPTIONS=n looks n preemptions deeper, at about ten times the cost each.
 */
#ifndef VINTC_UNIT_INTERLEAVED_WORLD_H
#define VINTC_UNIT_INTERLEAVED_WORLD_H

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "support/interleavings.h"
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

#endif /* VINTC_UNIT_INTERLEAVED_WORLD_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 16: two or three processors at work on the same ICP or source, in every
 * order of their atomic operations up to a number of preemptions. Afterwards no
 * interrupt is stuck, and when the guests take what is there, each comes as often
 * as it should.
 *
 * MORE_PREEMPTIONS=n looks n preemptions deeper, at about ten times the cost each.
 */
#include <cstdlib>
#include <limits>
#include <map>
#include <vector>

#include "support/interleavings.h"
#include "support/machine.h"

using namespace vintc::test;

namespace {

/* The vCPUs by their servers; sources of one block, and one whose hints are elsewhere. */
constexpr u32 A = 0, B = 1, C = 2;
constexpr u32 W = 16, X = 17, Y = 18, Z = 0x1000;
constexpr u32 kSources[] = { W, X, Y, Z };

/* One VM, its guest, and what the guest got. */
struct World {
	Machine m{ { A, B, C } };
	std::map<u32, unsigned> got;		/* how often, by source */
	std::vector<u32> accepted[3];		/* by each vCPU, and not ended */
	bool mail[3] = {};			/* a message for that vCPU... */
	unsigned read[3] = {};			/* ...and how many were read */

	void source(u32 number, u32 server, u8 priority, u64 flags = 0)
	{
		EXPECT_EQ(m.set_source(number, attr::source(server, priority, flags)), VINTC_OK);
	}
	void cppr(u32 self, u8 cppr) { EXPECT_EQ(m.cppr(self, cppr), VINTC_H_SUCCESS); }
	void eoi(u32 self, u32 xirr) { EXPECT_EQ(m.eoi(self, xirr), VINTC_H_SUCCESS); }
	void ipi(u32 self, u32 to, u8 mfrr) { EXPECT_EQ(m.ipi(self, to, mfrr), VINTC_H_SUCCESS); }
	void set_xive(u32 self, u32 number, u32 server, u8 priority)
	{
		EXPECT_EQ(m.set_xive(self, number, server, priority), VINTC_RTAS_SUCCESS);
	}
	void int_off(u32 self, u32 number) { EXPECT_EQ(m.int_off(self, number), VINTC_RTAS_SUCCESS); }
	void int_on(u32 self, u32 number) { EXPECT_EQ(m.int_on(self, number), VINTC_RTAS_SUCCESS); }

	void send(u32 self, u32 to)
	{
		mail[to] = true;
		ipi(self, to, 4);
	}

	/* What a handler does between H_XIRR and H_EOI. */
	void handle(u32 self, u32 xirr)
	{
		u32 number = xirr & 0xffffff;

		if (number == kIpi) {
			ipi(self, self, 0xff);
			read[self] += std::exchange(mail[self], false);
		} else {
			got[number]++;
			m.inject(number, false);
		}
	}

	/* Accepts one interrupt, if there is one, and does not end it yet. */
	void accept(u32 self)
	{
		u32 xirr = m.xirr(self);

		if (xirr & 0xffffff)
			accepted[self].push_back(xirr);
	}

	/* Handles and ends what was accepted last. False: there was nothing. */
	bool end(u32 self)
	{
		if (accepted[self].empty())
			return false;

		u32 xirr = accepted[self].back();

		accepted[self].pop_back();
		handle(self, xirr);
		eoi(self, xirr);
		return true;
	}

	bool take(u32 self)
	{
		accept(self);
		return end(self);
	}

	/* Nobody does anything: whatever could go on has gone on. */
	void is_at_rest()
	{
		for (u32 server : { A, B, C })
			EXPECT_TRUE(m.line(server) || xisr_of(m.reg(server)) == 0) << "line of " << server;
		for (u32 number : kSources) {
			u64 attribute = m.source(number).value_or(0);
			u64 icp = m.reg(u32(attribute));
			u8 priority = u8(attribute >> 32);

			if ((attribute & (attr::kPending | attr::kMasked | attr::kLevel)) == attr::kPending)
				EXPECT_GE(priority, std::min({ cppr_of(icp), mfrr_of(icp), pending_of(icp) }))
					<< number << " waits for an ICP that would accept it";
		}
	}

	/* Every guest opens and takes what comes. */
	void drain()
	{
		for (u32 self : { A, B, C }) {
			while (end(self))
				;
			cppr(self, 0xff);
		}
		for (bool more = true; more;) {
			more = false;
			for (u32 self : { A, B, C })
				while (take(self))
					more = true;
		}
		for (u32 number : kSources)
			EXPECT_EQ(m.source(number).value_or(0) & (attr::kPending | attr::kPresented), 0u)
				<< number << " is stuck";
	}
};

using Part = std::function<void(World &)>;

/* The drivers of a scenario, and how often each source has to come in all. */
struct Scenario {
	unsigned preemptions;
	Part setup;
	std::vector<Part> actors;
	std::map<u32, unsigned> at_least, at_most;
};

constexpr unsigned kAnyNumber = std::numeric_limits<unsigned>::max();

unsigned more_preemptions()
{
	const char *more = std::getenv("MORE_PREEMPTIONS");

	return more ? unsigned(std::atoi(more)) : 0;
}

void explore(const Scenario &s, const Part &check = {})
{
	Interleavings all(s.preemptions + more_preemptions());

	do {
		World w;
		std::vector<Actor> actors;

		for (u32 number : kSources)
			w.source(number, A, 5);
		s.setup(w);
		for (const Part &part : s.actors)
			actors.push_back([&] { part(w); });
		all.run(actors);
		w.is_at_rest();
		w.drain();
		for (u32 number : kSources) {
			EXPECT_GE(w.got[number], s.at_least.contains(number) ? s.at_least.at(number) : 0) << number;
			EXPECT_LE(w.got[number], s.at_most.contains(number) ? s.at_most.at(number) : 0) << number;
		}
		if (check)
			check(w);
		if (testing::Test::HasFailure()) {
			ADD_FAILURE() << "schedule " << all.count() << ": " << all.schedule();
			return;
		}
	} while (all.next());
	testing::Test::RecordProperty("schedules", int(all.count()));
	EXPECT_GT(all.count(), 30u);
}

/* Each of these sources comes once. */
Scenario once(unsigned preemptions, Part setup, std::vector<Part> actors, std::initializer_list<u32> sources)
{
	Scenario s = { preemptions, std::move(setup), std::move(actors), {}, {} };

	for (u32 number : sources)
		s.at_least[number] = s.at_most[number] = 1;
	return s;
}

Part inject(u32 number)
{
	return [=](World &w) { w.m.inject(number); };
}

Part open(u32 self)
{
	return [=](World &w) { w.cppr(self, 0xff); };
}

/* A has accepted W and not ended it yet. */
void accept_w(World &w)
{
	w.cppr(A, 0xff);
	w.m.inject(W);
	w.accept(A);
	ASSERT_EQ(w.accepted[A], std::vector<u32>{ 0xff000000 | W });
}
void end_w(World &w)
{
	w.end(A);
}

TEST(Interleavings, hazard16_no_lost_resend_deliver_against_cppr)
{
	explore(once(4, [](World &) {}, { inject(X), open(A) }, { X }));
}

TEST(Interleavings, hazard16_no_lost_resend_deliver_against_eoi)
{
	explore(once(4, accept_w, { inject(X), end_w }, { W, X }));
}

TEST(Interleavings, hazard16_no_lost_resend_deliver_against_mfrr)
{
	explore(once(4,
		[](World &w) { EXPECT_EQ(w.m.set_reg(A, icp_reg(0xff, 0, 2, 0xff)), VINTC_OK); },
		{ inject(X), [](World &w) { w.ipi(B, A, 0xff); } }, { X }));
}

TEST(Interleavings, hazard16_no_lost_resend_deliver_against_a_restore)
{
	explore(once(4,
		[](World &w) { EXPECT_EQ(w.m.set_reg(A, icp_reg(0, 0, 2, 0xff)), VINTC_OK); },
		{ inject(X),
		  [](World &w) { EXPECT_EQ(w.m.set_reg(A, icp_reg(0xff, 0, 0xff, 0xff)), VINTC_OK); } },
		{ X }));
}

TEST(Interleavings, hazard16_no_lost_resend_two_deliveries_against_cppr)
{
	explore(once(2, [](World &w) { w.source(Y, A, 6); }, { inject(X), inject(Y), open(A) }, { X, Y }));
}

/* Z is refused while the hints that lead to Y are followed. */
TEST(Interleavings, hazard16_no_lost_resend_deliver_elsewhere_against_a_resend)
{
	explore(once(3,
		[](World &w) {
			w.source(Z, A, 6);
			w.m.inject(Z);
			w.cppr(A, 0xff);
			EXPECT_TRUE(w.take(A));
			w.cppr(A, 0);
			w.got[Z] = 0;
			w.m.inject(Y);
		},
		{ inject(Z), open(A) }, { Y, Z }));
}

TEST(Interleavings, hazard16_no_lost_resend_two_openings_against_deliver)
{
	explore(once(2,
		[](World &w) {
			w.cppr(A, 0xff);
			w.ipi(B, A, 2);
			ASSERT_EQ(w.m.xirr(A), 0xff000002);
		},
		{ inject(X), [](World &w) { w.eoi(A, 0xff000002); }, [](World &w) { w.ipi(B, A, 0xff); } },
		{ X }));
}

TEST(Interleavings, hazard16_no_lost_resend_several_wait_and_two_open)
{
	explore(once(2,
		[](World &w) {
			w.source(Y, A, 6);
			EXPECT_EQ(w.m.set_reg(A, icp_reg(0, 0, 2, 0xff)), VINTC_OK);
			w.m.inject(X);
			w.m.inject(Y);
		},
		{ inject(W), open(A), [](World &w) { w.ipi(B, A, 0xff); } }, { W, X, Y }));
}

/* X waited for that server once, came through, and left its hint behind. */
void leave_stale_hint(World &w, u32 server)
{
	w.source(X, server, 5);
	w.m.inject(X);
	w.cppr(server, 0xff);
	EXPECT_TRUE(w.take(server));
	w.cppr(server, 0);
}

/* A finds X's hint while X begins to wait for B again. */
TEST(Interleavings, hazard16_no_lost_resend_a_stale_hint_against_another_server)
{
	Scenario s = once(2,
		[](World &w) {
			leave_stale_hint(w, B);
			w.m.inject(W);
		},
		{ open(A), inject(X), open(B) }, { W });

	s.at_least[X] = s.at_most[X] = 2;
	explore(s);
}

TEST(Interleavings, hazard16_no_lost_resend_a_stale_hint_against_two_openings)
{
	Scenario s = once(2,
		[](World &w) {
			EXPECT_EQ(w.m.set_reg(A, icp_reg(0, 0, 2, 0xff)), VINTC_OK);
			w.ipi(B, A, 0xff);
			leave_stale_hint(w, A);
			w.ipi(B, A, 0);
			w.m.inject(W);
		},
		{ open(A), inject(X), [](World &w) { w.ipi(B, A, 0xff); } }, { W });

	s.at_least[X] = s.at_most[X] = 2;
	explore(s);
}

TEST(Interleavings, hazard16_no_lost_resend_a_stale_hint_against_masking)
{
	Scenario s = once(2,
		[](World &w) {
			leave_stale_hint(w, B);
			w.m.inject(W);
		},
		{ open(A), inject(X),
		  [](World &w) {
			  w.int_off(C, X);
			  w.int_on(C, X);
		  } },
		{ W });

	s.at_least[X] = s.at_most[X] = 2;
	explore(s);
}

TEST(Interleavings, hazard16_no_lost_resend_a_stale_hint_against_a_move)
{
	Scenario s = once(2,
		[](World &w) {
			leave_stale_hint(w, B);
			w.cppr(B, 0xff);
			w.m.inject(W);
		},
		{ open(A), inject(X), [](World &w) { w.set_xive(C, X, A, 6); } }, { W });

	s.at_least[X] = s.at_most[X] = 2;
	explore(s);
}

TEST(Interleavings, hazard16_displacement_against_accept)
{
	explore(once(3,
		[](World &w) {
			w.source(Y, A, 6);
			w.cppr(A, 0xff);
			w.m.inject(Y);
		},
		{ inject(X), [](World &w) { w.take(A); } }, { X, Y }));
}

/* H_XIRR takes the line down, and no more than that: what comes right after it is seen. */
TEST(Interleavings, hazard17_a_delivery_against_accept_alone)
{
	explore(once(4,
		[](World &w) {
			w.source(Y, A, 6);
			w.cppr(A, 0xff);
			w.m.inject(Y);
		},
		{ inject(X), [](World &w) { w.accept(A); } }, { X, Y }));
}

TEST(Interleavings, hazard17_an_ipi_against_accept_alone)
{
	explore(once(4,
		[](World &w) {
			w.source(Y, A, 6);
			w.cppr(A, 0xff);
			w.m.inject(Y);
		},
		{ [](World &w) { w.send(B, A); }, [](World &w) { w.accept(A); } }, { Y }),
		[](World &w) { EXPECT_EQ(w.read[A], 1u); });
}

TEST(Interleavings, hazard16_displacement_against_closing_and_opening)
{
	explore(once(3,
		[](World &w) {
			w.source(Y, A, 6);
			w.cppr(A, 0xff);
			w.m.inject(Y);
		},
		{ inject(X),
		  [](World &w) {
			  w.cppr(A, 6);
			  w.cppr(A, 0xff);
		  } },
		{ X, Y }));
}

TEST(Interleavings, hazard16_displacement_by_an_ipi_against_accept)
{
	explore(once(3,
		[](World &w) {
			w.cppr(A, 0xff);
			w.m.inject(X);
		},
		{ [](World &w) { w.send(B, A); }, [](World &w) { w.take(A); } }, { X }),
		[](World &w) { EXPECT_EQ(w.read[A], 1u); });
}

TEST(Interleavings, hazard16_displacement_against_a_move)
{
	explore(once(2,
		[](World &w) {
			w.source(Y, A, 6);
			w.cppr(A, 0xff);
			w.m.inject(Y);
		},
		{ inject(X), [](World &w) { w.set_xive(C, Y, B, 3); }, open(B) }, { X, Y }));
}

TEST(Interleavings, hazard16_a_move_against_the_old_server_opening)
{
	explore(once(4,
		[](World &w) {
			w.m.inject(X);
			w.cppr(B, 0xff);
		},
		{ [](World &w) { w.set_xive(B, X, B, 5); }, open(A) }, { X }));
}

TEST(Interleavings, hazard16_a_move_against_deliver_and_both_servers_opening)
{
	explore(once(2, [](World &) {},
		{ inject(X), [](World &w) { w.set_xive(C, X, B, 5); }, open(A), open(B) }, { X }));
}

TEST(Interleavings, hazard16_a_priority_change_against_a_resend)
{
	explore(once(3, [](World &w) { w.m.inject(X); w.m.inject(Y); },
		{ [](World &w) { w.set_xive(B, Y, A, 3); }, open(A) }, { X, Y }));
}

TEST(Interleavings, hazard16_masking_against_deliver)
{
	explore(once(3, open(A),
		{ inject(X),
		  [](World &w) {
			  w.int_off(B, X);
			  w.int_on(B, X);
		  } },
		{ X }));
}

TEST(Interleavings, hazard16_masking_against_a_resend)
{
	explore(once(3, inject(X),
		{ open(A),
		  [](World &w) {
			  w.int_off(B, X);
			  w.int_on(B, X);
		  } },
		{ X }));
}

TEST(Interleavings, hazard16_masking_against_deliver_and_a_resend)
{
	explore(once(2, [](World &) {},
		{ inject(X), open(A),
		  [](World &w) {
			  w.int_off(B, X);
			  w.int_on(B, X);
		  } },
		{ X }));
}

TEST(Interleavings, hazard16_an_msi_against_the_eoi_of_the_one_before)
{
	Scenario s = once(4, accept_w, { inject(W), end_w }, {});

	s.at_least[W] = s.at_most[W] = 2;
	explore(s);
}

TEST(Interleavings, hazard16_two_msis_against_the_eoi_of_the_one_before)
{
	Scenario s = once(2, accept_w, { inject(W), inject(W), end_w }, {});

	/* They may merge, and may not get lost. */
	s.at_least[W] = 2;
	s.at_most[W] = 3;
	explore(s);
}

TEST(Interleavings, hazard21_a_level_that_falls_and_rises_against_its_eoi)
{
	Scenario s = once(4,
		[](World &w) {
			w.source(W, A, 5, attr::kLevel);
			accept_w(w);
		},
		{ [](World &w) {
			  w.m.inject(W, false);
			  w.m.inject(W, true);
		  },
		  end_w },
		{});

	/* It is asserted in the end. A level may come once too often, the guest looks at the device. */
	s.at_least[W] = 2;
	s.at_most[W] = kAnyNumber;
	explore(s);
}

TEST(Interleavings, hazard17_an_ipi_against_the_eoi_of_the_one_before)
{
	explore(once(4,
		[](World &w) {
			w.cppr(A, 0xff);
			w.send(B, A);
		},
		{ [](World &w) { w.take(A); }, [](World &w) { w.send(B, A); } }, {}),
		[](World &w) {
			/* The second may merge with the first; a message is read all the same. */
			EXPECT_GE(w.read[A], 1u);
			EXPECT_FALSE(w.mail[A]);
		});
}

TEST(Interleavings, hazard17_an_ipi_against_cppr_and_a_delivery)
{
	explore(once(2, [](World &) {}, { [](World &w) { w.send(B, A); }, open(A), inject(X) }, { X }),
		[](World &w) { EXPECT_EQ(w.read[A], 1u); });
}

} // namespace

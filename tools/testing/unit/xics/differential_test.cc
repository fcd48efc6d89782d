// SPDX-License-Identifier: GPL-2.0-only
/*
 * Long random streams of operations: after each, the core answers and is in the
 * state that the reference model says. Hazard 20. In between the machine's
 * state moves to another one, which goes on.
 */
#include "xics/differential_world.h"

using namespace vintc::test;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr unsigned kLength = 1500;
#else
constexpr unsigned kLength = 6000;
#endif

class Streams : public Differential {
protected:
	vintc_input any_input()
	{
		constexpr vintc_input inputs[] = { VINTC_HIGH,	VINTC_HIGH,   VINTC_LOW,
						   VINTC_PULSE, VINTC_PULSE,  VINTC_HOLD,
						   VINTC_HOLD,	VINTC_RELEASE };

		return any(inputs);
	}

	/* Mostly one that could be. */
	u64 random_exact()
	{
		ReferenceSource s = ReferenceSource::from(random());

		s.server = wild_server();
		s.priority = priority();
		s.saved = priority();
		if (!one_in(5)) {
			s.line &= s.level;
			if (s.level)
				s.presented = s.line || s.held;
			s.queued &= s.presented && !s.level;
			(s.masked() ? s.waiting : s.masked_pending) = false;
		}
		return one_in(20) ? s.reg() ^ 1ull << (48 + below(16)) : s.reg();
	}

	void wild_step()
	{
		switch (below(27)) {
		case 0 ... 4:
			return inject(wild_source(), any_input());
		case 5 ... 6:
			return hcall(server(), VINTC_H_XIRR, random(), random());
		case 7:
			return hcall(server(), VINTC_H_XIRR_X, random(), random());
		case 8 ... 9:
			return hcall(server(), VINTC_H_CPPR, noisy(priority(), 8), random());
		case 10 ... 12:
			return hcall(server(), VINTC_H_EOI,
				     noisy(u32(priority()) << 24 | (wild_source() & 0xffffff), 32),
				     random());
		case 13 ... 15:
			return hcall(server(), VINTC_H_IPI, noisy(wild_server(), 32),
				     noisy(priority(), 8));
		case 16:
			return hcall(server(), VINTC_H_IPOLL, noisy(wild_server(), 32), random());
		case 17 ... 20:
			return rtas(server(), int(1 + below(4)), wild_source(), wild_server(),
				    u32(noisy(priority(), 8)));
		case 21:
			return one_in(2) ? hcall(server(), random(), random(), random())
					 : rtas(server(), one_in(2) ? 0 : 5 + int(below(3)),
						source(), server(), 5);
		case 22:
			return set_source(one_in(10) ? u64(random()) << below(40) : wild_source(),
					  random_attr());
		case 23:
			return set_reg(server(), random_reg());
		case 24:
			return set_exact({ VINTC_REG_ICP, wild_server(), random_reg() });
		case 25:
			return set_exact({ VINTC_REG_SOURCE, wild_source(), random_exact() });
		case 26:
			return one_in(20) ? reset() : migrate();
		}
	}

	/* A guest as Linux is one: accept, handle, EOI with what was accepted. */
	void well_behaved_step()
	{
		u32 self = server();
		auto &accepted = stacks[self];

		if (one_in(500))
			return migrate();
		switch (below(12)) {
		case 0 ... 3:
			return inject(source(), any_input());
		case 4 ... 5:
			hcall(self, VINTC_H_XIRR, 0, 0);
			if (u32 xirr = last_xirr; (xirr & 0xffffff) != 0)
				accepted.push_back(xirr);
			return;
		case 6 ... 8:
			if (accepted.empty())
				return hcall(self, VINTC_H_CPPR, 0xff, 0);
			hcall(self, VINTC_H_EOI, accepted.back(), 0);
			accepted.pop_back();
			return;
		case 9:
			return hcall(self, VINTC_H_IPI, server(), one_in(2) ? 5 : 0xff);
		case 10:
			return rtas(self, VINTC_RTAS_SET_XIVE, source(), server(), 3 + below(4));
		case 11:
			return rtas(self, one_in(3) ? VINTC_RTAS_INT_OFF : VINTC_RTAS_INT_ON,
				    source(), 0, 0);
		}
	}
};

TEST_P(Streams, hazard20_wild_guest_and_vmm_agree_with_the_reference)
{
	for (u32 source : kSources)
		if (source != 18) /* comes into being in the stream, or never */
			set_source(source, random_attr());
	holds_again = below(4);
	stream(kLength, [this] { wild_step(); });
}

TEST_P(Streams, hazard20_well_behaved_guest_agrees_with_the_reference)
{
	for (u32 server : kServers)
		hcall(server, VINTC_H_CPPR, 0xff, 0);
	for (u32 source : kSources)
		set_source(source, attr::source(server(), 5, one_in(2) ? attr::kLevel : 0));
	holds_again = below(4);
	stream(kLength, [this] { well_behaved_step(); });
}

INSTANTIATE_TEST_SUITE_P(, Streams, testing::Range(0u, 20u));

} // namespace

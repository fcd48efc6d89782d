// SPDX-License-Identifier: GPL-2.0-only
/*
 * Long random streams of operations: after each, the core answers and is in the
 * state that the reference model says. Hazard 20.
 */
#include <random>
#include <sstream>
#include <vector>

#include "support/machine.h"
#include "support/reference_xics.h"

using namespace vintc::test;

namespace {

constexpr u32 kLimit = 60000;
constexpr u32 kServers[] = { 0, 1, 2, 255, 256, kLimit - 1 };
constexpr u32 kSources[] = { 16,     17,       18,	 79,	   80,
			     527,    528,      0x1000,	 0x1001,   0xffff,
			     131088, 0x7ffff0, 0x800010, 0xfffffe, (1u << 24) - 1 };
constexpr u8 kPriorities[] = { 0, 1, 2, 3, 3, 4, 5, 5, 5, 6, 0xfe, 0xff };

class Differential : public testing::TestWithParam<unsigned> {
protected:
	Differential() : machine({}, kLimit), model(kLimit), random(GetParam() + 1)
	{
		for (u32 server : kServers) {
			EXPECT_EQ(machine.connect(server), VINTC_OK);
			EXPECT_EQ(model.connect(server), VINTC_OK);
		}
	}

	u32 below(u32 n) { return u32(random() % n); }
	bool one_in(u32 n) { return below(n) == 0; }
	template <class T, size_t N> T any(const T (&of)[N]) { return of[below(N)]; }

	/* Half of all calls concern server 0, so that things meet there. */
	u32 server() { return one_in(2) ? 0 : any(kServers); }
	u32 source() { return one_in(2) ? kSources[below(4)] : any(kSources); }
	u8 priority() { return any(kPriorities); }

	/* Mostly what exists, sometimes anything. */
	u32 wild_server()
	{
		constexpr u32 absent[] = { 3, kLimit, 65535, 65536, 0x10000001, ~0u };

		return one_in(10) ? any(absent) : server();
	}
	u32 wild_source()
	{
		constexpr u32 absent[] = {
			0, 1, 2, 15, 19, 1023, 0x5000, 1u << 24, (1u << 24) + 16, ~0u
		};

		return one_in(10) ? any(absent) : source();
	}
	/* What PAPR does not look at is noise. */
	unsigned long noisy(u32 value, unsigned bits)
	{
		return one_in(4) ? value | (unsigned long)random() << bits : value;
	}

	void hcall(u32 self, unsigned long number, unsigned long r4, unsigned long r5)
	{
		unsigned long expected[] = { r4, r5 };
		long r3 = model.hypercall(self, number, expected, timebase);
		auto got = machine.hcall(self, number, r4, r5);

		did << "hcall " << std::hex << number << " by " << self << " r4=" << r4
		    << " r5=" << r5;
		EXPECT_EQ(got.r3, r3);
		EXPECT_EQ(got.gprs[0], expected[0]);
		EXPECT_EQ(got.gprs[1], expected[1]);
		last_xirr = u32(got.gprs[0]);
	}

	void rtas(u32 self, int service, u32 source, u32 server, u32 priority)
	{
		u32 args[] = { source, server, priority };
		u32 expected[] = { 0xaaaa, 0xbbbb }, got[] = { 0xaaaa, 0xbbbb };

		did << "rtas " << service << " by " << self << " " << std::hex << source << " "
		    << server << " " << priority;
		EXPECT_EQ(vintc_xics_rtas(machine.xics(), machine.icp(self),
					  vintc_rtas_service(service), args, got),
			  model.rtas(service, args, expected));
		EXPECT_EQ(got[0], expected[0]);
		EXPECT_EQ(got[1], expected[1]);
	}

	void set_source(u64 number, u64 value)
	{
		did << "set_source " << std::hex << number << " " << value;
		EXPECT_EQ(machine.set_source(number, value), model.set_source(number, value));
	}

	void set_reg(u32 server, u64 value)
	{
		did << "set_icp " << server << " " << std::hex << value;
		EXPECT_EQ(machine.set_reg(server, value), model.set_icp(server, value));
	}

	void inject(u32 source, bool level)
	{
		did << "inject " << std::hex << source << " " << level;
		EXPECT_EQ(machine.inject(source, level), model.inject(source, level));
	}

	u64 random_attr()
	{
		u64 flags = u64(random() & 31) << 40;

		if (one_in(20))
			flags |= 1ull << (45 + below(19));
		return attr::source(wild_server(), priority(), flags);
	}

	u64 random_reg()
	{
		u32 xisr = one_in(3) ? 0 : one_in(3) ? kIpi : wild_source() & 0xffffff;
		u8 mfrr = priority();
		u8 pending = xisr == 0 && !one_in(5) ? 0xff : one_in(3) ? mfrr : priority();

		return icp_reg(priority(), xisr, mfrr, pending) |
		       (one_in(20) ? 1ull << below(16) : 0);
	}

	void wild_step()
	{
		switch (below(24)) {
		case 0 ... 4:
			return inject(wild_source(), !one_in(4));
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
		}
	}

	/* A guest as Linux is one: accept, handle, EOI with what was accepted. */
	void well_behaved_step()
	{
		u32 self = server();
		auto &accepted = stacks[self];

		switch (below(12)) {
		case 0 ... 3:
			return inject(source(), !one_in(3));
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

	void compare()
	{
		for (u32 server : kServers) {
			EXPECT_EQ(machine.reg(server), model.icp(server)) << "ICP " << server;
			EXPECT_EQ(machine.line(server), model.line(server)) << "line " << server;
		}
		for (u32 source : kSources)
			EXPECT_EQ(machine.source(source), model.source(source))
				<< "source " << source;

		vintc_counts counts = machine.counts();

		EXPECT_EQ(counts.hypercalls, model.counts.hypercalls);
		EXPECT_EQ(counts.rtas_calls, model.counts.rtas_calls);
		EXPECT_EQ(counts.rejects, model.counts.rejects);
		EXPECT_EQ(counts.resends, model.counts.resends);
	}

	template <class Step> void stream(unsigned length, Step step)
	{
		for (unsigned i = 0; i < length && !HasFailure(); i++) {
			did.str("");
			step();
			compare();
			if (HasFailure())
				ADD_FAILURE() << "operation " << i << ": " << did.str();
		}
	}

	Machine machine;
	ReferenceXics model;
	std::mt19937_64 random;
	std::ostringstream did;
	u32 last_xirr = 0;
	std::map<u32, std::vector<u32>> stacks;
};

TEST_P(Differential, hazard20_wild_guest_and_vmm_agree_with_the_reference)
{
	for (u32 source : kSources)
		if (source != 18) /* comes into being in the stream, or never */
			set_source(source, random_attr());
	stream(6000, [this] { wild_step(); });
}

TEST_P(Differential, hazard20_well_behaved_guest_agrees_with_the_reference)
{
	for (u32 server : kServers)
		hcall(server, VINTC_H_CPPR, 0xff, 0);
	for (u32 source : kSources)
		set_source(source, attr::source(server(), 5, one_in(2) ? attr::kLevel : 0));
	stream(6000, [this] { well_behaved_step(); });
}

INSTANTIATE_TEST_SUITE_P(Streams, Differential, testing::Range(0u, 20u));

} // namespace

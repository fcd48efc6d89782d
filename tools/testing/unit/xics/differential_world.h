// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core and the reference model side by side: whatever is done is done to
 * both, and they answer and are in the same state.
 */
#ifndef VINTC_UNIT_DIFFERENTIAL_WORLD_H
#define VINTC_UNIT_DIFFERENTIAL_WORLD_H

#include <memory>
#include <random>
#include <sstream>
#include <vector>

#include "support/machine.h"
#include "support/reference_xics.h"
#include "support/xics_registers.h"

namespace vintc::test {

inline constexpr u32 kLimit = 60000;
inline constexpr u32 kServers[] = { 0, 1, 2, 255, 256, kLimit - 1 };
inline constexpr u32 kSources[] = { 16,	    17,	      18,	79,	  80,
				    527,    528,      0x1000,	0x1001,	  0xffff,
				    131088, 0x7ffff0, 0x800010, 0xfffffe, (1u << 24) - 1 };
inline constexpr u8 kPriorities[] = { 0, 1, 2, 3, 3, 4, 5, 5, 5, 6, 0xfe, 0xff };

class Differential : public testing::TestWithParam<unsigned> {
protected:
	Differential() : model(kLimit), random(GetParam() + 1)
	{
		for (u32 server : kServers)
			EXPECT_EQ(model.connect(server), VINTC_OK);
		machine = new_machine();
		model.on_input_ended = [this](u32 source) {
			ended_in_model.push_back(source);
			if (source % 3 == holds_again)
				model.inject(source, VINTC_HOLD);
		};
	}

	std::unique_ptr<Machine> new_machine()
	{
		auto made = std::make_unique<Machine>(std::initializer_list<u32>{}, kLimit);
		Machine &m = *made;

		for (u32 server : kServers)
			EXPECT_EQ(m.connect(server), VINTC_OK);
		m.on_input_ended([this, &m](u32 source) {
			ended.push_back(source);
			if (source % 3 == holds_again)
				m.inject(source, VINTC_HOLD);
		});
		return made;
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
		auto got = machine->hcall(self, number, r4, r5);

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
		EXPECT_EQ(vintc_xics_rtas(machine->xics(), machine->icp(self),
					  vintc_rtas_service(service), args, got),
			  model.rtas(service, args, expected));
		EXPECT_EQ(got[0], expected[0]);
		EXPECT_EQ(got[1], expected[1]);
	}

	void set_source(u64 number, u64 value)
	{
		did << "set_source " << std::hex << number << " " << value;
		EXPECT_EQ(machine->set_source(number, value), model.set_source(number, value));
	}

	void set_reg(u32 server, u64 value)
	{
		did << "set_icp " << server << " " << std::hex << value;
		EXPECT_EQ(machine->set_reg(server, value), model.set_icp(server, value));
	}

	/* The input that a hold is let go of may be held again at once; some are. */
	void inject(u32 source, vintc_input input)
	{
		did << "inject " << std::hex << source << " " << input;
		EXPECT_EQ(machine->inject(source, input), model.inject(source, input));
	}

	void set_exact(const vintc_reg &reg)
	{
		vintc_result expected = model.check_reg(reg);

		did << "set_exact " << reg.kind << " " << std::hex << reg.index << " " << reg.value;
		ASSERT_EQ(vintc_xics_check_reg(machine->xics(), &reg), expected);
		if (expected != VINTC_OK || !model.has_what_it_needs(reg))
			return;
		vintc_xics_set_reg(machine->xics(), &reg);
		model.set_reg(reg);
		settle();
	}

	void settle()
	{
		vintc_xics_settle(machine->xics());
		model.settle();
	}

	void reset()
	{
		did << "reset";
		vintc_xics_reset(machine->xics());
		vintc_xics_settle(machine->xics());
		model.reset();
	}

	/* From here on it is another machine that has been given the state of this one. */
	void migrate()
	{
		Registers registers = registers_of(machine->xics());
		auto to = new_machine();

		did << "migrate";
		restore(to->xics(), registers);
		machine = std::move(to);
		model.settle();
		model.counts = {};
		vintc_xics_counts(machine->xics(), &model.counts);
		EXPECT_EQ(model.counts.hypercalls, 0u);
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

	void compare()
	{
		for (u32 server : kServers) {
			EXPECT_EQ(machine->reg(server), model.icp(server)) << "ICP " << server;
			EXPECT_EQ(machine->line(server), model.line(server)) << "line " << server;
		}
		for (u32 source : kSources)
			EXPECT_EQ(machine->source(source), model.source(source))
				<< "source " << source;

		Registers expected;

		model.visit_regs([&](const vintc_reg &reg) { expected.push_back(reg); });
		EXPECT_EQ(registers_of(machine->xics()), expected);
		EXPECT_EQ(ended, ended_in_model);
		ended.clear();
		ended_in_model.clear();

		vintc_counts counts = machine->counts();

		EXPECT_EQ(counts.hypercalls, model.counts.hypercalls);
		EXPECT_EQ(counts.rtas_calls, model.counts.rtas_calls);
		EXPECT_EQ(counts.rejects, model.counts.rejects);
		EXPECT_EQ(counts.resends, model.counts.resends);

		u64 rejected = 0, resent = 0;

		for (u32 server : kServers) {
			rejected += machine->cpu(server).rejected;
			resent += machine->cpu(server).resent;
		}
		EXPECT_EQ(rejected, counts.rejects);
		EXPECT_EQ(resent, counts.resends);
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

	std::unique_ptr<Machine> machine;
	ReferenceXics model;
	std::mt19937_64 random;
	std::ostringstream did;
	u32 last_xirr = 0;
	u32 holds_again = 3; /* sources whose number leaves this remainder by 3 */
	std::vector<u32> ended, ended_in_model;
	std::map<u32, std::vector<u32>> stacks;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_DIFFERENTIAL_WORLD_H */

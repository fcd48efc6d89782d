// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 19: what a VMM saves of a GIC, from states that guests and devices reach,
 * and sets into a new one: it reads the same, and both go on alike.
 */
#include <algorithm>

#include "gicv2/random_guest.h"

using namespace vintc::test::gicv2;

namespace {

/* One register or 32 bits of information, of one CPU. */
struct Saved {
	u32 cpu;
	vintc_gic_frame frame;
	u32 offset;
	u32 value;

	bool operator==(const Saved &) const = default;
};
struct SavedInfo {
	u32 cpu;
	vintc_gic_info what;
	u32 intid;
	u32 bits;

	bool operator==(const SavedInfo &) const = default;
};
struct State {
	std::vector<Saved> registers;
	std::vector<SavedInfo> info;

	bool operator==(const State &) const = default;
};

State save(Gic &g, const std::vector<u32> &cpus)
{
	State s;

	for (u32 cpu : cpus) {
		for (auto frame : { VINTC_GICD, VINTC_GICC })
			for (u32 offset = 0; offset < 0x2000; offset += 4)
				if (auto value = g.reg(cpu, frame, offset))
					s.registers.push_back({ cpu, frame, offset, *value });
		for (auto what : { VINTC_GIC_INFO_LINE, VINTC_GIC_INFO_LATCH, VINTC_GIC_INFO_DROP })
			for (u32 intid = 0; auto bits = g.info(cpu, what, intid); intid += 32)
				s.info.push_back({ cpu, what, intid, *bits });
	}
	return s;
}

/* GICD_ICENABLER and the like, which undo what their neighbours do. */
bool clears(const Saved &r)
{
	return r.frame == VINTC_GICD &&
	       (r.offset == gicd::kCpendsgir / 16 * 16 + r.offset % 16 ||
		(r.offset >= gicd::kIsenabler && r.offset < gicd::kIpriorityr && r.offset & 0x80));
}

/* Into a new GIC: GICD_IIDR first, and information last; else in any order. */
void restore(Gic &g, State s, std::mt19937 &random)
{
	for (const Saved &r : s.registers)
		if (r.frame == VINTC_GICD && r.offset == gicd::kIidr)
			EXPECT_EQ(g.set_reg(r.cpu, r.frame, r.offset, r.value), VINTC_OK);
	/* SGIs are enabled to begin with. */
	for (const Saved &r : s.registers)
		if (r.frame == VINTC_GICD && r.offset == gicd::kIcenabler)
			EXPECT_EQ(g.set_reg(r.cpu, r.frame, r.offset, ~0u), VINTC_OK);

	std::shuffle(s.registers.begin(), s.registers.end(), random);
	std::shuffle(s.info.begin(), s.info.end(), random);
	for (const Saved &r : s.registers)
		if (!clears(r))
			EXPECT_EQ(g.set_reg(r.cpu, r.frame, r.offset, r.value), VINTC_OK)
				<< std::hex << r.offset;
	for (const SavedInfo &i : s.info)
		EXPECT_EQ(g.set_info(i.cpu, i.what, i.intid, i.bits), VINTC_OK);
}

class GicSavedState : public testing::TestWithParam<unsigned> {
protected:
	RandomGuest guest{ GetParam() };
	std::mt19937 random{ GetParam() };

	/* Saves and restores every so often, and goes on with what was restored. */
	void migrate(const std::vector<Op> &ops, size_t every)
	{
		auto pair = std::make_unique<Pair>(guest.machine);

		for (size_t i = 0; i < ops.size() && !HasFailure(); i++) {
			EXPECT_EQ(pair->apply(ops[i]), "") << "operation " << i << ": " << ops[i];
			if (i % every != every - 1)
				continue;

			auto destination = std::make_unique<Pair>(guest.machine);
			State saved = save(pair->core, pair->cpus);

			restore(destination->core, saved, random);
			EXPECT_EQ(save(destination->core, pair->cpus), saved) << "operation " << i;
			EXPECT_EQ(destination->continue_as(*pair, false), "") << "operation " << i;
			EXPECT_EQ(destination->compare_state(), "") << "operation " << i;
			pair = std::move(destination);
		}
	}
};

TEST_P(GicSavedState, hazard19_a_wild_guest_goes_on_after_it_was_moved)
{
	migrate(guest.wild_sequence(1000), 50);
}

TEST_P(GicSavedState, hazard19_a_well_behaved_guest_goes_on_after_it_was_moved)
{
	migrate(guest.well_behaved_sequence(1000), 50);
}

INSTANTIATE_TEST_SUITE_P(, GicSavedState, testing::Range(0u, kSequences));

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 19: the exact state of a GIC, from states that guests and devices reach, set
 * into another one: it reads the same to the last bit, and both go on alike.
 */
#include <algorithm>

#include "gicv2/exact_state.h"
#include "gicv2/random_guest.h"

using namespace vintc::test::gicv2;

namespace {

TEST(GicExactRegisters, registers_are_told_in_ascending_order)
{
	for (const Configuration &machine : kMachines) {
		Gic g(machine.cpus, machine.irqs, machine.sampled);
		std::vector<Exact> all = exact_state(g);
		u32 spis = std::min(machine.irqs, 1020u) - 32;

		EXPECT_EQ(all.size(), 1 + machine.cpus.size() * 33 + spis);
		for (size_t i = 0; i < all.size(); i++) {
			EXPECT_EQ(g.exact(all[i].kind, all[i].index), all[i].value) << all[i];
			if (i)
				EXPECT_LT(all[i - 1].place(), all[i].place());
		}
	}
}

class GicExactState : public testing::TestWithParam<unsigned> {
protected:
	RandomGuest guest{ GetParam() };
	std::mt19937 random{ GetParam() };

	/* A machine that has done something already, and not that. */
	std::unique_ptr<Pair> another()
	{
		auto pair = std::make_unique<Pair>(guest.machine);

		if (random() % 2)
			for (const Op &op : guest.wild_sequence(100))
				pair->apply_alone(op);
		return pair;
	}

	/* Moves to another machine every so often, and goes on there. */
	void migrate(const std::vector<Op> &ops, size_t every)
	{
		auto pair = std::make_unique<Pair>(guest.machine);

		for (size_t i = 0; i < ops.size() && !HasFailure(); i++) {
			EXPECT_EQ(pair->apply(ops[i]), "") << "operation " << i << ": " << ops[i];
			if (i % every != every - 1)
				continue;

			std::vector<Exact> saved = exact_state(pair->core), shuffled = saved;
			auto destination = another();

			std::ranges::shuffle(shuffled, random);
			restore_exactly(destination->core, shuffled);
			EXPECT_EQ(exact_state(destination->core), saved) << "operation " << i;
			EXPECT_EQ(destination->continue_as(*pair, true), "") << "operation " << i;
			EXPECT_EQ(destination->compare_state(), "") << "operation " << i;
			pair = std::move(destination);
		}
	}
};

TEST_P(GicExactState, hazard19_a_wild_guest_goes_on_after_it_was_moved)
{
	migrate(guest.wild_sequence(1000), 50);
}

TEST_P(GicExactState, hazard19_a_well_behaved_guest_goes_on_after_it_was_moved)
{
	migrate(guest.well_behaved_sequence(1000), 50);
}

INSTANTIATE_TEST_SUITE_P(, GicExactState, testing::Range(0u, kSequences));

} // namespace

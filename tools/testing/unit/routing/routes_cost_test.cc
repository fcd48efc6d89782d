// SPDX-License-Identifier: GPL-2.0-only
/* The GSI routing table: its memory, and what a lookup costs. */
#include "routing/instructions.h"
#include "routing/table.h"

using namespace vintc::test;

namespace {

TEST_F(Routes, hazard6_the_largest_table)
{
	u64 before = Memory::bytes;

	Memory::largest = 0;

	Table t = table(VINTC_ROUTES_MOST);

	for (u32 i = 0; i < VINTC_ROUTES_MOST; i++)
		ASSERT_EQ(add(t, i * 63, i), VINTC_OK);
	EXPECT_EQ(add(t, 1, 0), VINTC_TOO_MANY);
	for (u32 i = 0; i < VINTC_ROUTES_MOST; i++) {
		const vintc_route *first = vintc_routes_first(t.get(), i * 63);

		ASSERT_TRUE(first && first->number == i);
		ASSERT_EQ(vintc_routes_at(t.get(), i), first);
	}
	EXPECT_EQ(vintc_routes_at(t.get(), VINTC_ROUTES_MOST), nullptr);
	EXPECT_LE(Memory::largest, 8192u) << "an allocation of more than two pages may fail";
	/* A node of each 256 GSIs, which is the most, and 24 bytes a target. */
	EXPECT_LE(Memory::bytes - before, 65536u * 2048 + VINTC_ROUTES_MOST * 24u + 1024 * 1024);
}

TEST_F(Routes, memory_follows_use)
{
	u64 before = Memory::bytes;
	Table t = table(16);

	for (u32 i = 0; i < 16; i++)
		ASSERT_EQ(add(t, i, i), VINTC_OK);
	EXPECT_LE(Memory::bytes - before, 8192u);

	before = Memory::bytes;

	Table sparse = table(VINTC_ROUTES_MOST);

	ASSERT_EQ(add(sparse, VINTC_GSI_LIMIT - 1, 1), VINTC_OK);
	EXPECT_LE(Memory::bytes - before, 24 * 1024u);
}

TEST_F(Routes, hazard5_every_allocation_fails_in_turn)
{
	vintc_routes *created = nullptr;

	for (long successes = 0; !created; successes++) {
		Memory::FailAfter fails(successes);

		created = vintc_routes_create(1000);
		ASSERT_LT(successes, 10);
	}

	Table t(created);
	std::vector<Route> order;

	for (u32 gsi : { 0u, 1u, 300u, VINTC_GSI_LIMIT - 1, 1u }) {
		for (long successes = 0;; successes++) {
			Memory::FailAfter fails(successes);
			vintc_result result = add(t, gsi, gsi + 7);

			ASSERT_LT(successes, 10);
			if (result == VINTC_OK)
				break;
			ASSERT_EQ(result, VINTC_NO_MEMORY);
			EXPECT_EQ(everything(t), order);
			EXPECT_EQ(targets(t, 300).size(), order.size() > 2 ? 1u : 0u);
		}
		order.emplace_back(VINTC_ROUTE_PIN, gsi + 7);
		EXPECT_EQ(everything(t), order);
	}
	EXPECT_EQ(targets(t, 1).size(), 2u);
}

TEST_F(Routes, hazard5_a_table_that_could_not_be_filled_is_freed)
{
	for (long successes = 2; successes < 5; successes++) {
		Table t = table(10);
		Memory::FailAfter fails(successes - 2);

		EXPECT_EQ(add(t, 5, 5), VINTC_NO_MEMORY);
		EXPECT_EQ(vintc_routes_first(t.get(), 5), nullptr);
	}
}

/* In instructions, whatever else is in the table. */
TEST_F(Routes, a_lookup_costs_the_same_in_every_table)
{
	auto cost = [](const Table &t, u32 gsi) {
		return instructions([&] { vintc_routes_first(t.get(), gsi); });
	};
	std::optional<unsigned> alone;

	for (u32 count : { 1u, 1000u, 65536u, VINTC_ROUTES_MOST }) {
		Table t = table(count);
		u32 last = (count - 1) * 63;

		for (u32 i = 0; i < count; i++)
			ASSERT_EQ(add(t, i * 63, i), VINTC_OK);
		if (!alone)
			alone = cost(t, 0);
		if (!alone)
			GTEST_SKIP() << "a process cannot trace its child here";
		EXPECT_EQ(cost(t, 0), alone) << count;
		EXPECT_EQ(cost(t, last), alone) << count;
	}
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* The GSI routing table: what it holds, and its limits. */
#include <map>
#include <random>

#include "routing/table.h"

using namespace vintc::test;

namespace {

TEST_F(Routes, an_empty_table_leads_nowhere)
{
	for (u32 count : { 0u, 1u, VINTC_ROUTES_MOST }) {
		Table t = table(count);

		for (u32 gsi : { 0u, 1u, 255u, VINTC_GSI_LIMIT - 1, VINTC_GSI_LIMIT, ~0u })
			EXPECT_EQ(vintc_routes_first(t.get(), gsi), nullptr);
		EXPECT_EQ(vintc_routes_at(t.get(), 0), nullptr);
		EXPECT_EQ(vintc_routes_at(t.get(), ~0u), nullptr);
	}
	EXPECT_EQ(add(table(0), 0, 1), VINTC_TOO_MANY);
	vintc_routes_destroy(nullptr);
}

TEST_F(Routes, a_target_is_what_was_added)
{
	Table t = table(1);
	int device = 0;
	vintc_route route = { &device, 0xdeadbeef, VINTC_ROUTE_DEVICE };

	ASSERT_EQ(vintc_routes_add(t.get(), 70000, &route), VINTC_OK);

	const vintc_route *found = vintc_routes_first(t.get(), 70000);

	ASSERT_NE(found, nullptr);
	EXPECT_EQ(found->device, &device);
	EXPECT_EQ(found->number, 0xdeadbeef);
	EXPECT_EQ(found->kind, u32(VINTC_ROUTE_DEVICE));
	EXPECT_EQ(vintc_routes_next(t.get(), found), nullptr);
	EXPECT_EQ(vintc_routes_at(t.get(), 0), found);
}

TEST_F(Routes, every_bit_of_a_gsi_counts)
{
	Table t = table(25);

	ASSERT_EQ(add(t, 0, 99), VINTC_OK);
	for (u32 bit = 0; bit < 24; bit++)
		ASSERT_EQ(add(t, 1u << bit, bit), VINTC_OK);
	for (u32 bit = 0; bit < 24; bit++)
		EXPECT_EQ(targets(t, 1u << bit), (std::vector<Route>{ { VINTC_ROUTE_PIN, bit } }));
	for (u32 bit = 24; bit < 32; bit++)
		EXPECT_EQ(vintc_routes_first(t.get(), 1u << bit), nullptr) << bit;
	EXPECT_EQ(targets(t, 0), (std::vector<Route>{ { VINTC_ROUTE_PIN, 99 } }));
	EXPECT_EQ(vintc_routes_first(t.get(), 3), nullptr);
}

TEST_F(Routes, hazard12_limits)
{
	Table t = table(12);

	for (u32 gsi : { VINTC_GSI_LIMIT, VINTC_GSI_LIMIT + 5, ~0u })
		EXPECT_EQ(add(t, gsi, 1), VINTC_INVALID);
	for (u32 i = 0; i < VINTC_ROUTE_TARGETS; i++)
		EXPECT_EQ(add(t, VINTC_GSI_LIMIT - 1, i), VINTC_OK);
	EXPECT_EQ(add(t, VINTC_GSI_LIMIT - 1, 8), VINTC_TOO_MANY);
	EXPECT_EQ(targets(t, VINTC_GSI_LIMIT - 1).size(), VINTC_ROUTE_TARGETS);
	for (u32 i = 8; i < 12; i++)
		EXPECT_EQ(add(t, 5, i), VINTC_OK);
	EXPECT_EQ(add(t, 6, 12), VINTC_TOO_MANY);
	EXPECT_EQ(everything(t).size(), 12u);
	EXPECT_EQ(everything(t).back(), (Route{ VINTC_ROUTE_PIN, 11 }));
	EXPECT_EQ(vintc_routes_first(t.get(), 6), nullptr);
}

/* Against a map: near each other and far apart, in any order, refusals among them. */
TEST_F(Routes, hazard20_random_tables_agree_with_a_multimap)
{
	for (unsigned seed = 0; seed < 30; seed++) {
		std::mt19937 random(seed);
		u32 room = 1 + u32(random() % 2000);
		Table t = table(room);
		std::multimap<u32, Route> expected;
		std::vector<Route> order;
		std::vector<u32> asked;

		for (u32 i = 0; i < 3000; i++) {
			u32 near = u32(random() % 600), far = u32(random()) >> random() % 32;
			u32 gsi = random() % 2 ? near : far;
			Route route = { u32(random() % 3), u32(random()) };
			vintc_result result = add(t, gsi, route.second, route.first);

			asked.push_back(gsi);
			if (gsi >= VINTC_GSI_LIMIT) {
				ASSERT_EQ(result, VINTC_INVALID);
			} else if (expected.count(gsi) == VINTC_ROUTE_TARGETS ||
				   order.size() == room) {
				ASSERT_EQ(result, VINTC_TOO_MANY);
			} else {
				ASSERT_EQ(result, VINTC_OK);
				expected.emplace(gsi, route);
				order.push_back(route);
			}
		}
		for (u32 gsi : asked)
			for (u32 beside : { gsi, gsi + 1, gsi ^ 0x100, gsi ^ 0x10000 }) {
				auto [from, to] = expected.equal_range(beside);
				std::vector<Route> there;

				for (; from != to; ++from)
					there.push_back(from->second);
				ASSERT_EQ(targets(t, beside), there) << beside;
			}
		EXPECT_EQ(everything(t), order);
	}
}

} // namespace

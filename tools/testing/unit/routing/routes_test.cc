// SPDX-License-Identifier: GPL-2.0-only
/* The GSI routing table: what it holds, its limits, its memory and what a lookup costs. */
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "core/controller.h"
#include "routing/instructions.h"
#include "support/test_platform.h"

using namespace vintc::test;

namespace {

struct Destroy {
	void operator()(vintc_routes *routes) const { vintc_routes_destroy(routes); }
};
using Table = std::unique_ptr<vintc_routes, Destroy>;
using Route = std::pair<u32, u32>; /* kind, number */

Table table(u32 count)
{
	return Table(vintc_routes_create(count));
}

vintc_result add(const Table &t, u32 gsi, u32 number, u32 kind = VINTC_ROUTE_PIN)
{
	vintc_route route = { nullptr, number, kind };

	return vintc_routes_add(t.get(), gsi, &route);
}

std::vector<Route> targets(const Table &t, u32 gsi)
{
	std::vector<Route> all;

	for (auto *r = vintc_routes_first(t.get(), gsi); r; r = vintc_routes_next(t.get(), r))
		all.emplace_back(r->kind, r->number);
	return all;
}

std::vector<Route> everything(const Table &t)
{
	std::vector<Route> all;

	while (auto *r = vintc_routes_at(t.get(), u32(all.size())))
		all.emplace_back(r->kind, r->number);
	return all;
}

class Routes : public testing::Test {
protected:
	~Routes() override { EXPECT_EQ(Memory::in_use, in_use_before) << "leaked"; }

private:
	const long in_use_before = Memory::in_use;
};

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

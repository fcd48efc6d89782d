// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a resend costs, in atomic operations on words of state: it grows with the
 * sources that wait, not with those that exist or wait for somebody else.
 */
#include <vector>

#include "support/interleavings.h"
#include "support/machine.h"

using namespace vintc::test;

namespace {

constexpr u32 kBlock = 512;  /* sources in a block of the table */
constexpr u32 kBuckets = 64; /* block n and block n + 64 share their hints */
constexpr u32 kHintWords = kBlock / 64;

/* Steps of the H_EOI that lets one of @waiting sources through, with @others idle ones. */
struct Cost {
	u32 waiting = 0;
	std::vector<u32> idle = {};
	u32 waiting_elsewhere = 0; /* in blocks of their own, for another server */

	size_t measure() const
	{
		Machine m({ 0, 1 });

		for (u32 number : idle)
			EXPECT_EQ(m.set_source(number, attr::source(0, 5)), VINTC_OK);
		for (u32 i = 0; i < waiting_elsewhere; i++) {
			u32 number = 40 * kBlock + i;

			EXPECT_EQ(m.set_source(number, attr::source(1, 5)), VINTC_OK);
			EXPECT_EQ(m.inject(number), VINTC_DELIVERED);
		}
		for (u32 i = 0; i < waiting; i++) {
			EXPECT_EQ(m.set_source(16 + i, attr::source(0, 5)), VINTC_OK);
			EXPECT_EQ(m.inject(16 + i), VINTC_DELIVERED);
		}

		size_t before = steps_done();

		EXPECT_EQ(m.eoi(0, 0xff000002), VINTC_H_SUCCESS);

		size_t steps = steps_done() - before;

		EXPECT_EQ(xisr_of(m.reg(0)), waiting ? 16u : 0u);
		return steps;
	}
};

std::vector<u32> sources(u32 first, u32 count)
{
	std::vector<u32> all;

	for (u32 i = 0; i < count; i++)
		all.push_back(first + i);
	return all;
}

TEST(ResendCost, nothing_waits_nothing_is_looked_at)
{
	size_t alone = Cost{}.measure();

	EXPECT_LE(alone, 4u);
	EXPECT_EQ((Cost{ .idle = sources(16, 16384) }.measure()), alone);
	EXPECT_EQ((Cost{ .waiting_elsewhere = 400 }.measure()), alone);
}

TEST(ResendCost, idle_sources_cost_nothing)
{
	size_t alone = Cost{ .waiting = 3 }.measure();

	EXPECT_EQ((Cost{ .waiting = 3, .idle = sources(100, 300) }.measure()), alone)
		<< "in the same block";
	EXPECT_EQ((Cost{ .waiting = 3, .idle = sources(16, 16384) }.measure()), alone)
		<< "in many blocks";
}

TEST(ResendCost, sources_that_wait_for_another_server_cost_nothing_in_other_buckets)
{
	size_t alone = Cost{ .waiting = 3 }.measure();

	EXPECT_EQ((Cost{ .waiting = 3, .waiting_elsewhere = 400 }.measure()), alone);
}

TEST(ResendCost, a_block_in_the_same_bucket_costs_its_hint_words)
{
	size_t alone = Cost{ .waiting = 3 }.measure();
	std::vector<u32> idle = {};

	for (u32 block = 1; block <= 20; block++)
		for (u32 number : sources(block * kBuckets * kBlock, kBlock))
			idle.push_back(number);
	EXPECT_LE((Cost{ .waiting = 3, .idle = idle }.measure()), alone + 20 * kHintWords);
}

/* Hints that lead to nothing are followed once. */
TEST(ResendCost, sources_that_have_waited_cost_nothing_later)
{
	auto cost = [](bool after_others) {
		Machine m({ 0, 1 });
		auto waits = [&](u32 number) {
			EXPECT_EQ(m.set_source(number, attr::source(0, 5)), VINTC_OK);
			EXPECT_EQ(m.inject(number), VINTC_DELIVERED);
		};
		auto open_and_take = [&](u32 number) {
			size_t before = steps_done();

			EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);

			size_t steps = steps_done() - before;

			EXPECT_EQ(m.xirr(0), 0xff000000 | number);
			EXPECT_EQ(m.eoi(0, number), VINTC_H_SUCCESS);
			EXPECT_EQ(m.cppr(0, 0), VINTC_H_SUCCESS);
			return steps;
		};

		if (after_others)
			for (u32 i = 0; i < 100; i++) {
				waits(600 + i * 50);
				open_and_take(600 + i * 50);
			}
		waits(16);
		open_and_take(16);
		waits(17);
		return open_and_take(17);
	};

	EXPECT_EQ(cost(true), cost(false));
}

TEST(ResendCost, it_grows_with_those_that_wait)
{
	size_t one = Cost{ .waiting = 1 }.measure();
	size_t many = Cost{ .waiting = 401 }.measure();

	EXPECT_GE(many, one + 400);
	EXPECT_LE(many, one + 3 * 400 + 10);
}

} // namespace

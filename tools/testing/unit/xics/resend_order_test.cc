// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 16: of many sources that wait, each comes out once: the most favoured
 * first, the one with the lowest number among equals.
 */
#include <algorithm>
#include <random>
#include <vector>

#include "support/machine.h"

using namespace vintc::test;

namespace {

struct Waiter {
	u8 priority;
	u32 source;

	auto operator<=>(const Waiter &) const = default;
};

class ResendOrder : public testing::Test {
protected:
	ResendOrder()
	{
		/* 16,384 sources that do not wait, in the blocks of those that will and in others. */
		for (u32 i = 0; i < 16384; i++)
			EXPECT_EQ(m.set_source(16 + i, attr::source(0, 5)), VINTC_OK);
	}

	/* @count sources anywhere, with priorities from @first to @last, sorted as they are due. */
	std::vector<Waiter> make_waiters(size_t count, u8 first, u8 last)
	{
		std::vector<Waiter> waiters;
		std::mt19937 random(42);

		while (waiters.size() < count) {
			u32 source = 16 + u32(random() % (random() % 2 ? 16384 : (1 << 24) - 16));
			auto is_it = [=](const Waiter &w) { return w.source == source; };

			if (std::any_of(waiters.begin(), waiters.end(), is_it))
				continue;
			waiters.push_back({ u8(first + random() % (last - first + 1u)), source });
			EXPECT_EQ(m.set_source(source, attr::source(0, waiters.back().priority)),
				  VINTC_OK);
		}
		for (const Waiter &w : waiters)
			EXPECT_EQ(m.inject(w.source), VINTC_DELIVERED);
		std::sort(waiters.begin(), waiters.end());
		return waiters;
	}

	void come_out(const std::vector<Waiter> &waiters)
	{
		for (const Waiter &w : waiters) {
			ASSERT_TRUE(m.line(0));
			ASSERT_EQ(m.reg(0), icp_reg(0xff, w.source, 0xff, w.priority));
			ASSERT_EQ(m.xirr(0), 0xff000000 | w.source);
			ASSERT_EQ(m.eoi(0, 0xff000000 | w.source), VINTC_H_SUCCESS);
		}
		EXPECT_EQ(m.xirr(0), 0xff000000u);
		EXPECT_FALSE(m.line(0));
		EXPECT_EQ(m.counts().resends, waiters.size());
	}

	Machine m{ { 0, 1 } };
};

TEST_F(ResendOrder, hazard16_a_thousand_sources_wait_for_h_cppr)
{
	auto waiters = make_waiters(1000, 1, 9);

	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	come_out(waiters);
}

TEST_F(ResendOrder, hazard16_equals_come_by_number)
{
	auto waiters = make_waiters(300, 5, 5);

	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	come_out(waiters);
}

TEST_F(ResendOrder, hazard16_a_thousand_sources_wait_for_mfrr)
{
	EXPECT_EQ(m.ipi(1, 0, 0), VINTC_H_SUCCESS);
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(m.xirr(0), 0xff000002u);

	auto waiters = make_waiters(1000, 1, 9);

	EXPECT_EQ(m.eoi(0, 0xff000002), VINTC_H_SUCCESS);
	EXPECT_EQ(m.xirr(0), 0xff000002u);
	/* MFRR opens under a CPPR that does not; then the CPPR opens. */
	EXPECT_EQ(m.ipi(1, 0, 0xff), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
	EXPECT_EQ(m.eoi(0, 0xff000002), VINTC_H_SUCCESS);
	come_out(waiters);
}

TEST_F(ResendOrder, hazard16_those_that_wait_for_another_server_stay)
{
	ASSERT_EQ(m.set_source(100, attr::source(0, 5)), VINTC_OK);
	ASSERT_EQ(m.set_source(101, attr::source(1, 5)), VINTC_OK);
	m.inject(100);
	m.inject(101);
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(xisr_of(m.reg(0)), 100u);
	EXPECT_EQ(xisr_of(m.reg(1)), 0u);
	EXPECT_EQ(m.xirr(0), 0xff000064u);
	EXPECT_EQ(m.eoi(0, 0xff000064), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
	EXPECT_EQ(m.cppr(1, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(xisr_of(m.reg(1)), 101u);
}

TEST_F(ResendOrder, hazard16_only_what_the_new_priority_admits_comes_out)
{
	for (u32 source : { 100u, 101u, 102u })
		ASSERT_EQ(m.set_source(source, attr::source(0, u8(source - 96))), VINTC_OK);
	for (u32 source : { 102u, 101u, 100u })
		m.inject(source);
	for (u8 cppr : { 1, 2, 3, 4 }) {
		EXPECT_EQ(m.cppr(0, cppr), VINTC_H_SUCCESS);
		EXPECT_FALSE(m.line(0));
	}
	for (u32 source : { 100u, 101u, 102u }) {
		EXPECT_EQ(m.cppr(0, u8(source - 95)), VINTC_H_SUCCESS);
		EXPECT_EQ(xisr_of(m.reg(0)), source);
		m.xirr(0);
	}
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 5 and 6: every allocation fails in turn; what failed works when it is tried again. */
#include "support/machine.h"

using namespace vintc::test;

namespace {

constexpr u64 kOpen5 = attr::source(0, 5);

class Allocation : public testing::Test {
protected:
	~Allocation() override { EXPECT_EQ(Memory::in_use, in_use_before) << "leaked"; }

	/*
	 * Makes attempt() fail at its first allocation, at its second, and so
	 * on until it needs no more. Returns how many there were.
	 */
	template <class Attempt> static long fail_each_in_turn(Attempt attempt)
	{
		for (long successes = 0;; successes++) {
			Memory::FailAfter fails(successes);

			if (attempt())
				return successes;
			EXPECT_LT(successes, 10);
		}
	}

private:
	const long in_use_before = Memory::in_use;
};

TEST_F(Allocation, hazard5_create)
{
	vintc_xics *xics = nullptr;

	EXPECT_EQ(fail_each_in_turn([&] {
			  xics = vintc_xics_create(VINTC_XICS_SERVER_LIMIT, nullptr);
			  return xics != nullptr;
		  }),
		  1);
	vintc_xics_destroy(xics);
	vintc_xics_destroy(nullptr);
}

TEST_F(Allocation, hazard5_connect)
{
	Machine m({});

	for (u32 server : { 0u, 1u, 65535u }) {
		long allocations = fail_each_in_turn([&] {
			vintc_result result = m.connect(server);

			EXPECT_TRUE(result == VINTC_OK || result == VINTC_NO_MEMORY);
			EXPECT_EQ(m.icp(server) != nullptr, result == VINTC_OK);
			return result == VINTC_OK;
		});

		EXPECT_GE(allocations, 1);
		EXPECT_EQ(m.reg(server), icp_reg(0, 0, 0xff, 0xff));
		EXPECT_EQ(m.connect(server), VINTC_EXISTS);
	}
}

TEST_F(Allocation, hazard5_set_source)
{
	Machine m({ 0 });

	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	for (u32 source : { 16u, 600u, 0x800000u, (1u << 24) - 1 }) {
		long allocations = fail_each_in_turn([&] {
			vintc_result result = m.set_source(source, kOpen5 | attr::kPending);

			EXPECT_TRUE(result == VINTC_OK || result == VINTC_NO_MEMORY);
			EXPECT_EQ(m.source(source).has_value(), result == VINTC_OK);
			if (result == VINTC_NO_MEMORY) {
				EXPECT_EQ(m.inject(source), VINTC_UNKNOWN_SOURCE);
				EXPECT_EQ(m.reg(0), icp_reg(0xff, 0, 0xff, 0xff));
			}
			return result == VINTC_OK;
		});

		EXPECT_GE(allocations, 1);
		EXPECT_EQ(m.xirr(0), 0xff000000 | source);
		EXPECT_EQ(m.eoi(0, 0xff000000 | source), VINTC_H_SUCCESS);
	}
}

/* What could not be checked is not there; what could takes no more to be set. */
TEST_F(Allocation, hazard5_check_reg)
{
	Machine m({ 0 });
	constexpr u64 kWaiting = 5ull << 32 | 5ull << 40 | 1ull << 48 | 1ull << 50 | 1ull << 52;

	for (u32 source : { 16u, 600u, 0x800000u, (1u << 24) - 1 }) {
		vintc_reg reg = { VINTC_REG_SOURCE, source, kWaiting }, read = reg;
		long allocations = fail_each_in_turn([&] {
			vintc_result result = vintc_xics_check_reg(m.xics(), &reg);

			EXPECT_TRUE(result == VINTC_OK || result == VINTC_NO_MEMORY);
			EXPECT_EQ(m.source(source), std::nullopt);
			EXPECT_EQ(vintc_xics_get_reg(m.xics(), &read), VINTC_NOT_FOUND);
			return result == VINTC_OK;
		});

		EXPECT_GE(allocations, 1);

		Memory::FailAfter fails(0);

		EXPECT_EQ(vintc_xics_check_reg(m.xics(), &reg), VINTC_OK);
		vintc_xics_set_reg(m.xics(), &reg);
		vintc_xics_settle(m.xics());
		EXPECT_EQ(vintc_xics_get_reg(m.xics(), &read), VINTC_OK);
		EXPECT_EQ(read.value, kWaiting);
	}
}

TEST_F(Allocation, hazard6_setting_again_takes_no_more_memory)
{
	Machine m({ 0 });

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);

	long before = Memory::in_use;

	for (int i = 0; i < 100; i++) {
		EXPECT_EQ(m.set_source(16 + u32(i), kOpen5), VINTC_OK);
		EXPECT_EQ(m.connect(0), VINTC_EXISTS);
	}
	EXPECT_EQ(Memory::in_use, before);
}

TEST_F(Allocation, a_refused_source_takes_no_memory)
{
	Machine m({ 0 });
	long before = Memory::in_use;

	EXPECT_EQ(m.set_source(0x5000, attr::source(1, 5)), VINTC_INVALID);
	EXPECT_EQ(m.set_source(1u << 24, kOpen5), VINTC_NOT_FOUND);
	EXPECT_EQ(m.connect(65536), VINTC_INVALID);

	vintc_reg reg = { VINTC_REG_SOURCE, 0x5000, 1ull << 48 | 1 };

	EXPECT_EQ(vintc_xics_check_reg(m.xics(), &reg), VINTC_INVALID);
	reg = { VINTC_REG_SOURCE, 1u << 24, 1ull << 48 };
	EXPECT_EQ(vintc_xics_check_reg(m.xics(), &reg), VINTC_NOT_FOUND);
	EXPECT_EQ(Memory::in_use, before);
}

TEST_F(Allocation, hazard6_a_hot_path_takes_none)
{
	Machine m({ 0, 1 });

	for (u32 source = 16; source < 48; source++)
		ASSERT_EQ(m.set_source(source, attr::source(source % 2, 5)), VINTC_OK);

	long before = Memory::asked;

	for (u32 source = 16; source < 48; source++)
		m.inject(source);
	for (u32 self : { 0u, 1u }) {
		EXPECT_EQ(m.cppr(self, 0xff), VINTC_H_SUCCESS);
		EXPECT_EQ(m.ipi(self, 1 - self, 4), VINTC_H_SUCCESS);
		EXPECT_EQ(m.int_off(self, 20), VINTC_RTAS_SUCCESS);
		EXPECT_EQ(m.int_on(self, 20), VINTC_RTAS_SUCCESS);
		EXPECT_EQ(m.set_xive(self, 21, self, 6), VINTC_RTAS_SUCCESS);
		for (u32 xirr; (xirr = m.xirr(self)) & 0xffffff;) {
			EXPECT_EQ(m.ipi(self, self, 0xff), VINTC_H_SUCCESS);
			EXPECT_EQ(m.eoi(self, xirr), VINTC_H_SUCCESS);
		}
	}
	EXPECT_EQ(Memory::asked, before);
}

TEST_F(Allocation, hazard5_destroy_at_every_stage)
{
	{
		Machine m({});
	}
	{
		Machine m({ 0, 255, 256, 65535 });
	}
	{
		Machine m({ 0 });

		for (u32 source : { 16u, 527u, 528u, 0x20000u, (1u << 24) - 1 })
			ASSERT_EQ(m.set_source(source, kOpen5 | attr::kPending), VINTC_OK);
	}
}

} // namespace

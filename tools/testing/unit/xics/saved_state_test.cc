// SPDX-License-Identifier: GPL-2.0-only
/* Hazard 19: what a VMM saves and restores, and what it is refused. */
#include "support/machine.h"

using namespace vintc::test;

namespace {

constexpr u64 kOpen5 = attr::source(0, 5);

TEST(SavedState, refused_attributes_leave_everything_as_it_was)
{
	Machine m({ 0 });

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (u64 bad : { attr::source(1, 5), attr::source(~0u, 5),
			 attr::source(1, 5, attr::kMasked), attr::source(0, 5, attr::kQueued),
			 attr::source(0, 5, 1ull << 45), attr::source(0, 5, 1ull << 63),
			 attr::source(0, 5, attr::kLevel | attr::kPresented | attr::kQueued) }) {
		EXPECT_EQ(m.set_source(16, bad), VINTC_INVALID) << std::hex << bad;
		EXPECT_EQ(m.set_source(17, bad), VINTC_INVALID) << std::hex << bad;
		EXPECT_EQ(m.set_source(0x5000, bad), VINTC_INVALID) << std::hex << bad;
	}
	EXPECT_EQ(m.source(16), kOpen5);
	EXPECT_EQ(m.source(17), std::nullopt);
	EXPECT_EQ(m.source(0x5000), std::nullopt);

	/* A server that nobody has, while the source is masked for good. */
	EXPECT_EQ(m.set_source(17, attr::source(9, 0xff)), VINTC_OK);
	EXPECT_EQ(m.inject(17), VINTC_MASKED);
	EXPECT_EQ(m.int_on(0, 17), VINTC_RTAS_PARAMETER);
}

TEST(SavedState, refused_registers_leave_everything_as_it_was)
{
	Machine m({ 0 });
	u64 good = icp_reg(9, 16, 6, 5);

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	ASSERT_EQ(m.set_reg(0, good), VINTC_OK);
	for (u64 bad :
	     { icp_reg(9, 0, 6, 5), icp_reg(9, 1, 6, 5), icp_reg(9, 15, 6, 5), icp_reg(9, 17, 6, 5),
	       icp_reg(9, 16, 5, 5), icp_reg(5, 16, 6, 5), icp_reg(9, kIpi, 4, 5),
	       icp_reg(5, kIpi, 5, 5), icp_reg(9, 0xffffff, 6, 5), good | 1, good | 0x8000 }) {
		EXPECT_EQ(m.set_reg(0, bad), VINTC_INVALID) << std::hex << bad;
		EXPECT_EQ(m.reg(0), good) << std::hex << bad;
		EXPECT_TRUE(m.line(0));
	}
}

TEST(SavedState, sources_and_icps_are_restored_in_either_order)
{
	for (bool sources_first : { true, false }) {
		Machine m({ 0 });
		u64 held = attr::source(0, 5, attr::kPresented);
		u64 waiting = attr::source(0, 6, attr::kPresented | attr::kPending);
		u64 reg = icp_reg(0xff, 16, 0xff, 5);

		if (sources_first) {
			EXPECT_EQ(m.set_source(16, held), VINTC_OK);
			EXPECT_EQ(m.set_source(17, waiting), VINTC_OK);
			EXPECT_EQ(m.set_reg(0, reg), VINTC_OK);
		} else {
			/* XISR has to name a source that exists. */
			EXPECT_EQ(m.set_reg(0, reg), VINTC_INVALID);
			EXPECT_EQ(m.set_source(16, attr::source(0, 0xff)), VINTC_OK);
			EXPECT_EQ(m.set_reg(0, reg), VINTC_OK);
			EXPECT_EQ(m.set_source(16, held), VINTC_OK);
			EXPECT_EQ(m.set_source(17, waiting), VINTC_OK);
		}
		EXPECT_EQ(m.reg(0), reg);
		EXPECT_EQ(m.source(16), held);
		EXPECT_EQ(m.source(17), waiting);
		EXPECT_TRUE(m.line(0));

		EXPECT_EQ(m.xirr(0), 0xff000010u);
		EXPECT_EQ(m.eoi(0, 0xff000010), VINTC_H_SUCCESS);
		EXPECT_EQ(m.xirr(0), 0xff000011u);
		EXPECT_EQ(m.eoi(0, 0xff000011), VINTC_H_SUCCESS);
		EXPECT_EQ(m.xirr(0), 0xff000000u);
		EXPECT_FALSE(m.line(0));
	}
}

} // namespace

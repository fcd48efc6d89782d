// SPDX-License-Identifier: GPL-2.0-only
/* An input that a resample irqfd holds up, and the EOI that lets it go. */
#include "xics/inputs.h"

using namespace vintc::test;

namespace {

/* A resample irqfd, on either kind of source. */
class Held : public Inputs, public testing::WithParamInterface<u64> {
protected:
	Held() { make(GetParam()); }
};

TEST_P(Held, comes_once_and_is_let_go_by_its_eoi)
{
	for (unsigned round = 1; round <= 3; round++) {
		EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
		accept();
		EXPECT_TRUE(held());
		EXPECT_EQ(ended, round - 1);
		eoi();
		EXPECT_EQ(ended, round);
		EXPECT_FALSE(held());
		idle();
	}
}

TEST_P(Held, again_from_the_notification_comes_once_more)
{
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	accept();
	again = true;
	eoi();
	EXPECT_EQ(ended, 1u);
	EXPECT_TRUE(held());
	accept();
	eoi();
	EXPECT_EQ(ended, 2u);
	idle();
}

/* The one that was due anyway may merge with it; none is lost, none comes twice. */
TEST_P(Held, again_from_the_notification_while_another_is_due)
{
	bool level = GetParam() & attr::kLevel;

	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	accept();
	EXPECT_EQ(m.inject(S, VINTC_HIGH), VINTC_COALESCED);
	again = true;
	eoi();
	EXPECT_EQ(ended, 1u);
	EXPECT_TRUE(held());
	accept();
	EXPECT_EQ(m.inject(S, VINTC_LOW), VINTC_COALESCED);
	eoi();
	EXPECT_EQ(ended, 2u);
	if (!level) {
		accept();
		eoi();
		EXPECT_EQ(ended, 2u);
	}
	idle();
}

TEST_P(Held, released_before_it_is_nobodys)
{
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	EXPECT_EQ(m.inject(S, VINTC_RELEASE), VINTC_COALESCED);
	EXPECT_FALSE(held());
	accept();
	eoi();
	EXPECT_EQ(ended, 0u);
	idle();
}

TEST_P(Held, twice_is_once)
{
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	accept();
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_COALESCED);
	eoi();
	EXPECT_EQ(ended, 1u);
	EXPECT_FALSE(held());
}

TEST_P(Held, while_it_is_masked)
{
	EXPECT_EQ(m.int_off(0, S), VINTC_RTAS_SUCCESS);
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_MASKED);
	idle();
	EXPECT_TRUE(held());
	EXPECT_EQ(m.int_on(0, S), VINTC_RTAS_SUCCESS);
	accept();
	EXPECT_EQ(m.int_off(0, S), VINTC_RTAS_SUCCESS);
	EXPECT_TRUE(held());
	EXPECT_EQ(ended, 0u);
	eoi();
	EXPECT_EQ(ended, 1u);
	idle();
}

/* A guest that ends what it has not accepted: the holder is told, and may come again. */
TEST_P(Held, hazard20_let_go_by_an_eoi_out_of_place)
{
	EXPECT_EQ(m.cppr(0, 4), VINTC_H_SUCCESS);
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	EXPECT_EQ(m.eoi(0, 0x04000000 | S), VINTC_H_SUCCESS);
	EXPECT_EQ(ended, 1u);
	EXPECT_FALSE(held());
	EXPECT_EQ(m.eoi(0, 0x04000000 | S), VINTC_H_SUCCESS);
	EXPECT_EQ(ended, 1u);
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	accept();
}

TEST_P(Held, stays_held_when_a_vmm_sets_the_attribute)
{
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	accept();
	make(GetParam());
	EXPECT_TRUE(held());
	eoi();
	EXPECT_EQ(ended, 1u);
}

TEST_P(Held, stays_held_through_a_reset)
{
	bool level = GetParam() & attr::kLevel;

	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	accept();
	vintc_xics_reset(m.xics());
	vintc_xics_settle(m.xics());
	EXPECT_TRUE(held());
	EXPECT_EQ(ended, 0u);
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(m.set_xive(0, S, 0, 5), VINTC_RTAS_SUCCESS);
	if (!level) {
		EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	}
	accept();
	eoi();
	EXPECT_EQ(ended, 1u);
	idle();
}

INSTANTIATE_TEST_SUITE_P(, Held, testing::Values(0, attr::kLevel),
			 [](const auto &which) { return which.param ? "level" : "msi"; });

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* The inputs of a source, driven, pulsed and held, as they come together. */
#include "xics/inputs.h"

using namespace vintc::test;

namespace {

TEST_F(Inputs, a_level_is_up_by_either_input)
{
	make(attr::kLevel);
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	EXPECT_EQ(m.inject(S, VINTC_HIGH), VINTC_COALESCED);
	accept();
	eoi(); /* the line is still up */
	EXPECT_EQ(ended, 1u);
	accept();
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_COALESCED);
	EXPECT_EQ(m.inject(S, VINTC_LOW), VINTC_COALESCED);
	EXPECT_EQ(*m.source(S) & attr::kPresented, attr::kPresented);
	EXPECT_EQ(m.inject(S, VINTC_HIGH), VINTC_COALESCED);
	EXPECT_EQ(m.inject(S, VINTC_RELEASE), VINTC_COALESCED);
	EXPECT_EQ(*m.source(S) & attr::kPresented, attr::kPresented);
	EXPECT_EQ(m.inject(S, VINTC_LOW), VINTC_COALESCED);
	EXPECT_EQ(*m.source(S) & attr::kPresented, 0u);
	eoi();
	EXPECT_EQ(ended, 1u);
	idle();
}

/* What an irqfd without resampling does to a level: as in-tree KVM, up and down. */
TEST_F(Inputs, a_pulse_of_a_level_comes_once)
{
	make(attr::kLevel);
	EXPECT_EQ(m.inject(S, VINTC_PULSE), VINTC_DELIVERED);
	EXPECT_EQ(*m.source(S) & attr::kPresented, 0u);
	accept();
	eoi();
	idle();

	EXPECT_EQ(m.int_off(0, S), VINTC_RTAS_SUCCESS);
	EXPECT_EQ(m.inject(S, VINTC_PULSE), VINTC_MASKED);
	EXPECT_EQ(m.int_on(0, S), VINTC_RTAS_SUCCESS);
	accept();
	eoi();
	idle();
}

TEST_F(Inputs, a_pulse_of_a_level_that_is_up_changes_nothing)
{
	make(attr::kLevel);
	EXPECT_EQ(m.inject(S, VINTC_HIGH), VINTC_DELIVERED);

	u64 before = exact();

	EXPECT_EQ(m.inject(S, VINTC_PULSE), VINTC_COALESCED);
	EXPECT_EQ(exact(), before);
}

TEST_F(Inputs, low_and_release_mean_nothing_to_an_msi)
{
	make(0);
	EXPECT_EQ(m.inject(S, VINTC_PULSE), VINTC_DELIVERED);

	u64 before = exact();

	EXPECT_EQ(m.inject(S, VINTC_LOW), VINTC_COALESCED);
	EXPECT_EQ(m.inject(S, VINTC_RELEASE), VINTC_COALESCED);
	EXPECT_EQ(exact(), before);
	EXPECT_EQ(m.inject(S, vintc_input(7)), VINTC_COALESCED);
	EXPECT_EQ(exact(), before);
}

/* Set over a level that is held: what the attribute says is said of the line. */
TEST_F(Inputs, an_attribute_does_not_take_a_hold_for_the_line)
{
	make(attr::kLevel);
	EXPECT_EQ(m.inject(S, VINTC_HOLD), VINTC_DELIVERED);
	EXPECT_EQ(m.set_source(S, *m.source(S)), VINTC_OK);
	accept();
	eoi();
	/* It was presented already: it comes once more, and then the line is found down. */
	if (m.line(0)) {
		accept();
		eoi();
	}
	EXPECT_EQ(ended, 1u);
	idle();
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* The inputs of a source: driven, pulsed and held, and what an EOI lets go. */
#include "support/machine.h"
#include "support/xics_registers.h"

using namespace vintc::test;

namespace {

constexpr u32 S = 16;

class Inputs : public testing::Test {
protected:
	Inputs()
	{
		m.on_input_ended([this](u32 source) {
			EXPECT_EQ(source, S);
			ended++;
			if (again) {
				again = false;
				EXPECT_NE(m.inject(S, VINTC_HOLD), VINTC_UNKNOWN_SOURCE);
			}
		});
		EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	}

	void make(u64 flags) { ASSERT_EQ(m.set_source(S, attr::source(0, 5, flags)), VINTC_OK); }

	/* Accepts S, which has to be there. */
	void accept()
	{
		EXPECT_TRUE(m.line(0));
		EXPECT_EQ(m.xirr(0), 0xff000000 | S);
	}
	void eoi() { EXPECT_EQ(m.eoi(0, 0xff000000 | S), VINTC_H_SUCCESS); }

	/* Nothing is there, and nothing comes. */
	void idle()
	{
		EXPECT_FALSE(m.line(0));
		EXPECT_EQ(m.xirr(0), 0xff000000);
	}

	bool held() { return exact() >> 55 & 1; }
	u64 exact()
	{
		vintc_reg reg = { VINTC_REG_SOURCE, S, 0 };

		EXPECT_EQ(vintc_xics_get_reg(m.xics(), &reg), VINTC_OK);
		return reg.value;
	}

	Machine m{ { 0, 1 } };
	unsigned ended = 0;
	bool again = false; /* what is let go is held again at once */
};

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
	EXPECT_EQ(m.inject(S, vintc_input(99)), VINTC_COALESCED);
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazards 16 and 21: an input is held, released and let go by an EOI at the same
 * time, in every order. What is held is let go in the end, and whoever held it after
 * the last EOI got one more interrupt.
 */
#include "xics/interleaved_acts.h"

using namespace vintc::test;

namespace {

/* On a level-sensitive source, and on an MSI. */
class InterleavedInputs : public testing::TestWithParam<u64> {
protected:
	/* A has accepted W, which is held, and not ended it yet. */
	Act accept_held() const
	{
		return in_turn(make(W, A, 5, GetParam()), open(A), inject(W, VINTC_HOLD),
			       accept(A));
	}

	static Act ended(unsigned at_least, unsigned at_most)
	{
		return [=](World &w) {
			EXPECT_GE(w.ended, at_least);
			EXPECT_LE(w.ended, at_most);
		};
	}

	static Act again()
	{
		return [](World &w) { w.more = 1; };
	}

	bool level() const { return GetParam() & attr::kLevel; }
};

/*
 * Held by another processor: before the EOI it is one with the first, and the
 * holder is told at once; after it, it comes. An MSI is queued in any case.
 */
TEST_P(InterleavedInputs, hazard16_a_hold_against_the_eoi_of_the_one_before)
{
	explore(4, accept_held(), { inject(W, VINTC_HOLD), end(A) },
		{ { W, level() ? 1u : 2u, 2 } }, ended(1, 2));
}

TEST_P(InterleavedInputs, hazard16_a_hold_from_the_notification_comes_once_more)
{
	explore(4, in_turn(accept_held(), again()), { end(A), take(B) }, { { W, 2 } }, ended(2, 2));
}

TEST_P(InterleavedInputs, hazard16_a_hold_from_the_notification_against_another)
{
	explore(3, in_turn(accept_held(), again()), { inject(W, VINTC_HOLD), end(A) },
		{ { W, 2, 3 } }, ended(2, 3));
}

TEST_P(InterleavedInputs, hazard16_a_hold_from_the_notification_against_masking)
{
	explore(3, in_turn(accept_held(), again()), { end(A), mask_and_unmask(W) }, { { W, 2 } },
		ended(2, 2));
}

TEST_P(InterleavedInputs, hazard16_a_hold_from_the_notification_against_a_move)
{
	explore(2, in_turn(accept_held(), again(), open(B)), { end(A), move(W, B, 4), take(B) },
		{ { W, 2 } }, ended(2, 2));
}

/* Deassigned meanwhile: told or not, and never afterwards. */
TEST_P(InterleavedInputs, hazard16_a_release_against_the_eoi)
{
	explore(4, accept_held(), { inject(W, VINTC_RELEASE), end(A) }, { { W } }, ended(0, 1));
}

TEST_P(InterleavedInputs, hazard16_a_hold_against_a_delivery_that_waits)
{
	explore(3, make(W, A, 5, GetParam()), { inject(W, VINTC_HOLD), open(A) }, { { W } },
		ended(1, 1));
}

INSTANTIATE_TEST_SUITE_P(, InterleavedInputs, testing::Values(0, attr::kLevel),
			 [](const auto &which) { return which.param ? "level" : "msi"; });

/* Two inputs of one level: it is asserted while either is. */
TEST(InterleavedLevel, hazard21_the_line_and_a_hold_at_once)
{
	explore(3, in_turn(make(W, A, 5, attr::kLevel), open(A)),
		{ inject(W, VINTC_HIGH), inject(W, VINTC_HOLD), take(A) }, { { W, 1, 3 } });
}

TEST(InterleavedLevel, hazard21_the_line_falls_while_a_hold_ends)
{
	explore(3,
		in_turn(make(W, A, 5, attr::kLevel), open(A), inject(W, VINTC_HOLD),
			inject(W, VINTC_HIGH), accept(A)),
		{ inject(W, VINTC_LOW), eoi(A) }, { { W, 0, 1 } });
}

TEST(InterleavedLevel, hazard21_a_pulse_against_the_eoi_of_the_one_before)
{
	explore(4, in_turn(make(W, A, 5, attr::kLevel), open(A), inject(W, VINTC_PULSE), accept(A)),
		{ inject(W, VINTC_PULSE), end(A) }, { { W, 2 } });
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 21: an input is held up while the guest ends the interrupt, in every order.
 * What a device did is seen by a handler, whichever comes first.
 */
#include "gicv2/interleaved_acts.h"

using namespace vintc::test::gicv2;

namespace {

constexpr u32 kSplit = gicc::kEnableGrp0 | gicc::kEoiMode;

/* A has handled it, and not ended it yet. */
Act handled(u32 intid)
{
	return in_turn(hold(intid), enter(A), acknowledge(A), handle(A));
}

TEST(InterleavedHold, hazard21_a_hold_against_eoi)
{
	explore(4, handled(Z), { hold(Z), eoi(A) }, { { Z, 2 } });
}

TEST(InterleavedHold, hazard21_a_hold_of_an_edge_against_eoi)
{
	explore(4, handled(X), { hold(X), eoi(A) }, { { X, 2 } });
}

TEST(InterleavedHold, hazard21_a_hold_of_a_ppi_against_eoi)
{
	explore(4, handled(kPpi), { hold(kPpi), eoi(A) }, { { kPpi, 2 } });
}

TEST(InterleavedHold, hazard21_a_hold_against_dir)
{
	explore(4, in_turn(handled(Z), set_gicc(A, gicc::kCtlr, kSplit)),
		{ hold(Z), in_turn(eoi(A), set_gicc(A, gicc::kDir, Z)) }, { { Z, 2 } });
}

/* A's own EOI, of what is not active any more, lets nothing go. */
TEST(InterleavedHold, hazard21_a_hold_against_icactiver)
{
	explore(3, handled(Z), { hold(Z), bit(B, gicd::kIcactiver, Z) }, { { Z, 2, 3 } });
}

TEST(InterleavedHold, hazard21_a_hold_against_eoi_and_icactiver)
{
	explore(2, handled(Z), { hold(Z), eoi(A), bit(B, gicd::kIcactiver, Z) }, { { Z, 2 } });
}

TEST(InterleavedHold, hazard21_two_holds_against_eoi)
{
	explore(1, handled(Z), { hold(Z), hold(Z), eoi(A) }, { { Z, 2 } });
}

TEST(InterleavedHold, hazard21_a_hold_against_a_handler)
{
	explore(3, hold(Z), { hold(Z), take(A) }, { { Z, 1, 2 } });
}

TEST(InterleavedHold, hazard21_a_hold_against_two_handlers)
{
	explore(1, in_turn(target(A, Z, kToBoth), hold(Z)), { hold(Z), take(A), take(B) },
		{ { Z, 1, 3 } });
}

TEST(InterleavedHold, hazard21_a_hold_against_a_fall_of_the_line)
{
	explore(2, inject(Z, VINTC_HIGH), { hold(Z), inject(Z, VINTC_LOW), enter(A) }, { { Z } });
}

TEST(InterleavedHold, hazard21_a_hold_against_a_rise_of_the_line_and_eoi)
{
	explore(2, handled(Z), { hold(Z), inject(Z, VINTC_HIGH), eoi(A) }, { { Z, 2 } });
}

TEST(InterleavedHold, hazard21_a_release_against_a_handler)
{
	explore(4, hold(Z), { release(Z), take(A) }, { { Z, 0, 1 } });
}

TEST(InterleavedHold, hazard21_a_release_and_a_hold_against_eoi)
{
	explore(3, handled(Z), { in_turn(release(Z), hold(Z)), eoi(A) }, { { Z, 2 } });
}

TEST(InterleavedHold, hazard21_a_hold_against_disabling_and_enabling)
{
	explore(3, kNothing, { hold(Z), disable_and_enable(B, Z) }, { { Z } });
}

TEST(InterleavedHold, hazard21_a_hold_against_a_move)
{
	explore(1, handled(Z), { hold(Z), target(B, Z, kToB), eoi(A) }, { { Z, 2 } });
}

} // namespace

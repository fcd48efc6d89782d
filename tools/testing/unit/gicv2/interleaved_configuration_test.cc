// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 16, 20 and 21: interrupts arrive while the distributor is configured, in every order. */
#include "gicv2/interleaved_acts.h"

using namespace vintc::test::gicv2;

namespace {

constexpr u32 kBoth = gicc::kEnableGrp0 | gicc::kEnableGrp1;

TEST(InterleavedConfiguration, hazard20_one_of_two_targets_takes_it)
{
	explore(2, in_turn(target(A, X, kToBoth), pulse(X)), { take(A), take(B) }, { { X } });
}

TEST(InterleavedConfiguration, hazard20_one_of_two_targets_takes_it_while_it_comes_again)
{
	explore(1, in_turn(target(A, X, kToBoth), pulse(X)), { take(A), take(B), pulse(X) },
		{ { X, 1, 2 } });
}

TEST(InterleavedConfiguration, hazard16_an_edge_against_a_move)
{
	explore(3, kNothing, { pulse(X), target(B, X, kToB) }, { { X } });
}

TEST(InterleavedConfiguration, hazard16_an_edge_against_a_move_there_and_back)
{
	explore(2, kNothing,
		{ pulse(X), in_turn(target(B, X, kToB), target(B, X, kToA)), enter(A) }, { { X } });
}

TEST(InterleavedConfiguration, hazard20_a_handler_against_a_move)
{
	explore(2, pulse(X), { take(A), target(B, X, kToB) }, { { X } });
}

TEST(InterleavedConfiguration, hazard16_an_edge_against_disabling_and_enabling)
{
	explore(3, kNothing, { pulse(X), disable_and_enable(B, X) }, { { X } });
}

TEST(InterleavedConfiguration, hazard20_a_handler_against_disabling_and_enabling)
{
	explore(3, pulse(X), { take(A), disable_and_enable(B, X) }, { { X } });
}

TEST(InterleavedConfiguration, hazard21_a_held_level_against_disabling_and_enabling)
{
	explore(3, kNothing, { inject(Z, VINTC_HIGH), disable_and_enable(A, Z) }, { { Z } });
}

TEST(InterleavedConfiguration, hazard16_an_edge_against_a_new_priority)
{
	explore(2, pmr(A, kHigh), { pulse(X), byte(B, gicd::kIpriorityr, X, 0), enter(A) },
		{ { X } });
}

TEST(InterleavedConfiguration, hazard16_a_handler_against_a_new_priority)
{
	explore(1, in_turn(pulse(X), pulse(Y)),
		{ take(A), byte(B, gicd::kIpriorityr, Y, 0x20), pulse(X) }, { { X, 1, 2 }, { Y } });
}

TEST(InterleavedConfiguration, hazard16_an_edge_against_another_group)
{
	explore(1,
		in_turn(set_gicd(A, gicd::kCtlr, 2),
			set_gicc(A, gicc::kCtlr, kBoth | gicc::kAckCtl)),
		{ pulse(X), bit(B, gicd::kIgroupr, X), enter(A) }, { { X } });
}

TEST(InterleavedConfiguration, hazard20_a_handler_against_another_group)
{
	explore(1, pulse(X), { take(A), bit(B, gicd::kIgroupr, X) }, { { X } });
}

TEST(InterleavedConfiguration, hazard17_an_edge_against_the_distributor_enabled)
{
	explore(1, set_gicd(A, gicd::kCtlr, 0),
		{ pulse(X), set_gicd(B, gicd::kCtlr, kBoth), enter(A) }, { { X } });
}

TEST(InterleavedConfiguration, hazard17_an_edge_against_the_distributor_disabled_and_enabled)
{
	explore(2, kNothing,
		{ pulse(X), in_turn(set_gicd(B, gicd::kCtlr, 0), set_gicd(B, gicd::kCtlr, kBoth)),
		  enter(A) },
		{ { X } });
}

TEST(InterleavedConfiguration, hazard16_an_edge_against_icpendr)
{
	explore(2, kNothing, { pulse(X), bit(B, gicd::kIcpendr, X), enter(A) }, { { X, 0, 1 } });
}

TEST(InterleavedConfiguration, hazard16_a_handler_against_ispendr)
{
	explore(2, pulse(X), { take(A), bit(B, gicd::kIspendr, X) }, { { X, 1, 2 } });
}

TEST(InterleavedConfiguration, hazard16_ispendr_of_a_level_against_its_handler)
{
	explore(2, inject(Z, VINTC_HIGH), { take(A), bit(B, gicd::kIspendr, Z) }, { { Z, 1, 2 } });
}

TEST(InterleavedConfiguration, hazard16_a_handler_against_icactiver)
{
	explore(1, in_turn(pulse(X), enter(A), acknowledge(A)),
		{ in_turn(handle(A), eoi(A)), bit(B, gicd::kIcactiver, X), pulse(X) },
		{ { X, 2 } });
}

/* A blocked interrupt may keep one from sight that is not: of groups with other binary points. */
TEST(InterleavedConfiguration, hazard16_another_cpu_takes_what_was_blocked_here)
{
	explore(2,
		in_turn(bit(A, gicd::kIgroupr, X), byte(A, gicd::kIpriorityr, Y, kHigh),
			set_gicc(A, gicc::kApr, 1u << (kHigh >> 3)), set_gicc(A, gicc::kBpr, 7),
			target(A, X, kToBoth), pulse(X), pulse(Y),
			set_gicc(A, gicc::kCtlr, kBoth | gicc::kAckCtl)),
		{ take(B), enter(A) }, { { X }, { Y } });
}

TEST(InterleavedConfiguration, hazard16_a_fiq_that_an_irq_kept_back)
{
	explore(2,
		in_turn(bit(A, gicd::kIgroupr, X), target(A, X, kToBoth), pulse(X), pulse(Y),
			set_gicc(A, gicc::kCtlr, kBoth | gicc::kAckCtl | gicc::kFiqEn)),
		{ take(B), enter(A) }, { { X }, { Y } });
}

/* An IRQ that is gone must not keep back a FIQ: with IRQs masked, nobody would take it. */
TEST(InterleavedConfiguration, hazard16_a_fiq_after_an_irq_that_came_and_went)
{
	explore(2,
		in_turn(bit(A, gicd::kIgroupr, Z),
			set_gicc(A, gicc::kCtlr, kBoth | gicc::kAckCtl | gicc::kFiqEn)),
		{ in_turn(inject(Z, VINTC_HIGH), pulse(Y)), inject(Z, VINTC_LOW),
		  in_turn(enter(A), enter(A)) },
		{ { Y }, { Z, 0, 1 } });
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 16, 17 and 21: an interrupt arrives while its CPU is busy, in every order. */
#include "gicv2/interleaved_acts.h"

using namespace vintc::test::gicv2;

namespace {

/* A has taken X, or Z, and not ended it yet. */
const Act kXTaken = in_turn(pulse(X), enter(A), acknowledge(A));
const Act kZHandled = in_turn(inject(Z, VINTC_HIGH), enter(A), acknowledge(A), handle(A));

TEST(InterleavedDelivery, hazard17_an_edge_against_entering_the_guest)
{
	explore(4, kNothing, { pulse(X), enter(A) }, { { X } });
}

TEST(InterleavedDelivery, hazard17_two_edges_against_entering_the_guest)
{
	explore(1, kNothing, { pulse(X), pulse(Z), in_turn(enter(A), enter(A)), pulse(Y) },
		{ { X }, { Y } });
}

TEST(InterleavedDelivery, hazard17_an_edge_against_admitting_it)
{
	explore(3, pmr(A, kHigh), { pulse(X), pmr(A, kOpen) }, { { X } });
}

TEST(InterleavedDelivery, hazard17_an_edge_against_masking_and_admitting_it)
{
	explore(3, kNothing, { pulse(X), in_turn(pmr(A, kHigh), pmr(A, kOpen)) }, { { X } });
}

TEST(InterleavedDelivery, hazard17_an_edge_against_the_cpu_interface_enabled)
{
	explore(3, set_gicc(A, gicc::kCtlr, 0),
		{ pulse(X), set_gicc(A, gicc::kCtlr, gicc::kEnableGrp0) }, { { X } });
}

TEST(InterleavedDelivery, hazard16_an_edge_against_a_handler_of_another)
{
	explore(3, pulse(Y), { pulse(X), take(A) }, { { X }, { Y } });
}

TEST(InterleavedDelivery, hazard16_a_less_favoured_edge_against_a_handler)
{
	explore(2, pulse(X), { pulse(Y), take(A) }, { { X }, { Y } });
}

/* The hints of an interrupt that is done go away, and those of its neighbours do not. */
TEST(InterleavedDelivery, hazard16_an_edge_of_the_same_priority_against_a_handler)
{
	explore(2, in_turn(byte(A, gicd::kIpriorityr, Y, kHigh), pulse(X)), { pulse(Y), take(A) },
		{ { X }, { Y } });
}

TEST(InterleavedDelivery, hazard16_a_level_of_the_same_priority_against_a_handler)
{
	explore(2, in_turn(byte(A, gicd::kIpriorityr, Z, kHigh), pulse(X)),
		{ inject(Z, VINTC_HIGH), take(A) }, { { X }, { Z } });
}

TEST(InterleavedDelivery, hazard16_an_edge_against_the_handler_of_the_one_before)
{
	explore(3, pulse(X), { pulse(X), take(A) }, { { X, 1, 2 } });
}

TEST(InterleavedDelivery, hazard16_an_edge_against_the_eoi_of_the_one_before)
{
	explore(4, kXTaken, { pulse(X), in_turn(handle(A), eoi(A)) }, { { X, 2 } });
}

TEST(InterleavedDelivery, hazard16_two_edges_against_the_eoi_of_the_one_before)
{
	explore(2, kXTaken, { pulse(X), pulse(X), in_turn(handle(A), eoi(A)) }, { { X, 2, 3 } });
}

TEST(InterleavedDelivery, hazard16_an_edge_against_dir)
{
	explore(4, in_turn(kXTaken, set_gicc(A, gicc::kCtlr, gicc::kEnableGrp0 | gicc::kEoiMode)),
		{ pulse(X), in_turn(handle(A), eoi(A), set_gicc(A, gicc::kDir, X)) }, { { X, 2 } });
}

/* The handler has run when the line rises anew. */
TEST(InterleavedDelivery, hazard21_a_level_that_rises_against_eoi)
{
	explore(4, kZHandled, { inject(Z, VINTC_HIGH), eoi(A) }, { { Z, 2 } });
}

TEST(InterleavedDelivery, hazard21_a_level_that_rises_twice_against_eoi)
{
	explore(3, kZHandled,
		{ in_turn(inject(Z, VINTC_HIGH), inject(Z, VINTC_LOW), inject(Z, VINTC_HIGH)),
		  eoi(A) },
		{ { Z, 2, 3 } });
}

TEST(InterleavedDelivery, hazard21_a_level_that_falls_against_a_handler)
{
	explore(4, inject(Z, VINTC_HIGH), { inject(Z, VINTC_LOW), take(A) }, { { Z, 0, 1 } });
}

/* By the time all is at rest the line is low: whatever was signalled is no more. */
TEST(InterleavedDelivery, hazard21_a_level_that_rises_against_its_fall)
{
	explore(3, kNothing,
		{ inject(Z, VINTC_HIGH), inject(Z, VINTC_LOW), in_turn(enter(A), enter(A)) },
		{ { Z, 0, 1 } });
}

TEST(InterleavedDelivery, hazard21_a_ppi_that_rises_against_eoi)
{
	explore(4, in_turn(inject(kPpi, VINTC_HIGH), enter(A), acknowledge(A), handle(A)),
		{ inject(kPpi, VINTC_HIGH), eoi(A) }, { { kPpi, 2 } });
}

TEST(InterleavedDelivery, hazard17_an_sgi_against_a_handler)
{
	explore(2, pulse(Y), { sgi(B, kToA), take(A) }, { { Y }, { kSgi } });
}

TEST(InterleavedDelivery, hazard16_an_sgi_against_the_handler_of_the_one_before)
{
	explore(3, sgi(B, kToA), { sgi(B, kToA), take(A) }, { { kSgi, 1, 2 } });
}

TEST(InterleavedDelivery, hazard16_an_sgi_against_the_eoi_of_one_from_elsewhere)
{
	explore(3, in_turn(sgi(A, kToA), acknowledge(A), handle(A)), { sgi(B, kToA), eoi(A) },
		{ { kSgi, 2 } });
}

TEST(InterleavedDelivery, hazard17_sgis_across)
{
	explore(2, kNothing, { sgi(A, kToBoth), sgi(B, kToBoth) }, { { kSgi, 4 } });
}

} // namespace

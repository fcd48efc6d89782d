// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 16, 17 and 21: a delivery and a guest's calls at the same time, in every order. */
#include "xics/interleaved_acts.h"

using namespace vintc::test;

namespace {

/* Y is in A's XISR, and less favoured than the others. */
Act present_y()
{
	return in_turn(make(Y, A, 6), open(A), inject(Y));
}

/* A has accepted W and not ended it yet. */
Act accept_w(u64 flags = 0)
{
	return in_turn(make(W, A, 5, flags), open(A), inject(W), accept(A));
}

Act reads_mail_once()
{
	return [](World &w) { EXPECT_EQ(w.read[A], 1u); };
}

TEST(InterleavedCalls, hazard16_displacement_against_a_handler)
{
	explore(3, present_y(), { inject(X), take(A) }, { { X }, { Y } });
}

TEST(InterleavedCalls, hazard16_displacement_against_closing_and_opening)
{
	explore(3, present_y(), { inject(X), in_turn(cppr(A, 6), open(A)) }, { { X }, { Y } });
}

TEST(InterleavedCalls, hazard16_displacement_against_a_move)
{
	explore(2, present_y(), { inject(X), move(Y, B, 3), open(B) }, { { X }, { Y } });
}

TEST(InterleavedCalls, hazard16_displacement_by_an_ipi_against_a_handler)
{
	explore(3, present_y(), { send(B, A), take(A) }, { { Y } }, reads_mail_once());
}

/* H_XIRR takes the line down; what comes right after it is seen all the same. */
TEST(InterleavedCalls, hazard17_a_delivery_against_accept)
{
	explore(4, present_y(), { inject(X), accept(A) }, { { X }, { Y } });
}

TEST(InterleavedCalls, hazard17_an_ipi_against_accept)
{
	explore(4, present_y(), { send(B, A), accept(A) }, { { Y } }, reads_mail_once());
}

TEST(InterleavedCalls, hazard17_an_ipi_against_cppr_and_a_delivery)
{
	explore(2, kNothing, { send(B, A), open(A), inject(X) }, { { X } }, reads_mail_once());
}

/* The second may merge with the first; no message stays unread. */
TEST(InterleavedCalls, hazard17_an_ipi_against_the_handler_of_the_one_before)
{
	explore(4, in_turn(open(A), send(B, A)), { take(A), send(B, A) }, {}, [](World &w) {
		EXPECT_GE(w.read[A], 1u);
		EXPECT_FALSE(w.mail[A]);
	});
}

TEST(InterleavedCalls, hazard16_masking_against_deliver)
{
	explore(3, open(A), { inject(X), mask_and_unmask(X) }, { { X } });
}

TEST(InterleavedCalls, hazard16_an_msi_against_the_eoi_of_the_one_before)
{
	explore(4, accept_w(), { inject(W), end(A) }, { { W, 2 } });
}

/* They may merge, and may not get lost. */
TEST(InterleavedCalls, hazard16_two_msis_against_the_eoi_of_the_one_before)
{
	explore(2, accept_w(), { inject(W), inject(W), end(A) }, { { W, 2, 3 } });
}

/* The handler has run when the line rises anew. A level may come too often, not too rarely. */
TEST(InterleavedCalls, hazard21_a_level_that_rises_against_the_eoi_of_the_one_before)
{
	explore(4, in_turn(accept_w(attr::kLevel), handle(A)), { inject(W), eoi(A) },
		{ { W, 2, 3 } });
}

TEST(InterleavedCalls, hazard21_a_level_that_rises_twice_against_the_eoi_of_the_one_before)
{
	explore(3, in_turn(accept_w(attr::kLevel), handle(A)),
		{ in_turn(inject(W), inject(W, VINTC_LOW), inject(W)), eoi(A) }, { { W, 2, 4 } });
}

} // namespace

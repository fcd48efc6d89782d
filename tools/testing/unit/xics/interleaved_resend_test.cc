// SPDX-License-Identifier: GPL-2.0-only
/* Hazard 16: an ICP opens while sources begin to wait for it (core/xics/delivery.cc). */
#include "xics/interleaved_acts.h"

using namespace vintc::test;

namespace {

/* H_IPI alone opens an ICP in this state; a VMM can make it, a guest cannot. */
constexpr u64 kClosedByMfrr = icp_reg(0xff, 0, 2, 0xff);

TEST(InterleavedResend, hazard16_no_lost_resend_deliver_against_cppr)
{
	explore(4, kNothing, { inject(X), open(A) }, { { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_deliver_against_eoi)
{
	explore(4, in_turn(open(A), inject(W), accept(A)), { inject(X), end(A) }, { { W }, { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_deliver_against_mfrr)
{
	explore(4, restore(A, kClosedByMfrr), { inject(X), mfrr(B, A, 0xff) }, { { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_deliver_against_a_restore)
{
	explore(4, restore(A, icp_reg(0, 0, 2, 0xff)),
		{ inject(X), restore(A, icp_reg(0xff, 0, 0xff, 0xff)) }, { { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_two_deliveries_against_cppr)
{
	explore(2, make(Y, A, 6), { inject(X), inject(Y), open(A) }, { { X }, { Y } });
}

/* An IPI was accepted; its EOI and another vCPU's H_IPI open the ICP together. */
TEST(InterleavedResend, hazard16_no_lost_resend_deliver_against_two_openings)
{
	explore(2, in_turn(open(A), mfrr(B, A, 2), accept(A)),
		{ inject(X), end(A), mfrr(B, A, 0xff) }, { { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_several_wait_and_two_open)
{
	explore(2, in_turn(make(Y, A, 6), mfrr(B, A, 2), inject(X), inject(Y)),
		{ inject(W), open(A), mfrr(B, A, 0xff) }, { { W }, { X }, { Y } });
}

/*
 * That source waited for that server, came through, and left a hint. Which does
 * not count for what it comes later.
 */
Act leave_stale_hint(u32 number, u32 server, u8 priority)
{
	return in_turn(make(number, server, priority), inject(number), open(server), take(server),
		       close(server), [=](World &w) { w.got.erase(number); });
}

/* Z is refused while the hints that lead to Y are followed. */
TEST(InterleavedResend, hazard16_no_lost_resend_deliver_elsewhere_against_cppr)
{
	explore(3, in_turn(leave_stale_hint(Z, A, 6), inject(Y)), { inject(Z), open(A) },
		{ { Y }, { Z } });
}

/* A finds X's hint stale while X begins to wait for B again. */
TEST(InterleavedResend, hazard16_no_lost_resend_a_stale_hint_against_another_server)
{
	explore(2, in_turn(leave_stale_hint(X, B, 5), inject(W)), { open(A), inject(X), open(B) },
		{ { W }, { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_a_stale_hint_against_two_openings)
{
	explore(2, in_turn(leave_stale_hint(X, A, 5), mfrr(B, A, 0), inject(W)),
		{ open(A), inject(X), mfrr(B, A, 0xff) }, { { W }, { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_a_stale_hint_against_masking)
{
	explore(2, in_turn(leave_stale_hint(X, B, 5), inject(W)),
		{ open(A), inject(X), mask_and_unmask(X) }, { { W }, { X } });
}

TEST(InterleavedResend, hazard16_no_lost_resend_a_stale_hint_against_a_move)
{
	explore(2, in_turn(leave_stale_hint(X, B, 5), open(B), inject(W)),
		{ open(A), inject(X), move(X, A, 6) }, { { W }, { X } });
}

TEST(InterleavedResend, hazard16_a_move_against_the_old_server_opening)
{
	explore(4, in_turn(inject(X), open(B)), { move(X, B, 5), open(A) }, { { X } });
}

TEST(InterleavedResend, hazard16_a_move_against_deliver_and_both_servers_opening)
{
	explore(2, kNothing, { inject(X), move(X, B, 5), open(A), open(B) }, { { X } });
}

TEST(InterleavedResend, hazard16_a_priority_change_against_cppr)
{
	explore(3, in_turn(inject(X), inject(Y)), { move(Y, A, 3), open(A) }, { { X }, { Y } });
}

TEST(InterleavedResend, hazard16_masking_against_cppr)
{
	explore(3, inject(X), { open(A), mask_and_unmask(X) }, { { X } });
}

TEST(InterleavedResend, hazard16_masking_against_deliver_and_cppr)
{
	explore(2, kNothing, { inject(X), open(A), mask_and_unmask(X) }, { { X } });
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* Hypercalls and RTAS calls as a guest makes them: argument sizes, results, side effects. */
#include "support/machine.h"

using namespace vintc::test;

namespace {

constexpr u64 kOpen5 = attr::source(0, 5);

TEST(GuestCalls, servers_have_32_bits_and_priorities_8)
{
	Machine m({ 0, 1 });
	constexpr unsigned long kNoise = 0xabcdef00'00000000;

	EXPECT_EQ(m.hcall(0, VINTC_H_IPI, kNoise | 1, kNoise | 0x12345604).r3, VINTC_H_SUCCESS);
	EXPECT_EQ(mfrr_of(m.reg(1)), 4);
	EXPECT_EQ(m.hcall(1, VINTC_H_CPPR, kNoise | 0x105).r3, VINTC_H_SUCCESS);
	EXPECT_EQ(m.reg(1), icp_reg(5, kIpi, 4, 4));
	EXPECT_EQ(m.hcall(0, VINTC_H_IPOLL, kNoise | 1).gprs[0], 0x05000002u);
	EXPECT_EQ(m.hcall(1, VINTC_H_EOI, kNoise | 0x07000002).r3, VINTC_H_SUCCESS);
	EXPECT_EQ(cppr_of(m.reg(1)), 7);
}

TEST(GuestCalls, results_are_left_alone_where_there_are_none)
{
	Machine m({ 0 });

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (unsigned long number : { VINTC_H_CPPR, VINTC_H_EOI, VINTC_H_IPI }) {
		auto a = m.hcall(0, number, 0x05000010, 0x1234);

		EXPECT_EQ(a.gprs[0], 0x05000010u) << number;
		EXPECT_EQ(a.gprs[1], 0x1234u) << number;
	}

	auto xirr = m.hcall(0, VINTC_H_XIRR, 1, 0x1234);

	EXPECT_EQ(xirr.gprs[1], 0x1234u);
	timebase = 0xfedcba9876543210;
	EXPECT_EQ(m.hcall(0, VINTC_H_XIRR_X).gprs[1], 0xfedcba9876543210u);
}

TEST(GuestCalls, hypercalls_that_are_not_ours_do_nothing)
{
	Machine m({ 0 });
	u64 before = m.reg(0);

	for (unsigned long number :
	     { 0x0ul, 0x60ul, 0x65ul, 0x78ul, 0x2f8ul, 0x300ul, 0xf000ul, 0x1'00000074ul, ~0ul }) {
		auto a = m.hcall(0, number, 5, 6);

		EXPECT_EQ(a.r3, VINTC_H_NOT_OURS) << number;
		EXPECT_EQ(a.gprs[0], 5u);
		EXPECT_EQ(a.gprs[1], 6u);
	}
	EXPECT_EQ(m.reg(0), before);
	EXPECT_EQ(m.counts().hypercalls, 0u);
}

TEST(GuestCalls, rtas_services_and_their_sizes)
{
	Machine m({ 0 });
	u32 args[3] = { 16, 0, 6 }, rets[2] = {};

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (int service : { 0, int(VINTC_RTAS_SERVICES), 6, 7 })
		EXPECT_EQ(vintc_xics_rtas(m.xics(), m.icp(0), vintc_rtas_service(service), args,
					  rets),
			  VINTC_RTAS_PARAMETER)
			<< service;
	EXPECT_EQ(m.source(16), kOpen5);

	EXPECT_EQ(vintc_rtas_args(VINTC_RTAS_SET_XIVE), 3u);
	EXPECT_EQ(vintc_rtas_args(VINTC_RTAS_GET_XIVE), 1u);
	EXPECT_EQ(vintc_rtas_args(VINTC_RTAS_INT_OFF), 1u);
	EXPECT_EQ(vintc_rtas_args(VINTC_RTAS_INT_ON), 1u);
	EXPECT_EQ(vintc_rtas_rets(VINTC_RTAS_SET_XIVE), 0u);
	EXPECT_EQ(vintc_rtas_rets(VINTC_RTAS_GET_XIVE), 2u);
	EXPECT_EQ(vintc_rtas_rets(VINTC_RTAS_INT_OFF), 0u);
	EXPECT_EQ(vintc_rtas_rets(VINTC_RTAS_INT_ON), 0u);
}

TEST(GuestCalls, hazard21_a_level_that_was_masked_is_sampled_again)
{
	Machine m({ 0 });

	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	ASSERT_EQ(m.set_source(16, attr::source(0, 5, attr::kLevel)), VINTC_OK);
	EXPECT_EQ(m.inject(16), VINTC_DELIVERED);

	u32 xirr = m.xirr(0);

	EXPECT_EQ(xirr, 0xff000010u);
	EXPECT_EQ(m.int_off(0, 16), VINTC_RTAS_SUCCESS);
	EXPECT_EQ(m.eoi(0, xirr), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
	EXPECT_EQ(m.int_on(0, 16), VINTC_RTAS_SUCCESS);
	EXPECT_TRUE(m.line(0));
	EXPECT_EQ(m.xirr(0), 0xff000010u);
	EXPECT_EQ(m.inject(16, VINTC_LOW), VINTC_COALESCED);
	EXPECT_EQ(m.eoi(0, 0xff000010), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
}

TEST(GuestCalls, a_vcpu_that_raises_its_own_line_is_not_kicked)
{
	Machine m({ 0, 1 });

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	EXPECT_EQ(m.ipi(0, 0, 4), VINTC_H_SUCCESS);
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	EXPECT_TRUE(m.line(0));
	EXPECT_EQ(m.cpu(0).kicks, 0u);

	EXPECT_EQ(m.cppr(1, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(m.ipi(0, 1, 4), VINTC_H_SUCCESS);
	EXPECT_EQ(m.cpu(1).kicks, 1u);
	/* It is up already: one kick is enough. */
	EXPECT_EQ(m.ipi(0, 1, 3), VINTC_H_SUCCESS);
	ASSERT_EQ(m.set_source(17, attr::source(1, 2)), VINTC_OK);
	EXPECT_EQ(m.inject(17), VINTC_DELIVERED);
	EXPECT_EQ(m.reg(1), icp_reg(0xff, 17, 3, 2));
	EXPECT_EQ(m.cpu(1).kicks, 1u);
}

} // namespace

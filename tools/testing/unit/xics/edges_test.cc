// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 10, 12 and 18: the ends of every range that a VMM or a guest can name. */
#include "support/machine.h"

using namespace vintc::test;

namespace {

constexpr u32 kAbsentServers[] = { 2, 255, 256, 4095, 4096, 65535, 65536, 65537, 1u << 31, ~0u };
constexpr u32 kNoSources[] = { 0, 1, 2, 3, 15 };
constexpr u32 kBeyondSources[] = { 1u << 24, (1u << 24) + 16, 1u << 31, ~0u };
constexpr u64 kOpen5 = attr::source(0, 5);

TEST(Edges, hazard10_servers_at_the_ends_of_a_limit)
{
	Machine m({}, 4096);

	EXPECT_EQ(m.connect(0), VINTC_OK);
	EXPECT_EQ(m.connect(0), VINTC_EXISTS);
	EXPECT_EQ(m.connect(4095), VINTC_OK);
	for (u32 server : { 4096u, 4097u, 65535u, 65536u, 1u << 31, ~0u }) {
		EXPECT_EQ(m.connect(server), VINTC_INVALID) << server;
		EXPECT_EQ(m.icp(server), nullptr) << server;
	}
	EXPECT_EQ(vintc_icp_server(m.icp(0)), 0u);
	EXPECT_EQ(vintc_icp_server(m.icp(4095)), 4095u);
	EXPECT_EQ(vintc_icp_cpu(m.icp(4095)), &m.cpu(4095));
	EXPECT_EQ(m.icp(1), nullptr);
}

TEST(Edges, hazard10_no_limit_goes_beyond_the_most_that_there_can_be)
{
	for (u32 limit : { 65536u, 65537u, ~0u }) {
		Machine m({}, limit);

		EXPECT_EQ(m.connect(65535), VINTC_OK) << limit;
		EXPECT_EQ(m.connect(65536), VINTC_INVALID) << limit;
		EXPECT_EQ(m.icp(65536), nullptr) << limit;
	}
}

TEST(Edges, hazard10_a_new_limit_holds_for_later_connects)
{
	Machine m({}, 0);

	EXPECT_EQ(m.connect(0), VINTC_INVALID);
	vintc_xics_limit_servers(m.xics(), 1);
	EXPECT_EQ(m.connect(0), VINTC_OK);
	EXPECT_EQ(m.connect(1), VINTC_INVALID);
	vintc_xics_limit_servers(m.xics(), ~0u);
	EXPECT_EQ(m.connect(65536), VINTC_INVALID);
	EXPECT_EQ(m.connect(65535), VINTC_OK);
}

TEST(Edges, every_server_is_itself)
{
	Machine m({});

	for (u32 server = 0; server < VINTC_XICS_SERVER_LIMIT; server++)
		ASSERT_EQ(m.connect(server), VINTC_OK);
	for (u32 server = 0; server < VINTC_XICS_SERVER_LIMIT; server++)
		ASSERT_EQ(vintc_icp_server(m.icp(server)), server);
}

TEST(Edges, hazard12_source_numbers_of_the_vmm)
{
	Machine m({ 0 });
	u64 value;

	for (u64 number : { 0ull, 1ull, 2ull, 15ull, 1ull << 24, (1ull << 24) + 16, (1ull << 32) + 16,
			    (1ull << 56) + 16, ~0ull }) {
		EXPECT_FALSE(vintc_xics_is_source(number)) << number;
		EXPECT_EQ(m.set_source(number, kOpen5), VINTC_NOT_FOUND) << number;
		EXPECT_EQ(vintc_xics_get_source(m.xics(), number, &value), VINTC_NOT_FOUND) << number;
	}
	for (u64 number : { 16ull, 17ull, 0xfffull, 0x1000ull, (1ull << 24) - 1 }) {
		EXPECT_TRUE(vintc_xics_is_source(number)) << number;
		EXPECT_EQ(vintc_xics_get_source(m.xics(), number, &value), VINTC_NOT_FOUND) << number;
		EXPECT_EQ(m.set_source(number, kOpen5), VINTC_OK) << number;
		EXPECT_EQ(m.source(number), kOpen5) << number;
	}
	/* The neighbours in a block have not come into being. */
	EXPECT_EQ(m.source(18), std::nullopt);
	EXPECT_EQ(m.source((1u << 24) - 2), std::nullopt);
}

TEST(Edges, hazard12_the_ends_of_the_source_space_are_delivered)
{
	Machine m({ 0 });

	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	for (u32 number : { 16u, (1u << 24) - 1 }) {
		ASSERT_EQ(m.set_source(number, kOpen5), VINTC_OK);
		EXPECT_EQ(m.inject(number), VINTC_DELIVERED);
		EXPECT_EQ(m.xirr(0), 0xff000000 | number);
		EXPECT_EQ(m.eoi(0, 0xff000000 | number), VINTC_H_SUCCESS);
		EXPECT_EQ(m.source(number), kOpen5);
	}
}

TEST(Edges, hazard12_injection_and_rtas_know_no_other_source)
{
	Machine m({ 0 });
	auto refuse = [&](u32 source) {
		u32 args[] = { source, 0, 5 }, rets[] = { 7, 8 };

		for (bool level : { true, false })
			EXPECT_EQ(m.inject(source, level), VINTC_UNKNOWN_SOURCE) << source;
		for (auto service : { VINTC_RTAS_SET_XIVE, VINTC_RTAS_GET_XIVE, VINTC_RTAS_INT_OFF,
				      VINTC_RTAS_INT_ON })
			EXPECT_EQ(vintc_xics_rtas(m.xics(), m.icp(0), service, args, rets),
				  VINTC_RTAS_PARAMETER)
				<< source;
		EXPECT_EQ(rets[0], 7u);
		EXPECT_EQ(rets[1], 8u);
	};

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (u32 source : kNoSources)
		refuse(source);
	for (u32 source : kBeyondSources)
		refuse(source);
	refuse(17);		/* beside one that was set */
	refuse(0x100000);	/* in a block that nobody made */
}

TEST(Edges, hazard18_eoi_of_what_is_no_source_only_sets_the_priority)
{
	Machine m({ 0 });

	for (u32 number : { 0u, 1u, 3u, 15u, 17u, 0x100000u, 0xffffffu }) {
		u8 cppr = u8(number);

		EXPECT_EQ(m.eoi(0, u32(cppr) << 24 | number), VINTC_H_PARAMETER) << number;
		EXPECT_EQ(m.reg(0), icp_reg(cppr, 0, 0xff, 0xff)) << number;
	}
	EXPECT_EQ(m.eoi(0, 0x05000002), VINTC_H_SUCCESS);
	EXPECT_EQ(m.reg(0), icp_reg(5, 0, 0xff, 0xff));
}

TEST(Edges, hazard10_servers_that_a_guest_can_name)
{
	Machine m({ 0, 1 });
	u64 before = m.reg(0);

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (u32 server : kAbsentServers) {
		EXPECT_EQ(m.ipi(0, server, 5), VINTC_H_PARAMETER) << server;

		auto polled = m.hcall(0, VINTC_H_IPOLL, server, 77);

		EXPECT_EQ(polled.r3, VINTC_H_PARAMETER) << server;
		EXPECT_EQ(polled.gprs[0], server);
		EXPECT_EQ(polled.gprs[1], 77u);
		EXPECT_EQ(m.set_xive(0, 16, server, 6), VINTC_RTAS_PARAMETER) << server;
		EXPECT_EQ(m.set_xive(0, 16, server, 0xff), VINTC_RTAS_PARAMETER) << server;
	}
	EXPECT_EQ(m.source(16), kOpen5);
	EXPECT_EQ(m.reg(0), before);
}

TEST(Edges, servers_have_32_bits_and_priorities_8)
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

TEST(Edges, results_are_left_alone_where_there_are_none)
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

TEST(Edges, hypercalls_that_are_not_ours_do_nothing)
{
	Machine m({ 0 });
	u64 before = m.reg(0);

	for (unsigned long number : { 0x0ul, 0x60ul, 0x65ul, 0x78ul, 0x2f8ul, 0x300ul, 0xf000ul,
				      0x1'00000074ul, ~0ul }) {
		auto a = m.hcall(0, number, 5, 6);

		EXPECT_EQ(a.r3, VINTC_H_NOT_OURS) << number;
		EXPECT_EQ(a.gprs[0], 5u);
		EXPECT_EQ(a.gprs[1], 6u);
	}
	EXPECT_EQ(m.reg(0), before);
	EXPECT_EQ(m.counts().hypercalls, 0u);
}

TEST(Edges, rtas_services_and_their_sizes)
{
	Machine m({ 0 });
	u32 args[3] = { 16, 0, 6 }, rets[2] = {};

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (int service : { 0, int(VINTC_RTAS_SERVICES), 6, 7 })
		EXPECT_EQ(vintc_xics_rtas(m.xics(), m.icp(0), vintc_rtas_service(service), args, rets),
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

TEST(Edges, refused_attributes_leave_everything_as_it_was)
{
	Machine m({ 0 });

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	for (u64 bad : { attr::source(1, 5), attr::source(~0u, 5), attr::source(1, 5, attr::kMasked),
			 attr::source(0, 5, attr::kQueued), attr::source(0, 5, 1ull << 45),
			 attr::source(0, 5, 1ull << 63),
			 attr::source(0, 5, attr::kLevel | attr::kPresented | attr::kQueued) }) {
		EXPECT_EQ(m.set_source(16, bad), VINTC_INVALID) << std::hex << bad;
		EXPECT_EQ(m.set_source(17, bad), VINTC_INVALID) << std::hex << bad;
		EXPECT_EQ(m.set_source(0x5000, bad), VINTC_INVALID) << std::hex << bad;
	}
	EXPECT_EQ(m.source(16), kOpen5);
	EXPECT_EQ(m.source(17), std::nullopt);
	EXPECT_EQ(m.source(0x5000), std::nullopt);

	/* A server that nobody has, while the source is masked for good. */
	EXPECT_EQ(m.set_source(17, attr::source(9, 0xff)), VINTC_OK);
	EXPECT_EQ(m.inject(17), VINTC_MASKED);
	EXPECT_EQ(m.int_on(0, 17), VINTC_RTAS_PARAMETER);
}

TEST(Edges, refused_registers_leave_everything_as_it_was)
{
	Machine m({ 0 });
	u64 good = icp_reg(9, 16, 6, 5);

	ASSERT_EQ(m.set_source(16, kOpen5), VINTC_OK);
	ASSERT_EQ(m.set_reg(0, good), VINTC_OK);
	for (u64 bad : { icp_reg(9, 0, 6, 5), icp_reg(9, 1, 6, 5), icp_reg(9, 15, 6, 5), icp_reg(9, 17, 6, 5),
			 icp_reg(9, 16, 5, 5), icp_reg(5, 16, 6, 5), icp_reg(9, kIpi, 4, 5),
			 icp_reg(5, kIpi, 5, 5), icp_reg(9, 0xffffff, 6, 5), good | 1, good | 0x8000 }) {
		EXPECT_EQ(m.set_reg(0, bad), VINTC_INVALID) << std::hex << bad;
		EXPECT_EQ(m.reg(0), good) << std::hex << bad;
		EXPECT_TRUE(m.line(0));
	}
}

TEST(Edges, sources_and_icps_are_restored_in_either_order)
{
	for (bool sources_first : { true, false }) {
		Machine m({ 0 });
		u64 held = attr::source(0, 5, attr::kPresented);
		u64 waiting = attr::source(0, 6, attr::kPresented | attr::kPending);
		u64 reg = icp_reg(0xff, 16, 0xff, 5);

		if (sources_first) {
			EXPECT_EQ(m.set_source(16, held), VINTC_OK);
			EXPECT_EQ(m.set_source(17, waiting), VINTC_OK);
			EXPECT_EQ(m.set_reg(0, reg), VINTC_OK);
		} else {
			/* XISR has to name a source that exists. */
			EXPECT_EQ(m.set_reg(0, reg), VINTC_INVALID);
			EXPECT_EQ(m.set_source(16, attr::source(0, 0xff)), VINTC_OK);
			EXPECT_EQ(m.set_reg(0, reg), VINTC_OK);
			EXPECT_EQ(m.set_source(16, held), VINTC_OK);
			EXPECT_EQ(m.set_source(17, waiting), VINTC_OK);
		}
		EXPECT_EQ(m.reg(0), reg);
		EXPECT_EQ(m.source(16), held);
		EXPECT_EQ(m.source(17), waiting);
		EXPECT_TRUE(m.line(0));

		EXPECT_EQ(m.xirr(0), 0xff000010u);
		EXPECT_EQ(m.eoi(0, 0xff000010), VINTC_H_SUCCESS);
		EXPECT_EQ(m.xirr(0), 0xff000011u);
		EXPECT_EQ(m.eoi(0, 0xff000011), VINTC_H_SUCCESS);
		EXPECT_EQ(m.xirr(0), 0xff000000u);
		EXPECT_FALSE(m.line(0));
	}
}

TEST(Edges, hazard21_a_level_that_was_masked_is_sampled_again)
{
	Machine m({ 0 });

	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	ASSERT_EQ(m.set_source(16, attr::source(0, 5, attr::kLevel)), VINTC_OK);
	EXPECT_EQ(m.inject(16, true), VINTC_DELIVERED);

	u32 xirr = m.xirr(0);

	EXPECT_EQ(xirr, 0xff000010u);
	EXPECT_EQ(m.int_off(0, 16), VINTC_RTAS_SUCCESS);
	EXPECT_EQ(m.eoi(0, xirr), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
	EXPECT_EQ(m.int_on(0, 16), VINTC_RTAS_SUCCESS);
	EXPECT_TRUE(m.line(0));
	EXPECT_EQ(m.xirr(0), 0xff000010u);
	EXPECT_EQ(m.inject(16, false), VINTC_COALESCED);
	EXPECT_EQ(m.eoi(0, 0xff000010), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
}

TEST(Edges, a_vcpu_that_raises_its_own_line_is_not_kicked)
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

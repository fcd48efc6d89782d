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

	for (u64 number : { 0ull, 1ull, 2ull, 15ull, 1ull << 24, (1ull << 24) + 16,
			    (1ull << 32) + 16, (1ull << 56) + 16, ~0ull }) {
		EXPECT_FALSE(vintc_xics_is_source(number)) << number;
		EXPECT_EQ(m.set_source(number, kOpen5), VINTC_NOT_FOUND) << number;
		EXPECT_EQ(vintc_xics_get_source(m.xics(), number, &value), VINTC_NOT_FOUND)
			<< number;
	}
	for (u64 number : { 16ull, 17ull, 0xfffull, 0x1000ull, (1ull << 24) - 1 }) {
		EXPECT_TRUE(vintc_xics_is_source(number)) << number;
		EXPECT_EQ(vintc_xics_get_source(m.xics(), number, &value), VINTC_NOT_FOUND)
			<< number;
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

		for (auto input : { VINTC_LOW, VINTC_HIGH, VINTC_PULSE, VINTC_HOLD, VINTC_RELEASE })
			EXPECT_EQ(m.inject(source, input), VINTC_UNKNOWN_SOURCE) << source;
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
	refuse(17);	  /* beside one that was set */
	refuse(0x100000); /* in a block that nobody made */
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

} // namespace

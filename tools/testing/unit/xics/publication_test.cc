// SPDX-License-Identifier: GPL-2.0-only
/* Hazard 27: sources and servers come into being while others look them up. */
#include <random>
#include <thread>
#include <vector>

#include "support/machine.h"

using namespace vintc::test;

namespace {

TEST(Publication, hazard27_a_source_that_is_found_is_complete)
{
	Machine machine({ 0 });
	std::atomic<u32> made = 16;
	constexpr u32 kStep = 97, kEnd = 16 + kStep * 20000;
	std::jthread vmm([&] {
		for (u32 number = 16; number < kEnd; number += kStep) {
			EXPECT_EQ(machine.set_source(number, attr::source(0, 5)), VINTC_OK);
			made = number + kStep;
		}
	});
	std::jthread device([&] {
		std::mt19937 random(7);

		while (made < kEnd) {
			u32 end = made;
			u32 number = 16 + kStep * u32(random() % ((kEnd - 16) / kStep));
			vintc_injected what = machine.inject(number);

			if (number < end)
				EXPECT_NE(what, VINTC_UNKNOWN_SOURCE) << number;
			if (what != VINTC_UNKNOWN_SOURCE)
				EXPECT_TRUE(machine.source(number).has_value()) << number;
		}
	});
}

TEST(Publication, hazard27_a_server_that_is_found_is_complete)
{
	constexpr u32 kConnects = 4096;
	Machine machine({});
	std::vector<Cpu> cpus(kConnects);
	std::atomic<bool> done = false;
	std::jthread vmm([&] {
		vintc_icp *icp;

		for (u32 server = 0; server < kConnects; server++)
			EXPECT_EQ(vintc_xics_connect(machine.xics(), server, &cpus[server], &icp),
				  VINTC_OK);
		done = true;
	});
	std::jthread other([&] {
		std::mt19937 random(7);

		while (!done) {
			u32 server = u32(random() % kConnects);

			if (vintc_icp *icp = machine.icp(server)) {
				EXPECT_EQ(vintc_icp_server(icp), server);
				EXPECT_EQ(vintc_icp_cpu(icp), &cpus[server]);
				EXPECT_EQ(vintc_icp_get(icp), icp_reg(0, 0, 0xff, 0xff));
			}
		}
	});
}

} // namespace

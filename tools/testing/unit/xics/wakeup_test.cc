// SPDX-License-Identifier: GPL-2.0-only
/* Hazard 17: a vCPU that goes to sleep while it is sent something wakes up. */
#include <chrono>
#include <thread>

#include "support/machine.h"

using namespace vintc::test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto kGame = 2s;
constexpr auto kPatience = 30s;
constexpr u8 kOpen = 0xff;

/* Two vCPUs that sleep until the other one sends an IPI. */
TEST(Wakeup, hazard17_no_wakeup_is_lost_in_a_ping_pong)
{
	Machine machine({ 0, 1 });
	std::atomic<u64> rounds = 0;
	std::atomic<bool> power_off = false;
	auto vcpu = [&](u32 self) {
		Cpu &cpu = machine.cpu(self);

		cpu.start();
		EXPECT_EQ(machine.cppr(self, kOpen), VINTC_H_SUCCESS);
		while (!power_off) {
			cpu.wait_for_line();

			u32 xirr = machine.xirr(self);

			if ((xirr & 0xffffff) != kIpi)
				continue;
			EXPECT_EQ(machine.ipi(self, self, 0xff), VINTC_H_SUCCESS);
			EXPECT_EQ(machine.eoi(self, xirr), VINTC_H_SUCCESS);
			rounds++;
			EXPECT_EQ(machine.ipi(self, 1 - self, 4), VINTC_H_SUCCESS);
		}
		cpu.stop();
	};
	std::jthread ping(vcpu, 0), pong(vcpu, 1);

	/* The first ball: a VMM cannot send an IPI, so a vCPU of its own does. */
	ASSERT_EQ(machine.connect(2), VINTC_OK);
	ASSERT_EQ(machine.ipi(2, 0, 4), VINTC_H_SUCCESS);

	auto end = steady_clock::now() + kGame;

	for (u64 before = 0; steady_clock::now() < end; before = rounds) {
		auto patience = steady_clock::now() + kPatience;

		while (rounds == before && steady_clock::now() < patience)
			std::this_thread::yield();
		if (rounds == before) {
			ADD_FAILURE() << "a wakeup is lost after " << before << " rounds";
			break;
		}
	}
	power_off = true;
	for (u32 self : { 0u, 1u }) {
		machine.cpu(self).line = true;
		machine.cpu(self).line.notify_all();
	}
	ping.join();
	pong.join();
	EXPECT_GT(rounds, 100u);
	testing::Test::RecordProperty("rounds", int(rounds));
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazards 3, 16, 17 and 20 with real threads: 8 vCPUs that play a well-behaved
 * guest, devices that inject, and the guest configures the distributor meanwhile.
 * At the end every interrupt that came was handled, and nobody sleeps on one.
 */
#include <chrono>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "gicv2/storm_device.h"
#include "support/gicv2_machine.h"

using namespace vintc::test::gicv2;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto kStorm = 2s, kPatience = 30s;
constexpr u32 kCpus = 8, kDevices = 24, kFirst = 40, kTimer = 27, kTimerBit = 1u << kTimer;
constexpr u8 kOpen = 0xff;

class GicStorm : public testing::Test {
protected:
	GicStorm()
	{
		g.open();
		for (u32 i = 0; i < kDevices; i++) {
			auto kind = Device::Kind(i % 3);

			/* Every other one that is held is edge-triggered. */
			devices.push_back(std::make_unique<Device>(kFirst + i * 3, kind));
			g.set_spi(kFirst + i * 3, u8(1 << i % kCpus), u8(0x40 + i % 4 * 0x10),
				  kind == Device::kEdge || (kind == Device::kHeld && i % 2));
		}
		g.owner.ended = [this](u32 intid) {
			ended++;
			device(intid).resample(g);
		};
		for (u32 cpu = 0; cpu < kCpus; cpu++)
			g.set_bit(cpu, gicd::kIsenabler, kTimer);
	}

	Device &device(u32 intid) { return *devices.at((intid - kFirst) / 3); }

	/* Every other CPU splits priority drop and deactivation. */
	static bool splits(u32 self) { return self % 2; }

	/* Acknowledges, maybe lets another preempt, handles and ends. */
	void take(u32 self, std::mt19937 &random)
	{
		u32 iar = g.iar(self), intid = iar & 1023;

		if (intid >= kOtherGroup)
			return;
		if (intid < 16) {
			mail_seen[self] = mail[self].load();
		} else if (intid == kTimer) {
			g.vcpu(self).levels = 0;
			timer_seen[self] = timer[self].load();
		} else {
			Device &d = device(intid);

			EXPECT_EQ(d.active++, 0) << intid << " is active twice";
			if (random() % 4 == 0 && g.enter(self))
				take(self, random);
			d.handle(g);
			d.active--;
		}
		g.eoir(self, iar);
		if (splits(self))
			g.gicc(self, gicc::kDir, iar);
		handled++;
	}

	/* What a guest does besides handling interrupts. Its drivers hold a lock as they configure. */
	void meddle(u32 self, std::mt19937 &random)
	{
		u32 intid = devices[random() % kDevices]->intid, word = intid / 32 * 4;

		switch (random() % 10) {
		case 0 ... 2: {
			u8 to = u8(random());

			for (u32 cpu = 0; cpu < kCpus; cpu++)
				mail[cpu] += to >> cpu & 1;
			return g.sgi(self, to, 5);
		}
		case 3:
			return g.set_byte(self, gicd::kItargetsr, intid, u8(random() | 1 << self));
		case 4:
			return g.set_byte(self, gicd::kIpriorityr, intid,
					  u8(0x40 + random() % 0x60));
		case 5:
			g.gicc(self, gicc::kPmr, u8(random()));
			g.enter(self);
			return g.gicc(self, gicc::kPmr, kOpen);
		case 6:
			timer[self]++;
			g.vcpu(self).levels = kTimerBit;
			return;
		case 7:
			if (std::unique_lock driver{ lock, std::try_to_lock }) {
				g.set_bit(self, gicd::kIcenabler, intid);
				g.set_bit(self, gicd::kIsenabler, intid);
			}
			return;
		case 8:
			if (std::unique_lock driver{ lock, std::try_to_lock })
				g.gicd(self, gicd::kIgroupr + word, u32(random()));
			return;
		default:
			if (std::unique_lock driver{ lock, std::try_to_lock }) {
				g.gicd(self, gicd::kCtlr, random() % 4);
				g.gicd(self, gicd::kCtlr, 3);
			}
		}
	}

	/* WFI. */
	void sleep(const Vcpu &cpu)
	{
		asleep++;
		cpu.wait_for_line();
		asleep--;
	}

	void vcpu(u32 self)
	{
		std::mt19937 random(self);
		Vcpu &cpu = g.vcpu(self);

		cpu.start();
		if (splits(self))
			g.gicc(self, gicc::kCtlr, g.gicc(self, gicc::kCtlr) | gicc::kEoiMode);
		while (!power_off) {
			if (!calm)
				meddle(self, random);
			if (g.enter(self))
				take(self, random);
			else if (calm && !g.wakes(self))
				sleep(cpu);
		}
		cpu.stop();
	}

	void bus(u32 seed)
	{
		std::mt19937 random(seed);

		for (auto end = steady_clock::now() + kStorm; steady_clock::now() < end;)
			devices[random() % kDevices]->act(g);
	}

	/* Nothing is left to do, and the vCPUs know it. */
	bool at_rest() const { return all_seen() && asleep == kCpus; }

	bool all_seen() const
	{
		for (auto &d : devices)
			if (d->seen != d->done)
				return false;
		for (u32 cpu = 0; cpu < kCpus; cpu++)
			if (mail_seen[cpu] != mail[cpu] || timer_seen[cpu] != timer[cpu])
				return false;
		return true;
	}

	/* What is still open, for the one who has to find out why. */
	void report()
	{
		for (auto &d : devices)
			EXPECT_EQ(d->seen, d->done) << "INTID " << d->intid;
		for (u32 cpu = 0; cpu < kCpus; cpu++) {
			EXPECT_EQ(mail_seen[cpu], mail[cpu]) << "an SGI for CPU " << cpu;
			EXPECT_EQ(timer_seen[cpu], timer[cpu]) << "the timer of CPU " << cpu;
		}
	}

	Gic g{ { 0, 1, 2, 3, 4, 5, 6, 7 }, 128, kTimerBit };
	std::vector<std::unique_ptr<Device>> devices;
	std::atomic<u64> mail[kCpus] = {}, mail_seen[kCpus] = {};
	std::atomic<u64> timer[kCpus] = {}, timer_seen[kCpus] = {};
	std::atomic<u64> handled = 0, ended = 0;
	std::atomic<u32> asleep = 0;
	std::mutex lock;
	std::atomic<bool> calm = false, power_off = false;
};

TEST_F(GicStorm, hazard16_hazard17_hazard20_every_interrupt_is_handled_once)
{
	std::vector<std::jthread> vcpus;

	for (u32 self = 0; self < kCpus; self++)
		vcpus.emplace_back([this, self] { vcpu(self); });
	{
		std::jthread one([this] { bus(100); }), other([this] { bus(101); });
	}
	calm = true;
	for (auto end = steady_clock::now() + kPatience; !at_rest() && steady_clock::now() < end;)
		std::this_thread::sleep_for(1ms);

	bool seen = all_seen();

	EXPECT_EQ(asleep, kCpus) << "some have no rest";

	power_off = true;
	for (u32 self = 0; self < kCpus; self++)
		vintc_line_raise(static_cast<vintc::test::Cpu *>(&g.vcpu(self)), false);
	vcpus.clear();
	if (!seen)
		report();
	for (u32 cpu = 0; cpu < kCpus; cpu++) {
		EXPECT_EQ(g.gicc(cpu, gicc::kRpr), 0xffu) << "CPU " << cpu;
		for (u32 word = 0; word < 4; word++)
			EXPECT_EQ(g.gicd(cpu, gicd::kIsactiver + word * 4), 0u) << "CPU " << cpu;
	}
	EXPECT_GT(handled, 1000u);
	EXPECT_GT(ended, 10u);
	RecordProperty("handled", int(handled));
	RecordProperty("ended", int(ended));
}

} // namespace

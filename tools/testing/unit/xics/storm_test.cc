// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazards 3, 16, 17 and 20 with real threads: vCPUs that play a well-behaved guest,
 * devices that inject, and vCPUs that move, mask and unmask sources, all at once.
 * At the end every interrupt that came was handled, and nobody sleeps on one.
 */
#include <chrono>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "support/machine.h"
#include "xics/storm_device.h"

using namespace vintc::test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

#ifdef __SANITIZE_THREAD__
constexpr auto kStorm = 3s;
#else
constexpr auto kStorm = 2s;
#endif
constexpr auto kPatience = 30s;

constexpr u32 kServers = 4;
constexpr u32 kOpen = 0xff;

/*
 * The VM, its guest's data and its devices. Those that are level-sensitive hold
 * their line until a handler has looked.
 */
class Storm : public testing::Test {
protected:
	static constexpr u32 kDevices = 24;

	Storm()
	{
		for (u32 i = 0; i < kDevices; i++) {
			/* Two blocks of one bucket, and one elsewhere. */
			u32 number = 16 + i + (i % 3 == 1 ? 64 * 512 : i % 3 == 2 ? 1000 : 0);
			bool level = i % 4 >= 2, resampled = i % 2 == 0 && i % 8;

			devices.push_back(std::make_unique<Device>(number, level, resampled));
			by_source[number] = devices.back().get();

			u64 attribute =
				attr::source(i % kServers, u8(4 + i % 3), level ? attr::kLevel : 0);

			EXPECT_EQ(machine.set_source(number, attribute), VINTC_OK);
		}
		machine.on_input_ended([this](u32 source) { ended(*by_source.at(source)); });
	}

	/* The guest has ended its interrupt; it may have more to say. */
	void ended(Device &d)
	{
		let_go++;
		d.asserted = false;
		if (d.done != d.seen && !d.asserted.exchange(true))
			machine.inject(d.source, VINTC_HOLD);
	}

	/* A device does something and says so. */
	void act(Device &d)
	{
		d.done++;
		if ((d.level || d.resampled) && d.asserted.exchange(true))
			return;

		vintc_injected what = machine.inject(d.source, d.resampled ? VINTC_HOLD
							       : d.level   ? VINTC_HIGH
									   : VINTC_PULSE);

		ASSERT_TRUE(what == VINTC_DELIVERED || what == VINTC_COALESCED ||
			    what == VINTC_MASKED);
	}

	/* The handler of the driver. */
	void handle(Device &d)
	{
		if (d.level && !d.resampled) {
			/* The device takes its line back, and asserts it anew if it has done more. */
			machine.inject(d.source, VINTC_LOW);
			d.asserted = false;
			d.look();
			if (d.done != d.seen && !d.asserted.exchange(true))
				machine.inject(d.source);
			return;
		}
		d.look();
	}

	/* Accepts what is presented; may take a more favoured one in between, as a guest does. */
	bool take(u32 self, std::mt19937 &random)
	{
		u32 xirr = machine.xirr(self);
		u32 number = xirr & 0xffffff;

		if (number == 0)
			return false;
		if (number == kIpi) {
			EXPECT_EQ(machine.ipi(self, self, 0xff), VINTC_H_SUCCESS);
			mail_seen[self] = mail[self].load();
		} else {
			Device &d = *by_source.at(number);
			int others = d.accepted++;

			EXPECT_TRUE(d.level || others == 0) << number << " is presented twice";
			if (random() % 4 == 0 && machine.line(self))
				take(self, random);
			handle(d);
			d.accepted--;
		}
		EXPECT_EQ(machine.eoi(self, xirr), VINTC_H_SUCCESS);
		handled++;
		return true;
	}

	void post(u32 self, u32 to)
	{
		mail[to]++;
		EXPECT_EQ(machine.ipi(self, to, 4), VINTC_H_SUCCESS);
	}

	/* What a guest does besides handling interrupts. */
	void meddle(u32 self, std::mt19937 &random)
	{
		Device &d = *devices[random() % kDevices];

		switch (random() % 8) {
		case 0 ... 1:
			return post(self, u32(random() % kServers));
		case 2 ... 3:
			EXPECT_EQ(machine.set_xive(self, d.source, u32(random() % kServers),
						   u8(3 + random() % 4)),
				  VINTC_RTAS_SUCCESS);
			return;
		case 4:
			/* A saved priority is one word for all: a driver masks under its lock. */
			if (std::unique_lock driver{ driver_lock, std::try_to_lock }) {
				EXPECT_EQ(machine.int_off(self, d.source), VINTC_RTAS_SUCCESS);
				EXPECT_EQ(machine.int_on(self, d.source), VINTC_RTAS_SUCCESS);
			}
			return;
		case 5 ... 6:
			EXPECT_EQ(machine.cppr(self, u8(random() % 8)), VINTC_H_SUCCESS);
			EXPECT_EQ(machine.cppr(self, kOpen), VINTC_H_SUCCESS);
			return;
		case 7:
			EXPECT_EQ(machine.hcall(self, VINTC_H_IPOLL, random() % kServers).r3,
				  VINTC_H_SUCCESS);
			return;
		}
	}

	void vcpu(u32 self)
	{
		std::mt19937 random(self);
		Cpu &cpu = machine.cpu(self);

		cpu.start();
		EXPECT_EQ(machine.cppr(self, kOpen), VINTC_H_SUCCESS);
		while (!power_off) {
			/* H_CEDE: sleeps until the line is up. While it storms, it has other things to do too. */
			if (calm)
				cpu.wait_for_line();
			else
				meddle(self, random);
			while (machine.line(self) && !power_off)
				take(self, random);
		}
		cpu.stop();
	}

	bool all_seen() const
	{
		for (auto &d : devices)
			if (d->seen != d->done)
				return false;
		for (u32 server = 0; server < kServers; server++)
			if (mail_seen[server] != mail[server])
				return false;
		return true;
	}

	/* What is still open, for the one who has to find out why. */
	void report()
	{
		for (auto &d : devices)
			if (d->seen != d->done)
				ADD_FAILURE() << std::hex << "source " << d->source << ": "
					      << d->done - d->seen << " not seen, attribute "
					      << *machine.source(d->source);
		for (u32 server = 0; server < kServers; server++)
			if (mail_seen[server] != mail[server])
				ADD_FAILURE() << "server " << server << ": an IPI is lost";
		for (u32 server = 0; server < kServers; server++)
			std::cerr << std::hex << "ICP " << server << ": " << machine.reg(server)
				  << " line " << machine.line(server) << "\n";
	}

	Machine machine{ { 0, 1, 2, 3 } };
	std::vector<std::unique_ptr<Device>> devices;
	std::map<u32, Device *> by_source;
	std::atomic<u64> mail[kServers] = {}, mail_seen[kServers] = {};
	std::atomic<u64> handled = 0, let_go = 0;
	std::mutex driver_lock;
	std::atomic<bool> calm = false, power_off = false;
};

TEST_F(Storm, hazard16_hazard20_every_interrupt_is_handled_once)
{
	std::vector<std::jthread> vcpus;

	for (u32 self = 0; self < kServers; self++)
		vcpus.emplace_back([this, self] { vcpu(self); });
	{
		std::vector<std::jthread> buses;

		for (u32 bus = 0; bus < 2; bus++)
			buses.emplace_back([this, bus] {
				std::mt19937 random(100 + bus);

				for (auto end = steady_clock::now() + kStorm;
				     steady_clock::now() < end;)
					act(*devices[random() % kDevices]);
			});
	}
	calm = true;
	/* A vCPU may sit in its last wait_for_line() only when nothing is left for it. */
	for (auto end = steady_clock::now() + kPatience; !all_seen() && steady_clock::now() < end;)
		std::this_thread::sleep_for(1ms);
	if (!all_seen())
		report();
	power_off = true;
	for (u32 self = 0; self < kServers; self++) {
		machine.cpu(self).line = true;
		machine.cpu(self).line.notify_all();
	}
	vcpus.clear();

	for (u32 server = 0; server < kServers; server++)
		EXPECT_TRUE(machine.line(server) || xisr_of(machine.reg(server)) == 0) << server;
	EXPECT_GT(handled, 1000u);
	EXPECT_GT(let_go, 100u);
	RecordProperty("handled", int(handled));
}

} // namespace

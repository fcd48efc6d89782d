// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 19: every state that a small VM can come into, by any sequence of events.
 * In each of them its registers are read and set on another VM: that is the same
 * then, and remains so whatever comes next. And from each of them it is reset.
 *
 * A state is what the registers say. The VM that came there by itself also has
 * notes and hints of its past; that they make no difference is what is shown here.
 */
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/machine.h"
#include "support/xics_registers.h"

using namespace vintc::test;

namespace {

constexpr u32 S = 16;	   /* the source that everything happens to */
constexpr u32 kRival = 17; /* an MSI, more favoured, which comes and goes */
constexpr u8 kMild = 5, kKeen = 4;

/* Those that are reached first, where each takes longer. */
#ifdef __SANITIZE_ADDRESS__
constexpr size_t kMostStates = 500;
#else
constexpr size_t kMostStates = ~0ul;
#endif

struct Event {
	std::string name;
	std::function<long(Machine &)> act;
};

std::vector<Event> all_events()
{
	std::vector<Event> all;
	auto event = [&](std::string name, std::function<long(Machine &)> act) {
		all.push_back({ name, act });
	};

	for (auto input : { VINTC_LOW, VINTC_HIGH, VINTC_PULSE, VINTC_HOLD, VINTC_RELEASE })
		event("input " + std::to_string(input),
		      [=](Machine &m) { return m.inject(S, input); });
	event("rival", [](Machine &m) { return m.inject(kRival); });
	event("H_XIRR", [](Machine &m) { return long(m.xirr(0)); });
	for (u8 cppr : { u8(0), kMild, u8(0xff) }) {
		event("H_CPPR " + std::to_string(cppr),
		      [=](Machine &m) { return m.cppr(0, cppr); });
		for (u32 number : { kIpi, S, kRival })
			event("H_EOI " + std::to_string(cppr) + " " + std::to_string(number),
			      [=](Machine &m) { return m.eoi(0, u32(cppr) << 24 | number); });
	}
	for (u8 mfrr : { kKeen, u8(0xff) })
		event("H_IPI " + std::to_string(mfrr),
		      [=](Machine &m) { return m.ipi(1, 0, mfrr); });
	event("int-off", [](Machine &m) { return m.int_off(1, S); });
	event("int-on", [](Machine &m) { return m.int_on(1, S); });
	for (u32 server : { 0u, 1u })
		event("set-xive " + std::to_string(server),
		      [=](Machine &m) { return m.set_xive(1, S, server, kMild); });
	event("set-xive masked", [](Machine &m) { return m.set_xive(1, S, 1, kMasked); });
	return all;
}

/* A VM, and the inputs of it that were let go since somebody looked. */
struct Vm {
	Machine m{ { 0, 1 } };
	std::vector<u32> ended;

	Vm()
	{
		m.on_input_ended([this](u32 source) { ended.push_back(source); });
	}

	Registers registers() { return registers_of(m.xics()); }
	std::pair<bool, bool> lines() { return { m.line(0), m.line(1) }; }
};

class MachineWalk : public testing::TestWithParam<bool> {
protected:
	using Path = std::vector<u8>; /* of indices of events */
	using Key = std::vector<u64>;

	static Key key(const Registers &registers)
	{
		Key key;

		for (const vintc_reg &reg : registers)
			key.push_back(reg.value);
		return key;
	}

	/* The VM that comes to a state by itself. */
	std::unique_ptr<Vm> born(const Path &path)
	{
		auto vm = std::make_unique<Vm>();

		EXPECT_EQ(
			vm->m.set_source(S, attr::source(0, kMild, GetParam() ? attr::kLevel : 0)),
			VINTC_OK);
		EXPECT_EQ(vm->m.set_source(kRival, attr::source(0, kKeen)), VINTC_OK);
		for (u8 event : path)
			events[event].act(vm->m);
		vm->ended.clear();
		return vm;
	}

	/* Gives it to another, which was in some other state before. */
	static void give(Vm &vm, const Registers &registers)
	{
		restore(vm.m.xics(), registers);
		vm.ended.clear();
	}

	static void same(Vm &a, Vm &b)
	{
		EXPECT_EQ(a.registers(), b.registers());
		EXPECT_EQ(a.lines(), b.lines());
		EXPECT_EQ(a.ended, b.ended);
	}

	std::string told(const Path &path) const
	{
		std::string all;

		for (u8 event : path)
			all += events[event].name + "; ";
		return all;
	}

	void reach(const Registers &registers, const Path &path)
	{
		if (seen.insert(key(registers)).second)
			states.push_back(path);
	}

	void step(const Path &path)
	{
		SCOPED_TRACE(told(path));

		Registers here = born(path)->registers();

		for (u8 event = 0; event < events.size(); event++) {
			auto a = born(path);
			Path further = path;

			SCOPED_TRACE(events[event].name);
			give(copy, here);
			same(*a, copy);
			EXPECT_EQ(events[event].act(a->m), events[event].act(copy.m));
			same(*a, copy);
			further.push_back(event);
			reach(a->registers(), further);
		}
		resets(path, here);
	}

	/* Power-on takes both to one state, which knows of the past only the inputs. */
	void resets(const Path &path, const Registers &before)
	{
		SCOPED_TRACE("reset");
		auto a = born(path);
		Vm b;

		give(b, before);
		same(*a, b);
		for (Vm *vm : { a.get(), &b }) {
			vintc_xics_reset(vm->m.xics());
			vintc_xics_settle(vm->m.xics());
			EXPECT_EQ(vm->lines(), std::pair(false, false));
			EXPECT_TRUE(vm->ended.empty());
		}
		same(*a, b);

		Registers after = a->registers();

		for (u32 server : { 0u, 1u })
			EXPECT_EQ(after[server].value, icp_reg(0, 0, 0xff, 0xff));
		for (size_t i = 2; i < after.size(); i++) {
			constexpr u64 kLevel = 1ull << 49, kP = 1ull << 50, kKept = 1ull << 53,
				      kInputs = 3ull << 54;
			u64 stays = before[i].value & (kInputs | kLevel);
			bool up = (stays & kLevel) && (stays & kInputs);

			EXPECT_EQ(after[i].value, stays | 0x1ffffull << 32 | (up ? kP | kKept : 0));
		}
		resets_to.insert(key(after));
	}

	const std::vector<Event> events = all_events();
	Vm copy;
	std::deque<Path> states;
	std::set<Key> seen, resets_to;
};

TEST_P(MachineWalk, hazard19_a_copy_goes_on_like_the_original_from_every_state)
{
	reach(born({})->registers(), {});
	for (size_t i = 0; i < std::min(states.size(), kMostStates) && !HasFailure(); i++)
		step(states[i]);
	EXPECT_GT(states.size(), 500u);
	EXPECT_EQ(resets_to.size(), GetParam() ? 4u : 2u);
	RecordProperty("states", int(states.size()));
}

INSTANTIATE_TEST_SUITE_P(, MachineWalk, testing::Bool(),
			 [](const auto &which) { return which.param ? "level" : "msi"; });

} // namespace

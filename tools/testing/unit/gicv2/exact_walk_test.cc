// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 19: every state that an interrupt gets into by what two CPUs, a device and a VMM
 * do to it. Each is valid, is set into a new GIC as it is, and goes on there as the
 * reference does; and a reset of each leaves the inputs alone.
 */
#include <deque>
#include <memory>
#include <set>

#include "gicv2/exact_state.h"
#include "support/gicv2_pair.h"

using namespace vintc::test::gicv2;

namespace {

const Configuration kMachine = { { 0, 1 }, 64 };
constexpr u32 kSgi = 3, kPpi = 20, kSpi = 40;

Op gicd(u32 cpu, u32 offset, u32 value, u32 width = 4)
{
	return { .kind = Op::kWrite, .cpu = cpu, .offset = offset, .width = width, .value = value };
}

Op gicc(u32 cpu, u32 offset, u32 value)
{
	return { .kind = Op::kWrite,
		 .cpu = cpu,
		 .frame = VINTC_GICC,
		 .offset = offset,
		 .value = value };
}

Op bit(u32 cpu, u32 base, u32 intid)
{
	return gicd(cpu, base + intid / 32 * 4, 1u << intid % 32);
}

Op input(u32 intid, vintc_input what)
{
	return { .kind = Op::kInject, .value = u64(what), .intid = intid };
}

/* Both CPUs admit everything; CPU 0 splits priority drop and deactivation. */
std::vector<Op> opened(u32 intid)
{
	constexpr u32 kOn = gicc::kEnableGrp0 | gicc::kEnableGrp1 | gicc::kAckCtl;
	std::vector<Op> ops = { gicd(0, gicd::kCtlr, 3), gicc(0, gicc::kCtlr, kOn | gicc::kEoiMode),
				gicc(1, gicc::kCtlr, kOn) };

	for (u32 cpu : kMachine.cpus) {
		ops.push_back(gicc(cpu, gicc::kPmr, 0xff));
		ops.push_back(gicd(cpu, gicd::kIpriorityr + intid, 0x40, 1));
		ops.push_back(gicd(cpu, gicd::kItargetsr + intid, 3, 1));
		ops.push_back(bit(cpu, gicd::kIsenabler, intid));
	}
	return ops;
}

/* What the CPUs do about an interrupt, and to it. */
std::vector<Op> guests(u32 intid)
{
	std::vector<Op> ops = { gicc(0, gicc::kDir, intid), bit(1, gicd::kIspendr, intid),
				bit(1, gicd::kIcpendr, intid), bit(0, gicd::kIsactiver, intid),
				bit(0, gicd::kIcactiver, intid) };

	for (u32 cpu : kMachine.cpus) {
		ops.push_back({ .kind = Op::kTake, .cpu = cpu });
		ops.push_back(gicc(cpu, gicc::kEoir, intid));
	}
	return ops;
}

std::vector<Op> devices(u32 intid)
{
	return { input(intid, VINTC_LOW), input(intid, VINTC_HIGH), input(intid, VINTC_PULSE),
		 input(intid, VINTC_HOLD), input(intid, VINTC_RELEASE) };
}

class GicExactWalk : public testing::Test {
protected:
	/* A state, and a machine that is in it. */
	struct Node {
		std::unique_ptr<Pair> pair;
		std::vector<Exact> state;
	};

	/* A new machine, in the state of @other's. */
	static Node restored(const Node &other)
	{
		Node node{ std::make_unique<Pair>(kMachine), {} };

		restore_exactly(node.pair->core, other.state);
		node.state = exact_state(node.pair->core);
		EXPECT_EQ(node.state, other.state);
		EXPECT_EQ(node.pair->continue_as(*other.pair, true), "");
		EXPECT_EQ(node.pair->compare_state(), "");
		return node;
	}

	/* On a machine that is not used any more. */
	void resets(Node node)
	{
		node.pair->core.reset();
		EXPECT_EQ(exact_state(node.pair->core), at_power_on(node.state, fresh));
	}

	/* Walks from where @prepare leads, by @ops. Returns how many states there are. */
	size_t walk(const std::vector<Op> &prepare, const std::vector<Op> &ops)
	{
		Node first{ std::make_unique<Pair>(kMachine), {} };
		std::deque<Node> open;
		std::set<std::vector<u64>> known;
		auto arrive = [&](Node node) {
			std::vector<u64> values;

			node.state = exact_state(node.pair->core);
			for (const Exact &e : node.state)
				values.push_back(e.value);
			if (known.insert(values).second)
				open.push_back(std::move(node));
		};

		for (const Op &op : prepare)
			EXPECT_EQ(first.pair->apply(op), "");
		arrive(std::move(first));
		for (; !open.empty() && !HasFailure(); open.pop_front()) {
			for (const Op &op : ops) {
				Node next = restored(open.front());

				EXPECT_EQ(next.pair->apply(op), "") << op;
				arrive(std::move(next));
			}
			resets(std::move(open.front()));
		}
		RecordProperty("states", int(known.size()));
		return known.size();
	}

	static std::vector<Op> both(std::vector<Op> some, const std::vector<Op> &more)
	{
		some.insert(some.end(), more.begin(), more.end());
		return some;
	}

	const std::vector<Exact> fresh = [] {
		Gic g(kMachine.cpus, kMachine.irqs);

		return exact_state(g);
	}();
};

TEST_F(GicExactWalk, hazard19_a_level_sensitive_spi)
{
	EXPECT_GT(walk(opened(kSpi), both(guests(kSpi), devices(kSpi))), 100u);
}

TEST_F(GicExactWalk, hazard19_an_edge_triggered_spi)
{
	u32 icfgr = gicd::kIcfgr + kSpi / 16 * 4;

	EXPECT_GT(walk(both(opened(kSpi), { gicd(0, icfgr, ~0u) }),
		       both(guests(kSpi), devices(kSpi))),
		  100u);
}

TEST_F(GicExactWalk, hazard19_a_ppi)
{
	EXPECT_GT(walk(opened(kPpi), both(guests(kPpi), devices(kPpi))), 100u);
}

TEST_F(GicExactWalk, hazard19_an_sgi)
{
	std::vector<Op> sent = { gicd(0, gicd::kSgir, 1 << 16 | kSgi),
				 gicd(1, gicd::kSgir, 1 << 16 | kSgi),
				 gicd(0, gicd::kCpendsgir + kSgi, 1, 1),
				 gicd(0, gicd::kSpendsgir + kSgi, 2, 1) };

	EXPECT_GT(walk(opened(kSgi), both(guests(kSgi), sent)), 30u);
}

} // namespace

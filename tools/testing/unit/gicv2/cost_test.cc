// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the hot paths cost, in atomic operations on words of state: the same with
 * few and many interrupts and CPUs, however many pend behind the one that is
 * presented.
 */
#include "support/gicv2_machine.h"
#include "support/interleavings.h"

using namespace vintc::test::gicv2;
using vintc::test::steps_done;

namespace {

constexpr u32 kIrq = 100;

/* Steps of an interrupt's way: it comes, is taken by CPU 0 and ended. */
struct Cost {
	std::initializer_list<u32> cpus = { 0 };
	u32 irqs = 128;
	u32 pending = 0; /* others, less favoured, from INTID 200 on */
	u32 elsewhere = 0;
	u32 handled = 0; /* others, before */

	struct Steps {
		size_t inject, enter, acknowledge, end, enter_again;

		bool operator==(const Steps &) const = default;
		friend std::ostream &operator<<(std::ostream &os, const Steps &s)
		{
			return os << "inject " << s.inject << ", enter " << s.enter
				  << ", acknowledge " << s.acknowledge << ", end " << s.end
				  << ", enter again " << s.enter_again;
		}
	};

	template <class Act> static size_t steps(Act act)
	{
		size_t before = steps_done();

		act();
		return steps_done() - before;
	}

	Steps measure() const
	{
		Gic g(cpus, irqs);
		u32 intid = 200;
		auto once = [&](u32 irq) {
			Steps s;

			s.inject = steps([&] { g.inject(irq, VINTC_PULSE); });
			s.enter = steps([&] { EXPECT_NE(g.enter(0), 0u); });
			s.acknowledge = steps([&] { EXPECT_EQ(g.iar(0), irq); });
			s.end = steps([&] { g.eoir(0, irq); });
			s.enter_again = steps([&] { g.enter(0); });
			return s;
		};

		g.open();
		g.set_spi(kIrq, 1, 0x40, true);
		for (u32 i = 0; i < handled; i++, intid++) {
			g.set_spi(intid, 1, 0x40, true);
			once(intid);
		}
		for (u32 i = 0; i < elsewhere; i++, intid++) {
			g.set_spi(intid, 2, 0x40);
			g.inject(intid, VINTC_HIGH);
		}
		for (u32 i = 0; i < pending; i++, intid++) {
			g.set_spi(intid, 1, u8(0x50 + i % 8 * 16));
			g.inject(intid, VINTC_HIGH);
		}
		once(kIrq); /* what was left of the preparations is cleared away */
		return once(kIrq);
	}
};

TEST(GicCost, an_interrupt_alone)
{
	Cost::Steps s = Cost{}.measure();

	EXPECT_LE(s.inject, 10u) << s;
	EXPECT_LE(s.enter, 5u) << s;
	EXPECT_LE(s.acknowledge, 20u) << s;
	EXPECT_LE(s.end, 10u) << s;
	EXPECT_LE(s.enter_again, 10u) << s;
	RecordProperty("steps", int(s.inject + s.enter + s.acknowledge + s.end + s.enter_again));
}

TEST(GicCost, it_does_not_grow_with_interrupts_and_cpus)
{
	Cost::Steps alone = Cost{}.measure();

	EXPECT_EQ(Cost{ .irqs = 1024 }.measure(), alone);
	EXPECT_EQ((Cost{ .cpus = { 0, 1, 2, 3, 4, 5, 6, 7 }, .irqs = 1024 }.measure()), alone);
}

TEST(GicCost, it_does_not_grow_with_what_pends_for_others)
{
	Cost::Steps alone = Cost{}.measure();

	EXPECT_EQ((Cost{ .cpus = { 0, 1 }, .irqs = 1024, .elsewhere = 800 }.measure()), alone);
}

TEST(GicCost, it_does_not_grow_with_what_pends_behind)
{
	Cost::Steps one = Cost{ .irqs = 1024, .pending = 1 }.measure();
	Cost::Steps many = Cost{ .irqs = 1024, .pending = 800 }.measure();

	EXPECT_EQ(many, one);
}

TEST(GicCost, it_does_not_grow_with_what_was_handled)
{
	EXPECT_EQ((Cost{ .irqs = 1024, .handled = 800 }.measure()), Cost{}.measure());
}

/* All that pend are taken: a fixed cost of each. */
TEST(GicCost, a_full_house_is_linear)
{
	auto drain = [](u32 count) {
		Gic g({ 0 }, 1024);

		g.open();
		for (u32 i = 0; i < count; i++) {
			g.set_spi(32 + i, 1, u8(i % 31 * 8), true);
			g.inject(32 + i, VINTC_PULSE);
		}
		return Cost::steps([&] {
			for (u32 i = 0; i < count; i++) {
				u32 iar = g.iar(0);

				EXPECT_LT(iar, kOtherGroup);
				g.eoir(0, iar);
				g.enter(0);
			}
		});
	};
	size_t few = drain(100), many = drain(900);

	EXPECT_LE(many, few * 10);
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What reaches a vCPU: its lines, the requests to look, and the levels of its own
 * devices. Who need not be disturbed is not.
 */
#include "support/gicv2_machine.h"

using namespace vintc::test::gicv2;

namespace {

constexpr u32 kEdge = 32, kLevel = 33, kTimer = 27, kPpi = 20;
constexpr u32 kTimerBit = 1u << kTimer;

class GicPresentation : public testing::Test {
protected:
	GicPresentation()
	{
		g.open();
		g.set_spi(kEdge, 1, 0x40, true);
		g.set_spi(kLevel, 1, 0x80);
		for (u32 cpu : { 0u, 1u }) {
			g.set_byte(cpu, gicd::kIpriorityr, kTimer, 0x20);
			g.set_bit(cpu, gicd::kIsenabler, kTimer);
			g.set_bit(cpu, gicd::kIsenabler, kPpi);
			g.enter(cpu);
		}
	}

	/* How often others disturbed the vCPU while it did that. */
	template <class Acts> u64 kicks(u32 cpu, Acts acts)
	{
		u64 before = g.vcpu(cpu).kicks;

		acts();
		return g.vcpu(cpu).kicks - before;
	}

	Gic g{ { 0, 1 }, 64, kTimerBit };
};

TEST_F(GicPresentation, an_interrupt_kicks_its_target_once)
{
	EXPECT_EQ(kicks(1,
			[&] {
				EXPECT_EQ(kicks(0,
						[&] {
							g.inject(kEdge, VINTC_PULSE);
							g.inject(kEdge, VINTC_PULSE);
							g.inject(kLevel, VINTC_HIGH);
						}),
					  1u);
			}),
		  0u);
	EXPECT_TRUE(g.wakes(0));
	EXPECT_FALSE(g.wakes(1));
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	EXPECT_EQ(g.enter(1), 0u);
}

TEST_F(GicPresentation, what_may_not_be_signalled_kicks_nobody)
{
	auto all = [&] {
		g.inject(kEdge, VINTC_PULSE);
		g.inject(kLevel, VINTC_HIGH);
	};
	auto none = [&] {
		g.gicd(0, gicd::kIcpendr + 4, ~0u);
		g.inject(kLevel, VINTC_LOW);
		g.enter(0);
	};

	g.gicc(0, gicc::kPmr, 0x40);
	g.enter(0);
	EXPECT_EQ(kicks(0, all), 0u) << "masked by PMR";
	EXPECT_FALSE(g.wakes(0));
	none();

	g.gicc(0, gicc::kPmr, 0xff);
	g.gicc(0, gicc::kApr, 1);
	g.enter(0);
	EXPECT_EQ(kicks(0, all), 0u) << "behind what is active";
	EXPECT_FALSE(g.wakes(0));
	none();

	g.gicc(0, gicc::kApr, 0);
	g.gicd(0, gicd::kIcenabler + 4, ~0u);
	g.enter(0);
	EXPECT_EQ(kicks(0, all), 0u) << "disabled";
	EXPECT_FALSE(g.wakes(0));
	none();
}

TEST_F(GicPresentation, nobody_kicks_himself)
{
	EXPECT_EQ(kicks(0,
			[&] {
				g.sgi(0, 1, 7);
				g.set_bit(0, gicd::kIspendr, kEdge);
				g.gicc(0, gicc::kPmr, 0);
				g.gicc(0, gicc::kPmr, 0xff);
				g.gicd(0, gicd::kCtlr, 0);
				g.gicd(0, gicd::kCtlr, 3);
			}),
		  0u);
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	EXPECT_EQ(kicks(1, [&] { g.sgi(0, 2, 7); }), 1u);
}

TEST_F(GicPresentation, group_0_is_a_fiq_if_the_guest_likes)
{
	g.gicc(0, gicc::kCtlr, gicc::kEnableGrp0 | gicc::kEnableGrp1 | gicc::kFiqEn);
	g.inject(kEdge, VINTC_PULSE);
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_FIQ));
	EXPECT_EQ(g.iar(0), kEdge);
	EXPECT_EQ(g.enter(0), 0u);
	g.eoir(0, kEdge);
	g.set_bit(0, gicd::kIgroupr, kEdge);
	g.inject(kEdge, VINTC_PULSE);
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	EXPECT_EQ(g.iar(0), kOtherGroup);
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ)) << "still to be taken";
	EXPECT_EQ(g.gicc(0, gicc::kAiar), kEdge);
}

TEST_F(GicPresentation, hazard21_a_level_that_is_held_comes_again_after_eoi)
{
	for (int times = 3; times; times--) {
		g.inject(kLevel, VINTC_HIGH);
		EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
		EXPECT_EQ(g.iar(0), kLevel);
		EXPECT_EQ(g.enter(0), 0u);
		g.eoir(0, kLevel);
	}
	g.inject(kLevel, VINTC_LOW);
	EXPECT_EQ(g.enter(0), 0u);
	EXPECT_EQ(g.iar(0), kSpurious);
}

TEST_F(GicPresentation, what_became_of_an_injection)
{
	EXPECT_EQ(g.inject(kEdge, VINTC_LOW), VINTC_COALESCED);
	EXPECT_EQ(g.inject(kEdge, VINTC_HIGH), VINTC_DELIVERED);
	EXPECT_EQ(g.inject(kEdge, VINTC_HIGH), VINTC_COALESCED);
	EXPECT_EQ(g.inject(kEdge, VINTC_PULSE), VINTC_COALESCED);
	EXPECT_EQ(g.inject(kLevel, VINTC_PULSE), VINTC_COALESCED);
	EXPECT_EQ(g.inject(kLevel, VINTC_HIGH), VINTC_DELIVERED);
	EXPECT_EQ(g.inject(kLevel, VINTC_LOW), VINTC_COALESCED);
	g.gicd(0, gicd::kIcenabler + 4, ~0u);
	EXPECT_EQ(g.inject(kLevel, VINTC_HIGH), VINTC_MASKED);
	EXPECT_EQ(g.inject(kTimer, VINTC_HIGH, 0), VINTC_COALESCED) << "it is sampled";
	EXPECT_FALSE(g.bit(0, gicd::kIspendr, kTimer));
	EXPECT_EQ(g.inject(kPpi, VINTC_HIGH, 1), VINTC_DELIVERED);
}

TEST_F(GicPresentation, a_sampled_level_is_taken_on_entry)
{
	g.vcpu(0).levels = kTimerBit | 1u << kPpi;
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	EXPECT_EQ(vintc_gic_levels(g.cpu(0)) & kTimerBit, kTimerBit);
	EXPECT_FALSE(g.bit(0, gicd::kIspendr, kPpi)) << "not sampled: injected, or low";
	EXPECT_EQ(g.iar(0), kTimer);
	g.vcpu(0).levels = 0;
	EXPECT_EQ(g.enter(0), 0u);
	EXPECT_EQ(vintc_gic_levels(g.cpu(0)), 0u);
	g.eoir(0, kTimer);
	EXPECT_EQ(g.enter(0), 0u);
	EXPECT_EQ(g.counts().ppis, 1u);
}

/* The guest switches its timer off, or on, and looks at the GIC before it is entered again. */
TEST_F(GicPresentation, a_sampled_level_is_taken_anew_where_the_guest_can_tell)
{
	g.vcpu(0).levels = kTimerBit;
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	g.vcpu(0).levels = 0;
	EXPECT_EQ(g.iar(0), kSpurious);
	EXPECT_EQ(g.enter(0), 0u);

	g.vcpu(0).levels = kTimerBit;
	EXPECT_TRUE(g.bit(0, gicd::kIspendr, kTimer));
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	EXPECT_EQ(g.iar(0), kTimer);
	g.vcpu(0).levels = 0;
	g.eoir(0, kTimer);
	EXPECT_FALSE(g.bit(0, gicd::kIspendr, kTimer));
	EXPECT_EQ(g.enter(0), 0u) << "EOIR looked: it does not come again";
}

TEST_F(GicPresentation, a_cpu_with_nothing_to_sample_is_not_asked)
{
	Gic other({ 0 }, 64);

	other.open();
	other.gicd(0, gicd::kIspendr);
	EXPECT_EQ(other.iar(0), kSpurious);
	EXPECT_EQ(other.vcpu(0).samples, 0u);
	EXPECT_EQ(other.enter(0), 0u);
}

TEST_F(GicPresentation, accesses_are_counted)
{
	u64 before = g.counts().mmio;

	g.iar(0);
	g.eoir(1, kSpurious);
	g.read(0, VINTC_GICD, 0xffc, 8);
	EXPECT_EQ(g.counts().mmio, before + 3);
	EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kCtlr), 3u);
	EXPECT_EQ(g.counts().mmio, before + 3) << "a VMM's are not the guest's";
}

} // namespace

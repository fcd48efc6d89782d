// SPDX-License-Identifier: GPL-2.0-only
/* Hazard 21: inputs that are held up until the guest has ended their interrupt. */
#include <vector>

#include "support/gicv2_machine.h"

using namespace vintc::test::gicv2;

namespace {

constexpr u32 kLevel = 32, kEdge = 33, kTimer = 27, kPpi = 20;

class GicHeldInput : public testing::Test {
protected:
	GicHeldInput()
	{
		g.open();
		g.set_spi(kLevel, 1, 0x80);
		g.set_spi(kEdge, 1, 0x80, true);
		for (u32 cpu : { 0u, 1u }) {
			g.set_bit(cpu, gicd::kIsenabler, kPpi);
			g.enter(cpu);
		}
		g.owner.ended = [this](u32 intid) { told.push_back(intid); };
	}

	/* Who was told since this was asked last. */
	std::vector<u32> ended() { return std::exchange(told, {}); }

	bool pends(u32 intid, u32 cpu = 0) { return g.bit(cpu, gicd::kIspendr, intid); }

	void split(u32 cpu) { g.gicc(cpu, gicc::kCtlr, g.gicc(cpu, gicc::kCtlr) | gicc::kEoiMode); }

	Gic g{ { 0, 1 }, 64, 1u << kTimer };
	std::vector<u32> told;
	using Told = std::vector<u32>;
};

TEST_F(GicHeldInput, it_pends_until_eoi)
{
	EXPECT_EQ(g.inject(kLevel, VINTC_HOLD), VINTC_DELIVERED);
	EXPECT_EQ(g.inject(kLevel, VINTC_HOLD), VINTC_COALESCED);
	EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
	EXPECT_EQ(g.iar(0), kLevel);
	EXPECT_TRUE(pends(kLevel)) << "active, and its input is still up";
	EXPECT_EQ(ended(), Told{});
	g.eoir(0, kLevel);
	EXPECT_EQ(ended(), Told{ kLevel });
	EXPECT_FALSE(pends(kLevel));
	EXPECT_EQ(g.enter(0), 0u);
	g.eoir(0, kLevel);
	EXPECT_EQ(ended(), Told{}) << "it has been told";
}

TEST_F(GicHeldInput, with_split_eoi_it_pends_until_dir)
{
	split(0);
	g.inject(kLevel, VINTC_HOLD);
	EXPECT_EQ(g.iar(0), kLevel);
	g.eoir(0, kLevel);
	EXPECT_EQ(ended(), Told{});
	EXPECT_TRUE(pends(kLevel));
	g.gicc(0, gicc::kDir, kLevel);
	EXPECT_EQ(ended(), Told{ kLevel });
	EXPECT_FALSE(pends(kLevel));
	g.gicc(0, gicc::kDir, kLevel);
	EXPECT_EQ(ended(), Told{});
}

TEST_F(GicHeldInput, a_guest_may_deactivate_by_the_distributor)
{
	for (u32 intid : { kLevel, kEdge }) {
		g.inject(intid, VINTC_HOLD);
		g.set_bit(1, gicd::kIcactiver, intid);
		EXPECT_EQ(ended(), Told{}) << "it is not active";
		EXPECT_TRUE(pends(intid));
	}
	EXPECT_EQ(g.iar(0), kLevel);
	g.eoir(0, kLevel);
	EXPECT_EQ(g.iar(0), kEdge);
	EXPECT_EQ(ended(), Told{ kLevel });
	g.inject(kLevel, VINTC_HOLD);
	g.gicd(1, gicd::kIsactiver + 4, 1u);
	g.gicd(1, gicd::kIcactiver + 4, ~0u);
	EXPECT_EQ(ended(), (Told{ kLevel, kEdge }));
}

/* That is state: nobody has handled anything. */
TEST_F(GicHeldInput, what_a_vmm_sets_ends_nothing)
{
	g.inject(kLevel, VINTC_HOLD);
	ASSERT_EQ(g.iar(0), kLevel);
	EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIcactiver + 4, ~0u), VINTC_OK);
	EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIcpendr + 4, ~0u), VINTC_OK);
	g.eoir(0, kLevel);
	EXPECT_EQ(ended(), Told{});
	EXPECT_TRUE(pends(kLevel));
	g.reset();
	EXPECT_EQ(ended(), Told{});
	EXPECT_TRUE(pends(kLevel));
	EXPECT_EQ(g.set_info(0, VINTC_GIC_INFO_LINE, 32, 0), VINTC_OK);
	EXPECT_EQ(ended(), Told{});
	EXPECT_FALSE(pends(kLevel));
}

TEST_F(GicHeldInput, an_edge_comes_once)
{
	EXPECT_EQ(g.inject(kEdge, VINTC_HOLD), VINTC_DELIVERED);
	EXPECT_EQ(g.iar(0), kEdge);
	EXPECT_FALSE(pends(kEdge));
	EXPECT_EQ(g.inject(kEdge, VINTC_HOLD), VINTC_COALESCED) << "it did not rise";
	g.eoir(0, kEdge);
	EXPECT_EQ(ended(), Told{ kEdge });
	EXPECT_EQ(g.inject(kEdge, VINTC_HOLD), VINTC_DELIVERED);
}

TEST_F(GicHeldInput, it_may_be_driven_high_besides)
{
	g.inject(kLevel, VINTC_HIGH);
	g.inject(kEdge, VINTC_HIGH);
	EXPECT_EQ(g.inject(kLevel, VINTC_HOLD), VINTC_COALESCED);
	EXPECT_EQ(g.iar(0), kLevel);
	g.eoir(0, kLevel);
	EXPECT_EQ(ended(), Told{ kLevel });
	EXPECT_TRUE(pends(kLevel)) << "by its line";
	g.inject(kLevel, VINTC_HOLD);
	g.inject(kLevel, VINTC_LOW);
	EXPECT_TRUE(pends(kLevel)) << "held up";
	g.inject(kLevel, VINTC_RELEASE);
	EXPECT_FALSE(pends(kLevel));

	EXPECT_EQ(g.iar(0), kEdge);
	g.inject(kEdge, VINTC_HOLD);
	g.inject(kEdge, VINTC_LOW);
	EXPECT_FALSE(pends(kEdge)) << "it has been high all the time";
	g.inject(kEdge, VINTC_RELEASE);
	g.inject(kEdge, VINTC_HIGH);
	EXPECT_TRUE(pends(kEdge));
}

TEST_F(GicHeldInput, what_was_released_is_not_told)
{
	g.inject(kLevel, VINTC_HOLD);
	g.inject(kLevel, VINTC_RELEASE);
	EXPECT_EQ(g.iar(0), kSpurious);
	g.inject(kLevel, VINTC_HOLD);
	EXPECT_EQ(g.iar(0), kLevel);
	g.inject(kLevel, VINTC_RELEASE);
	g.eoir(0, kLevel);
	EXPECT_EQ(ended(), Told{});
}

TEST_F(GicHeldInput, a_ppi_of_each_cpu)
{
	g.inject(kPpi, VINTC_HOLD, 0);
	g.inject(kPpi, VINTC_HOLD, 1);
	EXPECT_EQ(g.iar(1), kPpi);
	g.eoir(1, kPpi);
	EXPECT_EQ(ended(), Told{ kPpi });
	EXPECT_TRUE(pends(kPpi, 0));
	EXPECT_FALSE(pends(kPpi, 1));
	EXPECT_EQ(g.inject(kTimer, VINTC_HOLD, 0), VINTC_COALESCED) << "it is sampled";
	EXPECT_FALSE(pends(kTimer));
}

/* The owner is called when the guest is through, and its hold is presented. */
TEST_F(GicHeldInput, it_may_be_held_up_again_at_once)
{
	for (u32 intid : { kLevel, kEdge, kPpi })
		for (bool splits : { false, true }) {
			u32 left = 3;

			if (splits)
				split(0);
			g.owner.ended = [&](u32 which) {
				EXPECT_EQ(which, intid);
				EXPECT_FALSE(g.bit(0, gicd::kIsactiver, intid));
				if (left && --left)
					EXPECT_EQ(g.inject(intid, VINTC_HOLD, 0), VINTC_DELIVERED);
			};
			g.inject(intid, VINTC_HOLD, 0);
			for (u32 times = 3; times; times--) {
				EXPECT_EQ(g.enter(0), u32(VINTC_GIC_LINE_IRQ));
				EXPECT_EQ(g.iar(0), intid);
				g.eoir(0, intid);
				if (splits)
					g.gicc(0, gicc::kDir, intid);
			}
			EXPECT_EQ(g.enter(0), 0u);
			EXPECT_EQ(left, 0u);
			g.gicc(0, gicc::kCtlr, g.gicc(0, gicc::kCtlr) & ~gicc::kEoiMode);
		}
}

TEST_F(GicHeldInput, a_gic_without_owner)
{
	vintc_gic *gic = vintc_gic_create(nullptr);
	vintc_gic_cpu *cpu = nullptr;
	vintc::test::Cpu vcpu;

	ASSERT_EQ(vintc_gic_connect(gic, 0, &vcpu, 0, nullptr, &cpu), VINTC_OK);
	ASSERT_EQ(vintc_gic_init(gic, 64), VINTC_OK);
	vintc_gic_inject(gic, nullptr, kLevel, VINTC_HOLD);
	vintc_gic_write(gic, cpu, VINTC_GICD, gicd::kIsactiver + 4, 4, 1);
	vintc_gic_write(gic, cpu, VINTC_GICD, gicd::kIcactiver + 4, 4, 1);
	EXPECT_EQ(vintc_gic_read(gic, cpu, VINTC_GICD, gicd::kIspendr + 4, 4), 0u);
	vintc_gic_destroy(gic);
}

/* LEVEL_INFO tells the level, whoever makes it; to set what was read changes nothing. */
TEST_F(GicHeldInput, hazard19_the_level_as_a_vmm_sees_it)
{
	for (bool line : { false, true })
		for (bool held : { false, true })
			for (u32 intid : { kLevel, kEdge, kPpi }) {
				u32 word = intid & ~31u, bit = 1u << intid % 32;
				auto exact = [&] { return g.exact(VINTC_REG_GIC_IRQ, intid); };

				g.inject(intid, line ? VINTC_HIGH : VINTC_LOW, 0);
				g.inject(intid, held ? VINTC_HOLD : VINTC_RELEASE, 0);

				auto before = exact();
				u32 bits = *g.info(0, VINTC_GIC_INFO_LINE, word);

				EXPECT_EQ(bits & bit, line || held ? bit : 0);
				EXPECT_EQ(g.set_info(0, VINTC_GIC_INFO_LINE, word, bits), VINTC_OK);
				EXPECT_EQ(exact(), before);
				for (u32 level : { 0u, bit, bit, 0u }) {
					EXPECT_EQ(g.set_info(0, VINTC_GIC_INFO_LINE, word, level),
						  VINTC_OK);
					EXPECT_EQ(g.info(0, VINTC_GIC_INFO_LINE, word), level);
				}
			}
	EXPECT_EQ(ended(), Told{});
}

} // namespace

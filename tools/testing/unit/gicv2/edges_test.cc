// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 10, 12 and 18: the ends of every range that a VMM or a guest can name. */
#include "support/gicv2_machine.h"

using namespace vintc::test::gicv2;

namespace {

constexpr auto kNoInfo = vintc_gic_info(VINTC_GIC_INFO_DROP + 1);

TEST(GicEdges, hazard10_cpu_interfaces)
{
	Gic g({});

	for (u32 number = 0; number < VINTC_GIC_CPUS; number++) {
		EXPECT_EQ(g.cpu(number), nullptr);
		EXPECT_EQ(g.connect(number), VINTC_OK);
		EXPECT_EQ(vintc_gic_cpu_number(g.cpu(number)), number);
		EXPECT_EQ(vintc_gic_cpu_vcpu(g.cpu(number)), &g.vcpu(number));
	}
	for (u32 number : { 8u, 9u, 255u, 256u, 1u << 31, ~0u }) {
		EXPECT_EQ(g.connect(number), VINTC_INVALID) << number;
		EXPECT_EQ(g.cpu(number), nullptr) << number;
	}
	EXPECT_EQ(vintc_gic_init(g.gic(), 64), VINTC_OK);
	EXPECT_EQ(g.gicd(7, gicd::kTyper), 7u << 5 | 1);
}

TEST(GicEdges, hazard10_a_number_is_connected_once)
{
	Gic g({ 3 });
	vintc_gic_cpu *connected = nullptr, *first = g.cpu(3);
	vintc::test::Cpu another;

	EXPECT_EQ(vintc_gic_connect(g.gic(), 3, &another, 0, nullptr, &connected), VINTC_EXISTS);
	EXPECT_EQ(connected, nullptr);
	EXPECT_EQ(g.cpu(3), first);
	EXPECT_EQ(vintc_gic_cpu_vcpu(first), &g.vcpu(3));
}

TEST(GicEdges, hazard12_numbers_of_interrupts)
{
	for (u32 irqs :
	     { 0u, 1u, 31u, 33u, 63u, 96u + 16, 1023u, 1056u, 1u << 31, ~0u, ~0u << 5 }) {
		Gic g({ 0 });

		EXPECT_EQ(vintc_gic_init(g.gic(), irqs), VINTC_INVALID) << irqs;
		EXPECT_EQ(vintc_gic_init(g.gic(), 64), VINTC_OK) << "after " << irqs;
	}
	for (u32 irqs = 32; irqs <= 1024; irqs += 32) {
		Gic g({ 0 }, irqs);

		EXPECT_EQ(g.gicd(0, gicd::kTyper), irqs / 32 - 1);
	}
}

TEST(GicEdges, hazard12_interrupts_that_can_be_injected)
{
	for (u32 irqs : { 32u, 64u, 992u, 1024u }) {
		Gic g({ 0 }, irqs);
		auto known = [&](u32 intid) {
			return g.inject(intid, VINTC_HIGH, 0) != VINTC_UNKNOWN_SOURCE;
		};

		for (u32 intid = 0; intid < 1100; intid++)
			EXPECT_EQ(known(intid), intid >= 16 && intid < irqs && intid < 1020)
				<< intid << " of " << irqs;
		for (u32 intid : { 1u << 16, (1u << 16) + 32, 1u << 31, ~0u })
			EXPECT_FALSE(known(intid)) << intid;
	}
}

TEST(GicEdges, hazard10_a_ppi_has_to_be_somebodys)
{
	Gic g({ 0, 1 }, 64);

	EXPECT_EQ(g.inject(16, VINTC_HIGH), VINTC_UNKNOWN_SOURCE);
	EXPECT_EQ(g.inject(31, VINTC_HIGH), VINTC_UNKNOWN_SOURCE);
	EXPECT_NE(g.inject(32, VINTC_HIGH), VINTC_UNKNOWN_SOURCE);
	EXPECT_NE(g.inject(31, VINTC_HIGH, 1), VINTC_UNKNOWN_SOURCE);
	EXPECT_FALSE(g.bit(0, gicd::kIspendr, 31));
	EXPECT_TRUE(g.bit(1, gicd::kIspendr, 31));
}

/* Before vintc_gic_init() there are SGIs and PPIs only. */
TEST(GicEdges, hazard15_no_spis_before_init)
{
	Gic g({ 0 });

	for (u32 intid : { 32u, 33u, 63u, 1019u, 1023u })
		EXPECT_EQ(g.inject(intid, VINTC_PULSE, 0), VINTC_UNKNOWN_SOURCE);
	for (u32 number = 0; number < VINTC_GIC_CPUS; number++)
		EXPECT_EQ(g.cpu(number) != nullptr, number == 0);
}

TEST(GicEdges, hazard12_info_of_what_is_no_interrupt)
{
	Gic g({ 0 }, 64);

	for (auto what : { VINTC_GIC_INFO_LINE, VINTC_GIC_INFO_LATCH, VINTC_GIC_INFO_DROP }) {
		for (u32 intid : { 0u, 32u }) {
			EXPECT_EQ(g.info(0, what, intid), 0u);
			EXPECT_EQ(g.set_info(0, what, intid, 0), VINTC_OK);
		}
		for (u32 intid : { 1u, 16u, 31u, 33u, 64u, 96u, 1024u, 1u << 31, ~0u, ~0u << 5 }) {
			EXPECT_EQ(g.info(0, what, intid), std::nullopt) << intid;
			EXPECT_EQ(g.set_info(0, what, intid, ~0u), VINTC_INVALID) << intid;
		}
	}
	EXPECT_EQ(g.info(0, kNoInfo, 0), std::nullopt);
	EXPECT_EQ(g.set_info(0, kNoInfo, 0, 1), VINTC_INVALID);
}

TEST(GicEdges, hazard12_offsets_beyond_the_frames)
{
	Gic g({ 0 }, 64);

	for (auto frame : { VINTC_GICD, VINTC_GICC })
		for (u32 offset : { 0x1004u, 0x1fffu, 0x2000u, 0x2004u, 0x10000u, 0x1000cu,
				    0x10100u, 1u << 31, ~0u - 3, ~0u })
			for (u32 width : { 0u, 1u, 2u, 3u, 4u, 8u, 16u, ~0u }) {
				g.write(0, frame, offset, ~0ull, width);
				EXPECT_EQ(g.read(0, frame, offset, width), 0u) << offset;
				EXPECT_EQ(g.reg(0, frame, offset), std::nullopt) << offset;
				EXPECT_EQ(g.set_reg(0, frame, offset, ~0u), VINTC_NOT_FOUND);
			}
	EXPECT_EQ(g.gicc(0, gicc::kCtlr), 0u);
	EXPECT_EQ(g.gicd(0, gicd::kCtlr), 0u);
}

TEST(GicEdges, hazard12_widths_that_no_processor_has)
{
	Gic g({ 0 }, 64);

	for (u32 width : { 0u, 3u, 5u, 7u, 16u, 32u, 1u << 31, ~0u })
		for (u32 offset : { gicd::kCtlr, gicd::kIsenabler + 4, gicd::kIpriorityr + 32 }) {
			g.write(0, VINTC_GICD, offset, ~0ull, width);
			EXPECT_EQ(g.read(0, VINTC_GICD, offset, width), 0u);
			EXPECT_EQ(g.gicd(0, offset), 0u) << width;
		}
}

/* Every value of the fields that name an interrupt or a CPU. */
TEST(GicEdges, hazard12_hazard18_eoi_and_dir_of_anything)
{
	Gic g({ 0 }, 64);

	g.open(gicc::kEnableGrp0 | gicc::kEoiMode);
	g.set_spi(40, 1, 0x40, true);
	g.inject(40, VINTC_PULSE);
	ASSERT_EQ(g.iar(0), 40u);
	for (u32 value = 0; value < 0x2000; value++)
		if ((value & 1023) != 40)
			for (u32 offset : { gicc::kEoir, gicc::kAeoir, gicc::kDir })
				g.gicc(0, offset, value | value << 13);
	EXPECT_EQ(g.gicc(0, gicc::kRpr), 0x40u);
	EXPECT_TRUE(g.bit(0, gicd::kIsactiver, 40));
}

TEST(GicEdges, hazard12_sgir_with_every_target_filter_and_intid)
{
	Gic g({ 0, 2 }, 64);

	for (u32 filter = 0; filter < 4; filter++)
		for (u32 targets = 0; targets < 256; targets++)
			for (u32 intid = 0; intid < 16; intid++) {
				u8 expected[] = { u8(targets), 0xfe, 0x01, 0 };

				g.gicd(0, gicd::kSgir,
				       filter << 24 | targets << 16 | intid | 0xfc007ff0);
				for (u32 cpu : { 0u, 2u }) {
					EXPECT_EQ(g.byte(cpu, gicd::kSpendsgir, intid),
						  expected[filter] >> cpu & 1u);
					g.set_byte(cpu, gicd::kCpendsgir, intid, 0xff);
				}
			}
}

} // namespace

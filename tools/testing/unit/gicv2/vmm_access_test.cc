// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 19 and 23: registers as a VMM reads and sets them, in the in-tree GICv2's encodings. */
#include "support/gicv2_machine.h"

using namespace vintc::test::gicv2;

namespace {

constexpr u32 kIidr = 0x4b00043b; /* with revision 0 */

constexpr u32 iidr(u32 revision)
{
	return kIidr | revision << 12;
}

TEST(GicVmmAccess, hazard23_which_registers_are_state)
{
	struct Range {
		vintc_gic_frame frame;
		u32 first, end;
	};
	constexpr Range kState[] = {
		{ VINTC_GICD, 0x000, 0x00c }, { VINTC_GICD, 0x080, 0xd00 },
		{ VINTC_GICD, 0xf10, 0xf30 }, { VINTC_GICD, 0xfe8, 0xfec },
		{ VINTC_GICC, 0x000, 0x00c }, { VINTC_GICC, 0x01c, 0x020 },
		{ VINTC_GICC, 0x0d0, 0x0e0 }, { VINTC_GICC, 0x0fc, 0x100 },
	};
	Gic g({ 0 }, 1024);

	for (auto frame : { VINTC_GICD, VINTC_GICC })
		for (u32 offset = 0; offset < 0x2010; offset++) {
			bool is_state = false;

			for (const Range &r : kState)
				is_state |= frame == r.frame && offset % 4 == 0 &&
					    offset >= r.first && offset < r.end;
			EXPECT_EQ(g.reg(0, frame, offset).has_value(), is_state)
				<< std::hex << frame << " " << offset;
			EXPECT_EQ(vintc_gic_has_reg(frame, offset), is_state);
			if (!is_state)
				EXPECT_EQ(g.set_reg(0, frame, offset, ~0u), VINTC_NOT_FOUND);
		}
}

/* To look changes nothing; in particular it acknowledges nothing. */
TEST(GicVmmAccess, what_is_no_state_is_not_acted_on)
{
	Gic g({ 0, 1 }, 64);

	g.open();
	g.set_spi(32, 1, 0x40, true);
	g.inject(32, VINTC_PULSE);
	EXPECT_EQ(g.reg(0, VINTC_GICC, gicc::kIar), std::nullopt);
	EXPECT_TRUE(g.bit(0, gicd::kIspendr, 32));
	ASSERT_EQ(g.iar(0), 32u);
	for (u32 offset : { gicc::kEoir, gicc::kAeoir, gicc::kDir })
		EXPECT_EQ(g.set_reg(0, VINTC_GICC, offset, 32), VINTC_NOT_FOUND);
	EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kSgir, 0x02000001), VINTC_NOT_FOUND);
	EXPECT_TRUE(g.bit(0, gicd::kIsactiver, 32));
	EXPECT_FALSE(g.bit(0, gicd::kIspendr, 1));
}

TEST(GicVmmAccess, hazard23_pmr_is_its_five_bits)
{
	Gic g({ 0 }, 64);

	for (u32 priority = 0; priority < 32; priority++) {
		EXPECT_EQ(g.set_reg(0, VINTC_GICC, gicc::kPmr, priority), VINTC_OK);
		EXPECT_EQ(g.reg(0, VINTC_GICC, gicc::kPmr), priority);
		EXPECT_EQ(g.gicc(0, gicc::kPmr), priority << 3);
		g.gicc(0, gicc::kPmr, priority << 3 | 7);
		EXPECT_EQ(g.reg(0, VINTC_GICC, gicc::kPmr), priority);
	}
	EXPECT_EQ(g.set_reg(0, VINTC_GICC, gicc::kPmr, ~0u), VINTC_OK);
	EXPECT_EQ(g.gicc(0, gicc::kPmr), 0xf8u);
}

/* From revision 2 on. A VMM that was made for an older one restores groups that mean nothing. */
TEST(GicVmmAccess, hazard23_groups_once_the_vmm_knows_of_them)
{
	for (u32 revision = 0; revision < 4; revision++) {
		Gic g({ 0 }, 64);
		bool knows = revision >= 2;

		EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIgroupr + 4, 0x55), VINTC_OK);
		EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kIgroupr + 4), 0u);
		EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIidr, iidr(revision)),
			  knows ? VINTC_OK : VINTC_INVALID);
		EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIgroupr + 4, 0x55), VINTC_OK);
		EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kIgroupr + 4), knows ? 0x55u : 0u);
		/* The guest may anyway. */
		g.gicd(0, gicd::kIgroupr + 4, 0xaa);
		EXPECT_EQ(g.gicd(0, gicd::kIgroupr + 4), 0xaau);
	}
}

TEST(GicVmmAccess, hazard23_iidr_of_another_implementation)
{
	Gic g({ 0 }, 64);
	u32 own = *g.reg(0, VINTC_GICD, gicd::kIidr);

	EXPECT_EQ(own, iidr(3));
	for (u32 other : { 0u, ~0u, iidr(4), iidr(15), iidr(3) ^ 1, iidr(3) ^ 1u << 16,
			   iidr(3) ^ 1u << 24, iidr(3) ^ 1u << 31 }) {
		EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIidr, other), VINTC_INVALID)
			<< std::hex << other;
		EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kIidr), own);
	}
}

/* The guest sees the revision that it came with, over a reset, too. */
TEST(GicVmmAccess, hazard23_a_guest_keeps_its_revision)
{
	Gic g({ 0 }, 64);

	EXPECT_EQ(g.gicd(0, gicd::kIidr), iidr(3));
	for (u32 revision : { 2u, 3u, 2u }) {
		EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIidr, iidr(revision)), VINTC_OK);
		for (u32 other : { iidr(1), iidr(4) })
			EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIidr, other), VINTC_INVALID);
		EXPECT_EQ(g.gicd(0, gicd::kIidr), iidr(revision));
		EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kIidr), iidr(revision));
		g.reset();
		EXPECT_EQ(g.gicd(0, gicd::kIidr), iidr(revision));
	}
}

TEST(GicVmmAccess, hazard23_what_only_identifies_may_be_written_back)
{
	Gic g({ 0 }, 64);
	constexpr std::pair<vintc_gic_frame, u32> kConstant[] = {
		{ VINTC_GICD, gicd::kTyper },
		{ VINTC_GICD, gicd::kIcpidr2 },
		{ VINTC_GICC, gicc::kIidr },
		{ VINTC_GICC, gicc::kApr + 4 },
	};

	for (auto [frame, offset] : kConstant) {
		u32 value = *g.reg(0, frame, offset);

		EXPECT_EQ(g.set_reg(0, frame, offset, ~value), VINTC_OK) << std::hex << offset;
		EXPECT_EQ(g.reg(0, frame, offset), value) << std::hex << offset;
	}
}

/* Setting and clearing registers show the same, and a VMM's writes are as a guest's. */
TEST(GicVmmAccess, set_and_clear_registers)
{
	Gic g({ 0 }, 64);

	for (u32 set : { gicd::kIsenabler, gicd::kIspendr, gicd::kIsactiver })
		for (u32 word : { 0u, 4u }) {
			u32 clear = set + 0x80, ones = word ? ~0u : 0xffff0000;

			EXPECT_EQ(g.set_reg(0, VINTC_GICD, clear + word, ~0u), VINTC_OK);
			EXPECT_EQ(g.reg(0, VINTC_GICD, set + word), 0u);
			EXPECT_EQ(g.set_reg(0, VINTC_GICD, set + word, 0x5a5a0000), VINTC_OK);
			EXPECT_EQ(g.set_reg(0, VINTC_GICD, set + word, 0), VINTC_OK);
			EXPECT_EQ(g.reg(0, VINTC_GICD, set + word), 0x5a5a0000u);
			EXPECT_EQ(g.reg(0, VINTC_GICD, clear + word), 0x5a5a0000u);
			EXPECT_EQ(g.set_reg(0, VINTC_GICD, set + word, ones), VINTC_OK);
			EXPECT_EQ(g.set_reg(0, VINTC_GICD, clear + word, 0x00ff0000), VINTC_OK);
			EXPECT_EQ(g.reg(0, VINTC_GICD, clear + word), ones & ~0x00ff0000u);
		}
}

/* Banked registers are those of the CPU that the VMM names. */
TEST(GicVmmAccess, banked_registers)
{
	Gic g({ 0, 5 }, 64);

	EXPECT_EQ(g.set_reg(5, VINTC_GICD, gicd::kIpriorityr + 16, 0x08101820), VINTC_OK);
	EXPECT_EQ(g.set_reg(5, VINTC_GICC, gicc::kBpr, 4), VINTC_OK);
	EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kIpriorityr + 16), 0u);
	EXPECT_EQ(g.reg(5, VINTC_GICD, gicd::kIpriorityr + 16), 0x08101820u);
	EXPECT_EQ(g.reg(0, VINTC_GICC, gicc::kBpr), 2u);
	EXPECT_EQ(g.reg(5, VINTC_GICC, gicc::kBpr), 4u);
	EXPECT_EQ(g.reg(0, VINTC_GICD, gicd::kItargetsr), 0x01010101u);
	EXPECT_EQ(g.reg(5, VINTC_GICD, gicd::kItargetsr), 0x20202020u);
	EXPECT_EQ(g.set_reg(0, VINTC_GICD, gicd::kIpriorityr + 32, 0x40), VINTC_OK);
	EXPECT_EQ(g.reg(5, VINTC_GICD, gicd::kIpriorityr + 32), 0x40u);
}

} // namespace

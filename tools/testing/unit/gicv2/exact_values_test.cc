// SPDX-License-Identifier: GPL-2.0-only
/* Hazard 12: values of exact registers, bit by bit as the ABI has them; bad ones are refused. */
#include "gicv2/exact_state.h"

using namespace vintc::test::gicv2;

namespace {

constexpr u32 kTimer = 27, kSgi = 3, kPpi = 20, kSpi = 40, kIrqs = 96;

/* The index of an interrupt, banked for @cpu. */
constexpr u32 of(u32 cpu, u32 intid)
{
	return u32(KVM_VINTC_REG_GIC_IRQ(cpu, intid) & 0xffffffff);
}

constexpr u64 priority(u64 value)
{
	return value << KVM_VINTC_GIC_IRQ_PRIORITY_SHIFT;
}
constexpr u64 targets(u64 value)
{
	return value << KVM_VINTC_GIC_IRQ_TARGETS_SHIFT;
}
constexpr u64 sources(u64 value)
{
	return value << KVM_VINTC_GIC_IRQ_SOURCES_SHIFT;
}
constexpr u64 source(u64 value)
{
	return value << KVM_VINTC_GIC_IRQ_SOURCE_SHIFT;
}
constexpr u64 owner(u64 value)
{
	return value << KVM_VINTC_GIC_IRQ_OWNER_SHIFT;
}
constexpr u64 kEnabled = KVM_VINTC_GIC_IRQ_ENABLED, kGroup1 = KVM_VINTC_GIC_IRQ_GROUP1,
	      kEdge = KVM_VINTC_GIC_IRQ_EDGE, kLatch = KVM_VINTC_GIC_IRQ_LATCH,
	      kLine = KVM_VINTC_GIC_IRQ_LINE, kActive = KVM_VINTC_GIC_IRQ_ACTIVE,
	      kUndropped = KVM_VINTC_GIC_IRQ_UNDROPPED, kHeld = KVM_VINTC_GIC_IRQ_HELD;

class GicExactValues : public testing::Test {
protected:
	vintc_result check(u32 index, u64 value)
	{
		return g.check_exact(VINTC_REG_GIC_IRQ, index, value);
	}

	/* Refused, and set does not do it either. */
	void refused(vintc_reg_kind kind, u32 index, u64 value, vintc_result why = VINTC_INVALID)
	{
		std::vector<Exact> before = exact_state(g);

		EXPECT_EQ(g.set_exact(kind, index, value), why)
			<< kind << "/" << std::hex << index << " " << value;
		EXPECT_EQ(exact_state(g), before);
	}

	void taken(vintc_reg_kind kind, u32 index, u64 value)
	{
		EXPECT_EQ(g.set_exact(kind, index, value), VINTC_OK)
			<< kind << "/" << std::hex << index << " " << value;
		EXPECT_EQ(g.exact(kind, index), value);
	}

	/* Of those bits of an otherwise valid value, is each refused? */
	void none_of(vintc_reg_kind kind, u32 index, u64 valid, u64 bits)
	{
		for (; bits; bits &= bits - 1)
			refused(kind, index, valid ^ (bits & -bits));
		taken(kind, index, valid);
	}

	Gic g{ { 0, 2, 7 }, kIrqs, 1u << kTimer };
	static constexpr u8 kConnected = 0x85;
};

TEST_F(GicExactValues, what_there_is_not)
{
	for (u32 index : { 1u, 2u, 1u << 31 })
		refused(VINTC_REG_GIC_DIST, index, *g.exact(VINTC_REG_GIC_DIST, 0),
			VINTC_NOT_FOUND);
	for (u32 index : { 1u, 3u, 8u, 1u << 16, ~0u })
		refused(VINTC_REG_GIC_CPU, index, *g.exact(VINTC_REG_GIC_CPU, 0), VINTC_NOT_FOUND);
	for (u32 index : { of(1, 0), of(1, 31), of(8, 0), of(2, 32), of(7, 40), of(0, kIrqs),
			   of(0, 1019), of(0, 1020), of(0, 1023), of(0, 65535), of(256, 0), ~0u })
		refused(VINTC_REG_GIC_IRQ, index, 0, VINTC_NOT_FOUND);
	for (auto kind : { VINTC_REG_ICP, VINTC_REG_SOURCE, vintc_reg_kind(5), vintc_reg_kind(7) })
		refused(kind, 0, 0, VINTC_NOT_FOUND);

	Gic all({ 0 }, 1024);

	for (u32 intid = 1019; intid < 1025; intid++)
		EXPECT_EQ(all.exact(VINTC_REG_GIC_IRQ, intid).has_value(), intid < 1020);
}

TEST_F(GicExactValues, the_distributor)
{
	for (u64 revision : { 2, 3 })
		for (u64 ctlr = 0; ctlr < 4; ctlr++)
			taken(VINTC_REG_GIC_DIST, 0, u64(kIrqs) << 32 | revision << 12 | ctlr);
	EXPECT_EQ(g.gicd(0, gicd::kCtlr), 3u);
	none_of(VINTC_REG_GIC_DIST, 0, u64(kIrqs) << 32 | 3 << 12, ~(3ull | 1 << 12));
	refused(VINTC_REG_GIC_DIST, 0, u64(kIrqs) << 32 | 1 << 12);
	for (u64 irqs : { 0, 32, 64, 128, 1024 })
		refused(VINTC_REG_GIC_DIST, 0, irqs << 32 | 3 << 12);
	taken(VINTC_REG_GIC_DIST, 0, u64(kIrqs) << 32 | 2 << 12 | 1);
	EXPECT_EQ(g.gicd(0, gicd::kIidr) >> 12 & 15, 2u);
}

TEST_F(GicExactValues, a_cpu_interface)
{
	u64 valid = u64(0x21f) << 32 | u64(0xf8) << 42 | 7ull << 50 | 7ull << 53 | 0xdeadbeef;

	taken(VINTC_REG_GIC_CPU, 7, valid);
	EXPECT_EQ(g.gicc(7, gicc::kApr), 0xdeadbeefu);
	EXPECT_EQ(g.gicc(7, gicc::kCtlr), 0x21fu);
	EXPECT_EQ(g.gicc(7, gicc::kPmr), 0xf8u);
	EXPECT_EQ(g.gicc(7, gicc::kBpr), 7u);
	EXPECT_EQ(g.gicc(7, gicc::kAbpr), 7u);
	none_of(VINTC_REG_GIC_CPU, 7, valid,
		(~0x21full & 0x3ff) << 32 | 7ull << 42 | 0xffull << 56);
	for (u64 bpr = 0; bpr < 8; bpr++)
		for (u64 abpr = 0; abpr < 8; abpr++)
			if (bpr >= 2 && abpr >= 3)
				taken(VINTC_REG_GIC_CPU, 2, bpr << 50 | abpr << 53);
			else
				refused(VINTC_REG_GIC_CPU, 2, bpr << 50 | abpr << 53);
}

TEST_F(GicExactValues, an_sgi)
{
	u64 valid = priority(0xf8) | targets(1 << 2) | sources(kConnected) | source(7) | owner(2) |
		    kEnabled | kGroup1 | kEdge | kActive | kUndropped;

	none_of(VINTC_REG_GIC_IRQ, of(2, kSgi), valid,
		priority(7) | targets(0xff) | sources(0xff & ~kConnected) | source(8) |
			owner(4 | 1) | kEdge | kLatch | kLine | kHeld | ~0ull << 40);
	taken(VINTC_REG_GIC_IRQ, of(2, kSgi), valid & ~(kEnabled | kGroup1 | kActive | kUndropped));
	for (u32 by = 0; by < 16; by++)
		EXPECT_EQ(check(of(2, kSgi), (valid & ~source(15)) | source(by)),
			  by < 8 && kConnected >> by & 1 ? VINTC_OK : VINTC_INVALID)
			<< by;
}

TEST_F(GicExactValues, a_ppi)
{
	u64 valid = priority(0x50) | targets(1 << 7) | owner(8) | kEnabled | kGroup1 | kLatch |
		    kLine | kActive | kUndropped | kHeld;

	none_of(VINTC_REG_GIC_IRQ, of(7, kPpi), valid,
		priority(7) | targets(0xff) | sources(0xff) | source(15) | owner(7) | kEdge |
			~0ull << 40);
	refused(VINTC_REG_GIC_IRQ, of(7, kTimer), valid);
	taken(VINTC_REG_GIC_IRQ, of(7, kTimer), valid & ~kHeld);
	EXPECT_EQ(vintc_gic_levels(g.cpu(7)), 1u << kTimer);
	taken(VINTC_REG_GIC_IRQ, of(7, kTimer), valid & ~(kHeld | kLine));
	EXPECT_EQ(vintc_gic_levels(g.cpu(7)), 0u);
}

TEST_F(GicExactValues, an_spi)
{
	u64 valid = priority(0x98) | targets(kConnected) | owner(8) | kEnabled | kGroup1 | kEdge |
		    kLatch | kLine | kActive | kUndropped | kHeld;

	none_of(VINTC_REG_GIC_IRQ, kSpi, valid,
		priority(7) | targets(0xff & ~kConnected) | sources(0xff) | source(15) | owner(3) |
			~0ull << 40);
	for (u64 flags : { kEnabled, kGroup1, kEdge, kLatch, kLine, kActive, kUndropped, kHeld })
		taken(VINTC_REG_GIC_IRQ, kSpi, valid & ~flags);
	for (u32 cpus = 0; cpus < 256; cpus++)
		EXPECT_EQ(check(kSpi, (valid & ~targets(0xff)) | targets(cpus)),
			  cpus & ~kConnected ? VINTC_INVALID : VINTC_OK);
}

/* Who owes a drop is connected; to a CPU's own interrupt that is the CPU, or anybody. */
TEST_F(GicExactValues, owners)
{
	for (u32 by = 0; by < 16; by++) {
		bool anybody = by == 8, connected = by < 8 && kConnected >> by & 1;

		for (bool undropped : { false, true }) {
			u64 owed = owner(by) | (undropped ? kUndropped : 0);
			auto result = [](bool ok) { return ok ? VINTC_OK : VINTC_INVALID; };

			EXPECT_EQ(check(kSpi, owed), result(anybody || connected)) << by;
			EXPECT_EQ(check(of(7, kPpi), owed | targets(1 << 7)),
				  result(anybody || by == 7 || (!by && !undropped)))
				<< by;
		}
	}
}

/* A GIC whose CPU 0 is not there: the fields of what never happened are 0 all the same. */
TEST(GicExactValuesAlone, without_cpu_0)
{
	Gic other({ 1 }, 64);
	std::vector<Exact> all = exact_state(other);

	restore_exactly(other, all);
	EXPECT_EQ(exact_state(other), all);
	EXPECT_EQ(other.check_exact(VINTC_REG_GIC_IRQ, kSpi, kUndropped), VINTC_INVALID);
	EXPECT_EQ(other.check_exact(VINTC_REG_GIC_IRQ, kSpi, kUndropped | owner(1)), VINTC_OK);
}

/* Whoever is inside the guest, or asleep, passes vintc_gic_enter() and finds what there is. */
TEST(GicExactValuesAlone, hazard17_settle_makes_every_cpu_look)
{
	Gic from({ 0, 2 }, 64), to({ 0, 2 }, 64);

	from.open();
	from.set_spi(kSpi, 1 << 2, 0x40);
	from.inject(kSpi, VINTC_HIGH);
	for (u32 cpu : { 0u, 2u }) {
		to.enter(cpu);
		EXPECT_FALSE(to.wakes(cpu));
	}
	restore_exactly(to, exact_state(from));
	for (u32 cpu : { 0u, 2u }) {
		EXPECT_TRUE(to.wakes(cpu));
		EXPECT_TRUE(to.vcpu(cpu).line);
	}
	EXPECT_EQ(to.enter(0), 0u);
	EXPECT_EQ(to.enter(2), u32(VINTC_GIC_LINE_IRQ));
	to.reset();
	EXPECT_TRUE(to.vcpu(2).line);
	EXPECT_EQ(to.enter(2), 0u);
}

} // namespace

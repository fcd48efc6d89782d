// SPDX-License-Identifier: GPL-2.0-only
/*
 * Groups 0 and 1, the aliased registers of group 1, and FIQ. The in-tree GICv2
 * has one enable bit in GICD_CTLR, for both groups.
 */
#include "lib/test.h"

#define ZERO	40u	/* an SPI of group 0 */
#define ONE	41u	/* ... and one of group 1 */

#define BOTH	(GICC_ENABLE_GROUP0 | GICC_ENABLE_GROUP1)

static void add(struct vcpu *cpu, u32 intid, u8 priority)
{
	gic_set_trigger(cpu, intid, EDGE);
	gic_enable(cpu, intid, priority);
}

/* Both groups enabled, an interrupt of each pends: that of group 0 is more favoured. */
static void pend_both(struct vcpu *cpu, u32 gicc_ctlr)
{
	add(cpu, ZERO, 0x80);
	add(cpu, ONE, 0x90);
	gicd_set_bit(cpu, GICD_IGROUPR, ONE);
	gicd_write(cpu, GICD_CTLR, GICD_ENABLE_GROUP0 | GICD_ENABLE_GROUP1);
	gicc_write(cpu, GICC_CTLR, gicc_ctlr);
	pulse_irq(cpu->vm, spi(ZERO));
	pulse_irq(cpu->vm, spi(ONE));
}

GIC_TEST(all_are_of_group_0_at_reset)
{
	for (u32 offset = 0; offset < GIC_IRQS / 8; offset += 4)
		EXPECT_EQ(0, gicd_read(self->cpu, GICD_IGROUPR + offset));
}

GIC_TEST(groups_read_back)
{
	gicd_write(self->cpu, GICD_IGROUPR, 0x55555555);
	gicd_write(self->cpu, GICD_IGROUPR + 4, 0x0f0f0f0f);
	EXPECT_EQ(0x55555555, gicd_read(self->cpu, GICD_IGROUPR));
	EXPECT_EQ(0, gicd_read(self->peer, GICD_IGROUPR));
	EXPECT_EQ(0x0f0f0f0f, gicd_read(self->peer, GICD_IGROUPR + 4));
}

GIC_TEST(distributor_has_two_enables)
{
	u32 in_tree = GICD_ENABLE_GROUP0;

	gicd_write(self->cpu, GICD_CTLR, 0xffffffff);
	EXPECT_EQ(OURS_OR_IN_TREE(GICD_ENABLE_GROUP0 | GICD_ENABLE_GROUP1, in_tree),
		  gicd_read(self->cpu, GICD_CTLR));
	gicd_write(self->cpu, GICD_CTLR, GICD_ENABLE_GROUP1);
	EXPECT_EQ(OURS_OR_IN_TREE(GICD_ENABLE_GROUP1, 0), gicd_read(self->cpu, GICD_CTLR));
	gicd_write(self->cpu, GICD_CTLR, 0);
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_CTLR));
}

GIC_TEST(interface_control_reads_back)
{
	u32 bits[] = { GICC_ENABLE_GROUP0, GICC_ENABLE_GROUP1, GICC_ACKCTL, GICC_FIQEN, GICC_CBPR,
		       GICC_EOIMODE };

	for (int i = 0; i < ARRAY_SIZE(bits); i++) {
		gicc_write(self->cpu, GICC_CTLR, bits[i]);
		EXPECT_EQ(bits[i], gicc_read(self->cpu, GICC_CTLR));
	}
}

#define NO_ALIASES	"the emulated host's hardware has no aliased registers"

/* IAR tells that there is one of group 1; only AIAR accepts it. */
GIC_TEST(aliased_registers)
{
	VINTC_ONLY(NO_ALIASES);

	pend_both(self->cpu, BOTH);
	EXPECT_EQ(ZERO, gicc_read(self->cpu, GICC_HPPIR));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->cpu, GICC_AHPPIR));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->cpu, GICC_AIAR));
	EXPECT_EQ(ZERO, gicc_read(self->cpu, GICC_IAR));
	gicc_write(self->cpu, GICC_EOIR, ZERO);

	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(INTID_GROUP1, gicc_read(self->cpu, GICC_HPPIR));
	EXPECT_EQ(INTID_GROUP1, gicc_read(self->cpu, GICC_IAR));
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_AHPPIR));
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_AIAR));
	EXPECT_EQ(0x90, gicc_read(self->cpu, GICC_RPR));
	gicc_write(self->cpu, GICC_AEOIR, ONE);
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
	EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISACTIVER, ONE));
}

/* With AckCtl IAR accepts both. */
GIC_TEST(ackctl)
{
	pend_both(self->cpu, BOTH | GICC_ACKCTL);
	EXPECT_EQ(ZERO, gicc_read(self->cpu, GICC_IAR));
	gicc_write(self->cpu, GICC_EOIR, ZERO);
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_HPPIR));
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_IAR));
	gicc_write(self->cpu, GICC_EOIR, ONE);
	EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISACTIVER, ONE));
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
}

GIC_TEST(each_group_has_its_enable)
{
	VINTC_ONLY(NO_ALIASES);

	pend_both(self->cpu, GICC_ENABLE_GROUP1);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_AIAR));
	gicc_write(self->cpu, GICC_AEOIR, ONE);
	EXPECT_EQ(0, lines_up(self->cpu));
	gicc_write(self->cpu, GICC_CTLR, GICC_ENABLE_GROUP0);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(ZERO, gicc_read(self->cpu, GICC_IAR));
}

GIC_TEST(each_group_has_its_enable_in_the_distributor)
{
	VINTC_ONLY("in-tree has one enable for both");

	pend_both(self->cpu, BOTH);
	gicd_write(self->cpu, GICD_CTLR, GICD_ENABLE_GROUP1);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_AHPPIR));
	gicd_write(self->cpu, GICD_CTLR, GICD_ENABLE_GROUP0);
	EXPECT_EQ(ZERO, gicc_read(self->cpu, GICC_HPPIR));
	gicd_write(self->cpu, GICD_CTLR, 0);
	EXPECT_EQ(0, lines_up(self->cpu));
}

GIC_TEST(group_0_as_fiq)
{
	VINTC_ONLY(NO_ALIASES);

	pend_both(self->cpu, BOTH | GICC_FIQEN);
	EXPECT_EQ(LINE_FIQ, lines_up(self->cpu));
	EXPECT_EQ(ZERO, gicc_read(self->cpu, GICC_IAR));
	EXPECT_EQ(0, lines_up(self->cpu));
	gicc_write(self->cpu, GICC_EOIR, ZERO);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(ONE, gicc_read(self->cpu, GICC_AIAR));
}

/* Handlers in a guest: one exception of each kind. */
GIC_TEST(guest_takes_irq_and_fiq)
{
	VINTC_ONLY(NO_ALIASES);

	pend_both(self->cpu, BOTH | GICC_FIQEN);
	vcpu_do(self->cpu, OP_SERVE, ONE);
	EXPECT_EQ(2, self->cpu->box->accepted);
	EXPECT_EQ(1, self->cpu->box->fiqs);
	EXPECT_EQ(1, self->cpu->box->irqs);
	EXPECT_EQ(0, self->cpu->box->spurious);
}

GIC_TEST(fiq_wakes_a_sleeping_guest)
{
	add(self->cpu, ZERO, 0x80);
	gicc_write(self->cpu, GICC_CTLR, GICC_ENABLE_GROUP0 | GICC_FIQEN);
	vcpu_start(self->cpu, OP_SERVE, ZERO + 1);
	for (int i = 0; i < 100; i++) {
		pulse_irq(&self->vm, spi(ZERO));
		ASSERT_TRUE(wait_briefly(self->cpu->box->accepted == i + 1));
	}
	EXPECT_EQ(100, self->cpu->box->fiqs);
	EXPECT_EQ(0, self->cpu->box->irqs);
	EXPECT_EQ(0, self->cpu->box->spurious);
}

/* Group 1 has a binary point of its own, unless CBPR says otherwise. */
GIC_TEST(aliased_binary_point)
{
	gicc_write(self->cpu, GICC_BPR, 4);
	for (u32 bpr = 0; bpr < 8; bpr++) {
		gicc_write(self->cpu, GICC_ABPR, bpr);
		EXPECT_EQ(bpr < 3 ? 3 : bpr, gicc_read(self->cpu, GICC_ABPR));
	}
	EXPECT_EQ(4, gicc_read(self->cpu, GICC_BPR));
}

static u32 lines_over_an_active_one(struct vcpu *cpu, u32 gicc_ctlr, u32 bpr, u32 abpr)
{
	u32 lines;

	for (u32 i = 0; i < 2; i++) {
		add(cpu, ONE + i, 0x58 - 0x10 * i);	/* they differ in bit 4 */
		gicd_write(cpu, GICD_IGROUPR + 4, 0xffffffff);
	}
	gicd_write(cpu, GICD_CTLR, GICD_ENABLE_GROUP0 | GICD_ENABLE_GROUP1);
	gicc_write(cpu, GICC_CTLR, gicc_ctlr);
	gicc_write(cpu, GICC_BPR, bpr);
	gicc_write(cpu, GICC_ABPR, abpr);
	pulse_irq(cpu->vm, spi(ONE));
	if (gicc_read(cpu, GICC_AIAR) != ONE)
		fatal("the first interrupt is not accepted");
	pulse_irq(cpu->vm, spi(ONE + 1));
	lines = lines_up(cpu);
	if (lines) {
		gicc_read(cpu, GICC_AIAR);
		gicc_write(cpu, GICC_AEOIR, ONE + 1);
	}
	gicc_write(cpu, GICC_AEOIR, ONE);
	if (!lines)
		gicc_write(cpu, GICC_AEOIR, gicc_read(cpu, GICC_AIAR));
	return lines;
}

GIC_TEST(group_1_preempts_by_its_binary_point)
{
	VINTC_ONLY(NO_ALIASES);

	/* ABPR 4 leaves bits 7 to 4 to the group, ABPR 5 bits 7 to 5. */
	EXPECT_EQ(LINE_IRQ, lines_over_an_active_one(self->cpu, BOTH, 7, 4));
	EXPECT_EQ(0, lines_over_an_active_one(self->cpu, BOTH, 2, 5));
	/* CBPR: BPR 3 leaves bits 7 to 4, BPR 4 bits 7 to 5. */
	EXPECT_EQ(LINE_IRQ, lines_over_an_active_one(self->cpu, BOTH | GICC_CBPR, 3, 7));
	EXPECT_EQ(0, lines_over_an_active_one(self->cpu, BOTH | GICC_CBPR, 4, 3));
}

GIC_TEST_MAIN

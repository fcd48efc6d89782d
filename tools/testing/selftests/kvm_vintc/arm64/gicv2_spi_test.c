// SPDX-License-Identifier: GPL-2.0-only
/* Lines of the VMM's devices: levels, edges, targets, running and sleeping guests. */
#include "lib/test.h"

#define SPI	40u
#define LAST	41u	/* ends OP_SERVE and OP_SPIN */

static void add(struct vcpu *cpu, u32 intid, enum trigger trigger)
{
	gic_set_trigger(cpu, intid, trigger);
	gic_enable(cpu, intid, 0x80);
}

static u32 trigger_field(struct vcpu *cpu, u32 intid)
{
	return gicd_read(cpu, GICD_ICFGR + intid / 16 * 4) >> intid % 16 * 2 & 3;
}

GIC_TEST(triggers_read_back)
{
	for (u32 intid = 32; intid < GIC_IRQS; intid += 5) {
		gic_set_trigger(self->cpu, intid, EDGE);
		EXPECT_EQ(2, trigger_field(self->peer, intid));
		gic_set_trigger(self->peer, intid, LEVEL);
		EXPECT_EQ(0, trigger_field(self->cpu, intid));
	}
}

/* SGIs are edges, PPIs levels. */
GIC_TEST(triggers_of_banked_interrupts_are_fixed)
{
	gicd_write(self->cpu, GICD_ICFGR, 0);
	EXPECT_EQ(0xaaaaaaaa, gicd_read(self->cpu, GICD_ICFGR));
	VINTC_ONLY("in-tree lets PPIs be edge-triggered");
	gicd_write(self->cpu, GICD_ICFGR + 4, 0xffffffff);
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_ICFGR + 4));
}

GIC_TEST(level_held_through_its_end_comes_again)
{
	add(self->cpu, SPI, LEVEL);
	raise_irq(&self->vm, spi(SPI));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
		EXPECT_EQ(SPI, gic_accept(self->cpu));
		EXPECT_EQ(0, lines_up(self->cpu));
		raise_irq(&self->vm, spi(SPI));		/* it is up already */
		EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
		gic_end(self->cpu, SPI);
	}
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
}

GIC_TEST(level_lowered_in_service_is_over)
{
	add(self->cpu, SPI, LEVEL);
	raise_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	lower_irq(&self->vm, spi(SPI));
	gic_end(self->cpu, SPI);
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
}

/* Deasserted before it was taken: no interrupt, and no spurious one. */
GIC_TEST(level_lowered_before_it_is_taken)
{
	add(self->cpu, SPI, LEVEL);
	raise_irq(&self->vm, spi(SPI));
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	lower_irq(&self->vm, spi(SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
	vcpu_do(self->cpu, OP_TAKE);
	EXPECT_EQ(0, self->cpu->box->irqs);
	EXPECT_EQ(0, self->cpu->box->spurious);
}

/* hazard 21: the level is looked at again when it is unmasked. */
GIC_TEST(hazard21_level_held_through_mask_end_unmask)
{
	add(self->cpu, SPI, LEVEL);
	raise_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	gicd_set_bit(self->cpu, GICD_ICENABLER, SPI);
	gic_end(self->cpu, SPI);
	EXPECT_EQ(0, lines_up(self->cpu));
	gicd_set_bit(self->cpu, GICD_ISENABLER, SPI);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

/* A level cannot be cleared by the guest; what the guest pended itself can. */
GIC_TEST(pending_of_a_level)
{
	add(self->cpu, SPI, LEVEL);
	raise_irq(&self->vm, spi(SPI));
	gicd_set_bit(self->cpu, GICD_ICPENDR, SPI);
	EXPECT_TRUE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));
	/* Pended beside the level: it stays when the level goes. */
	gicd_set_bit(self->cpu, GICD_ISPENDR, SPI);
	lower_irq(&self->vm, spi(SPI));
	EXPECT_TRUE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	gicd_set_bit(self->cpu, GICD_ICPENDR, SPI);
	EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
}

GIC_TEST(edge_comes_once)
{
	add(self->cpu, SPI, EDGE);
	raise_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	gic_end(self->cpu, SPI);
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	/* Up already: no edge, as KVM documents; in-tree takes every 1 for one. */
	raise_irq(&self->vm, spi(SPI));
	EXPECT_EQ(OURS_OR_IN_TREE(INTID_SPURIOUS, SPI), gic_accept(self->cpu));
	gic_end(self->cpu, SPI);
	lower_irq(&self->vm, spi(SPI));
	raise_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

GIC_TEST(edge_in_service_comes_after_its_end_once)
{
	add(self->cpu, SPI, EDGE);
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	for (int i = 0; i < 3; i++)
		pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
	gic_end(self->cpu, SPI);
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	gic_end(self->cpu, SPI);
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
}

GIC_TEST(target_is_followed)
{
	add(self->cpu, SPI, EDGE);
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	gicd_set_byte(self->cpu, GICD_ITARGETSR, SPI, 2);
	EXPECT_EQ(2, gicd_byte(self->cpu, GICD_ITARGETSR, SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(LINE_IRQ, lines_up(self->peer));
	EXPECT_EQ(SPI, gic_accept(self->peer));
	gic_end(self->peer, SPI);
}

/* 1 of N: whoever of several targets takes it, it is taken once. */
GIC_TEST(several_targets_take_it_once)
{
	u32 first, second;

	add(self->cpu, SPI, EDGE);
	gicd_set_byte(self->cpu, GICD_ITARGETSR, SPI, 3);
	pulse_irq(&self->vm, spi(SPI));
	first = gic_accept(self->cpu);
	second = gic_accept(self->peer);
	EXPECT_EQ(SPI + INTID_SPURIOUS, first + second);
	EXPECT_NE(first, second);
}

GIC_TEST(targets_that_are_not_there_read_as_zero)
{
	gicd_set_byte(self->cpu, GICD_ITARGETSR, SPI, 0xff);
	EXPECT_EQ(3, gicd_byte(self->cpu, GICD_ITARGETSR, SPI));
	gicd_set_byte(self->cpu, GICD_ITARGETSR, SPI, 0xfc);
	EXPECT_EQ(0, gicd_byte(self->cpu, GICD_ITARGETSR, SPI));
}

/* hazard 17: a wakeup lost between going to sleep and injection. */

static void each_edge_is_one_interrupt(struct __test_metadata *_metadata, struct vcpu *cpu,
				       u64 operation)
{
	u64 rounds = soak(500);

	add(cpu, SPI, EDGE);
	add(cpu, LAST, EDGE);
	vcpu_start(cpu, operation, LAST);
	for (u64 i = 0; i < rounds; i++) {
		pulse_irq(cpu->vm, spi(SPI));
		/* At once again, just as the guest goes back to sleep. */
		ASSERT_TRUE(wait_briefly(cpu->box->accepted == i + 1));
	}
	pulse_irq(cpu->vm, spi(LAST));
	vcpu_join(cpu);
	EXPECT_EQ(rounds + 1, cpu->box->accepted);
	EXPECT_EQ(0, cpu->box->spurious);
	EXPECT_EQ(0, cpu->exit.mmio);
}

GIC_TEST(hazard17_lines_wake_a_sleeping_guest)
{
	each_edge_is_one_interrupt(_metadata, self->cpu, OP_SERVE);
}

GIC_TEST(lines_interrupt_a_running_guest)
{
	each_edge_is_one_interrupt(_metadata, self->cpu, OP_SPIN);
}

/* Every SPI there is, and the ends of the numbers. */
GIC_TEST(all_spis)
{
	for (u32 intid = 32; intid < GIC_IRQS; intid++) {
		add(self->peer, intid, EDGE);
		pulse_irq(&self->vm, spi(intid));
		EXPECT_EQ(intid, gic_accept(self->peer));
		gic_end(self->peer, intid);
	}
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->peer));
}

GIC_TEST_MAIN

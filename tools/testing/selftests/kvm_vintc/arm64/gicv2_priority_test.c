// SPDX-License-Identifier: GPL-2.0-only
/* Priorities: masking, order, preemption, and grouping by the binary point. */
#include "lib/test.h"

#define FIRST	40u	/* SPIs of the tests, edge-triggered */

static void add(struct vcpu *cpu, u32 intid, u8 priority)
{
	gic_set_trigger(cpu, intid, EDGE);
	gic_enable(cpu, intid, priority);
}

static void pend(struct vcpu *cpu, u32 intid)
{
	pulse_irq(cpu->vm, spi(intid));
}

GIC_TEST(five_bits_are_implemented)
{
	for (int p = 0; p < 256; p += 17) {
		gicd_set_byte(self->cpu, GICD_IPRIORITYR, FIRST, p);
		EXPECT_EQ(p & 0xf8, gicd_byte(self->cpu, GICD_IPRIORITYR, FIRST));
		gicc_write(self->cpu, GICC_PMR, p);
		EXPECT_EQ(p & 0xf8, gicc_read(self->cpu, GICC_PMR));
	}
}

/* The mask lets through what is more favoured than it, not what is equal. */
GIC_TEST(mask)
{
	add(self->cpu, FIRST, 0x80);
	pend(self->cpu, FIRST);
	gicc_write(self->cpu, GICC_PMR, 0x80);
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	gicc_write(self->cpu, GICC_PMR, 0x88);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	gicc_write(self->cpu, GICC_PMR, 0);
	EXPECT_EQ(0, lines_up(self->cpu));
	gicc_write(self->cpu, GICC_PMR, 0xff);
	EXPECT_EQ(FIRST, gic_accept(self->cpu));
}

/* The most favoured first. */
GIC_TEST(order)
{
	static const u8 priorities[] = { 0x58, 0x20, 0xf0, 0x28, 0x00, 0x50, 0x10 };
	static const u32 order[] = { 4, 6, 1, 3, 5, 0, 2 };

	for (int i = 0; i < ARRAY_SIZE(priorities); i++)
		add(self->cpu, FIRST + i, priorities[i]);
	for (int i = ARRAY_SIZE(priorities) - 1; i >= 0; i--)
		pend(self->cpu, FIRST + i);
	for (int i = 0; i < ARRAY_SIZE(order); i++) {
		EXPECT_EQ(FIRST + order[i], gicc_read(self->cpu, GICC_HPPIR));
		EXPECT_EQ(FIRST + order[i], gic_accept(self->cpu));
		EXPECT_EQ(priorities[order[i]], gicc_read(self->cpu, GICC_RPR));
		gic_end(self->cpu, FIRST + order[i]);
		EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
	}
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
}

/* The architecture leaves the order of equals open; ours is that of their numbers. */
GIC_TEST(equals_come_by_number)
{
	VINTC_ONLY("in-tree presents the last first");

	for (u32 i = 5; i--;) {
		add(self->cpu, FIRST + 30 * i % 70, 0x80);
		pend(self->cpu, FIRST + 30 * i % 70);
	}
	vcpu_do(self->cpu, OP_SERVE, FIRST + 60);
	ASSERT_EQ(5, self->cpu->box->accepted);
	for (int i = 1; i < 5; i++)
		EXPECT_LT(self->cpu->box->log[i - 1], self->cpu->box->log[i]);
}

/* SGIs, PPIs and SPIs are in one order. */
GIC_TEST(order_across_kinds)
{
	add(self->cpu, FIRST, 0x40);
	gic_enable(self->cpu, 20, 0x30);
	gicd_set_byte(self->cpu, GICD_IPRIORITYR, 7, 0x50);
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(7));
	pend(self->cpu, FIRST);
	raise_irq(&self->vm, ppi(0, 20));
	EXPECT_EQ(20, gic_accept(self->cpu));
	lower_irq(&self->vm, ppi(0, 20));
	gic_end(self->cpu, 20);
	EXPECT_EQ(FIRST, gic_accept(self->cpu));
	gic_end(self->cpu, FIRST);
	EXPECT_EQ(iar_sgi(0, 7), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(0, 7));
}

GIC_TEST(preemption)
{
	static const u8 priorities[] = { 0xf0, 0xa0, 0x50, 0x08, 0x00 };
	/* In-tree has few list registers, and what is active occupies them. */
	int n = OURS_OR_IN_TREE(ARRAY_SIZE(priorities), 2);

	for (int i = 0; i < n; i++) {
		add(self->cpu, FIRST + i, priorities[i]);
		add(self->cpu, FIRST + 10 + i, priorities[i]);
	}
	for (int i = 0; i < n; i++) {
		pend(self->cpu, FIRST + i);
		EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
		EXPECT_EQ(FIRST + i, gic_accept(self->cpu));
		EXPECT_EQ(priorities[i], gicc_read(self->cpu, GICC_RPR));
		/* An equal does not preempt. */
		pend(self->cpu, FIRST + 10 + i);
		EXPECT_EQ(0, lines_up(self->cpu));
		EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	}
	for (int i = n - 1; i >= 0; i--) {
		gic_end(self->cpu, FIRST + i);
		EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
		EXPECT_EQ(FIRST + 10 + i, gic_accept(self->cpu));
		gic_end(self->cpu, FIRST + 10 + i);
	}
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
	EXPECT_EQ(0, lines_up(self->cpu));
}

/* A running guest's handler is preempted when it unmasks: here it takes all in turn. */
GIC_TEST(guest_takes_them_in_order)
{
	for (int i = 0; i < 24; i++) {
		add(self->cpu, FIRST + i, 8 * (i * 7 % 24));
		pend(self->cpu, FIRST + i);
	}
	add(self->cpu, 80, 0xf0);
	pend(self->cpu, 80);
	vcpu_do(self->cpu, OP_SERVE, 80);
	ASSERT_EQ(25, self->cpu->box->accepted);
	for (int i = 1; i < 24; i++)
		EXPECT_LT((self->cpu->box->log[i - 1] - FIRST) * 7 % 24,
			  (self->cpu->box->log[i] - FIRST) * 7 % 24);
	EXPECT_EQ(0, self->cpu->box->spurious);
}

/*
 * The binary point: bits below it order interrupts, but do not preempt. Without
 * the Security Extensions and with 5 bits its least value is 2.
 */
GIC_TEST(binary_point_has_a_least_value)
{
	for (u32 bpr = 0; bpr < 8; bpr++) {
		gicc_write(self->cpu, GICC_BPR, bpr);
		EXPECT_EQ(bpr < 2 ? 2 : bpr, gicc_read(self->cpu, GICC_BPR));
	}
}

GIC_TEST(binary_point_groups)
{
	for (u32 bpr = 2; bpr < 8; bpr++) {
		u8 group_mask = 0xfe << bpr;

		gicc_write(self->cpu, GICC_BPR, bpr);
		for (int bit = 3; bit < 8; bit++) {
			u8 running = 0x80 | 1u << bit, other = running ^ (1u << bit);
			bool preempts = (other & group_mask) < (running & group_mask);

			add(self->cpu, FIRST, running);
			add(self->cpu, FIRST + 1, other);
			pend(self->cpu, FIRST);
			EXPECT_EQ(FIRST, gic_accept(self->cpu));
			pend(self->cpu, FIRST + 1);
			EXPECT_EQ(preempts ? LINE_IRQ : 0, lines_up(self->cpu)) {
				TH_LOG("BPR %u, %#x over %#x", bpr, other, running);
			}
			EXPECT_EQ(preempts ? FIRST + 1 : INTID_SPURIOUS, gic_accept(self->cpu));
			if (preempts)
				gic_end(self->cpu, FIRST + 1);
			gic_end(self->cpu, FIRST);
			if (!preempts) {
				EXPECT_EQ(FIRST + 1, gic_accept(self->cpu));
				gic_end(self->cpu, FIRST + 1);
			}
			EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
		}
	}
}

/* GICC_RPR tells the group's priority; within a group the order stays. */
GIC_TEST(order_within_a_group)
{
	gicc_write(self->cpu, GICC_BPR, 5);
	add(self->cpu, FIRST, 0x58);
	add(self->cpu, FIRST + 1, 0x48);
	pend(self->cpu, FIRST);
	pend(self->cpu, FIRST + 1);
	EXPECT_EQ(FIRST + 1, gic_accept(self->cpu));
	EXPECT_EQ(0x40, gicc_read(self->cpu, GICC_RPR));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	gic_end(self->cpu, FIRST + 1);
	EXPECT_EQ(FIRST, gic_accept(self->cpu));
}

/* A priority that changes while pending counts from then on. */
GIC_TEST(priority_changes_while_pending)
{
	add(self->cpu, FIRST, 0x80);
	add(self->cpu, FIRST + 1, 0x90);
	pend(self->cpu, FIRST);
	pend(self->cpu, FIRST + 1);
	EXPECT_EQ(FIRST, gicc_read(self->cpu, GICC_HPPIR));
	gicd_set_byte(self->cpu, GICD_IPRIORITYR, FIRST + 1, 0x10);
	EXPECT_EQ(FIRST + 1, gic_accept(self->cpu));
}

GIC_TEST_MAIN

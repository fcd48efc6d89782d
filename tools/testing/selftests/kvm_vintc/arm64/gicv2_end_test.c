// SPDX-License-Identifier: GPL-2.0-only
/* The end of interrupts: both EOImodes, active and pending, and what is no end. */
#include "lib/test.h"

#define SPI	40u

static bool is_active(struct vcpu *cpu, u32 intid)
{
	return gicd_bit(cpu, GICD_ISACTIVER, intid);
}

static bool is_pending(struct vcpu *cpu, u32 intid)
{
	return gicd_bit(cpu, GICD_ISPENDR, intid);
}

static void add(struct vcpu *cpu, u32 intid, enum trigger trigger, u8 priority)
{
	gic_set_trigger(cpu, intid, trigger);
	gic_enable(cpu, intid, priority);
}

static void split_the_end(struct vcpu *cpu)
{
	gicc_write(cpu, GICC_CTLR, GICC_ENABLE_GROUP0 | GICC_EOIMODE);
}

GIC_TEST(one_write_drops_and_deactivates)
{
	add(self->cpu, SPI, EDGE, 0x80);
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_TRUE(is_pending(self->cpu, SPI));
	EXPECT_FALSE(is_active(self->cpu, SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	EXPECT_FALSE(is_pending(self->cpu, SPI));
	EXPECT_TRUE(is_active(self->cpu, SPI));
	EXPECT_EQ(0x80, gicc_read(self->cpu, GICC_RPR));
	gic_end(self->cpu, SPI);
	EXPECT_FALSE(is_active(self->cpu, SPI));
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
}

GIC_TEST(eoimode_1_drops_then_deactivates)
{
	split_the_end(self->cpu);
	add(self->cpu, SPI, EDGE, 0x80);
	add(self->cpu, SPI + 1, EDGE, 0x90);
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	pulse_irq(&self->vm, spi(SPI + 1));
	EXPECT_EQ(0, lines_up(self->cpu));

	gic_end(self->cpu, SPI);
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
	EXPECT_TRUE(is_active(self->cpu, SPI));
	/* Others come, less favoured ones even; it does not, though it pends again. */
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_TRUE(is_pending(self->cpu, SPI));
	EXPECT_EQ(SPI + 1, gic_accept(self->cpu));
	gic_end(self->cpu, SPI + 1);
	gicc_write(self->cpu, GICC_DIR, SPI + 1);
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));

	gicc_write(self->cpu, GICC_DIR, SPI);
	EXPECT_FALSE(is_active(self->cpu, SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

/* In-tree the deactivation has to come from the CPU that accepted it. */
static struct vcpu *another_cpu(struct vm *vm)
{
	return OURS_OR_IN_TREE(&vm->cpu[1], &vm->cpu[0]);
}

/* GICC_DIR may come in any order, and from another CPU for an SPI. */
GIC_TEST(deactivation_in_another_order)
{
	split_the_end(self->cpu);
	split_the_end(self->peer);
	for (u32 i = 0; i < 3; i++) {
		add(self->cpu, SPI + i, EDGE, 0x80 - 8 * i);
		pulse_irq(&self->vm, spi(SPI + i));
		EXPECT_EQ(SPI + i, gic_accept(self->cpu));
	}
	for (int i = 2; i >= 0; i--)
		gic_end(self->cpu, SPI + i);
	gicc_write(self->cpu, GICC_DIR, SPI + 1);
	gicc_write(another_cpu(&self->vm), GICC_DIR, SPI);
	gicc_write(self->cpu, GICC_DIR, SPI + 2);
	for (u32 i = 0; i < 3; i++)
		EXPECT_FALSE(is_active(self->cpu, SPI + i));
}

GIC_TEST(deactivation_of_an_sgi_names_its_sender)
{
	split_the_end(self->cpu);
	gicd_write(self->peer, GICD_SGIR, sgir_to(1, 4));
	EXPECT_EQ(iar_sgi(1, 4), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(1, 4));
	EXPECT_TRUE(is_active(self->cpu, 4));
	gicc_write(self->cpu, GICC_DIR, iar_sgi(1, 4));
	EXPECT_FALSE(is_active(self->cpu, 4));
}

GIC_TEST(handlers_of_a_guest_in_eoimode_1)
{
	split_the_end(self->cpu);
	self->cpu->box->deactivate = 1;
	add(self->cpu, SPI, EDGE, 0x80);
	vcpu_start(self->cpu, OP_SERVE, SPI + 1);
	for (int i = 0; i < 50; i++) {
		pulse_irq(&self->vm, spi(SPI));
		ASSERT_TRUE(wait_briefly(self->cpu->box->accepted == i + 1));
	}
	add(self->peer, SPI + 1, EDGE, 0x90);
	gicd_set_byte(self->peer, GICD_ITARGETSR, SPI + 1, 1);
	pulse_irq(&self->vm, spi(SPI + 1));
	vcpu_join(self->cpu);
	EXPECT_FALSE(is_active(self->cpu, SPI));
	EXPECT_EQ(0, self->cpu->box->spurious);
}

/* An end of what is not active changes nothing; nor does one of no interrupt. */
GIC_TEST(end_of_what_is_not_active)
{
	static const u32 not_active[] = { 0, 15, 16, 27, 32, SPI + 1, 127, 128, 1019, 1022, 1023 };

	add(self->cpu, SPI, EDGE, 0x80);
	add(self->cpu, SPI + 2, EDGE, 0x80);
	for (int i = 0; i < ARRAY_SIZE(not_active); i++)
		gic_end(self->cpu, not_active[i]);
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	gic_end(self->cpu, INTID_SPURIOUS);
	EXPECT_TRUE(is_active(self->cpu, SPI));
	EXPECT_EQ(0x80, gicc_read(self->cpu, GICC_RPR));
	gic_end(self->cpu, SPI);
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
	pulse_irq(&self->vm, spi(SPI + 2));
	EXPECT_EQ(SPI + 2, gic_accept(self->cpu));
}

/* Active by register: such an interrupt is not presented, whatever pends. */
GIC_TEST(active_by_register)
{
	add(self->cpu, SPI, EDGE, 0x80);
	gicd_set_bit(self->cpu, GICD_ISACTIVER, SPI);
	EXPECT_TRUE(is_active(self->cpu, SPI));
	EXPECT_TRUE(gicd_bit(self->cpu, GICD_ICACTIVER, SPI));
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_TRUE(is_pending(self->cpu, SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	gicd_set_bit(self->cpu, GICD_ICACTIVER, SPI);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

GIC_TEST(pending_by_register)
{
	add(self->cpu, SPI, EDGE, 0x80);
	gicd_set_bit(self->cpu, GICD_ISPENDR, SPI);
	EXPECT_TRUE(is_pending(self->cpu, SPI));
	EXPECT_TRUE(gicd_bit(self->cpu, GICD_ICPENDR, SPI));
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	gicd_set_bit(self->cpu, GICD_ICPENDR, SPI);
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
}

/* Disabled: pending is kept, and presented once enabled. */
GIC_TEST(disabled_interrupt_waits)
{
	add(self->cpu, SPI, EDGE, 0x80);
	gicd_set_bit(self->cpu, GICD_ICENABLER, SPI);
	EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISENABLER, SPI));
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
	gicd_set_bit(self->cpu, GICD_ISENABLER, SPI);
	EXPECT_TRUE(gicd_bit(self->cpu, GICD_ICENABLER, SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

GIC_TEST(disabled_distributor_forwards_nothing)
{
	VINTC_ONLY("in-tree forgets what pended when the distributor is enabled again");

	add(self->cpu, SPI, EDGE, 0x80);
	pulse_irq(&self->vm, spi(SPI));
	gicd_write(self->cpu, GICD_CTLR, 0);
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	gicd_write(self->cpu, GICD_CTLR, GICD_ENABLE_GROUP0);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

GIC_TEST(disabled_interface_signals_nothing)
{
	add(self->cpu, SPI, EDGE, 0x80);
	pulse_irq(&self->vm, spi(SPI));
	gicc_write(self->cpu, GICC_CTLR, 0);
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	gicc_write(self->cpu, GICC_CTLR, GICC_ENABLE_GROUP0);
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

GIC_TEST_MAIN

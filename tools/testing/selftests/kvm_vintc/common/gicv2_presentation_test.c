// SPDX-License-Identifier: GPL-2.0-only
/*
 * A GICv2 that userspace presents: accesses by command, with the answers that a
 * guest gets.
 */
#include "common/lib/test.h"

#define SPI	40u
#define PRIO	0x20

MACHINE_TEST(after_initialisation_everything_is_off)
{
	int dev = new_device_of(&self->machine, KVM_VINTC_MODEL_GICV2);

	must(set_irqs(dev, GIC_IRQS));
	must(init_gicv2(dev));
	EXPECT_EQ(0, gicd_read(dev, 0, GICD_CTLR));
	EXPECT_EQ(GIC_IRQS / 32 - 1, gicd_read(dev, 0, GICD_TYPER) & 0x1f);
	EXPECT_EQ(0, gicc_read(dev, 0, GICC_CTLR));
	EXPECT_EQ(0, gicc_read(dev, 0, GICC_PMR));
	gicd_write(dev, 0, GICD_SGIR, sgir_to(1, 1));
	EXPECT_EQ(0, lines_of(dev, 0));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(dev, 0, GICC_IAR));
	close(dev);
}

GICV2_TEST(an_sgi_from_one_vcpu_to_the_other)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_ACCESS, .vcpu = 1,
		.access = { .frame = KVM_VINTC_FRAME_GICC, .offset = GICC_IAR, .width = 4 },
	};

	gicd_write(self->dev, 0, GICD_SGIR, sgir_to(2, 5));
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 1));
	EXPECT_EQ(0, command(self->dev, &c));
	EXPECT_EQ(iar_sgi(0, 5), c.access.value);
	EXPECT_EQ(0, c.lines);
	gicc_write(self->dev, 1, GICC_EOIR, iar_sgi(0, 5));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->dev, 1, GICC_IAR));
}

GICV2_TEST(an_spi_from_its_input_to_its_end)
{
	enable_spi(self->dev, 1, SPI, PRIO, true);
	pulse(self->dev, SPI - 32);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 1));
	EXPECT_EQ(SPI, gicc_read(self->dev, 1, GICC_IAR));
	EXPECT_EQ(PRIO, gicc_read(self->dev, 1, GICC_RPR));
	EXPECT_EQ(0, lines_of(self->dev, 1));
	gicc_write(self->dev, 1, GICC_EOIR, SPI);
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->dev, 1, GICC_RPR));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->dev, 1, GICC_IAR));
}

GICV2_TEST(a_level_comes_again_until_it_goes)
{
	enable_spi(self->dev, 0, SPI, PRIO, false);
	must(device_line(self->dev, spi_line(SPI), 1));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
		if (i == 2)
			must(device_line(self->dev, spi_line(SPI), 0));
		gicc_write(self->dev, 0, GICC_EOIR, SPI);
	}
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->dev, 0, GICC_IAR));
}

GICV2_TEST(the_priority_mask_takes_the_line_down_and_up)
{
	enable_spi(self->dev, 0, SPI, PRIO, true);
	pulse(self->dev, SPI - 32);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	gicc_write(self->dev, 0, GICC_PMR, PRIO);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	gicc_write(self->dev, 0, GICC_PMR, PRIO + 8);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
}

GICV2_TEST(an_active_priority_holds_back_and_is_preempted)
{
	enable_spi(self->dev, 0, SPI, 0x40, true);
	enable_spi(self->dev, 0, SPI + 1, 0x40, true);
	enable_spi(self->dev, 0, SPI + 2, 0x20, true);
	pulse(self->dev, SPI - 32);
	EXPECT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	pulse(self->dev, SPI + 1 - 32);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	pulse(self->dev, SPI + 2 - 32);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_EQ(SPI + 2, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, SPI + 2);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	gicc_write(self->dev, 0, GICC_EOIR, SPI);
	EXPECT_EQ(SPI + 1, gicc_read(self->dev, 0, GICC_IAR));
}

GICV2_TEST(group_1_is_a_line_of_its_own)
{
	gicd_write(self->dev, 0, GICD_CTLR, GICD_ENABLE_GROUP0 | GICD_ENABLE_GROUP1);
	gicc_write(self->dev, 0, GICC_CTLR,
		   GICC_ENABLE_GROUP0 | GICC_ENABLE_GROUP1 | GICC_FIQEN);
	enable_spi(self->dev, 0, SPI, PRIO, true);
	enable_spi(self->dev, 0, SPI + 1, PRIO, true);
	gicd_write(self->dev, 0, GICD_IGROUPR + 4, 1u << (SPI + 1 - 32));
	pulse(self->dev, SPI + 1 - 32);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_EQ(SPI + 1, gicc_read(self->dev, 0, GICC_AIAR));
	gicc_write(self->dev, 0, GICC_AEOIR, SPI + 1);
	pulse(self->dev, SPI - 32);
	EXPECT_EQ(KVM_VINTC_LINE_FIQ, lines_of(self->dev, 0));
	EXPECT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
}

GICV2_TEST(a_ppi_is_each_vcpus_own)
{
	u32 ppi = KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT | 1 << KVM_ARM_IRQ_VCPU_SHIFT | 20;

	for (int cpu = 0; cpu < 2; cpu++)
		gicd_write(self->dev, cpu, GICD_ISENABLER, 1u << 20);
	must(device_line(self->dev, ppi, 1));
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 1));
	EXPECT_EQ(20, gicc_read(self->dev, 1, GICC_IAR));
	must(device_line(self->dev, ppi, 0));
	gicc_write(self->dev, 1, GICC_EOIR, 20);
	EXPECT_EQ(0, lines_of(self->dev, 1));
}

GICV2_TEST(registers_are_banked_by_the_vcpu_that_accesses)
{
	gicd_write(self->dev, 0, GICD_ISENABLER, 1u << 17);
	EXPECT_EQ(1u << 17, gicd_read(self->dev, 0, GICD_ISENABLER) & 1u << 17);
	EXPECT_EQ(0, gicd_read(self->dev, 1, GICD_ISENABLER) & 1u << 17);
	EXPECT_EQ(0x01010101, gicd_read(self->dev, 0, GICD_ITARGETSR));
	EXPECT_EQ(0x02020202, gicd_read(self->dev, 1, GICD_ITARGETSR));
}

GICV2_TEST(bytes_are_accessed_where_the_architecture_has_them)
{
	u64 value = 0x48;

	EXPECT_EQ(0, access_frame(self->dev, 0, KVM_VINTC_FRAME_GICD, GICD_IPRIORITYR + SPI + 1, 1,
				  true, &value));
	EXPECT_EQ(0x4800, gicd_read(self->dev, 0, GICD_IPRIORITYR + SPI));
	value = -1ull;
	EXPECT_EQ(0, access_frame(self->dev, 0, KVM_VINTC_FRAME_GICD, GICD_IPRIORITYR + SPI + 1, 1,
				  false, &value));
	EXPECT_EQ(0x48, value);
}

/* What the architecture has not is read as 0 and written to no effect, as a guest sees it. */
GICV2_TEST(registers_that_do_not_exist_are_no_error)
{
	u64 value = -1ull;

	gicd_write(self->dev, 0, 0xffc, -1u);
	EXPECT_EQ(0, gicd_read(self->dev, 0, 0x040));
	EXPECT_EQ(0, access_frame(self->dev, 0, KVM_VINTC_FRAME_GICD, GICD_CTLR, 8, false, &value));
}

COMMON_TEST_MAIN

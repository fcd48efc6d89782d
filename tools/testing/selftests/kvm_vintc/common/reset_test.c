// SPDX-License-Identifier: GPL-2.0-only
/* KVM_VINTC_CMD_RESET: the state after power-on, whatever was before. */
#include "common/lib/test.h"

#define SOURCE	0x1000u
#define SPI	40u

static u64 icp(int dev, int cpu)
{
	return reg(dev, KVM_VINTC_REG_ICP(server_of(cpu)));
}

/* What a source is after power-on, with its input as it is. */
static u64 source_off(u64 input)
{
	return KVM_VINTC_SOURCE_EXISTS | 0xffull << KVM_VINTC_SOURCE_PRIORITY_SHIFT |
	       0xffull << KVM_VINTC_SOURCE_SAVED_SHIFT | input;
}

XICS_TEST(icps_and_sources_are_as_after_power_on)
{
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(set_source(self->dev, SOURCE + 1, source_state(server_of(0), 7, SOURCE_MSI)));
	pulse(self->dev, SOURCE);
	h_xirr(self->dev, 0);
	pulse(self->dev, SOURCE);
	pulse(self->dev, SOURCE + 1);
	h_ipi(self->dev, 0, server_of(1), 3);
	EXPECT_EQ(0, reset(self->dev, 0));
	for (int cpu = 0; cpu < 2; cpu++) {
		EXPECT_EQ(ICP_RESET, icp(self->dev, cpu));
		EXPECT_EQ(0, lines_of(self->dev, cpu));
	}
	for (u32 i = 0; i < 2; i++)
		EXPECT_EQ(source_off(0), reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE + i)) &
						~0xffffffffull);
	/* Nothing of it comes back. */
	h_cppr(self->dev, 0, 0xff);
	h_cppr(self->dev, 1, 0xff);
	for (u32 i = 0; i < 2; i++)
		rtas(self->dev, 0, KVM_VINTC_RTAS_SET_XIVE, SOURCE + i, server_of(0), 5, NULL);
	EXPECT_EQ(xirr(0xff, 0), h_xirr(self->dev, 0));
	EXPECT_EQ(xirr(0xff, 0), h_xirr(self->dev, 1));
}

XICS_TEST(it_is_the_same_however_often)
{
	struct image once;

	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_LEVEL)));
	must(device_line(self->dev, SOURCE, 1));
	must(reset(self->dev, 0));
	once = image_of(self->dev);
	must(reset(self->dev, 0));
	EXPECT_TRUE(is_in_state(self->dev, &once));
	image_free(&once);
}

XICS_TEST(inputs_keep_their_level)
{
	int fd = new_eventfd(), ended = new_eventfd();

	for (u32 i = 0; i < 3; i++)
		must(set_source(self->dev, SOURCE + i,
				source_state(server_of(0), 5, SOURCE_LEVEL)));
	must(device_line(self->dev, SOURCE, 1));
	must(assign_resample(self->dev, fd, SOURCE + 1, ended));
	signal_event(fd);
	EXPECT_SOON(reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE + 1)) & KVM_VINTC_SOURCE_HELD);
	must(reset(self->dev, 0));
	/* Who holds one is told that the guest may never end it. */
	EXPECT_SOON(events_of(ended) >= 1);
	EXPECT_TRUE(reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE)) & KVM_VINTC_SOURCE_LINE);
	EXPECT_TRUE(reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE + 1)) & KVM_VINTC_SOURCE_HELD);
	EXPECT_EQ(0, reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE + 2)) &
			     (KVM_VINTC_SOURCE_LINE | KVM_VINTC_SOURCE_HELD));

	/* The guest that starts now finds both of them up, and the third not. */
	h_cppr(self->dev, 0, 0xff);
	for (u32 i = 0; i < 3; i++)
		rtas(self->dev, 0, KVM_VINTC_RTAS_SET_XIVE, SOURCE + i, server_of(0), 5 + i, NULL);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
	must(device_line(self->dev, SOURCE, 0));
	h_eoi(self->dev, 0, xirr(0xff, SOURCE));
	EXPECT_EQ(xirr(0xff, SOURCE + 1), h_xirr(self->dev, 0));
	h_eoi(self->dev, 0, xirr(0xff, SOURCE + 1));
	EXPECT_SOON(events_of(ended) == 1);
	EXPECT_EQ(xirr(0xff, 0), h_xirr(self->dev, 0));
	close(ended);
	close(fd);
}

XICS_TEST(what_userspace_decided_stays)
{
	int fd = new_eventfd(), line = new_line_fd(self->dev, 1);
	u32 number = 0, token = 0x2001;

	must(device_set(self->dev, KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_SET_XIVE, &token));
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(set_table(self->dev, to_pin(3, SOURCE)));
	must(assign_to(self->dev, fd, 3));
	must(reset(self->dev, 0));
	EXPECT_EQ(0, device_get(self->dev, KVM_VINTC_GRP_VCPU, 1, &number));
	EXPECT_EQ(server_of(1), number);
	token = 0;
	EXPECT_EQ(0, device_get(self->dev, KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_SET_XIVE, &token));
	EXPECT_EQ(0x2001, token);
	/* Routes, irqfds and the line's eventfd: one signal tells of all. */
	h_cppr(self->dev, 1, 0xff);
	rtas(self->dev, 1, KVM_VINTC_RTAS_SET_XIVE, SOURCE, server_of(1), 5, NULL);
	signal_event(fd);
	EXPECT_SOON(can_be_read(line));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 1));
	close(line);
	close(fd);
}

/* ---- GICv2 ---- */

MACHINE_TEST(a_gicv2_is_as_after_its_initialisation)
{
	int dev = new_device_of(&self->machine, KVM_VINTC_MODEL_GICV2);
	struct image fresh;

	must(set_irqs(dev, GIC_IRQS));
	must(init_gicv2(dev));
	fresh = image_of(dev);
	open_gicv2(dev, 2);
	for (u32 intid = 32; intid < GIC_IRQS; intid++) {
		enable_spi(dev, intid & 1, intid, intid * 4, intid & 2);
		pulse(dev, intid - 32);
	}
	gicd_write(dev, 0, GICD_SGIR, sgir_to(3, 7));
	gicc_read(dev, 0, GICC_IAR);
	gicc_read(dev, 1, GICC_IAR);
	gicc_write(dev, 1, GICC_CTLR, GICC_ENABLE_GROUP0 | GICC_EOIMODE);
	EXPECT_EQ(0, reset(dev, 0));
	EXPECT_TRUE(is_in_state(dev, &fresh));
	EXPECT_EQ(0, lines_of(dev, 0));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(dev, 0, GICC_IAR));
	image_free(&fresh);
	close(dev);
}

GICV2_TEST(inputs_keep_their_level)
{
	enable_spi(self->dev, 0, SPI, 0x20, false);
	must(device_line(self->dev, spi_line(SPI), 1));
	EXPECT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	must(reset(self->dev, 0));
	EXPECT_TRUE(reg(self->dev, KVM_VINTC_REG_GIC_IRQ(0, SPI)) & KVM_VINTC_GIC_IRQ_LINE);
	open_gicv2(self->dev, 2);
	enable_spi(self->dev, 1, SPI, 0x20, false);
	EXPECT_EQ(SPI, gicc_read(self->dev, 1, GICC_IAR));
	gicc_write(self->dev, 1, GICC_EOIR, SPI);
	EXPECT_EQ(SPI, gicc_read(self->dev, 1, GICC_IAR));
}

MACHINE_TEST(before_a_gicv2_is_initialised_there_is_nothing_to_reset)
{
	int dev = new_device_of(&self->machine, KVM_VINTC_MODEL_GICV2);

	EXPECT_EQ(0, reset(dev, 0));
	EXPECT_EQ(0, set_irqs(dev, GIC_IRQS));
	EXPECT_EQ(0, init_gicv2(dev));
	close(dev);
}

/* A device that leads here, or is led to, is not touched. */
MACHINE_TEST(other_devices_are_not_reset)
{
	int dev = new_xics(&self->machine), other = new_xics(&self->machine);

	must(set_source(other, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(set_table(dev, to_device(3, other, SOURCE)));
	must(inject(dev, 3, 2, NULL));
	must(reset(dev, 0));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(other, 0));
	h_eoi(other, 0, xirr(0xff, SOURCE));
	must(inject(dev, 3, 2, NULL));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(other, 0));
	close(other);
	close(dev);
}

COMMON_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Resample irqfds of a GICv2: a level SPI is held until the guest deactivates it. */
#include "common/lib/test.h"

#define SPI		40u
#define GSI		(SPI - 32)
#define STATE(dev)	reg(dev, KVM_VINTC_REG_GIC_IRQ(0, SPI))
#define IS_HELD(dev)	(!!(STATE(dev) & KVM_VINTC_GIC_IRQ_HELD))

FIXTURE(resample) {
	struct machine machine;
	int dev, fd, ended;
};
FIXTURE_SETUP(resample)
{
	machine_create(&self->machine, 1);
	self->dev = new_gicv2(&self->machine);
	enable_spi(self->dev, 0, SPI, 0x20, false);
	self->fd = new_eventfd();
	self->ended = new_eventfd();
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
}
FIXTURE_TEARDOWN(resample)
{
	machine_close(&self->fd);
	machine_close(&self->ended);
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define RESAMPLE_TEST(name)	TEST_F_TIMEOUT(resample, name, TIMEOUT)

static void hold(int dev, int fd)
{
	signal_event(fd);
	if (!wait_for(IS_HELD(dev)))
		fatal("the SPI is not held");
}

RESAMPLE_TEST(from_the_signal_to_the_end)
{
	for (int i = 0; i < 5; i++) {
		hold(self->dev, self->fd);
		EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
		ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
		EXPECT_TRUE(IS_HELD(self->dev));
		EXPECT_EQ(0, events_of(self->ended));
		gicc_write(self->dev, 0, GICC_EOIR, SPI);
		EXPECT_SOON(events_of(self->ended) == 1);
		EXPECT_FALSE(IS_HELD(self->dev));
		EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->dev, 0, GICC_IAR));
	}
}

/* Priority drop is not the end where they are apart. */
RESAMPLE_TEST(the_end_is_deactivation)
{
	gicc_write(self->dev, 0, GICC_CTLR, GICC_ENABLE_GROUP0 | GICC_EOIMODE);
	for (int i = 0; i < 3; i++) {
		hold(self->dev, self->fd);
		ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
		gicc_write(self->dev, 0, GICC_EOIR, SPI);
		EXPECT_EQ(0, events_of(self->ended));
		EXPECT_TRUE(IS_HELD(self->dev));
		gicc_write(self->dev, 0, GICC_DIR, SPI);
		EXPECT_SOON(events_of(self->ended) == 1);
		EXPECT_FALSE(IS_HELD(self->dev));
	}
}

RESAMPLE_TEST(the_distributor_deactivates_too)
{
	hold(self->dev, self->fd);
	ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	gicd_write(self->dev, 0, GICD_ICACTIVER + SPI / 32 * 4, 1u << SPI % 32);
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_FALSE(IS_HELD(self->dev));
}

RESAMPLE_TEST(the_line_and_the_hold_are_ored)
{
	must(device_line(self->dev, spi_line(SPI), 1));
	hold(self->dev, self->fd);
	ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, SPI);
	EXPECT_SOON(events_of(self->ended) == 1);
	EXPECT_FALSE(IS_HELD(self->dev));
	ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	hold(self->dev, self->fd);
	must(device_line(self->dev, spi_line(SPI), 0));
	EXPECT_TRUE(IS_HELD(self->dev));
	gicc_write(self->dev, 0, GICC_EOIR, SPI);
	EXPECT_SOON(events_of(self->ended) == 1);
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->dev, 0, GICC_IAR));
}

RESAMPLE_TEST(an_edge_spi_is_ended_too)
{
	enable_spi(self->dev, 0, SPI, 0x20, true);
	for (int i = 0; i < 3; i++) {
		signal_event(self->fd);
		EXPECT_SOON(lines_of(self->dev, 0));
		ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
		gicc_write(self->dev, 0, GICC_EOIR, SPI);
		EXPECT_SOON(events_of(self->ended) == 1);
		EXPECT_EQ(0, lines_of(self->dev, 0));
	}
}

RESAMPLE_TEST(deassigned_it_lets_go)
{
	hold(self->dev, self->fd);
	EXPECT_EQ(0, deassign_from(self->dev, self->fd, GSI));
	EXPECT_FALSE(IS_HELD(self->dev));
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(self->dev, 0, GICC_IAR));
}

RESAMPLE_TEST(disabled_it_waits_held)
{
	gicd_write(self->dev, 0, GICD_ICENABLER + SPI / 32 * 4, 1u << SPI % 32);
	hold(self->dev, self->fd);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	gicd_write(self->dev, 0, GICD_ISENABLER + SPI / 32 * 4, 1u << SPI % 32);
	ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, SPI);
	EXPECT_SOON(events_of(self->ended) == 1);
}

RESAMPLE_TEST(another_route_moves_the_level)
{
	enable_spi(self->dev, 0, SPI + 1, 0x20, false);
	hold(self->dev, self->fd);
	must(set_table(self->dev, to_pin(GSI, SPI + 1 - 32)));
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_FALSE(IS_HELD(self->dev));
	signal_event(self->fd);
	EXPECT_SOON(lines_of(self->dev, 0));
	ASSERT_EQ(SPI + 1, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, SPI + 1);
	EXPECT_SOON(events_of(self->ended) >= 1);
}

/* From a device of the one model to one of the other. */
RESAMPLE_TEST(across_a_cascade)
{
	int front = new_xics(&self->machine), fd = new_eventfd(), ended = new_eventfd();

	must(set_table(front, to_device(3, self->dev, GSI)));
	must(assign_resample(front, fd, 3, ended));
	hold(self->dev, fd);
	ASSERT_EQ(SPI, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, SPI);
	EXPECT_SOON(events_of(ended) == 1);
	EXPECT_FALSE(IS_HELD(self->dev));
	close(ended);
	close(fd);
	close(front);
}

COMMON_TEST_MAIN

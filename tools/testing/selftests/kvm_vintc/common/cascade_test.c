// SPDX-License-Identifier: GPL-2.0-only
/* Devices that lead to devices. */
#include <pthread.h>

#include "common/lib/threads.h"
#include "common/lib/test.h"

#define SOURCE	0x1000u
#define MSI	source_state(server_of(0), 5, SOURCE_MSI)

/* One of each in a row, at first without routes: a, b and c; d is behind them. */
FIXTURE(cascade) {
	struct machine machine;
	int a, b, c, d;
};
FIXTURE_SETUP(cascade)
{
	machine_create(&self->machine, 1);
	self->a = new_xics(&self->machine);
	self->b = new_gicv2(&self->machine);
	self->c = new_xics(&self->machine);
	self->d = new_xics(&self->machine);
	must(set_source(self->a, SOURCE, MSI));
	enable_spi(self->b, 0, 40, 0x20, true);
	must(set_source(self->c, SOURCE, MSI));
	must(set_source(self->d, SOURCE, MSI));
}
FIXTURE_TEARDOWN(cascade)
{
	machine_close(&self->a);
	machine_close(&self->b);
	machine_close(&self->c);
	machine_close(&self->d);
	machine_destroy(&self->machine);
}
#define CASCADE_TEST(name)	TEST_F_TIMEOUT(cascade, name, TIMEOUT)

static bool xics_took(int dev)
{
	u32 taken = h_xirr(dev, 0);

	if (XIRR_XISR(taken) != SOURCE)
		return false;
	h_eoi(dev, 0, taken);
	return true;
}

static bool gicv2_took(int dev)
{
	u32 iar = gicc_read(dev, 0, GICC_IAR);

	if (iar != 40)
		return false;
	gicc_write(dev, 0, GICC_EOIR, iar);
	return true;
}

CASCADE_TEST(from_one_to_the_next)
{
	must(set_table(self->a, to_device(3, self->b, 8)));
	must(inject(self->a, 3, 2, NULL));
	EXPECT_TRUE(gicv2_took(self->b));
	EXPECT_FALSE(xics_took(self->a));
}

CASCADE_TEST(three_in_a_row)
{
	must(set_table(self->b, to_device(4, self->c, SOURCE), to_pin(4, 8)));
	must(set_table(self->a, to_device(3, self->b, 4), to_pin(3, SOURCE)));
	must(inject(self->a, 3, 2, NULL));
	EXPECT_TRUE(xics_took(self->a));
	EXPECT_TRUE(gicv2_took(self->b));
	EXPECT_TRUE(xics_took(self->c));
}

CASCADE_TEST(by_the_table_that_the_next_one_has_then)
{
	must(set_table(self->a, to_device(3, self->c, SOURCE)));
	must(inject(self->a, 3, 2, NULL));
	EXPECT_TRUE(xics_took(self->c));
	must(set_table(self->c, to_pin(9, SOURCE)));
	inject(self->a, 3, 2, NULL);
	EXPECT_FALSE(xics_took(self->c));
	must(set_table(self->a, to_device(3, self->c, 9)));
	must(inject(self->a, 3, 2, NULL));
	EXPECT_TRUE(xics_took(self->c));
}

CASCADE_TEST(an_irqfd_goes_through)
{
	int fd = new_eventfd();

	must(set_table(self->b, to_device(4, self->c, SOURCE)));
	must(set_table(self->a, to_device(3, self->b, 4)));
	must(assign_to(self->a, fd, 3));
	for (int i = 0; i < 5; i++) {
		signal_event(fd);
		EXPECT_SOON(lines_of(self->c, 0));
		EXPECT_TRUE(xics_took(self->c));
	}
	close(fd);
}

CASCADE_TEST(several_ways_to_one_device)
{
	must(set_source(self->c, SOURCE + 1, MSI));
	must(set_table(self->a, to_device(3, self->c, SOURCE), to_device(3, self->c, SOURCE + 1)));
	must(inject(self->a, 3, 2, NULL));
	EXPECT_TRUE(source_of(self->c, SOURCE) & KVM_XICS_PRESENTED);
	EXPECT_TRUE(source_of(self->c, SOURCE + 1) & KVM_XICS_PRESENTED);
}

CASCADE_TEST(levels_go_through)
{
	must(set_source(self->c, SOURCE, source_state(server_of(0), 5, SOURCE_LEVEL)));
	must(set_table(self->a, to_device(3, self->c, SOURCE)));
	must(device_line(self->a, 3, 1));
	EXPECT_TRUE(xics_took(self->c));
	EXPECT_TRUE(xics_took(self->c));
	must(device_line(self->a, 3, 0));
	xics_took(self->c);
	EXPECT_FALSE(xics_took(self->c));
}

/* ---- refused ---- */

CASCADE_TEST(four_in_a_row)
{
	/* From behind... */
	must(set_table(self->c, to_device(1, self->d, SOURCE)));
	must(set_table(self->b, to_device(1, self->c, 1)));
	EXPECT_EQ(-ELOOP, set_table(self->a, to_device(1, self->b, 1)));
	/* ...from the front... */
	must(set_routes(self->c, NULL, 0));
	must(set_table(self->a, to_device(1, self->b, 1)));
	EXPECT_EQ(-ELOOP, set_table(self->c, to_device(1, self->d, SOURCE)));
	/* ...and in the middle: any two of them would do. */
	must(set_routes(self->b, NULL, 0));
	must(set_table(self->c, to_device(1, self->d, SOURCE)));
	EXPECT_EQ(-ELOOP, set_table(self->b, to_device(1, self->c, 1)));
	EXPECT_EQ(0, set_table(self->b, to_device(1, self->d, SOURCE)));
	must(inject(self->a, 1, 2, NULL));
	EXPECT_TRUE(xics_took(self->d));
}

CASCADE_TEST(circles)
{
	EXPECT_EQ(-ELOOP, set_table(self->a, to_device(1, self->a, SOURCE)));
	must(set_table(self->a, to_device(1, self->b, 8)));
	EXPECT_EQ(-ELOOP, set_table(self->b, to_device(1, self->a, SOURCE)));
	must(set_table(self->b, to_device(8, self->c, SOURCE)));
	EXPECT_EQ(-ELOOP, set_table(self->c, to_device(1, self->a, 1)));
	EXPECT_EQ(-ELOOP, set_table(self->c, to_pin(1, SOURCE), to_device(2, self->b, 1)));
	/* The old tables stand. */
	must(inject(self->a, 1, 2, NULL));
	EXPECT_TRUE(xics_took(self->c));
	/* A way that is given up may be gone in the other direction. */
	must(set_table(self->a, to_pin(1, SOURCE)));
	EXPECT_EQ(0, set_table(self->c, to_device(SOURCE, self->a, 1)));
	must(inject(self->b, 8, 2, NULL));
	EXPECT_TRUE(xics_took(self->a));
	EXPECT_EQ(-ELOOP, set_table(self->a, to_device(1, self->b, 8)));
}

CASCADE_TEST(descriptors_that_are_no_device)
{
	int closed = new_eventfd(), event = new_eventfd(), bare = new_device(&self->machine);
	int others_device;
	struct machine other;

	close(closed);
	machine_create(&other, 1);
	others_device = new_xics(&other);
	must(set_table(self->a, to_pin(5, SOURCE)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, closed, 1)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, -1, 1)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, event, 1)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, self->machine.fd, 1)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, self->machine.cpu[0], 1)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, bare, 1)));
	EXPECT_EQ(-EINVAL, set_table(self->a, to_device(5, others_device, 1)));
	must(inject(self->a, 5, 2, NULL));
	EXPECT_TRUE(xics_took(self->a));
	close(others_device);
	machine_destroy(&other);
	close(bare);
	close(event);
}

CASCADE_TEST(a_device_behind_lives_on_without_its_descriptor)
{
	int fd = dup(self->c);

	must(set_table(self->a, to_device(3, self->c, SOURCE)));
	machine_close(&self->c);
	must(inject(self->a, 3, 2, NULL));
	EXPECT_TRUE(xics_took(fd));
	close(fd);
}

/* ---- tables of several devices changed at once ---- */

static void try_circle(struct hammer *h)
{
	set_table(h->dev, to_device(1, h->fd, 1));
	set_routes(h->dev, NULL, 0);
}

/* Each thread closes a third of a circle: never all of it, or an injection would not end. */
CASCADE_TEST(a_circle_is_never_closed)
{
	struct hammer hammers[] = {
		{ .strike = try_circle, .dev = self->a, .fd = self->c },
		{ .strike = try_circle, .dev = self->c, .fd = self->d },
		{ .strike = try_circle, .dev = self->d, .fd = self->a },
	};

	hammers_start(hammers, ARRAY_SIZE(hammers));
	for (u64 i = 0; i < soak(500); i++)
		inject(self->a, 1, 2, NULL);
	hammers_stop(hammers, ARRAY_SIZE(hammers));
}

COMMON_TEST_MAIN

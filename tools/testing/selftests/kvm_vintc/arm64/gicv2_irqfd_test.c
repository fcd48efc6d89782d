// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts by eventfd: assigning, deassigning, and what an event does. */
#include "lib/eventfd.h"
#include "lib/test.h"

#define SPI		40u
#define FLAG_UNKNOWN	(1u << 4)

static void add(struct vcpu *cpu, u32 intid)
{
	gic_set_trigger(cpu, intid, EDGE);
	gic_enable(cpu, intid, 0x80);
}

static bool is_pending(struct vcpu *cpu, u32 intid)
{
	return gicd_bit(cpu, GICD_ISPENDR, intid);
}

/* Refusals */

GIC_TEST(assign_and_deassign)
{
	int fd = new_eventfd();

	EXPECT_EQ(0, assign(&self->vm, fd, gsi_of_spi(SPI)));
	EXPECT_EQ(0, deassign(&self->vm, fd, gsi_of_spi(SPI)));
	EXPECT_EQ(0, assign(&self->vm, fd, gsi_of_spi(SPI)));
	close(fd);
}

GIC_TEST(bad_descriptors)
{
	int pipes[2], closed;

	must(neg_errno(pipe(pipes)));
	closed = new_eventfd();
	close(closed);
	EXPECT_EQ(-EBADF, assign(&self->vm, closed, 0));
	EXPECT_EQ(-EBADF, assign(&self->vm, -1, 0));
	EXPECT_EQ(-EBADF, deassign(&self->vm, closed, 0));
	EXPECT_EQ(-EINVAL, assign(&self->vm, pipes[0], 0));
	EXPECT_EQ(-EINVAL, assign(&self->vm, self->vm.irqchip_fd, 0));
	EXPECT_EQ(-EINVAL, deassign(&self->vm, pipes[0], 0));
	close(pipes[0]);
	close(pipes[1]);
}

GIC_TEST(an_eventfd_is_assigned_once)
{
	int fd = new_eventfd();

	EXPECT_EQ(0, assign(&self->vm, fd, 3));
	EXPECT_EQ(-EBUSY, assign(&self->vm, fd, 3));
	EXPECT_EQ(-EBUSY, assign(&self->vm, fd, 4));
	EXPECT_EQ(0, deassign(&self->vm, fd, 3));
	EXPECT_EQ(0, deassign(&self->vm, fd, 3));
	EXPECT_EQ(0, assign(&self->vm, fd, 4));
	close(fd);
}

GIC_TEST(flags_that_are_not_offered_are_einval)
{
	u32 flags[] = { FLAG_UNKNOWN, 1u << 31, KVM_IRQFD_FLAG_DEASSIGN | FLAG_UNKNOWN };
	int fd = new_eventfd();

	for (int i = 0; i < ARRAY_SIZE(flags); i++)
		EXPECT_EQ(-EINVAL, irqfd(&self->vm, fd, 0, flags[i]));
	EXPECT_EQ(0, assign(&self->vm, fd, 0));
	close(fd);
}

/* hazard 13: a GSI out of range (CVE-2017-1000252). */
GIC_TEST(hazard13_numbers_that_are_no_spis_are_einval)
{
	static const u32 bad[] = { GIC_IRQS - 32, 988, 1000, 1024, 0x7fffffff, 0x80000000, ~0u };
	int fd = new_eventfd();

	VINTC_ONLY("in-tree takes any number");
	for (int i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, assign(&self->vm, fd, bad[i]));
	EXPECT_EQ(0, assign(&self->vm, fd, GIC_IRQS - 33));
	close(fd);
}

DEVICE_TEST(before_init_is_eagain)
{
	int fd = new_eventfd();

	EXPECT_EQ(-EAGAIN, assign(&self->vm, fd, 0));
	must(gic_init(&self->vm));
	EXPECT_EQ(0, assign(&self->vm, fd, 0));
	close(fd);
}

GIC_TEST(unreadable_memory_is_efault)
{
	EXPECT_EQ(-EFAULT, xioctl(irqchip_ioctl_fd(&self->vm), KVM_IRQFD, BAD_ADDRESS));
}

/* Delivery */

GIC_TEST(event_reaches_a_guest_at_rest)
{
	int fd = new_eventfd();

	add(self->cpu, SPI);
	must(assign(&self->vm, fd, gsi_of_spi(SPI)));
	for (int i = 0; i < 3; i++) {
		signal_event(fd);
		EXPECT_SOON(is_pending(self->peer, SPI));
		EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
		EXPECT_EQ(SPI, gic_accept(self->cpu));
		gic_end(self->cpu, SPI);
		EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	}
	close(fd);
}

/* The ends of the numbers: GSI 0 is SPI 32. */
GIC_TEST(each_gsi_has_its_spi)
{
	static const u32 gsis[] = { 0, 1, 31, 32, GIC_IRQS - 33 };

	for (int i = 0; i < ARRAY_SIZE(gsis); i++) {
		int fd = new_eventfd();

		add(self->cpu, gsis[i] + 32);
		must(assign(&self->vm, fd, gsis[i]));
		signal_event(fd);
		EXPECT_SOON(is_pending(self->peer, gsis[i] + 32));
		EXPECT_EQ(gsis[i] + 32, gic_accept(self->cpu));
		close(fd);
		gic_end(self->cpu, gsis[i] + 32);
	}
}

GIC_TEST(event_for_a_disabled_interrupt_waits)
{
	int fd = new_eventfd();

	add(self->cpu, SPI);
	gicd_set_bit(self->cpu, GICD_ICENABLER, SPI);
	must(assign(&self->vm, fd, gsi_of_spi(SPI)));
	signal_event(fd);
	EXPECT_SOON(is_pending(self->peer, SPI));
	EXPECT_EQ(0, lines_up(self->cpu));
	gicd_set_bit(self->cpu, GICD_ISENABLER, SPI);
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	close(fd);
}

GIC_TEST(event_from_before_the_assignment_is_delivered)
{
	int fd = new_eventfd();

	add(self->cpu, SPI);
	signal_event(fd);
	EXPECT_EQ(0, assign(&self->vm, fd, gsi_of_spi(SPI)));
	EXPECT_SOON(is_pending(self->cpu, SPI));
	close(fd);
}

GIC_TEST(two_eventfds_may_raise_one_spi)
{
	int fds[] = { new_eventfd(), new_eventfd() };

	add(self->cpu, SPI);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(0, assign(&self->vm, fds[i], gsi_of_spi(SPI)));
	for (int i = 0; i < 2; i++) {
		signal_event(fds[i]);
		EXPECT_SOON(is_pending(self->cpu, SPI));
		EXPECT_EQ(SPI, gic_accept(self->cpu));
		gic_end(self->cpu, SPI);
		close(fds[i]);
	}
}

GIC_TEST(deassigned_eventfd_raises_nothing)
{
	int fd = new_eventfd(), other = new_eventfd();

	add(self->cpu, SPI);
	add(self->cpu, SPI + 1);
	must(assign(&self->vm, fd, gsi_of_spi(SPI)));
	must(assign(&self->vm, other, gsi_of_spi(SPI + 1)));
	must(deassign(&self->vm, fd, gsi_of_spi(SPI)));
	signal_event(fd);
	/* The other one, sent later, has arrived: so the first is not on its way. */
	signal_event(other);
	EXPECT_SOON(is_pending(self->cpu, SPI + 1));
	EXPECT_FALSE(is_pending(self->cpu, SPI));
	close(other);
	close(fd);
}

GIC_TEST(closing_the_eventfd_ends_the_assignment)
{
	for (int i = 0; i < 100; i++) {
		int fd = new_eventfd();

		ASSERT_EQ(0, assign(&self->vm, fd, gsi_of_spi(SPI)));
		if (i & 1)
			signal_event(fd);
		close(fd);
	}
}

GIC_TEST(closing_the_device_descriptor_keeps_the_assignment)
{
	int fd = new_eventfd();

	add(self->cpu, SPI);
	must(assign(&self->vm, fd, gsi_of_spi(SPI)));
	close(self->vm.irqchip_fd);
	self->vm.irqchip_fd = -1;
	signal_event(fd);
	EXPECT_SOON(is_pending(self->cpu, SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	close(fd);
}

GIC_TEST_MAIN

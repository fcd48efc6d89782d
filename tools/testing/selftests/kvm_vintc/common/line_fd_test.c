// SPDX-License-Identifier: GPL-2.0-only
/* The eventfd of a vCPU: readable while its line may be up. */
#include <poll.h>
#include <pthread.h>

#include "common/lib/test.h"

#define SOURCE		0x1000u
#define MSI(cpu, p)	source_state(server_of(cpu), p, SOURCE_MSI)

XICS_TEST(readable_while_an_interrupt_is_there)
{
	int fd = new_line_fd(self->dev, 0), other = new_line_fd(self->dev, 1);

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	EXPECT_FALSE(can_be_read(fd));
	pulse(self->dev, SOURCE);
	EXPECT_TRUE(can_be_read(fd));
	EXPECT_FALSE(can_be_read(other));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_TRUE(can_be_read(fd));
	h_xirr(self->dev, 0);
	EXPECT_FALSE(can_be_read(fd));
	h_eoi(self->dev, 0, xirr(0xff, SOURCE));
	EXPECT_FALSE(can_be_read(fd));
	close(other);
	close(fd);
}

XICS_TEST(readable_as_long_as_another_interrupt_is_there)
{
	int fd = new_line_fd(self->dev, 0);

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	must(set_source(self->dev, SOURCE + 1, MSI(0, 3)));
	pulse(self->dev, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
	EXPECT_FALSE(can_be_read(fd));
	pulse(self->dev, SOURCE + 1);
	EXPECT_TRUE(can_be_read(fd));
	pulse(self->dev, SOURCE);
	EXPECT_EQ(xirr(5, SOURCE + 1), h_xirr(self->dev, 0));
	h_eoi(self->dev, 0, xirr(5, SOURCE + 1));
	EXPECT_FALSE(can_be_read(fd));
	/* The source that was queued comes with the end of its first. */
	h_eoi(self->dev, 0, xirr(0xff, SOURCE));
	EXPECT_TRUE(can_be_read(fd));
	close(fd);
}

XICS_TEST(every_command_of_the_vcpu_empties_what_is_down)
{
	int fd = new_line_fd(self->dev, 0);

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	for (int i = 0; i < 3; i++) {
		pulse(self->dev, SOURCE);
		EXPECT_TRUE(can_be_read(fd));
		/* Another vCPU's command takes nothing from it. */
		lines_of(self->dev, 1);
		h_cppr(self->dev, 1, 0xff);
		EXPECT_TRUE(can_be_read(fd));
		h_cppr(self->dev, 0, 0);
		EXPECT_FALSE(can_be_read(fd));
		h_cppr(self->dev, 0, 0xff);
		EXPECT_TRUE(can_be_read(fd));
		h_eoi(self->dev, 0, h_xirr(self->dev, 0));
		EXPECT_FALSE(can_be_read(fd));
	}
	close(fd);
}

XICS_TEST(given_while_the_line_is_up)
{
	int fd;

	h_ipi(self->dev, 0, server_of(0), 4);
	fd = new_line_fd(self->dev, 0);
	EXPECT_TRUE(can_be_read(fd));
	close(fd);
}

XICS_TEST(another_replaces_it_and_none_takes_it_away)
{
	int first = new_line_fd(self->dev, 0), second = new_line_fd(self->dev, 0);

	h_ipi(self->dev, 0, server_of(0), 4);
	EXPECT_FALSE(can_be_read(first));
	EXPECT_TRUE(can_be_read(second));
	EXPECT_EQ(0, set_line_fd(self->dev, 0, -1));
	events_of(second);
	h_ipi(self->dev, 0, server_of(0), 0xff);
	h_xirr(self->dev, 0);
	h_ipi(self->dev, 0, server_of(0), 4);
	EXPECT_FALSE(can_be_read(second));
	EXPECT_EQ(0, set_line_fd(self->dev, 0, -1));
	close(second);
	close(first);
}

/* Userspace closed its descriptor: that ends nothing but its own reading. */
XICS_TEST(closed_by_userspace)
{
	int fd = new_line_fd(self->dev, 0);

	close(fd);
	h_ipi(self->dev, 0, server_of(0), 4);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->dev, 0));
	fd = new_line_fd(self->dev, 0);
	EXPECT_FALSE(can_be_read(fd));
	close(fd);
}

XICS_TEST(refused_descriptors_leave_the_old_one)
{
	int fd = new_line_fd(self->dev, 0), pipes[2], closed;

	must(neg_errno(pipe(pipes)));
	closed = new_eventfd();
	close(closed);
	EXPECT_EQ(-EBADF, set_line_fd(self->dev, 0, closed));
	EXPECT_EQ(-EBADF, set_line_fd(self->dev, 0, -2));
	EXPECT_EQ(-EINVAL, set_line_fd(self->dev, 0, pipes[0]));
	EXPECT_EQ(-EINVAL, set_line_fd(self->dev, 0, self->dev));
	h_ipi(self->dev, 0, server_of(0), 4);
	EXPECT_TRUE(can_be_read(fd));
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
}

/* Two devices of one vCPU: two lines. */
MACHINE_TEST(each_device_has_its_own)
{
	int one = new_xics(&self->machine), other = new_gicv2(&self->machine);
	int fd = new_line_fd(one, 0), other_fd = new_line_fd(other, 0);

	gicd_write(other, 0, GICD_SGIR, sgir_to(1, 1));
	EXPECT_FALSE(can_be_read(fd));
	EXPECT_TRUE(can_be_read(other_fd));
	EXPECT_EQ(iar_sgi(0, 1), gicc_read(other, 0, GICC_IAR));
	EXPECT_FALSE(can_be_read(other_fd));
	close(other_fd);
	close(fd);
	close(other);
	close(one);
}

XICS_TEST(a_reset_takes_the_line_down)
{
	int fd = new_line_fd(self->dev, 0);

	h_ipi(self->dev, 0, server_of(0), 4);
	must(reset(self->dev, 0));
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_FALSE(can_be_read(fd));
	close(fd);
}

XICS_TEST(a_state_that_is_set_moves_the_line)
{
	int fd = new_line_fd(self->dev, 0);

	must(set_reg(self->dev, KVM_VINTC_REG_ICP(server_of(0)), icp_state(0xff, XISR_IPI, 3, 3)));
	EXPECT_TRUE(can_be_read(fd));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	must(set_reg(self->dev, KVM_VINTC_REG_ICP(server_of(0)), ICP_OPEN));
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_FALSE(can_be_read(fd));
	close(fd);
}

struct waiter {
	int dev, fd;
	u32 taken;
};

static void *wait_and_take(void *argument)
{
	struct waiter *waiter = argument;
	struct pollfd pollfd = { .fd = waiter->fd, .events = POLLIN };

	if (poll(&pollfd, 1, -1) == 1)
		waiter->taken = h_xirr(waiter->dev, 0);
	return NULL;
}

XICS_TEST(a_sleeping_thread_is_woken)
{
	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	for (int i = 0; i < 20; i++) {
		struct waiter waiter = { .dev = self->dev, .fd = new_line_fd(self->dev, 0) };
		pthread_t thread;

		ASSERT_EQ(0, pthread_create(&thread, NULL, wait_and_take, &waiter));
		pulse(self->dev, SOURCE);
		pthread_join(thread, NULL);
		EXPECT_EQ(xirr(0xff, SOURCE), waiter.taken);
		h_eoi(self->dev, 0, waiter.taken);
		close(waiter.fd);
	}
}

/* A line that is an input of another device: a cascade by eventfd. */
MACHINE_TEST(the_line_of_one_device_raises_another)
{
	int behind = new_gicv2(&self->machine), front = new_xics(&self->machine);
	int fd = new_line_fd(front, 0);

	enable_spi(behind, 0, 40, 0x20, true);
	must(assign_to(behind, fd, 40 - 32));
	must(set_source(front, SOURCE, MSI(0, 5)));
	for (int i = 0; i < 3; i++) {
		pulse(front, SOURCE);
		EXPECT_SOON(lines_of(behind, 0) == KVM_VINTC_LINE_IRQ);
		EXPECT_EQ(40, gicc_read(behind, 0, GICC_IAR));
		EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(front, 0));
		h_eoi(front, 0, xirr(0xff, SOURCE));
		gicc_write(behind, 0, GICC_EOIR, 40);
		EXPECT_EQ(0, lines_of(behind, 0));
	}
	close(fd);
	close(front);
	close(behind);
}

/* Raising it in a circle ends: an eventfd that is signalled signals no other of itself. */
MACHINE_TEST(lines_that_raise_each_other_do_not_hang)
{
	int one = new_xics(&self->machine), other = new_xics(&self->machine);
	int fd = new_line_fd(one, 0), other_fd = new_line_fd(other, 0);

	must(set_source(one, SOURCE, MSI(0, 5)));
	must(set_source(other, SOURCE, MSI(0, 5)));
	must(assign_to(other, fd, SOURCE));
	must(assign_to(one, other_fd, SOURCE));
	for (int i = 0; i < 10; i++) {
		pulse(one, SOURCE);
		h_eoi(one, 0, h_xirr(one, 0) | SOURCE);
		h_eoi(other, 0, h_xirr(other, 0) | SOURCE);
	}
	close(other_fd);
	close(fd);
	close(other);
	close(one);
}

COMMON_TEST_MAIN

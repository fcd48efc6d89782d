// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts by eventfd: assigning, deassigning, and what an event does. */
#include "lib/events.h"
#include "lib/test.h"

#define SOURCE		0x1000u
#define FLAG_UNKNOWN	(1u << 4)

/* Refusals */

XICS_TEST(assign_and_deassign)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	close(fd);
}

XICS_TEST(bad_descriptors)
{
	int pipes[2], closed;

	add_source(self->cpu, SOURCE, 5);
	must(neg_errno(pipe(pipes)));
	closed = new_eventfd();
	close(closed);
	EXPECT_EQ(-EBADF, assign(&self->vm, closed, SOURCE));
	EXPECT_EQ(-EBADF, assign(&self->vm, -1, SOURCE));
	EXPECT_EQ(-EBADF, deassign(&self->vm, closed, SOURCE));
	EXPECT_EQ(-EINVAL, assign(&self->vm, pipes[0], SOURCE));
	EXPECT_EQ(-EINVAL, assign(&self->vm, self->vm.fd, SOURCE));
	EXPECT_EQ(-EINVAL, assign(&self->vm, self->vm.irqchip_fd, SOURCE));
	EXPECT_EQ(-EINVAL, deassign(&self->vm, pipes[0], SOURCE));
	close(pipes[0]);
	close(pipes[1]);
}

XICS_TEST(an_eventfd_is_assigned_once)
{
	int fd = new_eventfd(), duplicate = must(neg_errno(dup(fd)));

	add_source(self->cpu, SOURCE, 5);
	add_source(self->cpu, SOURCE + 1, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(-EBUSY, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(-EBUSY, assign(&self->vm, fd, SOURCE + 1));
	EXPECT_EQ(-EBUSY, assign(&self->vm, duplicate, SOURCE + 1));
	/* By either name it is the same eventfd. */
	EXPECT_EQ(0, deassign(&self->vm, duplicate, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE + 1));
	close(duplicate);
	close(fd);
}

XICS_TEST(deassigning_what_was_not_assigned_is_no_error)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	/* Another source: nothing happens to this one. */
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE + 1));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

XICS_TEST(flags_that_are_not_offered_are_einval)
{
	int fd = new_eventfd();
	u32 flags[] = { FLAG_UNKNOWN, 1u << 31, KVM_IRQFD_FLAG_DEASSIGN | FLAG_UNKNOWN };

	add_source(self->cpu, SOURCE, 5);
	for (unsigned int i = 0; i < ARRAY_SIZE(flags); i++) {
		EXPECT_EQ(-EINVAL, irqfd(&self->vm, fd, SOURCE, flags[i])) {
			TH_LOG("flags %#x", flags[i]);
		}
	}
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	close(fd);
}

/* hazard 13: a GSI out of range (CVE-2017-1000252). */
XICS_TEST(hazard13_numbers_that_are_no_sources_are_einval)
{
	static const u32 bad[] = {
		0, 1, 2, 15, 0x1000000, 0x1001000, 0x7fffffff, 0x80000000, 0xffffffff,
	};
	int fd = new_eventfd();

	VINTC_ONLY("in-tree takes any number");

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, assign(&self->vm, fd, bad[i])) {
			TH_LOG("source %#x", bad[i]);
		}
	}
	add_source(self->cpu, SOURCE_LAST, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE_LAST));
	close(fd);
}

XICS_TEST(unreadable_memory_is_efault)
{
	EXPECT_EQ(-EFAULT, xioctl(self->vm.irqchip->ioctl_fd(&self->vm), KVM_IRQFD, 8));
}

/* Delivery */

XICS_TEST(event_reaches_a_guest_at_rest)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	EXPECT_TRUE(line_is_up(self->cpu));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	close(fd);
}

XICS_TEST(event_for_a_masked_source_waits_for_int_on)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	signal_event(fd);
	EXPECT_SOON(source_has(&self->vm, SOURCE, KVM_XICS_PENDING));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
	close(fd);
}

XICS_TEST(second_event_is_queued_and_a_third_coalesced)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	signal_event(fd);
	EXPECT_SOON(source_has(&self->vm, SOURCE, KVM_XICS_QUEUED));
	signal_event(fd);
	for (int i = 0; i < 2; i++) {
		EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
		EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
		h_eoi(self->cpu, xirr(0xff, SOURCE));
	}
	close(fd);
}

XICS_TEST(event_from_before_the_assignment_is_delivered)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	signal_event(fd);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

XICS_TEST(events_before_the_source_exists_do_no_harm)
{
	int fd = new_eventfd();

	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	/* Whether the early event counts is open; the next one does. */
	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

XICS_TEST(two_eventfds_may_raise_one_source)
{
	int first = new_eventfd(), second = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, assign(&self->vm, first, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, second, SOURCE));
	signal_event(second);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	signal_event(first);
	EXPECT_SOON(source_has(&self->vm, SOURCE, KVM_XICS_QUEUED));
	close(first);
	close(second);
}

XICS_TEST(deassigned_eventfd_raises_nothing)
{
	int fd = new_eventfd(), other = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	add_source(self->cpu, SOURCE + 1, 6);
	must(assign(&self->vm, fd, SOURCE));
	must(assign(&self->vm, other, SOURCE + 1));
	must(deassign(&self->vm, fd, SOURCE));
	signal_event(fd);
	/* The other one, sent later, has arrived: so the first is not on its way. */
	signal_event(other);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE + 1, 0xff, 6)));
	EXPECT_FALSE(source_has(&self->vm, SOURCE, KVM_XICS_PRESENTED));
	close(other);
	close(fd);
}

XICS_TEST(closing_the_eventfd_ends_the_assignment)
{
	int fd;

	add_source(self->cpu, SOURCE, 5);
	for (int i = 0; i < 100; i++) {
		fd = new_eventfd();
		ASSERT_EQ(0, assign(&self->vm, fd, SOURCE));
		if (i & 1)
			signal_event(fd);
		close(fd);
	}
	/* Nothing of them is left but the interrupts they made. */
	must(icp_set(self->cpu, ICP_OPEN));
	add_source(self->cpu, SOURCE, 5);
	fd = new_eventfd();
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	EXPECT_FALSE(source_has(&self->vm, SOURCE, KVM_XICS_QUEUED));
	close(fd);
}

XICS_TEST(closing_the_device_descriptor_keeps_the_assignment)
{
	int fd = new_eventfd();

	VINTC_ONLY("in-tree dies with its descriptor");

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	close(self->vm.irqchip_fd);
	self->vm.irqchip_fd = -1;
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

TEST_HARNESS_MAIN

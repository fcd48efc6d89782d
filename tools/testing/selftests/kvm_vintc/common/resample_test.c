// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resample irqfds of a XICS: the eventfd holds the level up, the guest's EOI lets it go
 * and signals the other eventfd, and who still wants attention signals again.
 */
#include "common/lib/test.h"

#define SOURCE		0x1000u
#define GSI		SOURCE
#define STATE(dev)	reg(dev, KVM_VINTC_REG_SOURCE(SOURCE))
#define IS_HELD(dev)	(!!(STATE(dev) & KVM_VINTC_SOURCE_HELD))
#define IS_DRIVEN(dev)	(!!(STATE(dev) & KVM_VINTC_SOURCE_LINE))

/* A level source with two resample irqfds, assigned in tests. */
FIXTURE(resample) {
	struct machine machine;
	int dev;
	int fd, ended;
	int other_fd, other_ended;
};
FIXTURE_SETUP(resample)
{
	machine_create(&self->machine, 2);
	self->dev = new_xics(&self->machine);
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_LEVEL)));
	self->fd = new_eventfd();
	self->ended = new_eventfd();
	self->other_fd = new_eventfd();
	self->other_ended = new_eventfd();
}
FIXTURE_TEARDOWN(resample)
{
	machine_close(&self->fd);
	machine_close(&self->ended);
	machine_close(&self->other_fd);
	machine_close(&self->other_ended);
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define RESAMPLE_TEST(name)	TEST_F_TIMEOUT(resample, name, TIMEOUT)

/* Signals, and waits until the source is held. */
static void hold(int dev, int fd)
{
	signal_event(fd);
	if (!wait_for(IS_HELD(dev)))
		fatal("the source is not held");
}

static bool took(int dev)
{
	return XIRR_XISR(h_xirr(dev, 0)) == SOURCE;
}

static void end(int dev)
{
	h_eoi(dev, 0, xirr(0xff, SOURCE));
}

/* ---- one ---- */

RESAMPLE_TEST(from_the_signal_to_the_end)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	EXPECT_FALSE(IS_HELD(self->dev));
	for (int i = 0; i < 5; i++) {
		hold(self->dev, self->fd);
		EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
		ASSERT_TRUE(took(self->dev));
		EXPECT_TRUE(IS_HELD(self->dev));
		EXPECT_EQ(0, events_of(self->ended));
		end(self->dev);
		EXPECT_SOON(can_be_read(self->ended));
		EXPECT_EQ(1, events_of(self->ended));
		/* Let go: nothing comes until it is signalled again. */
		EXPECT_FALSE(IS_HELD(self->dev));
		EXPECT_EQ(0, lines_of(self->dev, 0));
	}
}

RESAMPLE_TEST(signalled_again_it_comes_again)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	for (int i = 0; i < 5; i++) {
		hold(self->dev, self->fd);
		/* More of the same while it is held is the same level. */
		signal_event(self->fd);
		EXPECT_SOON(!can_be_read(self->fd));
		ASSERT_TRUE(took(self->dev));
		EXPECT_EQ(0, lines_of(self->dev, 0));
		end(self->dev);
		EXPECT_SOON(events_of(self->ended) == 1);
		EXPECT_EQ(0, lines_of(self->dev, 0));
	}
}

RESAMPLE_TEST(signalled_before_it_was_assigned)
{
	signal_event(self->fd);
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	EXPECT_SOON(IS_HELD(self->dev));
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) == 1);
}

RESAMPLE_TEST(an_end_of_something_else_signals_nothing)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	must(set_source(self->dev, SOURCE + 1, source_state(server_of(0), 5, SOURCE_MSI)));
	hold(self->dev, self->fd);
	pulse(self->dev, SOURCE + 1);
	h_eoi(self->dev, 0, xirr(0xff, SOURCE + 1));
	h_eoi(self->dev, 0, xirr(0xff, XISR_IPI));
	EXPECT_TRUE(IS_HELD(self->dev));
	EXPECT_EQ(0, events_of(self->ended));
}

RESAMPLE_TEST(masked_it_waits_held)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	rtas(self->dev, 0, KVM_VINTC_RTAS_INT_OFF, SOURCE, 0, 0, NULL);
	hold(self->dev, self->fd);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	rtas(self->dev, 0, KVM_VINTC_RTAS_INT_ON, SOURCE, 0, 0, NULL);
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) == 1);
}

RESAMPLE_TEST(a_message_source_is_ended_too)
{
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	for (int i = 0; i < 3; i++) {
		signal_event(self->fd);
		EXPECT_SOON(lines_of(self->dev, 0));
		ASSERT_TRUE(took(self->dev));
		EXPECT_EQ(0, events_of(self->ended));
		end(self->dev);
		EXPECT_SOON(events_of(self->ended) == 1);
		EXPECT_EQ(0, lines_of(self->dev, 0));
	}
}

/* ---- with others ---- */

RESAMPLE_TEST(all_of_a_source_are_told)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	must(assign_resample(self->dev, self->other_fd, GSI, self->other_ended));
	hold(self->dev, self->fd);
	ASSERT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) == 1);
	EXPECT_SOON(events_of(self->other_ended) == 1);
	/* Both hold it: it is let go of both, and the one that comes again raises it. */
	hold(self->dev, self->fd);
	signal_event(self->other_fd);
	ASSERT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) && events_of(self->other_ended));
	EXPECT_FALSE(IS_HELD(self->dev));
	hold(self->dev, self->other_fd);
	EXPECT_TRUE(took(self->dev));
}

RESAMPLE_TEST(two_may_share_the_eventfd_that_tells)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	must(assign_resample(self->dev, self->other_fd, GSI, self->ended));
	hold(self->dev, self->other_fd);
	ASSERT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) >= 1);
}

RESAMPLE_TEST(a_plain_irqfd_on_the_same_source)
{
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	must(assign_to(self->dev, self->other_fd, GSI));
	signal_event(self->other_fd);
	EXPECT_SOON(lines_of(self->dev, 0));
	ASSERT_TRUE(took(self->dev));
	end(self->dev);
	/* Whoever raised it: its device looks again. May be told, or not. */
	events_of(self->ended);
	signal_event(self->fd);
	EXPECT_SOON(lines_of(self->dev, 0));
	ASSERT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) >= 1);
}

RESAMPLE_TEST(the_line_and_the_hold_are_ored)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	must(device_line(self->dev, GSI, 1));
	hold(self->dev, self->fd);
	EXPECT_TRUE(IS_DRIVEN(self->dev));
	ASSERT_TRUE(took(self->dev));
	end(self->dev);
	/* The hold ended; the line is still up. */
	EXPECT_SOON(events_of(self->ended) == 1);
	EXPECT_FALSE(IS_HELD(self->dev));
	EXPECT_TRUE(IS_DRIVEN(self->dev));
	ASSERT_TRUE(took(self->dev));
	/* The line goes, the hold stays. */
	hold(self->dev, self->fd);
	must(device_line(self->dev, GSI, 0));
	EXPECT_TRUE(IS_HELD(self->dev));
	EXPECT_FALSE(IS_DRIVEN(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) == 1);
	EXPECT_FALSE(IS_HELD(self->dev));
	EXPECT_FALSE(took(self->dev));
}

RESAMPLE_TEST(the_line_goes_down_while_it_is_held)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	hold(self->dev, self->fd);
	must(device_line(self->dev, GSI, 0));
	EXPECT_TRUE(IS_HELD(self->dev));
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) == 1);
}

/* ---- the end of an assignment ---- */

RESAMPLE_TEST(deassigned_it_lets_go)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	hold(self->dev, self->fd);
	EXPECT_EQ(0, deassign_from(self->dev, self->fd, GSI));
	EXPECT_FALSE(IS_HELD(self->dev));
	/* What the vCPU already has is served, and then there is nothing. */
	while (took(self->dev))
		end(self->dev);
	events_of(self->ended);
	signal_event(self->fd);
	EXPECT_FALSE(IS_HELD(self->dev));
	EXPECT_EQ(1, events_of(self->fd));
	EXPECT_EQ(0, events_of(self->ended));
	EXPECT_EQ(0, assign_resample(self->dev, self->fd, GSI, self->ended));
}

RESAMPLE_TEST(one_of_two_deassigned_the_other_is_told)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	must(assign_resample(self->dev, self->other_fd, GSI, self->other_ended));
	hold(self->dev, self->other_fd);
	hold(self->dev, self->fd);
	EXPECT_EQ(0, deassign_from(self->dev, self->fd, GSI));
	/* The level is let go; who still wants it raises it again. */
	EXPECT_SOON(events_of(self->other_ended) >= 1);
	hold(self->dev, self->other_fd);
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->other_ended) >= 1);
}

RESAMPLE_TEST(the_eventfd_is_closed)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	hold(self->dev, self->fd);
	machine_close(&self->fd);
	EXPECT_SOON(!IS_HELD(self->dev));
	while (took(self->dev))
		end(self->dev);
	/* The source takes another. */
	must(assign_resample(self->dev, self->other_fd, GSI, self->other_ended));
	hold(self->dev, self->other_fd);
	EXPECT_TRUE(took(self->dev));
}

RESAMPLE_TEST(who_would_be_told_has_gone)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	machine_close(&self->ended);
	for (int i = 0; i < 3; i++) {
		hold(self->dev, self->fd);
		EXPECT_TRUE(took(self->dev));
		end(self->dev);
		EXPECT_FALSE(IS_HELD(self->dev));
	}
}

RESAMPLE_TEST(reset_model_lets_go)
{
	must(assign_resample(self->dev, self->fd, GSI, self->ended));
	hold(self->dev, self->fd);
	EXPECT_EQ(0, reset(self->dev, KVM_VINTC_RESET_MODEL));
	signal_event(self->fd);
	EXPECT_EQ(1, events_of(self->fd));
}

/* ---- by the table ---- */

RESAMPLE_TEST(it_follows_the_table)
{
	must(set_table(self->dev, to_pin(3, SOURCE)));
	must(assign_resample(self->dev, self->fd, 3, self->ended));
	hold(self->dev, self->fd);
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) == 1);
}

#define OTHER_HELD(dev)	(reg(dev, KVM_VINTC_REG_SOURCE(SOURCE + 1)) & KVM_VINTC_SOURCE_HELD)

RESAMPLE_TEST(another_route_moves_the_level)
{
	must(set_source(self->dev, SOURCE + 1, source_state(server_of(1), 5, SOURCE_LEVEL)));
	must(set_table(self->dev, to_pin(3, SOURCE)));
	must(assign_resample(self->dev, self->fd, 3, self->ended));
	hold(self->dev, self->fd);
	must(set_table(self->dev, to_pin(3, SOURCE + 1)));
	/* The old one is let go, and its device asked to raise it anew. */
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_FALSE(IS_HELD(self->dev));
	signal_event(self->fd);
	EXPECT_SOON(OTHER_HELD(self->dev));
	EXPECT_FALSE(IS_HELD(self->dev));
	EXPECT_EQ(SOURCE + 1, XIRR_XISR(h_xirr(self->dev, 1)));
	h_eoi(self->dev, 1, xirr(0xff, SOURCE + 1));
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_FALSE(OTHER_HELD(self->dev));
}

RESAMPLE_TEST(a_route_that_leads_nowhere_lets_go)
{
	must(set_table(self->dev, to_pin(3, SOURCE)));
	must(assign_resample(self->dev, self->fd, 3, self->ended));
	hold(self->dev, self->fd);
	must(set_table(self->dev, to_pin(4, SOURCE)));
	EXPECT_FALSE(IS_HELD(self->dev));
	events_of(self->ended);
	signal_event(self->fd);
	EXPECT_SOON(!can_be_read(self->fd));
	EXPECT_FALSE(IS_HELD(self->dev));
}

RESAMPLE_TEST(several_targets_are_held)
{
	must(set_source(self->dev, SOURCE + 1, source_state(server_of(1), 5, SOURCE_LEVEL)));
	must(set_table(self->dev, to_pin(3, SOURCE), to_pin(3, SOURCE + 1)));
	must(assign_resample(self->dev, self->fd, 3, self->ended));
	hold(self->dev, self->fd);
	EXPECT_SOON(OTHER_HELD(self->dev));
	/* The end of one is the end for its device, which raises all of them again. */
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_FALSE(OTHER_HELD(self->dev));
	hold(self->dev, self->fd);
	EXPECT_SOON(OTHER_HELD(self->dev));
	EXPECT_EQ(SOURCE + 1, XIRR_XISR(h_xirr(self->dev, 1)));
	h_eoi(self->dev, 1, xirr(0xff, SOURCE + 1));
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_FALSE(OTHER_HELD(self->dev));
	EXPECT_FALSE(IS_HELD(self->dev));
}

/* What is let go with it is another's as well, which has to hear of it. */
RESAMPLE_TEST(a_target_that_is_shared_with_another_gsi)
{
	must(set_source(self->dev, SOURCE + 1, source_state(server_of(1), 5, SOURCE_LEVEL)));
	must(set_table(self->dev, to_pin(3, SOURCE), to_pin(3, SOURCE + 1),
		       to_pin(4, SOURCE + 1)));
	must(assign_resample(self->dev, self->fd, 3, self->ended));
	must(assign_resample(self->dev, self->other_fd, 4, self->other_ended));
	signal_event(self->other_fd);
	EXPECT_SOON(OTHER_HELD(self->dev));
	hold(self->dev, self->fd);
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_SOON(events_of(self->ended) >= 1);
	EXPECT_SOON(OTHER_HELD(self->dev) || events_of(self->other_ended));
}

RESAMPLE_TEST(across_a_cascade)
{
	int front = new_xics(&self->machine);

	must(set_table(self->dev, to_pin(7, SOURCE)));
	must(set_table(front, to_device(3, self->dev, 7)));
	must(assign_resample(front, self->fd, 3, self->ended));
	for (int i = 0; i < 3; i++) {
		hold(self->dev, self->fd);
		ASSERT_TRUE(took(self->dev));
		end(self->dev);
		EXPECT_SOON(events_of(self->ended) == 1);
		EXPECT_FALSE(IS_HELD(self->dev));
	}
	/* Held while the device behind gets another table, or the front another route. */
	hold(self->dev, self->fd);
	must(set_table(self->dev, to_pin(8, SOURCE)));
	EXPECT_SOON(!IS_HELD(self->dev));
	must(set_table(self->dev, to_pin(7, SOURCE)));
	events_of(self->ended);
	hold(self->dev, self->fd);
	must(set_routes(front, NULL, 0));
	EXPECT_SOON(!IS_HELD(self->dev));
	close(front);
}

/* ---- refused ---- */

RESAMPLE_TEST(bad_arguments)
{
	struct kvm_irqfd unknown = { .fd = self->fd, .gsi = GSI };
	int closed, pipes[2];

	must(neg_errno(pipe(pipes)));
	closed = new_eventfd();
	close(closed);
	EXPECT_EQ(-EBADF, assign_resample(self->dev, closed, GSI, self->ended));
	EXPECT_EQ(-EBADF, assign_resample(self->dev, self->fd, GSI, closed));
	EXPECT_EQ(-EINVAL, assign_resample(self->dev, pipes[0], GSI, self->ended));
	EXPECT_EQ(-EINVAL, assign_resample(self->dev, self->fd, GSI, pipes[0]));
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_IRQFD, BAD_ADDRESS));
	for (int bit = 2; bit < 32; bit++) {
		unknown.flags = 1u << bit;
		EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_IRQFD, &unknown));
	}
	unknown.flags = 0;
	for (int i = 0; i < ARRAY_SIZE(unknown.pad); i++) {
		unknown.pad[i] = 1;
		EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_IRQFD, &unknown));
		unknown.pad[i] = 0;
	}
	EXPECT_EQ(0, assign_resample(self->dev, self->fd, GSI, self->ended));
	EXPECT_EQ(-EBUSY, assign_resample(self->dev, self->fd, GSI, self->ended));
	EXPECT_EQ(-EBUSY, assign_resample(self->dev, self->fd, GSI + 1, self->other_ended));
	EXPECT_EQ(-EBUSY, assign_to(self->dev, self->fd, GSI));
	hold(self->dev, self->fd);
	EXPECT_TRUE(took(self->dev));
	end(self->dev);
	EXPECT_EQ(1, events_of(self->ended));
	close(pipes[0]);
	close(pipes[1]);
}

COMMON_TEST_MAIN

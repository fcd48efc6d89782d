// SPDX-License-Identifier: GPL-2.0-only
/* The lines of vCPUs that userspace presents to, and the eventfds that follow them. */
#include <linux/fdtable.h>
#include <linux/mman.h>

#include "presented.h"

static u32 lines(struct kunit *test, struct vintc_test_device *d, u32 vcpu)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE, .vcpu = vcpu };

	KUNIT_EXPECT_EQ(test, command(d, &c), 0l);
	return c.lines;
}

static void signal_with_interrupts_off(struct vintc_test_eventfd *e)
{
	local_irq_disable();
	eventfd_signal(e->ctx, 1);
	local_irq_enable();
}

/* Another thread signals it, or has done so. */
static bool becomes_readable(struct vintc_test_eventfd *e)
{
	unsigned long patience = jiffies + 10 * HZ;
	u64 count;

	while (!(count = vintc_test_eventfd_read(e)) && time_before(jiffies, patience))
		cond_resched();
	return count;
}

static void an_eventfd_follows_the_line(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd line;

	vintc_test_eventfd_open(test, &line);
	KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, line.fd), 0l);
	KUNIT_EXPECT_EQ(test, lines(test, d, 0), 0u);
	KUNIT_EXPECT_EQ(test, vintc_test_eventfd_read(&line), 0ull);
	KUNIT_EXPECT_EQ(test, inject(d, MSI, 1), 0l);
	KUNIT_EXPECT_GE(test, vintc_test_eventfd_read(&line), 1ull);
	/* Who asks while it is up finds it readable again. */
	KUNIT_EXPECT_EQ(test, lines(test, d, 0), (u32)KVM_VINTC_LINE_IRQ);
	KUNIT_EXPECT_GE(test, vintc_test_eventfd_read(&line), 1ull);
	KUNIT_EXPECT_EQ(test, lines(test, d, 5), 0u);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
	KUNIT_EXPECT_EQ(test, lines(test, d, 0), 0u);
	KUNIT_EXPECT_EQ(test, vintc_test_eventfd_read(&line), 0ull);
	eoi(d, MSI);
	vintc_test_eventfd_close(&line);
}

static bool becomes_pending(struct vintc_test_device *d, u32 source)
{
	unsigned long patience = jiffies + 10 * HZ;

	while (!(source_reg(d, source) & KVM_VINTC_SOURCE_P) && time_before(jiffies, patience))
		cond_resched();
	return source_reg(d, source) & KVM_VINTC_SOURCE_P;
}

/* A device's line is another's irqfd: a row of eventfds, each signalled within the one before. */
static void signalled_within_a_wakeup_hazard22(struct kunit *test)
{
	struct vintc_test_device *d = test->priv, other = another_device(test, d);
	struct vintc_test_eventfd e, between, line;
	int round;

	make_xics(test, &other);
	vintc_test_eventfd_open(test, &e);
	vintc_test_eventfd_open(test, &between);
	vintc_test_eventfd_open(test, &line);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, MSI, 0), 0l);
	KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, between.fd), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(&other, between.fd, OTHER_MSI, 0), 0l);
	KUNIT_EXPECT_EQ(test, set_line_fd(&other, 0, line.fd), 0l);
	for (round = 0; round < 20; round++) {
		signal_with_interrupts_off(&e);
		KUNIT_EXPECT_TRUE(test, becomes_readable(&line));
		KUNIT_EXPECT_EQ(test, lines(test, &other, 0), (u32)KVM_VINTC_LINE_IRQ);
		KUNIT_EXPECT_EQ(test, accept(&other), (u32)OTHER_MSI);
		eoi(&other, OTHER_MSI);
		KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
		eoi(d, MSI);
		KUNIT_EXPECT_EQ(test, lines(test, d, 0) | lines(test, &other, 0), 0u);
		KUNIT_EXPECT_EQ(test, accept(&other), 0u);
	}
	/* While lines signal each other in a ring, nothing recurses. */
	KUNIT_EXPECT_EQ(test, set_line_fd(&other, 0, e.fd), 0l);
	signal_with_interrupts_off(&e);
	KUNIT_EXPECT_TRUE(test, becomes_pending(&other, OTHER_MSI));
	KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
	KUNIT_EXPECT_EQ(test, set_line_fd(&other, 0, -1), 0l);
	vintc_test_eventfd_close(&e);
	vintc_test_eventfd_close(&between);
	vintc_test_eventfd_close(&line);
	vintc_test_put(other.file);
}

/* The end of a device, or of its model, while a signal is under way. */
static void ended_with_a_signal_pending_hazard07(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e, line;
	int round;

	vintc_test_eventfd_open(test, &line);
	for (round = 0; round < 20; round++) {
		vintc_test_eventfd_open(test, &e);
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, MSI, 0), 0l);
		KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, line.fd), 0l);
		signal_with_interrupts_off(&e);
		if (round & 1) {
			KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
		} else {
			vintc_test_device_put(d);
			vintc_test_device_anew(test, d);
		}
		vintc_test_eventfd_read(&line);
		signal_with_interrupts_off(&e);
		schedule_timeout_idle(2);
		KUNIT_EXPECT_EQ(test, vintc_test_eventfd_read(&line), 0ull);
		make_xics(test, d);
		vintc_test_eventfd_close(&e);
	}
	vintc_test_eventfd_close(&line);
}

/* ---- under fire ---- */

struct storm {
	struct vintc_test_device *d;
	struct vintc_test_eventfd e;
	u32 signalled;
};

static long signal_until_stopped(void *arg)
{
	struct storm *storm = arg;

	while (!vintc_test_stopped()) {
		signal_with_interrupts_off(&storm->e);
		WRITE_ONCE(storm->signalled, storm->signalled + 1);
		cond_resched();
	}
	return 0;
}

/* As a VMM waits. It may be told in vain. */
static u32 wait_and_accept(struct vintc_test_device *d, struct vintc_test_eventfd *line)
{
	unsigned long patience = jiffies + 10 * HZ;
	u32 source = 0;

	while (!source && time_before(jiffies, patience)) {
		if (vintc_test_eventfd_read(line))
			source = accept(d);
		cond_resched();
	}
	return source;
}

/* Whoever waits for one that it has just given is told, if there is anything to tell. */
static void given_another_eventfd_under_fire(struct kunit *test)
{
	struct storm storm = { .d = test->priv };
	struct vintc_test_eventfd line[2];
	struct vintc_test_thread thread;
	int round, i;

	vintc_test_eventfd_open(test, &storm.e);
	for (i = 0; i < 2; i++)
		vintc_test_eventfd_open(test, &line[i]);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(storm.d, storm.e.fd, MSI, 0), 0l);
	vintc_test_start(test, &thread, signal_until_stopped, &storm);
	for (round = 0; round < 60; round++) {
		i = round & 1;
		KUNIT_EXPECT_EQ(test, set_line_fd(storm.d, 0, line[i].fd), 0l);
		KUNIT_EXPECT_EQ(test, wait_and_accept(storm.d, &line[i]), (u32)MSI);
		eoi(storm.d, MSI);
		if (round % 3 == 0)
			KUNIT_EXPECT_EQ(test, set_line_fd(storm.d, 0, -1), 0l);
	}
	vintc_test_stop(&thread);
	KUNIT_EXPECT_GT(test, storm.signalled, 60u);
	vintc_test_eventfd_close(&storm.e);
	for (i = 0; i < 2; i++)
		vintc_test_eventfd_close(&line[i]);
}

/* An eventfd that is refused leaves the one before in its place. */
static void what_is_no_eventfd_is_refused(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	int other = vintc_test_other_fd(test);
	struct vintc_test_eventfd line;

	vintc_test_eventfd_open(test, &line);
	KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, line.fd), 0l);
	KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, other), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, INT_MAX), -EBADF);
	KUNIT_EXPECT_EQ(test, set_line_fd(d, 0, -2), -EBADF);
	KUNIT_EXPECT_EQ(test, inject(d, MSI, 1), 0l);
	KUNIT_EXPECT_GE(test, vintc_test_eventfd_read(&line), 1ull);
	close_fd(other);
	vintc_test_eventfd_close(&line);
}

static bool connect_failing(struct kunit *test, unsigned long number, unsigned int nth,
			    u32 *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	u64 value;
	long r;

	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	KUNIT_EXPECT_EQ(test, choose(d, PRESENTED_XICS), 0l);
	failed = vintc_test_set_failing(test, KVM_VINTC_GRP_VCPU, 5, number, nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
		KUNIT_EXPECT_EQ(test, connect(d, 5, 6), 0l);
	}
	KUNIT_EXPECT_EQ(test, lines(test, d, 5), 0u);
	return failed;
}

static void connected_without_memory_hazard05(struct kunit *test)
{
	unsigned long number = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	unsigned int nth = 1;
	u32 refused = 0;

	KUNIT_ASSERT_EQ(test, put_user(6, (u32 __user *)number), 0);
	while (connect_failing(test, number, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 3u, "the line, the chunk of servers, and the ICP");
}

static struct kunit_case line_cases[] = {
	KUNIT_CASE(an_eventfd_follows_the_line),
	KUNIT_CASE(signalled_within_a_wakeup_hazard22),
	KUNIT_CASE(ended_with_a_signal_pending_hazard07),
	KUNIT_CASE(given_another_eventfd_under_fire),
	KUNIT_CASE(what_is_no_eventfd_is_refused),
	KUNIT_CASE(connected_without_memory_hazard05),
	{}
};

static struct kunit_suite line_suite = {
	.name = "vintc_line",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = make_xics_init,
	.exit = vintc_test_device_exit,
	.test_cases = line_cases,
};

kunit_test_suite(line_suite);

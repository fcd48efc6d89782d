// SPDX-License-Identifier: GPL-2.0-only
/* irqfd with real eventfds, and a model that counts what is injected. */
#include <linux/eventfd.h>
#include <linux/fdtable.h>
#include <linux/kthread.h>
#include <linux/smp.h>

#include "fixture.h"

#define GSI		0x1234
#define OTHER_GSI	0x1235
#define REFUSED_GSI	0x4321

struct counting {
	struct vintc_device dev;
	struct kvm kvm;			/* as much as an irqfd needs of it */
	atomic_t injected, other_injected, no_pulses;
};

static bool counting_is_pin(struct vintc_device *dev, u32 pin)
{
	return pin == GSI || pin == OTHER_GSI;
}

static enum vintc_injected counting_input(struct vintc_device *dev, u32 pin, enum vintc_input input)
{
	struct counting *c = container_of(dev, struct counting, dev);

	atomic_inc(pin == GSI ? &c->injected : &c->other_injected);
	if (input != VINTC_PULSE)
		atomic_inc(&c->no_pulses);
	return VINTC_DELIVERED;
}

static const struct vintc_model counting_model = {
	.name = "counting",
	.is_pin = counting_is_pin,
	.input = counting_input,
};

static struct counting *counting_device(struct kunit *test)
{
	struct counting *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	mutex_init(&c->kvm.lock);
	c->dev.kvm = &c->kvm;
	c->dev.model = &counting_model;
	mutex_init(&c->dev.lock);
	spin_lock_init(&c->dev.irqfd_lock);
	INIT_LIST_HEAD(&c->dev.irqfds);
	INIT_LIST_HEAD(&c->dev.resamplers);
	init_waitqueue_head(&c->dev.resumed);
	return c;
}

static int irqfd(struct counting *c, int fd, u32 gsi, u32 flags)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = gsi, .flags = flags };

	return vintc_irqfd(&c->dev, &args);
}

/* As the end of the VM does it. */
static void release_all(struct counting *c)
{
	mutex_lock(&c->dev.lock);
	vintc_irqfd_release_all(&c->dev);
	mutex_unlock(&c->dev.lock);
}

static int assign(struct counting *c, struct vintc_test_eventfd *e)
{
	return irqfd(c, e->fd, GSI, 0);
}

static int deassign(struct counting *c, struct vintc_test_eventfd *e)
{
	return irqfd(c, e->fd, GSI, KVM_IRQFD_FLAG_DEASSIGN);
}

static bool none_assigned(struct counting *c)
{
	return list_empty(&c->dev.irqfds);
}

#define expect_injected(test, c, n)						\
do {										\
	KUNIT_EXPECT_EQ(test, atomic_read(&(c)->injected), n);			\
	KUNIT_EXPECT_EQ(test, atomic_read(&(c)->no_pulses), 0);			\
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(&(c)->dev),			\
			(u64)atomic_read(&(c)->injected) + atomic_read(&(c)->other_injected)); \
} while (0)

static void a_signal_injects_once(struct kunit *test)
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;
	int i;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	expect_injected(test, c, 0);
	for (i = 1; i <= 3; i++) {
		eventfd_signal(e.ctx, 1);
		expect_injected(test, c, i);
	}
	eventfd_signal(e.ctx, 1000);
	expect_injected(test, c, 4);
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	KUNIT_EXPECT_TRUE(test, none_assigned(c));
	expect_injected(test, c, 4);
	vintc_test_eventfd_close(&e);
}

static void deassigned_is_deaf_and_may_come_back(struct kunit *test)
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	eventfd_signal(e.ctx, 1);
	expect_injected(test, c, 1);
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	eventfd_signal(e.ctx, 1);
	expect_injected(test, c, 1);
	vintc_test_eventfd_close(&e);
}

static void signalled_before_assignment_counts(struct kunit *test)
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	eventfd_signal(e.ctx, 5);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	expect_injected(test, c, 1);
	eventfd_signal(e.ctx, 1);
	expect_injected(test, c, 2);
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	expect_injected(test, c, 2);
	vintc_test_eventfd_close(&e);
}

/* One irqfd for an eventfd, as in KVM; deassignment wants the GSI too, and is never an error. */
static void assigned_twice_is_ebusy(struct kunit *test)
{
	struct counting *c = counting_device(test), *other = counting_device(test);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	KUNIT_EXPECT_EQ(test, assign(c, &e), -EBUSY);
	KUNIT_EXPECT_EQ(test, irqfd(c, e.fd, OTHER_GSI, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, irqfd(c, e.fd, OTHER_GSI, KVM_IRQFD_FLAG_DEASSIGN), 0);
	KUNIT_EXPECT_EQ(test, deassign(other, &e), 0);
	eventfd_signal(e.ctx, 1);
	expect_injected(test, c, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&c->other_injected), 0);
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	vintc_test_eventfd_close(&e);
}

static void two_eventfds_of_one_gsi_are_two(struct kunit *test)
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd a, b;

	vintc_test_eventfd_open(test, &a);
	vintc_test_eventfd_open(test, &b);
	KUNIT_EXPECT_EQ(test, assign(c, &a), 0);
	KUNIT_EXPECT_EQ(test, assign(c, &b), 0);
	eventfd_signal(a.ctx, 1);
	eventfd_signal(b.ctx, 1);
	expect_injected(test, c, 2);
	KUNIT_EXPECT_EQ(test, deassign(c, &a), 0);
	eventfd_signal(a.ctx, 1);
	eventfd_signal(b.ctx, 1);
	expect_injected(test, c, 3);
	KUNIT_EXPECT_EQ(test, deassign(c, &b), 0);
	vintc_test_eventfd_close(&a);
	vintc_test_eventfd_close(&b);
}

static int irqfd_padded(struct counting *c, int fd)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = GSI, .pad[15] = 1 };

	return vintc_irqfd(&c->dev, &args);
}

static int irqfd_resample(struct counting *c, int fd, int resamplefd)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = GSI, .flags = KVM_IRQFD_FLAG_RESAMPLE,
				  .resamplefd = resamplefd };

	return vintc_irqfd(&c->dev, &args);
}

static void bad_arguments_are_refused(struct kunit *test)
{
	static const u32 flags[] = { 4, 1u << 31, ~0u, KVM_IRQFD_FLAG_RESAMPLE | 4 };
	static const int no_fds[] = { -1, INT_MIN, INT_MAX, 1 << 20 };
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;
	int other = vintc_test_other_fd(test), i;

	vintc_test_eventfd_open(test, &e);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		KUNIT_EXPECT_EQ_MSG(test, irqfd(c, e.fd, GSI, flags[i]), -EINVAL, "%x", flags[i]);
	KUNIT_EXPECT_EQ(test, irqfd_padded(c, e.fd), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(no_fds); i++) {
		KUNIT_EXPECT_EQ_MSG(test, irqfd_resample(c, e.fd, no_fds[i]), -EBADF, "%d", no_fds[i]);
		KUNIT_EXPECT_EQ_MSG(test, irqfd(c, no_fds[i], GSI, 0), -EBADF, "%d", no_fds[i]);
		KUNIT_EXPECT_EQ_MSG(test, irqfd(c, no_fds[i], GSI, KVM_IRQFD_FLAG_DEASSIGN), -EBADF,
				    "%d", no_fds[i]);
	}
	KUNIT_EXPECT_EQ(test, irqfd_resample(c, e.fd, other), -EINVAL);
	KUNIT_EXPECT_EQ(test, irqfd(c, other, GSI, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, irqfd(c, other, GSI, KVM_IRQFD_FLAG_DEASSIGN), -EINVAL);
	KUNIT_EXPECT_EQ(test, irqfd(c, e.fd, REFUSED_GSI, 0), -EINVAL);
	KUNIT_EXPECT_TRUE(test, none_assigned(c));
	eventfd_signal(e.ctx, 1);
	expect_injected(test, c, 0);
	close_fd(other);
	vintc_test_eventfd_close(&e);
}

/* XICS' own answer to "may this GSI be injected?". */
static void gsi_sweep_hazard13(struct kunit *test)
{
	static const u32 refused[] = { 0, 1, 2, 15, 1 << 24, (1 << 24) + 16, 1u << 31, U32_MAX };
	static const u32 allowed[] = { 16, 4095, 4096, 0x123456, (1 << 24) - 1 };
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;
	struct vintc_model model = counting_model;
	int i;

	model.is_pin = vintc_model_xics.is_pin;
	c->dev.model = &model;
	vintc_test_eventfd_open(test, &e);
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		KUNIT_EXPECT_EQ_MSG(test, irqfd(c, e.fd, refused[i], 0), -EINVAL, "%x", refused[i]);
	for (i = 0; i < ARRAY_SIZE(allowed); i++) {
		KUNIT_EXPECT_EQ_MSG(test, irqfd(c, e.fd, allowed[i], 0), 0, "%x", allowed[i]);
		KUNIT_EXPECT_EQ(test, irqfd(c, e.fd, allowed[i], KVM_IRQFD_FLAG_DEASSIGN), 0);
	}
	KUNIT_EXPECT_TRUE(test, none_assigned(c));
	vintc_test_eventfd_close(&e);
}

static void signal_many(void *data)
{
	struct vintc_test_eventfd *e = data;
	int i;

	for (i = 0; i < 100; i++)
		eventfd_signal(e->ctx, 1);
}

static void signalled_in_atomic_context(struct kunit *test)
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;
	int cpu, expected = 0;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	local_irq_disable();
	signal_many(&e);
	local_irq_enable();
	expected += 100;
	expect_injected(test, c, expected);
	for_each_online_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, signal_many, &e, true), 0);
		expected += 100;
		expect_injected(test, c, expected);
	}
	KUNIT_EXPECT_EQ(test, deassign(c, &e), 0);
	vintc_test_eventfd_close(&e);
}

/* The last close of the eventfd takes the irqfd with it, and its count stays. */
static void hang_up_ends_the_irqfd(struct kunit *test)
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e, another;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
	eventfd_signal(e.ctx, 1);
	vintc_test_eventfd_close(&e);
	KUNIT_EXPECT_TRUE(test, none_assigned(c));

	/* Whoever deassigns anything waits for all that is on its way out. */
	vintc_test_eventfd_open(test, &another);
	KUNIT_EXPECT_EQ(test, deassign(c, &another), 0);
	expect_injected(test, c, 1);
	vintc_test_eventfd_close(&another);
	release_all(c);
}

static void release_all_takes_all_and_may_be_repeated(struct kunit *test)
{
	struct vintc_test_eventfd e[8];
	struct counting *c = counting_device(test);
	int i;

	release_all(c);
	for (i = 0; i < ARRAY_SIZE(e); i++) {
		vintc_test_eventfd_open(test, &e[i]);
		KUNIT_EXPECT_EQ(test, assign(c, &e[i]), 0);
		eventfd_signal(e[i].ctx, 1);
	}
	release_all(c);
	KUNIT_EXPECT_TRUE(test, none_assigned(c));
	for (i = 0; i < ARRAY_SIZE(e); i++)
		eventfd_signal(e[i].ctx, 1);
	expect_injected(test, c, 8);
	release_all(c);
	for (i = 0; i < ARRAY_SIZE(e); i++)
		vintc_test_eventfd_close(&e[i]);
}

/* ---- against signals from other processors ---- */

struct signaller {
	struct vintc_test_eventfd *e;
	struct task_struct *task;
	unsigned long signals;
};

static int signal_until_stopped(void *data)
{
	struct signaller *s = data;

	while (!kthread_should_stop()) {
		eventfd_signal(s->e->ctx, 1);
		WRITE_ONCE(s->signals, s->signals + 1);
		cond_resched();
	}
	return 0;
}

static bool start_signaller(struct kunit *test, struct signaller *s, struct vintc_test_eventfd *e)
{
	*s = (struct signaller) { .e = e };
	s->task = kthread_run(signal_until_stopped, s, "vintc-signaller");
	KUNIT_EXPECT_FALSE(test, IS_ERR(s->task));
	return !IS_ERR(s->task);
}

/* Some signals later. */
static void wait_for_signals(struct signaller *s)
{
	unsigned long from = READ_ONCE(s->signals), end = jiffies + 10 * HZ;

	while (READ_ONCE(s->signals) - from < 3 && time_before(jiffies, end))
		cond_resched();
}

static void end_while_signalled(struct kunit *test, void (*end)(struct counting *c,
								struct vintc_test_eventfd *e))
{
	struct counting *c = counting_device(test);
	struct vintc_test_eventfd e;
	struct signaller s;
	int round, count, before = 0;

	vintc_test_eventfd_open(test, &e);
	if (!start_signaller(test, &s, &e))
		return;
	for (round = 0; round < 100; round++) {
		KUNIT_EXPECT_EQ(test, assign(c, &e), 0);
		wait_for_signals(&s);
		end(c, &e);
		count = atomic_read(&c->injected);
		KUNIT_EXPECT_GT(test, count, before);
		wait_for_signals(&s);
		KUNIT_EXPECT_EQ(test, atomic_read(&c->injected), count);
		before = count;
	}
	kthread_stop(s.task);
	KUNIT_EXPECT_TRUE(test, none_assigned(c));
	expect_injected(test, c, count);
	vintc_test_eventfd_close(&e);
}

static void end_by_deassign(struct counting *c, struct vintc_test_eventfd *e)
{
	deassign(c, e);
}

static void end_by_release(struct counting *c, struct vintc_test_eventfd *e)
{
	release_all(c);
}

static void deassigned_while_signalled_hazard03(struct kunit *test)
{
	end_while_signalled(test, end_by_deassign);
}

static void released_while_signalled_hazard07(struct kunit *test)
{
	end_while_signalled(test, end_by_release);
}

struct stormer {
	struct kunit *test;
	struct counting *c;
	struct vintc_test_eventfd *shared;
	struct task_struct *task;
	unsigned int rounds;
};

static int assign_and_deassign(void *data)
{
	struct stormer *s = data;

	while (!kthread_should_stop()) {
		int r = assign(s->c, s->shared);

		if (r && r != -EBUSY)
			KUNIT_FAIL(s->test, "assign: %d", r);
		deassign(s->c, s->shared);
		WRITE_ONCE(s->rounds, s->rounds + 1);
		cond_resched();
	}
	return 0;
}

/* An eventfd that is assigned, signalled, and closed: it hangs up. */
static void assign_and_hang_up(struct kunit *test, struct counting *c)
{
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, irqfd(c, e.fd, OTHER_GSI, 0), 0);
	eventfd_signal(e.ctx, 1);
	vintc_test_eventfd_close(&e);
}

/*
 * Two assign and deassign one eventfd that a third signals, while others come and
 * hang up, and all are released again and again.
 */
static void storm_of_assignments_hazard26(struct kunit *test)
{
	struct counting *c = counting_device(test);
	unsigned long end = jiffies + 60 * HZ;
	struct signaller signaller;
	struct vintc_test_eventfd e;
	struct stormer s[2];
	int i, hung_up = 0;

	vintc_test_eventfd_open(test, &e);
	if (!start_signaller(test, &signaller, &e))
		return;
	for (i = 0; i < 2; i++) {
		s[i] = (struct stormer) { .test = test, .c = c, .shared = &e };
		s[i].task = kthread_run(assign_and_deassign, &s[i], "vintc-stormer/%d", i);
		KUNIT_EXPECT_FALSE(test, IS_ERR(s[i].task));
	}
	while ((READ_ONCE(s[0].rounds) < 200 || READ_ONCE(s[1].rounds) < 200 || hung_up < 50) &&
	       time_before(jiffies, end)) {
		release_all(c);
		assign_and_hang_up(test, c);
		hung_up++;
	}
	for (i = 0; i < 2; i++) {
		if (!IS_ERR(s[i].task))
			kthread_stop(s[i].task);
		KUNIT_EXPECT_GE(test, s[i].rounds, 200u);
	}
	kthread_stop(signaller.task);
	release_all(c);
	KUNIT_EXPECT_TRUE(test, none_assigned(c));
	KUNIT_EXPECT_GT(test, atomic_read(&c->injected), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&c->other_injected), hung_up);
	expect_injected(test, c, atomic_read(&c->injected));
	vintc_test_eventfd_close(&e);
}

static bool assign_failing(struct kunit *test, struct counting *c, struct vintc_test_eventfd *e,
			   unsigned int nth, unsigned int *refused)
{
	int r, before = atomic_read(&c->injected);
	bool failed;

	vintc_test_fail_nth(nth);
	r = assign(c, e);
	failed = vintc_test_fail_over();

	if (r) {
		++*refused;
		KUNIT_EXPECT_TRUE(test, failed);
		KUNIT_EXPECT_EQ(test, r, -ENOMEM);
		KUNIT_EXPECT_TRUE(test, none_assigned(c));
		eventfd_signal(e->ctx, 1);
		expect_injected(test, c, before);
		KUNIT_EXPECT_EQ(test, assign(c, e), 0);
	}
	KUNIT_EXPECT_EQ(test, deassign(c, e), 0);
	return failed;
}

static void assign_without_memory_hazard05(struct kunit *test)
{
	struct counting *c = counting_device(test);
	unsigned int nth = 1, refused = 0;
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	while (assign_failing(test, c, &e, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, 1u);
	vintc_test_eventfd_close(&e);
}

static struct kunit_case irqfd_cases[] = {
	KUNIT_CASE(a_signal_injects_once),
	KUNIT_CASE(deassigned_is_deaf_and_may_come_back),
	KUNIT_CASE(signalled_before_assignment_counts),
	KUNIT_CASE(assigned_twice_is_ebusy),
	KUNIT_CASE(two_eventfds_of_one_gsi_are_two),
	KUNIT_CASE(bad_arguments_are_refused),
	KUNIT_CASE(gsi_sweep_hazard13),
	KUNIT_CASE(signalled_in_atomic_context),
	KUNIT_CASE(hang_up_ends_the_irqfd),
	KUNIT_CASE(release_all_takes_all_and_may_be_repeated),
	KUNIT_CASE(deassigned_while_signalled_hazard03),
	KUNIT_CASE(released_while_signalled_hazard07),
	KUNIT_CASE(storm_of_assignments_hazard26),
	KUNIT_CASE(assign_without_memory_hazard05),
	{}
};

static struct kunit_suite irqfd_suite = {
	.name = "vintc_irqfd",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = irqfd_cases,
};

kunit_test_suite(irqfd_suite);

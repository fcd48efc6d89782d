// SPDX-License-Identifier: GPL-2.0-only
/* Pauses: what is inside a controller ends before one, and what comes in one waits. */
#include <linux/delay.h>

#include "presented.h"

/* As those who reset a controller, or take an image of it. */
static void pause(struct vintc_test_device *d)
{
	mutex_lock(&d->vm.kvm->lock);
	vintc_pause(d->vm.kvm);
}

static void resume(struct vintc_test_device *d)
{
	vintc_resume(d->vm.kvm);
	mutex_unlock(&d->vm.kvm->lock);
}

static bool is_paused(struct vintc_test_device *d)
{
	bool entered = vintc_enter(device_of(d));

	if (entered)
		vintc_leave(device_of(d));
	return !entered;
}

/* ---- sections ---- */

struct passer {
	struct vintc_device *dev;
	bool inside;
	u32 passed;
};

static long pass_sections(void *arg)
{
	struct passer *passer = arg;

	while (!vintc_test_stopped()) {
		if (vintc_enter(passer->dev)) {
			WRITE_ONCE(passer->inside, true);
			udelay(300);
			WRITE_ONCE(passer->passed, passer->passed + 1);
			WRITE_ONCE(passer->inside, false);
			vintc_leave(passer->dev);
		}
		cond_resched();
	}
	return 0;
}

static void a_pause_begins_when_the_last_section_ends(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct passer passer = { .dev = device_of(d) };
	struct vintc_test_thread thread;
	u32 round, passed;

	vintc_test_start(test, &thread, pass_sections, &passer);
	for (round = 0; round < 50; round++) {
		KUNIT_EXPECT_TRUE(test, vintc_test_wait_for(&passer.inside));
		pause(d);
		passed = READ_ONCE(passer.passed);
		KUNIT_EXPECT_FALSE(test, READ_ONCE(passer.inside));
		udelay(700);
		KUNIT_EXPECT_EQ(test, READ_ONCE(passer.passed), passed);
		resume(d);
	}
	vintc_test_stop(&thread);
	KUNIT_EXPECT_GE(test, passer.passed, 50u);
}

/* All of the VM's, since an interrupt may pass from one to another; and nobody else's. */
static void the_devices_of_a_vm_pause_together(struct kunit *test)
{
	struct vintc_test_device *d = test->priv, other = another_device(test, d);
	struct vintc_test_device without_model = another_device(test, d), elsewhere = {};
	int round;

	KUNIT_EXPECT_EQ(test, choose(&other, vintc_test_model.model->id), 0l);
	vintc_test_vm_create(test, &elsewhere.vm);
	elsewhere.file = vintc_test_vm_device(&elsewhere.vm);
	KUNIT_EXPECT_EQ(test, choose(&elsewhere, PRESENTED_XICS), 0l);
	for (round = 0; round < 3; round++) {
		KUNIT_EXPECT_FALSE(test, is_paused(d));
		KUNIT_EXPECT_FALSE(test, is_paused(&other));
		pause(d);
		KUNIT_EXPECT_TRUE(test, is_paused(d));
		KUNIT_EXPECT_TRUE(test, is_paused(&other));
		KUNIT_EXPECT_FALSE(test, is_paused(&elsewhere));
		resume(d);
	}
	vintc_test_device_put(&elsewhere);
	vintc_test_put(without_model.file);
	vintc_test_put(other.file);
}

/* ---- who waits ---- */

static long drive_line(void *arg)
{
	return inject(arg, MSI, 1);
}

static long make_hypercall(void *arg)
{
	return accept(arg);
}

static void expect_to_wait(struct kunit *test, long (*access)(void *arg), long result)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_thread thread;

	pause(d);
	vintc_test_start(test, &thread, access, d);
	msleep(30);
	KUNIT_EXPECT_FALSE(test, vintc_test_is_done(&thread));
	resume(d);
	wait_for_completion(&thread.done);
	KUNIT_EXPECT_EQ(test, vintc_test_stop(&thread), result);
}

static void an_access_waits_for_the_end(struct kunit *test)
{
	expect_to_wait(test, drive_line, 0);
	expect_to_wait(test, make_hypercall, MSI);
}

/* ---- irqfds ---- */

static void signal_with_interrupts_off(struct vintc_test_eventfd *e)
{
	local_irq_disable();
	eventfd_signal(e->ctx, 1);
	local_irq_enable();
}

static void expect_one(struct kunit *test, struct vintc_test_device *d, u32 source)
{
	KUNIT_EXPECT_EQ(test, accept(d), source);
	eoi(d, source);
	KUNIT_EXPECT_EQ(test, accept(d), 0u);
}

/* However often in the pause. */
static void a_signal_is_injected_once_afterwards(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e;
	u64 before;
	int signals, i;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, MSI, 0), 0l);
	for (signals = 1; signals <= 3; signals++) {
		before = source_reg(d, MSI);
		pause(d);
		for (i = 0; i < signals; i++)
			signal_with_interrupts_off(&e);
		KUNIT_EXPECT_EQ(test, source_reg(d, MSI), before);
		resume(d);
		expect_one(test, d, MSI);
	}
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(device_of(d)), 6ull);
	/* Another pause brings it no second time. */
	pause(d);
	resume(d);
	KUNIT_EXPECT_EQ(test, accept(d), 0u);
	vintc_test_eventfd_close(&e);
}

/* Not by the thread that has kvm->lock: it would wait for a work that may end a VM. */
static long close_eventfd(void *arg)
{
	vintc_test_eventfd_close(arg);
	return 0;
}

static void a_signal_and_a_close_in_one_pause(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_thread thread;
	struct vintc_test_eventfd e, any;
	int round;

	vintc_test_eventfd_open(test, &any);
	for (round = 0; round < 10; round++) {
		vintc_test_eventfd_open(test, &e);
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, MSI, 0), 0l);
		pause(d);
		signal_with_interrupts_off(&e);
		vintc_test_start(test, &thread, close_eventfd, &e);
		wait_for_completion(&thread.done);
		if (round & 1)
			msleep(20);	/* the work that frees it waits for the end, too */
		resume(d);
		vintc_test_stop(&thread);
		flush_irqfds(d, &any);
		expect_one(test, d, MSI);
	}
	KUNIT_EXPECT_TRUE(test, list_empty(&device_of(d)->irqfds));
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(device_of(d)), 10ull);
	vintc_test_eventfd_close(&any);
}

/* More than are caught up with in one go. */
static void signals_of_many_irqfds(struct kunit *test)
{
	enum { MANY = 70 };
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd *e = kunit_kcalloc(test, MANY, sizeof(*e), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, e);
	for (i = 0; i < MANY; i++) {
		vintc_test_eventfd_open(test, &e[i]);
		KUNIT_EXPECT_EQ(test, set_source(d, 0x2000 + i, 5ull << 32), 0l);
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e[i].fd, 0x2000 + i, 0), 0l);
	}
	pause(d);
	for (i = 0; i < MANY; i++)
		signal_with_interrupts_off(&e[i]);
	resume(d);
	for (i = 0; i < MANY; i++) {
		u32 source = accept(d);

		KUNIT_EXPECT_GE(test, source, 0x2000u);
		eoi(d, source);
	}
	KUNIT_EXPECT_EQ(test, accept(d), 0u);
	for (i = 0; i < MANY; i++) {
		KUNIT_EXPECT_EQ(test, source_reg(d, 0x2000 + i) &
				(KVM_VINTC_SOURCE_P | KVM_VINTC_SOURCE_Q), 0ull);
		vintc_test_eventfd_close(&e[i]);
	}
}

struct client {
	struct vintc_test_device *d;
	struct vintc_test_eventfd e;
	u32 served, lost, doubled;
};

/* The next when the one before has been served. */
static long signal_and_serve(void *arg)
{
	struct client *client = arg;

	while (!vintc_test_stopped()) {
		unsigned long patience = jiffies + 20 * HZ;
		u32 source;

		signal_with_interrupts_off(&client->e);
		while (!(source = accept(client->d)) && time_before(jiffies, patience))
			cond_resched();
		if (!source) {
			client->lost++;
			break;
		}
		eoi(client->d, source);
		if (accept(client->d))
			client->doubled++;
		WRITE_ONCE(client->served, client->served + 1);
		cond_resched();
	}
	return 0;
}

/* Signals that meet a pause at its beginning, in it, and at its end. */
static void nothing_is_lost_or_doubled_at_the_edges(struct kunit *test)
{
	struct client client = { .d = test->priv };
	unsigned long end = jiffies + 20 * HZ;
	struct vintc_test_thread thread;
	u32 round;

	vintc_test_eventfd_open(test, &client.e);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(client.d, client.e.fd, MSI, 0), 0l);
	vintc_test_start(test, &thread, signal_and_serve, &client);
	for (round = 0; (round < 200 || READ_ONCE(client.served) < 200) && time_before(jiffies, end);
	     round++) {
		pause(client.d);
		udelay(round % 8 * 20);
		resume(client.d);
		cond_resched();
	}
	vintc_test_stop(&thread);
	KUNIT_EXPECT_GE(test, client.served, 200u);
	KUNIT_EXPECT_EQ(test, client.lost, 0u);
	KUNIT_EXPECT_EQ(test, client.doubled, 0u);
	KUNIT_EXPECT_EQ(test, accept(client.d), 0u);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(device_of(client.d)), (u64)client.served);
	vintc_test_eventfd_close(&client.e);
}

static struct kunit_case pause_cases[] = {
	KUNIT_CASE(a_pause_begins_when_the_last_section_ends),
	KUNIT_CASE(the_devices_of_a_vm_pause_together),
	KUNIT_CASE(an_access_waits_for_the_end),
	KUNIT_CASE(a_signal_is_injected_once_afterwards),
	KUNIT_CASE(a_signal_and_a_close_in_one_pause),
	KUNIT_CASE(signals_of_many_irqfds),
	KUNIT_CASE(nothing_is_lost_or_doubled_at_the_edges),
	{}
};

static struct kunit_suite pause_suite = {
	.name = "vintc_pause",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = make_xics_init,
	.exit = vintc_test_device_exit,
	.test_cases = pause_cases,
};

kunit_test_suite(pause_suite);

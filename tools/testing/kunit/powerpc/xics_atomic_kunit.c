// SPDX-License-Identifier: GPL-2.0-only
/*
 * Injection where an eventfd may be signalled from: interrupts off, under a raw
 * spinlock, in an interrupt. Lockdep and DEBUG_ATOMIC_SLEEP watch.
 */
#include <linux/kthread.h>
#include <linux/smp.h>

#include "xics_calls.h"

#define FIRST	0x2000
#define MASKED	0x2100
#define ABSENT	0x2101
#define SOURCES	8

static struct test_xics *eight_sources(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 1);
	int i;

	KUNIT_ASSERT_EQ(test, set_icp(x, 0, (struct icp) { 0xff, 0xff, 0xff, 0 }), 0);
	/* Each is more favoured than the one before, and displaces it. */
	for (i = 0; i < SOURCES; i++)
		KUNIT_ASSERT_EQ(test, set_source(x, FIRST + i, source_attr(0, 20 - i, 0)), 0);
	KUNIT_ASSERT_EQ(test, set_source(x, MASKED, source_attr(0, 5, SOURCE_MASKED)), 0);
	return x;
}

static int another_cpu(int than)
{
	int cpu = cpumask_any_but(cpu_online_mask, than);

	return cpu < nr_cpu_ids ? cpu : -1;
}

struct outcome {
	struct test_xics *x;
	unsigned int delivered, coalesced, masked, unknown;
};

static void inject_all(void *data)
{
	struct outcome *o = data;
	u32 source;

	for (source = FIRST; source < FIRST + SOURCES; source++) {
		o->delivered += vintc_xics_inject(o->x->xics, source, VINTC_HIGH) == VINTC_DELIVERED;
		o->coalesced += vintc_xics_inject(o->x->xics, source, VINTC_HIGH) == VINTC_COALESCED;
	}
	o->masked += vintc_xics_inject(o->x->xics, MASKED, VINTC_HIGH) == VINTC_MASKED;
	o->unknown += vintc_xics_inject(o->x->xics, ABSENT, VINTC_HIGH) == VINTC_UNKNOWN_SOURCE;
}

static void expect_all_done(struct kunit *test, struct outcome *o)
{
	int i;

	KUNIT_EXPECT_EQ(test, o->delivered, (unsigned int)SOURCES);
	KUNIT_EXPECT_EQ(test, o->coalesced, (unsigned int)SOURCES);
	KUNIT_EXPECT_EQ(test, o->masked, 1u);
	KUNIT_EXPECT_EQ(test, o->unknown, 1u);
	KUNIT_EXPECT_TRUE(test, vintc_test_line(o->x->vcpu[0]));

	/* Each was injected twice, and comes twice. */
	for (i = 2 * SOURCES - 1; i >= 0; i--) {
		u32 expected = 0xff000000 | (FIRST + i / 2);

		KUNIT_EXPECT_EQ(test, h_xirr(o->x, 0), expected);
		KUNIT_EXPECT_EQ(test, h_eoi(o->x, 0, expected), VINTC_H_SUCCESS);
	}
	KUNIT_EXPECT_EQ(test, h_xirr(o->x, 0), 0xff000000);
}

static void inject_under_a_raw_spinlock(struct kunit *test)
{
	static DEFINE_RAW_SPINLOCK(lock);
	struct outcome o = { .x = eight_sources(test) };
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	/* Every raise interrupts that processor. */
	o.x->vcpu[0]->cpu = another_cpu(smp_processor_id());
	inject_all(&o);
	raw_spin_unlock_irqrestore(&lock, flags);
	expect_all_done(test, &o);
}

static void inject_in_an_interrupt(struct kunit *test)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct outcome o = { .x = eight_sources(test) };

		o.x->vcpu[0]->cpu = another_cpu(cpu);
		KUNIT_ASSERT_EQ(test, smp_call_function_single(cpu, inject_all, &o, true), 0);
		expect_all_done(test, &o);
	}
}

struct sleeper {
	struct kvm_vcpu *vcpu;
	bool stop;
};

static int sleep_until_line(void *data)
{
	struct sleeper *s = data;

	vintc_test_cede(s->vcpu, &s->stop);
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	return vintc_test_line(s->vcpu);
}

static bool asleep(struct task_struct *task)
{
	int i;

	for (i = 0; i < 1000 && READ_ONCE(task->__state) != TASK_IDLE; i++)
		schedule_timeout_idle(1);
	return i < 1000;
}

/* The kick is kvm-hv's own: it finds the sleeper and counts what it did. */
static void a_raise_from_atomic_context_wakes_hazard17(struct kunit *test)
{
	struct test_xics *x = eight_sources(test);
	struct sleeper sleeper = { .vcpu = x->vcpu[0] };
	struct outcome o = { .x = x };
	struct task_struct *task = kthread_run(sleep_until_line, &sleeper, "vintc-sleeper");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	KUNIT_EXPECT_TRUE(test, asleep(task));
	KUNIT_EXPECT_EQ(test, x->vcpu[0]->stat.generic.halt_wakeup, 0ull);
	local_irq_disable();
	inject_all(&o);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, x->vcpu[0]->stat.generic.halt_wakeup, 1ull);

	WRITE_ONCE(sleeper.stop, true);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 1);
	expect_all_done(test, &o);
}

static struct kunit_case atomic_cases[] = {
	KUNIT_CASE(inject_under_a_raw_spinlock),
	KUNIT_CASE(inject_in_an_interrupt),
	KUNIT_CASE(a_raise_from_atomic_context_wakes_hazard17),
	{}
};

static struct kunit_suite atomic_suite = {
	.name = "vintc_xics_atomic",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = atomic_cases,
};

kunit_test_suite(atomic_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs, injectors and configuration at the same time, on all processors. The
 * guests are kernel threads that sleep and handle interrupts as a guest does;
 * in the end every interrupt is accounted for.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/prandom.h>

#include "xics_calls.h"

#define GUESTS		2
#define CONFIGURER	2	/* a server that takes no interrupts, for RTAS calls */
#define SOURCES		32	/* every fourth is level-sensitive */
#define FIRST		0xfff0
#define STEP		0x1fd	/* over several blocks */
#define IPI_PRIORITY	4
#define PATIENCE	(60 * HZ)

struct account {
	u32 injected, delivered, handled, ended;
};

struct storm {
	struct test_xics *x;
	struct account source[SOURCES];
	u32 ipis_sent[GUESTS], ipis_handled[GUESTS];
	bool stop_guests, stop_others;
	u32 per_source;			/* how often each is to be injected */
	bool coalesce;			/* do not wait for the EOI of the one before */
	u32 errors;			/* answers that must not be */
};

struct worker {
	struct storm *storm;
	void (*work)(struct worker *worker);
	unsigned int number;
	struct rnd_state random;
	struct task_struct *task;
	bool done;
};

static bool is_level(unsigned int i)
{
	return i % 4 == 3;
}

static u32 number_of(unsigned int i)
{
	return FIRST + i * STEP;
}

static void error(struct storm *storm, bool wrong)
{
	if (wrong)
		__atomic_fetch_add(&storm->errors, 1, __ATOMIC_RELAXED);
}

static u32 pick(struct worker *worker, u32 below)
{
	return prandom_u32_state(&worker->random) % below;
}

/* ---- a guest ---- */

static void handle_ipi(struct storm *storm, u32 self, u32 xirr)
{
	error(storm, h_ipi(storm->x, self, self, 0xff) != VINTC_H_SUCCESS);
	smp_store_release(&storm->ipis_handled[self], storm->ipis_handled[self] + 1);
	error(storm, h_eoi(storm->x, self, xirr) != VINTC_H_SUCCESS);
}

static void handle_source(struct storm *storm, u32 self, u32 xirr)
{
	unsigned int i = ((xirr & 0xffffff) - FIRST) / STEP;
	struct account *source = &storm->source[i % SOURCES];

	error(storm, (xirr & 0xffffff) != number_of(i) || i >= SOURCES);
	__atomic_fetch_add(&source->handled, 1, __ATOMIC_RELAXED);
	if (is_level(i))
		vintc_xics_inject(storm->x->xics, number_of(i), VINTC_LOW);
	error(storm, h_eoi(storm->x, self, xirr) != VINTC_H_SUCCESS);
	__atomic_fetch_add(&source->ended, 1, __ATOMIC_RELEASE);
}

static void guest(struct worker *worker)
{
	struct storm *storm = worker->storm;
	u32 self = worker->number;

	h_cppr(storm->x, self, 0xff);
	while (!READ_ONCE(storm->stop_guests)) {
		u32 xirr;

		vintc_test_cede(storm->x->vcpu[self], &storm->stop_guests);
		vintc_test_load(storm->x->vcpu[self]);
		if (!pick(worker, 8)) {
			/* Closes and opens: what is presented is rejected, and comes back. */
			h_cppr(storm->x, self, 0);
			h_cppr(storm->x, self, 0xff);
		}
		xirr = h_xirr(storm->x, self);
		if ((xirr & 0xffffff) == 2)
			handle_ipi(storm, self, xirr);
		else if (xirr & 0xffffff)
			handle_source(storm, self, xirr);
		vintc_test_unload(storm->x->vcpu[self]);
		cond_resched();
	}
}

/* ---- the others ---- */

static bool ready_for_more(struct storm *storm, struct account *source)
{
	return source->injected < storm->per_source &&
	       (storm->coalesce || smp_load_acquire(&source->ended) == source->injected);
}

/* Not to move to the vCPU's processor meanwhile: some emulators bear no IPI to oneself. */
static void inject(struct storm *storm, unsigned int i)
{
	struct account *source = &storm->source[i];
	enum vintc_injected r;

	migrate_disable();
	r = vintc_xics_inject(storm->x->xics, number_of(i), VINTC_HIGH);
	migrate_enable();
	source->injected++;
	source->delivered += r == VINTC_DELIVERED || r == VINTC_MASKED;
	error(storm, r == VINTC_UNKNOWN_SOURCE || (r == VINTC_COALESCED && !storm->coalesce));
}

/* Every other source is this injector's; level-sensitive ones are not coalesced. */
static void injector(struct worker *worker)
{
	struct storm *storm = worker->storm;
	bool more = true;
	unsigned int i;

	while (more && !READ_ONCE(storm->stop_others)) {
		more = false;
		for (i = worker->number; i < SOURCES; i += 2) {
			if (storm->coalesce && is_level(i))
				continue;
			more |= storm->source[i].injected < storm->per_source;
			if (ready_for_more(storm, &storm->source[i]))
				inject(storm, i);
		}
		cond_resched();
	}
}

static void send_ipi(struct worker *worker, u32 server)
{
	struct storm *storm = worker->storm;

	if (smp_load_acquire(&storm->ipis_handled[server]) != storm->ipis_sent[server])
		return;
	storm->ipis_sent[server]++;
	error(storm, h_ipi(storm->x, CONFIGURER, server, IPI_PRIORITY) != VINTC_H_SUCCESS);
}

/* What a VMM reads while vCPUs run is a state that the ICP had. */
static void read_state(struct storm *storm, u32 server)
{
	u64 reg = get_icp(storm->x, server);

	error(storm, ((u32)(reg >> 32) & 0xffffff) == 0 && (u8)(reg >> 16) != 0xff);
	error(storm, ((u32)(reg >> 32) & 0xffffff) != 0 && (u8)(reg >> 16) == 0xff);
}

static void configurer(struct worker *worker)
{
	struct storm *storm = worker->storm;

	while (!READ_ONCE(storm->stop_others)) {
		u32 source = number_of(pick(worker, SOURCES));

		error(storm, set_xive(storm->x, CONFIGURER, source, pick(worker, GUESTS),
				      3 + pick(worker, 4)) != VINTC_RTAS_SUCCESS);
		source = number_of(pick(worker, SOURCES));
		error(storm, int_off(storm->x, CONFIGURER, source) != VINTC_RTAS_SUCCESS);
		cond_resched();
		error(storm, int_on(storm->x, CONFIGURER, source) != VINTC_RTAS_SUCCESS);
		send_ipi(worker, pick(worker, GUESTS));
		read_state(storm, pick(worker, GUESTS));
	}
}

/* ---- threads ---- */

static int run_worker(void *data)
{
	struct worker *worker = data;

	worker->work(worker);
	smp_store_release(&worker->done, true);
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	return 0;
}

static void start(struct kunit *test, struct storm *storm, struct worker *worker,
		  void (*work)(struct worker *worker), unsigned int number)
{
	*worker = (struct worker) { .storm = storm, .work = work, .number = number };
	prandom_seed_state(&worker->random, 1 + number);
	worker->task = kthread_create(run_worker, worker, "vintc-test/%u", number);
	KUNIT_EXPECT_FALSE(test, IS_ERR(worker->task));
	if (IS_ERR(worker->task))
		return;
	kthread_bind(worker->task, cpumask_nth(number % num_online_cpus(), cpu_online_mask));
	wake_up_process(worker->task);
}

static void stop(struct worker *worker)
{
	if (!IS_ERR_OR_NULL(worker->task))
		kthread_stop(worker->task);
}

static bool wait_until_done(struct worker *worker)
{
	unsigned long end = jiffies + PATIENCE;

	while (!smp_load_acquire(&worker->done) && time_before(jiffies, end))
		schedule_timeout_idle(1);
	return worker->done;
}

static bool settled(struct storm *storm)
{
	int i;

	for (i = 0; i < GUESTS; i++)
		if (smp_load_acquire(&storm->ipis_handled[i]) != storm->ipis_sent[i] ||
		    get_icp(storm->x, i) != icp_reg((struct icp) { 0xff, 0xff, 0xff, 0 }))
			return false;
	for (i = 0; i < SOURCES; i++) {
		u64 source = get_source(storm->x, number_of(i));

		if (source != ~0ull && source & (SOURCE_PENDING | SOURCE_PRESENTED | SOURCE_QUEUED))
			return false;
	}
	return true;
}

static void wait_until_settled(struct kunit *test, struct storm *storm)
{
	unsigned long end = jiffies + PATIENCE;
	int i;

	while (!settled(storm) && time_before(jiffies, end))
		schedule_timeout_idle(1);
	KUNIT_EXPECT_TRUE_MSG(test, settled(storm), "an interrupt is stuck");
	for (i = 0; i < SOURCES && !settled(storm); i++)
		kunit_info(test, "source %x: %llx\n", number_of(i), get_source(storm->x, number_of(i)));
	for (i = 0; i < GUESTS && !settled(storm); i++)
		kunit_info(test, "icp %d: %llx\n", i, get_icp(storm->x, i));
}

static struct storm *run_storm(struct kunit *test, u32 per_source, bool coalesce)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	struct worker *w = kunit_kcalloc(test, 5, sizeof(*w), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	KUNIT_ASSERT_NOT_NULL(test, w);
	storm->x = test_xics(test, GUESTS + 1);
	storm->per_source = per_source;
	storm->coalesce = coalesce;
	for (i = 0; i < SOURCES; i++)
		KUNIT_ASSERT_EQ(test, set_source(storm->x, number_of(i), source_attr(i % GUESTS, 5,
						 is_level(i) ? SOURCE_LEVEL : 0)), 0);

	start(test, storm, &w[0], guest, 0);
	start(test, storm, &w[1], guest, 1);
	start(test, storm, &w[2], configurer, 2);
	start(test, storm, &w[3], injector, 0);
	start(test, storm, &w[4], injector, 1);
	KUNIT_EXPECT_TRUE(test, wait_until_done(&w[3]));
	KUNIT_EXPECT_TRUE(test, wait_until_done(&w[4]));
	WRITE_ONCE(storm->stop_others, true);
	for (i = 2; i < 5; i++)
		stop(&w[i]);

	wait_until_settled(test, storm);
	WRITE_ONCE(storm->stop_guests, true);
	for (i = 0; i < GUESTS; i++) {
		vintc_test_kick(storm->x->vcpu[i]);
		stop(&w[i]);
	}
	KUNIT_EXPECT_EQ(test, storm->errors, 0u);
	KUNIT_EXPECT_GT(test, storm->ipis_sent[0] + storm->ipis_sent[1], 0u);
	return storm;
}

static void report(struct kunit *test, struct storm *storm)
{
	struct vintc_counts counts;

	vintc_xics_counts(storm->x->xics, &counts);
	kunit_info(test, "%u IPIs, %llu hypercalls, %llu rejections, %llu resends\n",
		   storm->ipis_sent[0] + storm->ipis_sent[1], counts.hypercalls, counts.rejects,
		   counts.resends);
	KUNIT_EXPECT_GT(test, counts.rejects, 0ull);
	KUNIT_EXPECT_GT(test, counts.resends, 0ull);
}

/* Each is injected when the one before has ended: all are handled, each once. */
static void storm_loses_and_doubles_nothing_hazard16(struct kunit *test)
{
	struct storm *storm = run_storm(test, 300, false);
	int i;

	for (i = 0; i < SOURCES; i++) {
		struct account *source = &storm->source[i];

		KUNIT_EXPECT_EQ_MSG(test, source->injected, storm->per_source, "%d", i);
		KUNIT_EXPECT_EQ_MSG(test, source->delivered, source->injected, "%d", i);
		KUNIT_EXPECT_EQ_MSG(test, source->handled, source->injected, "%d", i);
		KUNIT_EXPECT_EQ_MSG(test, source->ended, source->injected, "%d", i);
	}
	report(test, storm);
}

/* MSIs at will: one that was not coalesced is handled, and none more often than it came. */
static void coalescing_storm_keeps_its_bounds_hazard20(struct kunit *test)
{
	struct storm *storm = run_storm(test, 2000, true);
	int i;

	for (i = 0; i < SOURCES; i++) {
		struct account *source = &storm->source[i];

		if (is_level(i))
			continue;
		KUNIT_EXPECT_GT_MSG(test, source->delivered, 0u, "%d", i);
		KUNIT_EXPECT_GE_MSG(test, source->handled, source->delivered, "%d", i);
		KUNIT_EXPECT_LE_MSG(test, source->handled, source->injected, "%d", i);
	}
	report(test, storm);
}

/* The guest goes to sleep at the very time the next one comes, at ever other distances. */
static void wakeup_is_never_lost_hazard17(struct kunit *test)
{
	enum { ROUNDS = 3000 };
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	struct worker *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	unsigned int round, lost = 0;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	KUNIT_ASSERT_NOT_NULL(test, w);
	storm->x = test_xics(test, 2);
	storm->per_source = ROUNDS;
	h_cppr(storm->x, 0, 0xff);	/* sleeps all the time */
	KUNIT_ASSERT_EQ(test, set_source(storm->x, number_of(0), source_attr(1, 5, 0)), 0);

	start(test, storm, w, guest, 1);
	for (round = 0; round < ROUNDS && !lost; round++) {
		unsigned long end = jiffies + 10 * HZ;

		inject(storm, 0);
		while (!ready_for_more(storm, &storm->source[0]) && round < ROUNDS - 1 && !lost) {
			lost = time_after(jiffies, end);
			cond_resched();
		}
		udelay(round % 32);
	}
	KUNIT_EXPECT_EQ_MSG(test, lost, 0u, "in round %u", round);
	wait_until_settled(test, storm);
	WRITE_ONCE(storm->stop_guests, true);
	vintc_test_kick(storm->x->vcpu[1]);
	stop(w);
	KUNIT_EXPECT_EQ(test, storm->source[0].handled, (u32)ROUNDS);
	KUNIT_EXPECT_EQ(test, storm->errors, 0u);
	kunit_info(test, "%llu wakeups\n", storm->x->vcpu[1]->stat.generic.halt_wakeup);
	KUNIT_EXPECT_GT(test, storm->x->vcpu[1]->stat.generic.halt_wakeup, (u64)ROUNDS / 10);
}

/* ---- growing while in use ---- */

#define NEW_SERVERS	600
#define NEW_SOURCES	600

static u32 new_source(unsigned int i)
{
	return 0x1000 + i * 0x100;
}

/* Injects and sends to numbers that may or may not exist by now. */
static void user(struct worker *worker)
{
	struct storm *storm = worker->storm;

	while (!READ_ONCE(storm->stop_others)) {
		u32 source = new_source(pick(worker, NEW_SOURCES));
		u32 server = 4 + pick(worker, NEW_SERVERS);
		struct vintc_icp *icp = vintc_xics_icp(storm->x->xics, server);
		enum vintc_injected r = vintc_xics_inject(storm->x->xics, source, VINTC_HIGH);

		error(storm, icp && vintc_icp_server(icp) != server);
		error(storm, icp && (u8)(vintc_icp_get(icp) >> 56) != 0);
		error(storm, r != VINTC_UNKNOWN_SOURCE && get_source(storm->x, source) == ~0ull);
		h_ipi(storm->x, worker->number, server, 9);
		cond_resched();
	}
}

static void growing_while_in_use_hazard27(struct kunit *test)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	struct worker *w = kunit_kcalloc(test, 2, sizeof(*w), GFP_KERNEL);
	struct kvm_vcpu *vcpu = vintc_test_vcpu(test);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	KUNIT_ASSERT_NOT_NULL(test, w);
	storm->x = test_xics(test, 2);
	start(test, storm, &w[0], user, 0);
	start(test, storm, &w[1], user, 1);
	for (i = 0; i < NEW_SERVERS; i++) {
		struct vintc_icp *icp;

		KUNIT_EXPECT_EQ(test, vintc_xics_connect(storm->x->xics, 4 + i, vcpu, &icp), VINTC_OK);
		KUNIT_EXPECT_EQ(test, set_source(storm->x, new_source(i), source_attr(4 + i, 5, 0)), 0);
		cond_resched();
	}
	WRITE_ONCE(storm->stop_others, true);
	stop(&w[0]);
	stop(&w[1]);
	KUNIT_EXPECT_EQ(test, storm->errors, 0u);

	/* All are there, and each is delivered to its own server: closed, so it waits. */
	for (i = 0; i < NEW_SOURCES; i++) {
		vintc_xics_inject(storm->x->xics, new_source(i), VINTC_HIGH);
		KUNIT_EXPECT_EQ(test, get_source(storm->x, new_source(i)) & ~SOURCE_QUEUED,
				source_attr(4 + i, 5, SOURCE_PRESENTED | SOURCE_PENDING));
	}
}

static struct kunit_case threads_cases[] = {
	KUNIT_CASE(wakeup_is_never_lost_hazard17),
	KUNIT_CASE(storm_loses_and_doubles_nothing_hazard16),
	KUNIT_CASE(coalescing_storm_keeps_its_bounds_hazard20),
	KUNIT_CASE(growing_while_in_use_hazard27),
	{}
};

static struct kunit_suite threads_suite = {
	.name = "vintc_xics_threads",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = threads_cases,
};

kunit_test_suite(threads_suite);

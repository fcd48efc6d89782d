// SPDX-License-Identifier: GPL-2.0-only
/* irqfds of a GICv2 in a real VM, whose guest is a kernel thread. */
#include <linux/eventfd.h>
#include <linux/kthread.h>

#include "gicv2.h"

#define STEADY	8		/* GSIs */
#define SHARED	9
#define PASSING	10

static u32 intid_of(u32 gsi)
{
	return VINTC_GIC_SPI_FIRST + gsi;
}

static long assign(struct vintc_test_device *d, struct vintc_test_eventfd *e, u32 gsi)
{
	return ioctl_irqfd(d, e->fd, gsi, 0);
}

static long deassign(struct vintc_test_device *d, struct vintc_test_eventfd *e, u32 gsi)
{
	return ioctl_irqfd(d, e->fd, gsi, KVM_IRQFD_FLAG_DEASSIGN);
}

static int irqfd_init(struct kunit *test)
{
	int r = vintc_test_device_init(test);
	struct vintc_test_device *d = test->priv;
	u32 gsi;

	if (r)
		return r;
	make_gicv2(test, d);
	open_interface(gic_of(d), interface(d, 0));
	for (gsi = STEADY; gsi <= PASSING; gsi++)
		open_spi(gic_of(d), interface(d, 0), intid_of(gsi), 1, true);
	return 0;
}

static void gsi_sweep_hazard13(struct kunit *test)
{
	static const u32 refused[] = { 224, 255, 256, 987, 988, 1023, 1u << 24 | 40, 1u << 31, U32_MAX };
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e;
	int i;

	vintc_test_eventfd_open(test, &e);
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		KUNIT_EXPECT_EQ_MSG(test, assign(d, &e, refused[i]), -EINVAL, "%x", refused[i]);
	for (i = 0; i < 224; i += 223) {
		KUNIT_EXPECT_EQ_MSG(test, assign(d, &e, i), 0l, "%d", i);
		KUNIT_EXPECT_EQ(test, deassign(d, &e, i), 0l);
	}
	vintc_test_eventfd_close(&e);
}

/* A signal is an edge: it means something to an input that looks for edges. */
static void a_signal_is_an_edge(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_gic *gic = gic_of(d);
	struct vintc_gic_cpu *cpu = interface(d, 0);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(d, &e, STEADY), 0l);
	eventfd_signal(e.ctx, 1);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, acknowledge(gic, cpu), intid_of(STEADY));
	KUNIT_EXPECT_EQ(test, acknowledge(gic, cpu), SPURIOUS);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, acknowledge(gic, cpu), SPURIOUS);
	end(gic, cpu, intid_of(STEADY));
	KUNIT_EXPECT_EQ(test, acknowledge(gic, cpu), intid_of(STEADY));
	end(gic, cpu, intid_of(STEADY));
	open_spi(gic, cpu, intid_of(STEADY), 1, false);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, acknowledge(gic, cpu), SPURIOUS);
	vintc_test_eventfd_close(&e);
}

/* ---- the storm ---- */

enum { SIGNALS = 400, ROUNDS = 100 };

struct irqfd_storm {
	struct kunit *test;
	struct vintc_test_device *d;
	struct vintc_test_eventfd steady, shared;
	struct task_struct *guest, *signaller, *stormer;
	u32 signalled, ended, others, unknown;
	u32 rounds;
};

static int storm_guest_thread(void *data)
{
	struct irqfd_storm *storm = data;
	struct vintc_gic *gic = gic_of(storm->d);
	struct vintc_gic_cpu *cpu = interface(storm->d, 0);

	while (!kthread_should_stop()) {
		u32 iar = acknowledge(gic, cpu);

		if (iar != SPURIOUS)
			end(gic, cpu, iar);
		if (iar == intid_of(STEADY))
			smp_store_release(&storm->ended, storm->ended + 1);
		else if (iar == intid_of(SHARED) || iar == intid_of(PASSING))
			storm->others++;
		else if (iar != SPURIOUS)
			storm->unknown++;
		cond_resched();
	}
	return 0;
}

/* The next when the one before has been handled; and the other one at will. */
static int storm_signaller(void *data)
{
	struct irqfd_storm *storm = data;

	while (!kthread_should_stop()) {
		local_irq_disable();
		if (storm->signalled < SIGNALS && smp_load_acquire(&storm->ended) == storm->signalled) {
			WRITE_ONCE(storm->signalled, storm->signalled + 1);
			eventfd_signal(storm->steady.ctx, 1);
		}
		eventfd_signal(storm->shared.ctx, 1);
		local_irq_enable();
		cond_resched();
	}
	return 0;
}

static int storm_stormer(void *data)
{
	struct irqfd_storm *storm = data;
	struct kvm_irqfd args = { .fd = storm->shared.fd, .gsi = SHARED };
	struct vintc_device *dev = vintc_test_device_of(storm->d->file);

	while (!kthread_should_stop()) {
		int r = vintc_irqfd(dev, &args);

		if (r && r != -EBUSY)
			KUNIT_FAIL(storm->test, "assign: %d", r);
		args.flags = KVM_IRQFD_FLAG_DEASSIGN;
		vintc_irqfd(dev, &args);
		args.flags = 0;
		WRITE_ONCE(storm->rounds, storm->rounds + 1);
		cond_resched();
	}
	return 0;
}

static void hang_up(struct kunit *test, struct vintc_test_device *d)
{
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, assign(d, &e, PASSING), 0l);
	eventfd_signal(e.ctx, 1);
	vintc_test_eventfd_close(&e);
}

static bool storm_goes_on(struct irqfd_storm *storm, u32 hung_up)
{
	return READ_ONCE(storm->rounds) < ROUNDS || smp_load_acquire(&storm->ended) < SIGNALS ||
	       hung_up < ROUNDS;
}

/* While others come and go, an irqfd that stays loses nothing and doubles nothing. */
static void storm_of_irqfds_hazard26(struct kunit *test)
{
	struct irqfd_storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	unsigned long patience = jiffies + 60 * HZ;
	u32 hung_up;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->test = test;
	storm->d = test->priv;
	vintc_test_eventfd_open(test, &storm->steady);
	vintc_test_eventfd_open(test, &storm->shared);
	KUNIT_EXPECT_EQ(test, assign(storm->d, &storm->steady, STEADY), 0l);
	storm->guest = kthread_run(storm_guest_thread, storm, "vintc-guest");
	storm->signaller = kthread_run(storm_signaller, storm, "vintc-signaller");
	storm->stormer = kthread_run(storm_stormer, storm, "vintc-stormer");
	for (hung_up = 0; storm_goes_on(storm, hung_up) && time_before(jiffies, patience); hung_up++)
		hang_up(test, storm->d);
	kthread_stop(storm->stormer);
	kthread_stop(storm->signaller);
	/* The guest is the last to go: what was signalled is still to be handled. */
	while (smp_load_acquire(&storm->ended) != storm->signalled && time_before(jiffies, patience))
		schedule_timeout_idle(1);
	kthread_stop(storm->guest);

	KUNIT_EXPECT_EQ(test, storm->signalled, (u32)SIGNALS);
	KUNIT_EXPECT_EQ(test, storm->ended, (u32)SIGNALS);
	KUNIT_EXPECT_GE(test, storm->rounds, (u32)ROUNDS);
	KUNIT_EXPECT_GT(test, storm->others, 0u);
	KUNIT_EXPECT_EQ(test, storm->unknown, 0u);
	vintc_test_eventfd_close(&storm->shared);
	vintc_test_eventfd_close(&storm->steady);
}

/* The VM ends under signals: its vCPUs are freed after the last of them. */
static int signal_until_stopped(void *data)
{
	struct vintc_test_eventfd *e = data;

	while (!kthread_should_stop()) {
		local_irq_disable();
		eventfd_signal(e->ctx, 1);
		local_irq_enable();
		cond_resched();
	}
	return 0;
}

static void the_vm_ends_under_signals_hazard07(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e;
	struct task_struct *task;
	int round;

	vintc_test_eventfd_open(test, &e);
	task = kthread_run(signal_until_stopped, &e, "vintc-signaller");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (round = 0; round < 10; round++) {
		vintc_test_device_anew(test, d);
		make_gicv2(test, d);
		open_interface(gic_of(d), interface(d, 0));
		open_spi(gic_of(d), interface(d, 0), intid_of(STEADY), 3, true);
		KUNIT_EXPECT_EQ(test, assign(d, &e, STEADY), 0l);
	}
	vintc_test_device_put(d);
	kthread_stop(task);
	vintc_test_eventfd_close(&e);
}

static struct kunit_case irqfd_cases[] = {
	KUNIT_CASE(gsi_sweep_hazard13),
	KUNIT_CASE(a_signal_is_an_edge),
	KUNIT_CASE(storm_of_irqfds_hazard26),
	KUNIT_CASE(the_vm_ends_under_signals_hazard07),
	{}
};

static struct kunit_suite irqfd_suite = {
	.name = "vintc_gicv2_irqfd",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = irqfd_init,
	.exit = vintc_test_device_exit,
	.test_cases = irqfd_cases,
};

kunit_test_suite(irqfd_suite);

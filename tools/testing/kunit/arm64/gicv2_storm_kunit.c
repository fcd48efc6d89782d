// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts injected with interrupts off, in a hard interrupt and in a soft one,
 * into a GICv2 whose guests are kernel threads (storm_guest.c). In the end every
 * interrupt is accounted for.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/smp.h>

#include "storm.h"

/* ---- injectors: a third of the interrupts each ---- */

/* The next of each, once the one before has ended. True: there is more to do. */
static bool inject_ready(struct storm *storm, u32 part)
{
	bool more = false;
	u32 i;

	for (i = part; i < SPIS; i += PARTS) {
		struct spi *spi = &storm->spis[i];
		u32 intid = FIRST_SPI + i;
		enum vintc_injected r;

		more |= spi->injected < storm->rounds;
		if (spi->injected == storm->rounds || smp_load_acquire(&spi->ended) != spi->injected)
			continue;
		WRITE_ONCE(spi->injected, spi->injected + 1);
		r = vintc_gic_inject(storm->gic, NULL, intid, is_edge(intid) ? VINTC_PULSE
									     : VINTC_HIGH);
		storm_error(storm, r != VINTC_DELIVERED && r != VINTC_MASKED);
	}
	return more;
}

static int inject_irqs_off(void *data)
{
	struct storm *storm = data;
	bool more = true;

	while (more && !kthread_should_stop()) {
		local_irq_disable();
		more = inject_ready(storm, 0);
		local_irq_enable();
		cond_resched();
	}
	smp_store_release(&storm->done[0], true);
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	return 0;
}

static enum hrtimer_restart inject_hard(struct hrtimer *timer)
{
	struct storm *storm = container_of(timer, struct storm, hard);

	storm_error(storm, !in_hardirq());
	if (inject_ready(storm, 1)) {
		hrtimer_forward_now(timer, ns_to_ktime(500 * NSEC_PER_USEC));
		return HRTIMER_RESTART;
	}
	smp_store_release(&storm->done[1], true);
	return HRTIMER_NORESTART;
}

static void inject_soft(struct timer_list *timer)
{
	struct storm *storm = container_of(timer, struct storm, soft);

	storm_error(storm, !in_serving_softirq());
	if (inject_ready(storm, 2))
		mod_timer(timer, jiffies + 1);
	else
		smp_store_release(&storm->done[2], true);
}

/* ---- the storm ---- */

static bool wait_for(struct storm *storm, bool (*is_so)(struct storm *storm))
{
	unsigned long patience = jiffies + 60 * HZ;

	while (!is_so(storm) && time_before(jiffies, patience))
		schedule_timeout_idle(1);
	return is_so(storm);
}

static bool all_injected(struct storm *storm)
{
	return smp_load_acquire(&storm->done[0]) && smp_load_acquire(&storm->done[1]) &&
	       smp_load_acquire(&storm->done[2]);
}

static bool all_ended(struct storm *storm)
{
	u32 i;

	for (i = 0; i < SPIS; i++)
		if (smp_load_acquire(&storm->spis[i].ended) != READ_ONCE(storm->spis[i].injected))
			return false;
	for (i = 0; i < GUESTS; i++)
		if (smp_load_acquire(&storm->guests[i].sgis_handled) !=
		    READ_ONCE(storm->guests[!i].sgis_sent))
			return false;
	return true;
}

static void start(struct kunit *test, struct storm *storm)
{
	u32 i;

	for (i = 0; i < GUESTS; i++) {
		storm->guests[i].task = kthread_run(storm_guest, &storm->guests[i], "vintc-guest/%u", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(storm->guests[i].task));
	}
	storm->off = kthread_run(inject_irqs_off, storm, "vintc-injector");
	KUNIT_ASSERT_FALSE(test, IS_ERR(storm->off));
	hrtimer_init(&storm->hard, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	storm->hard.function = inject_hard;
	hrtimer_start(&storm->hard, ns_to_ktime(500 * NSEC_PER_USEC), HRTIMER_MODE_REL_HARD);
	timer_setup(&storm->soft, inject_soft, 0);
	mod_timer(&storm->soft, jiffies + 1);
}

static void stop(struct storm *storm)
{
	u32 i;

	kthread_stop(storm->off);
	hrtimer_cancel(&storm->hard);
	del_timer_sync(&storm->soft);
	for (i = 0; i < GUESTS; i++)
		kthread_stop(storm->guests[i].task);
}

static void every_interrupt_is_accounted_for_hazard16(struct kunit *test)
{
	struct storm *storm = make_storm(test, 100);
	struct vintc_counts counts;
	u32 i;

	start(test, storm);
	KUNIT_EXPECT_TRUE_MSG(test, wait_for(storm, all_injected), "an interrupt is lost");
	WRITE_ONCE(storm->stop_sending, true);
	KUNIT_EXPECT_TRUE_MSG(test, wait_for(storm, all_ended), "an interrupt is stuck");
	stop(storm);

	KUNIT_EXPECT_EQ(test, atomic_read(&storm->errors), 0);
	for (i = 0; i < SPIS; i++) {
		KUNIT_EXPECT_EQ_MSG(test, storm->spis[i].injected, storm->rounds, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, storm->spis[i].handled, storm->rounds, "%u", i);
	}
	KUNIT_EXPECT_GT(test, storm->guests[0].sgis_sent + storm->guests[1].sgis_sent, 0u);
	for (i = 0; i < GUESTS; i++) {
		KUNIT_EXPECT_EQ(test, storm->guests[i].sgis_handled, storm->guests[!i].sgis_sent);
		/* Nothing pends, nothing is active, and the lines go down. */
		vintc_gic_enter(storm->gic, storm->guests[i].cpu, 0);
		KUNIT_EXPECT_EQ(test, vintc_gic_enter(storm->gic, storm->guests[i].cpu, 0), 0u);
		KUNIT_EXPECT_EQ(test, acknowledge(storm->gic, storm->guests[i].cpu), SPURIOUS);
	}
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, gic_read(storm->gic, storm->guests[0].cpu, VINTC_GICD,
					       GICD_ISACTIVER + 4 * i), 0u);
	vintc_gic_counts(storm->gic, &counts);
	kunit_info(test, "%u SGIs, %llu accesses\n",
		   storm->guests[0].sgis_sent + storm->guests[1].sgis_sent, counts.mmio);
}

/* The guest goes to sleep at the very time the next one comes, at ever other distances. */
static void wakeup_is_never_lost_hazard17(struct kunit *test)
{
	enum { ROUNDS = 1500 };
	struct storm *storm = make_storm(test, ROUNDS);
	struct guest *guest = &storm->guests[1];
	struct spi *spi = &storm->spis[3];		/* its target is this guest alone */
	unsigned long patience = jiffies + 60 * HZ;
	u64 wakeups;

	storm->stop_sending = true;
	guest->task = kthread_run(storm_guest, guest, "vintc-guest");
	KUNIT_ASSERT_FALSE(test, IS_ERR(guest->task));
	while (spi->injected < ROUNDS && time_before(jiffies, patience)) {
		if (smp_load_acquire(&spi->ended) == spi->injected) {
			udelay(spi->injected % 32);
			local_irq_disable();
			spi->injected++;
			vintc_gic_inject(storm->gic, NULL, FIRST_SPI + 3, VINTC_PULSE);
			local_irq_enable();
		}
		cond_resched();
	}
	wait_for(storm, all_ended);
	kthread_stop(guest->task);
	KUNIT_EXPECT_EQ(test, spi->handled, (u32)ROUNDS);
	KUNIT_EXPECT_EQ(test, atomic_read(&storm->errors), 0);
	wakeups = guest->vcpu->stat.generic.halt_wakeup;
	kunit_info(test, "%llu wakeups\n", wakeups);
	KUNIT_EXPECT_GT(test, wakeups, (u64)ROUNDS / 10);
}

static void inject_all(void *data)
{
	struct storm *storm = data;
	u32 i;

	for (i = 0; i < SPIS; i++)
		vintc_gic_inject(storm->gic, NULL, FIRST_SPI + i, VINTC_HIGH);
}

/* As from an eventfd that is signalled under a lock; lockdep and DEBUG_ATOMIC_SLEEP watch. */
static void inject_under_a_raw_spinlock(struct kunit *test)
{
	static DEFINE_RAW_SPINLOCK(lock);
	struct storm *storm = make_storm(test, 1);
	struct guest *guest = &storm->guests[0];
	unsigned long flags;
	int cpu;

	open_interface(storm->gic, guest->cpu);
	raw_spin_lock_irqsave(&lock, flags);
	/* The raise interrupts that processor. */
	guest->vcpu->cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	guest->vcpu->mode = IN_GUEST_MODE;
	inject_all(storm);
	KUNIT_EXPECT_EQ(test, guest->vcpu->mode, (int)EXITING_GUEST_MODE);
	raw_spin_unlock_irqrestore(&lock, flags);
	KUNIT_EXPECT_TRUE(test, vintc_test_line(guest->vcpu));
	KUNIT_EXPECT_TRUE(test, kvm_test_request(KVM_REQ_IRQ_PENDING, guest->vcpu));
	for_each_online_cpu(cpu)
		KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, inject_all, storm, true), 0);
	KUNIT_EXPECT_EQ(test, acknowledge(storm->gic, guest->cpu), 41u);
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE(inject_under_a_raw_spinlock),
	KUNIT_CASE(wakeup_is_never_lost_hazard17),
	KUNIT_CASE(every_interrupt_is_accounted_for_hazard16),
	{}
};

static struct kunit_suite storm_suite = {
	.name = "vintc_gicv2_storm",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = storm_cases,
};

kunit_test_suite(storm_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* Resample irqfds: an input is held until the guest has ended its interrupt, or somebody else. */
#include "presented.h"

/* An irqfd with its resamplefd. */
struct pair {
	struct vintc_test_eventfd e, resample;
};

static void assign_pair(struct kunit *test, struct vintc_test_device *d, struct pair *pair, u32 gsi)
{
	vintc_test_eventfd_open(test, &pair->e);
	vintc_test_eventfd_open(test, &pair->resample);
	KUNIT_EXPECT_EQ(test, ioctl_resample(d, pair->e.fd, pair->resample.fd, gsi), 0l);
}

static void close_pair(struct pair *pair)
{
	vintc_test_eventfd_close(&pair->e);
	vintc_test_eventfd_close(&pair->resample);
}

static void signal(struct pair *pair)
{
	eventfd_signal(pair->e.ctx, 1);
}

/* How often it was told to look again, since it was asked last. */
static u64 notified(struct pair *pair)
{
	return vintc_test_eventfd_read(&pair->resample);
}

static void held_until_the_guest_ends_it(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct pair pair;
	int round;

	assign_pair(test, d, &pair, LEVEL);
	for (round = 0; round < 3; round++) {
		KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL));
		signal(&pair);
		signal(&pair);
		KUNIT_EXPECT_TRUE(test, is_held(d, LEVEL));
		KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
		KUNIT_EXPECT_EQ(test, notified(&pair), 0ull);
		eoi(d, LEVEL);
		KUNIT_EXPECT_EQ(test, notified(&pair), 1ull);
		KUNIT_EXPECT_EQ(test, accept(d), 0u);
	}
	/* An input that is not held ends without a word. */
	KUNIT_EXPECT_EQ(test, inject(d, LEVEL, 1), 0l);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
	KUNIT_EXPECT_EQ(test, inject(d, LEVEL, 0), 0l);
	eoi(d, LEVEL);
	KUNIT_EXPECT_EQ(test, notified(&pair), 0ull);
	close_pair(&pair);
}

static void an_msi_is_notified_too(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct pair pair;

	assign_pair(test, d, &pair, MSI);
	signal(&pair);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
	eoi(d, MSI);
	KUNIT_EXPECT_EQ(test, notified(&pair), 1ull);
	KUNIT_EXPECT_EQ(test, accept(d), 0u);
	close_pair(&pair);
}

/* Nobody owns what is held: all that share it are told, and one that shares nothing is not. */
static void all_that_share_an_input_are_notified(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct pair a, b, other;

	assign_pair(test, d, &a, LEVEL);
	assign_pair(test, d, &b, LEVEL);
	assign_pair(test, d, &other, OTHER_LEVEL);
	signal(&a);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
	eoi(d, LEVEL);
	KUNIT_EXPECT_EQ(test, notified(&a), 1ull);
	KUNIT_EXPECT_EQ(test, notified(&b), 1ull);
	KUNIT_EXPECT_EQ(test, notified(&other), 0ull);
	close_pair(&a);
	close_pair(&b);
	close_pair(&other);
}

/* ---- the end of one that holds an input ---- */

static void by_deassign(struct vintc_test_device *d, struct pair *pair)
{
	ioctl_irqfd(d, pair->e.fd, LEVEL, KVM_IRQFD_FLAG_DEASSIGN);
}

/* The last close. */
static void by_hang_up(struct vintc_test_device *d, struct pair *pair)
{
	vintc_test_eventfd_close(&pair->e);
	flush_irqfds(d, &pair->resample);
}

static void by_release(struct vintc_test_device *d, struct pair *pair)
{
	mutex_lock(&device_of(d)->lock);
	vintc_irqfd_release_all(device_of(d));
	mutex_unlock(&device_of(d)->lock);
}

static void expect_let_go(struct kunit *test,
			  void (*end)(struct vintc_test_device *d, struct pair *pair))
{
	struct vintc_test_device *d = test->priv;
	int accepted;

	for (accepted = 0; accepted < 2; accepted++) {
		struct pair pair;

		assign_pair(test, d, &pair, LEVEL);
		signal(&pair);
		KUNIT_EXPECT_TRUE(test, is_held(d, LEVEL));
		if (accepted)
			KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
		end(d, &pair);
		KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL));
		KUNIT_EXPECT_TRUE(test, list_empty(&device_of(d)->irqfds));
		KUNIT_EXPECT_TRUE(test, list_empty(&device_of(d)->resamplers));
		/* What the guest has or will accept it ends once, and none comes again. */
		if (accepted || accept(d))
			eoi(d, LEVEL);
		KUNIT_EXPECT_EQ(test, accept(d), 0u);
		close_pair(&pair);
	}
}

static void ended_by_deassign(struct kunit *test)
{
	expect_let_go(test, by_deassign);
}

static void ended_by_hang_up(struct kunit *test)
{
	expect_let_go(test, by_hang_up);
}

static void ended_by_release(struct kunit *test)
{
	expect_let_go(test, by_release);
}

/* The others that share the input may have lost their hold: they look again. */
static void the_end_of_one_notifies_the_others(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct pair a, b;

	assign_pair(test, d, &a, LEVEL);
	assign_pair(test, d, &b, LEVEL);
	signal(&a);
	signal(&b);
	by_deassign(d, &a);
	KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL));
	KUNIT_EXPECT_GE(test, notified(&b), 1ull);
	signal(&b);
	KUNIT_EXPECT_TRUE(test, is_held(d, LEVEL));
	close_pair(&a);
	close_pair(&b);
}

static void ended_with_the_vm_hazard07(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct pair pair;
	int round;

	for (round = 0; round < 4; round++) {
		if (round) {
			vintc_test_device_anew(test, d);
			make_xics(test, d);
		}
		assign_pair(test, d, &pair, LEVEL);
		signal(&pair);
		if (round & 1)
			KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
		vintc_test_device_put(d);
		/* Its eventfds outlive it. */
		signal(&pair);
		close_pair(&pair);
	}
}

/* ---- eventfds that signal eventfds ---- */

/* It may even be the irqfd's own: then the interrupt comes again and again. */
static void a_resamplefd_that_is_an_irqfd(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct pair pair;
	int round;

	assign_pair(test, d, &pair, LEVEL);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, pair.resample.fd, MSI, 0), 0l);
	signal(&pair);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
	eoi(d, LEVEL);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
	eoi(d, MSI);
	KUNIT_EXPECT_EQ(test, accept(d), 0u);
	/* The wake-up took the count. */
	KUNIT_EXPECT_EQ(test, notified(&pair), 0ull);
	flush_irqfds(d, &pair.resample);
	close_pair(&pair);

	vintc_test_eventfd_open(test, &pair.e);
	KUNIT_EXPECT_EQ(test, ioctl_resample(d, pair.e.fd, pair.e.fd, LEVEL), 0l);
	signal(&pair);
	for (round = 0; round < 5; round++) {
		KUNIT_EXPECT_EQ(test, accept(d), (u32)LEVEL);
		eoi(d, LEVEL);
		KUNIT_EXPECT_TRUE(test, is_held(d, LEVEL));
	}
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, pair.e.fd, LEVEL, KVM_IRQFD_FLAG_DEASSIGN), 0l);
	KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL));
	vintc_test_eventfd_close(&pair.e);
}

/* ---- under fire ---- */

struct line {
	struct vintc_test_device *d;
	struct pair pair;
	u32 served;
};

static long drive(void *arg)
{
	struct line *line = arg;

	while (!vintc_test_stopped()) {
		local_irq_disable();
		signal(&line->pair);
		local_irq_enable();
		cond_resched();
	}
	return 0;
}

static long serve(void *arg)
{
	struct line *line = arg;

	while (!vintc_test_stopped()) {
		u32 source = accept(line->d);

		if (source)
			eoi(line->d, source);
		if (source == LEVEL)
			WRITE_ONCE(line->served, line->served + 1);
		cond_resched();
	}
	return 0;
}

/* It comes and goes while it is signalled and its interrupts are served: none stays held. */
static void assigned_and_deassigned_under_fire_hazard26(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_thread device, guest;
	struct line line = { .d = d };
	unsigned long end = jiffies + 20 * HZ;
	int round;

	vintc_test_eventfd_open(test, &line.pair.e);
	vintc_test_eventfd_open(test, &line.pair.resample);
	vintc_test_start(test, &device, drive, &line);
	vintc_test_start(test, &guest, serve, &line);
	for (round = 0; round < 60 && time_before(jiffies, end); round++) {
		u32 served = READ_ONCE(line.served);

		KUNIT_EXPECT_EQ(test, ioctl_resample(d, line.pair.e.fd, line.pair.resample.fd, LEVEL), 0l);
		while (READ_ONCE(line.served) == served && time_before(jiffies, end))
			cond_resched();
		by_deassign(d, &line.pair);
		KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL));
	}
	vintc_test_stop(&device);
	vintc_test_stop(&guest);
	KUNIT_EXPECT_EQ(test, round, 60);
	KUNIT_EXPECT_GE(test, line.served, 60u);
	KUNIT_EXPECT_GT(test, notified(&line.pair), 0ull);
	close_pair(&line.pair);
}

static bool assign_failing(struct kunit *test, struct pair *pair, unsigned int nth, u32 *refused)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_irqfd args = { .fd = pair->e.fd, .gsi = LEVEL, .flags = KVM_IRQFD_FLAG_RESAMPLE,
				  .resamplefd = pair->resample.fd };
	bool failed;
	int r;

	vintc_test_fail_nth(nth);
	r = vintc_irqfd(device_of(d), &args);
	failed = vintc_test_fail_over();
	KUNIT_EXPECT_TRUE_MSG(test, !r || (failed && r == -ENOMEM), "%d", r);
	*refused += r != 0;
	by_deassign(d, pair);
	KUNIT_EXPECT_TRUE(test, list_empty(&device_of(d)->resamplers));
	return failed;
}

static void assigned_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1;
	struct pair pair;
	u32 refused = 0;

	vintc_test_eventfd_open(test, &pair.e);
	vintc_test_eventfd_open(test, &pair.resample);
	while (assign_failing(test, &pair, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, 1u);
	close_pair(&pair);
}

static struct kunit_case resample_cases[] = {
	KUNIT_CASE(held_until_the_guest_ends_it),
	KUNIT_CASE(an_msi_is_notified_too),
	KUNIT_CASE(all_that_share_an_input_are_notified),
	KUNIT_CASE(ended_by_deassign),
	KUNIT_CASE(ended_by_hang_up),
	KUNIT_CASE(ended_by_release),
	KUNIT_CASE(the_end_of_one_notifies_the_others),
	KUNIT_CASE(ended_with_the_vm_hazard07),
	KUNIT_CASE(a_resamplefd_that_is_an_irqfd),
	KUNIT_CASE(assigned_and_deassigned_under_fire_hazard26),
	KUNIT_CASE(assigned_without_memory_hazard05),
	{}
};

static struct kunit_suite resample_suite = {
	.name = "vintc_resample",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = make_xics_init,
	.exit = vintc_test_device_exit,
	.test_cases = resample_cases,
};

kunit_test_suite(resample_suite);

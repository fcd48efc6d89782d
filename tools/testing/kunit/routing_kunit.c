// SPDX-License-Identifier: GPL-2.0-only
/* Routes that are replaced while interrupts take them, and without memory. */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mman.h>

#include "presented.h"

#define GSI		7
#define FAR_GSI		0xfedcba

static void routed_to_pins(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	const struct kvm_irq_routing_entry entries[] = { to_pin(GSI, MSI), to_pin(FAR_GSI, OTHER_MSI) };

	KUNIT_EXPECT_EQ(test, set_routes(d, entries, 2), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, GSI, 1), 0l);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
	eoi(d, MSI);
	KUNIT_EXPECT_EQ(test, inject(d, FAR_GSI, 1), 0l);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)OTHER_MSI);
	eoi(d, OTHER_MSI);
	KUNIT_EXPECT_EQ(test, inject(d, MSI, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_routes(d, NULL, 0), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, MSI, 1), 0l);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)MSI);
}

/* ---- replaced under fire ---- */

struct shooter {
	struct vintc_test_device *d;
	struct vintc_test_eventfd e;
	spinlock_t lock;
	u32 shots, mixed, lost;
};

/* All that one signal has brought, as bits from MSI on. */
static u32 accept_all(struct vintc_test_device *d)
{
	u32 source, all = 0;

	while ((source = accept(d))) {
		all |= BIT(source - MSI);
		eoi(d, source);
	}
	return all;
}

/* From where an interrupt handler of the host signals. */
static void signal_atomically(struct shooter *shooter)
{
	unsigned long flags;

	spin_lock_irqsave(&shooter->lock, flags);
	eventfd_signal(shooter->e.ctx, 1);
	spin_unlock_irqrestore(&shooter->lock, flags);
}

#define OLD	BIT(MSI - MSI)
#define NEW	(BIT(OTHER_MSI - MSI) | BIT(LEVEL - MSI))

static long shoot(void *arg)
{
	struct shooter *shooter = arg;

	while (!vintc_test_stopped()) {
		u32 came;

		signal_atomically(shooter);
		came = accept_all(shooter->d);
		shooter->lost += !came;
		shooter->mixed += came && came != OLD && came != NEW;
		WRITE_ONCE(shooter->shots, shooter->shots + 1);
		cond_resched();
	}
	return 0;
}

/* Each goes by the old table or by the new one. */
static void replaced_under_fire_hazard26(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	const struct kvm_irq_routing_entry old[] = { to_pin(GSI, MSI) };
	const struct kvm_irq_routing_entry new[] = { to_pin(GSI, OTHER_MSI), to_pin(GSI, LEVEL),
						     to_pin(FAR_GSI, OTHER_LEVEL) };
	struct shooter shooter = { .d = d };
	unsigned long end = jiffies + 20 * HZ;
	struct vintc_test_thread thread;
	int round;

	spin_lock_init(&shooter.lock);
	/* A level is taken back at once, and would be lost on the way to the guest. */
	KUNIT_ASSERT_EQ(test, set_source(d, LEVEL, 5ull << 32), 0l);
	KUNIT_ASSERT_EQ(test, set_routes(d, old, 1), 0l);
	vintc_test_eventfd_open(test, &shooter.e);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, shooter.e.fd, GSI, 0), 0l);
	vintc_test_start(test, &thread, shoot, &shooter);
	for (round = 0; (round < 200 || READ_ONCE(shooter.shots) < 200) && time_before(jiffies, end);
	     round++) {
		KUNIT_EXPECT_EQ(test, set_routes(d, new, 3), 0l);
		/* From here on none goes by the old one; only the thread knows which was which. */
		cond_resched();
		KUNIT_EXPECT_EQ(test, set_routes(d, old, 1), 0l);
	}
	vintc_test_stop(&thread);
	KUNIT_EXPECT_GE(test, shooter.shots, 200u);
	KUNIT_EXPECT_EQ(test, shooter.lost, 0u);
	KUNIT_EXPECT_EQ(test, shooter.mixed, 0u);
	KUNIT_EXPECT_EQ(test, accept_all(d), 0u);
	signal_atomically(&shooter);
	KUNIT_EXPECT_EQ(test, accept_all(d), (u32)OLD);
	vintc_test_eventfd_close(&shooter.e);
}

/* ---- what is held ---- */

static void a_new_table_lets_go_what_was_held(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	const struct kvm_irq_routing_entry old[] = { to_pin(GSI, LEVEL) };
	const struct kvm_irq_routing_entry new[] = { to_pin(GSI, OTHER_LEVEL) };
	struct vintc_test_eventfd e, resample;
	int round;

	vintc_test_eventfd_open(test, &e);
	vintc_test_eventfd_open(test, &resample);
	KUNIT_ASSERT_EQ(test, set_routes(d, old, 1), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_resample(d, e.fd, resample.fd, GSI), 0l);
	for (round = 0; round < 4; round++) {
		u32 from = round & 1 ? OTHER_LEVEL : LEVEL, to = round & 1 ? LEVEL : OTHER_LEVEL;

		eventfd_signal(e.ctx, 1);
		KUNIT_EXPECT_TRUE(test, is_held(d, from));
		KUNIT_EXPECT_EQ(test, set_routes(d, round & 1 ? old : new, 1), 0l);
		KUNIT_EXPECT_FALSE(test, is_held(d, from));
		KUNIT_EXPECT_FALSE(test, is_held(d, to));
		KUNIT_EXPECT_GE(test, vintc_test_eventfd_read(&resample), 1ull);
		/* Told to look, the device asks again. */
		eventfd_signal(e.ctx, 1);
		KUNIT_EXPECT_TRUE(test, is_held(d, to));
		while (accept(d) == from)
			eoi(d, from);
		eoi(d, to);
		KUNIT_EXPECT_FALSE(test, is_held(d, to));
		KUNIT_EXPECT_EQ(test, vintc_test_eventfd_read(&resample), 1ull);
	}
	vintc_test_eventfd_close(&e);
	vintc_test_eventfd_close(&resample);
}

/* A hold goes to all targets, and ends on all of them. */
static void held_on_several_targets(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	const struct kvm_irq_routing_entry both[] = { to_pin(GSI, LEVEL), to_pin(GSI, OTHER_LEVEL) };
	struct vintc_test_eventfd e, resample;
	u32 first;

	vintc_test_eventfd_open(test, &e);
	vintc_test_eventfd_open(test, &resample);
	KUNIT_ASSERT_EQ(test, set_routes(d, both, 2), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_resample(d, e.fd, resample.fd, GSI), 0l);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_TRUE(test, is_held(d, LEVEL) && is_held(d, OTHER_LEVEL));
	first = accept(d);
	eoi(d, first);
	KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL) || is_held(d, OTHER_LEVEL));
	KUNIT_EXPECT_GE(test, vintc_test_eventfd_read(&resample), 1ull);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_TRUE(test, is_held(d, LEVEL) && is_held(d, OTHER_LEVEL));
	vintc_test_eventfd_close(&e);
	flush_irqfds(d, &resample);
	KUNIT_EXPECT_FALSE(test, is_held(d, LEVEL) || is_held(d, OTHER_LEVEL));
	vintc_test_eventfd_close(&resample);
}

/* ---- between devices ---- */

/* Files leave the table of fds when they are made; as a route they need one. */
static int fd_of(struct kunit *test, struct vintc_test_device *d)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	KUNIT_ASSERT_GE(test, fd, 0);
	fd_install(fd, get_file(d->file));
	return fd;
}

static void held_across_devices(struct kunit *test)
{
	struct vintc_test_device *d = test->priv, other = another_device(test, d);
	struct vintc_test_eventfd e, resample;
	struct kvm_irq_routing_entry entry;
	int fd;

	make_xics(test, &other);
	fd = fd_of(test, &other);
	entry = to_device(GSI, fd, LEVEL);
	KUNIT_ASSERT_EQ(test, set_routes(d, &entry, 1), 0l);
	vintc_test_eventfd_open(test, &e);
	vintc_test_eventfd_open(test, &resample);
	KUNIT_EXPECT_EQ(test, ioctl_resample(d, e.fd, resample.fd, GSI), 0l);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_TRUE(test, is_held(&other, LEVEL));
	KUNIT_EXPECT_EQ(test, accept(&other), (u32)LEVEL);
	eoi(&other, LEVEL);
	KUNIT_EXPECT_FALSE(test, is_held(&other, LEVEL));
	KUNIT_EXPECT_EQ(test, vintc_test_eventfd_read(&resample), 1ull);
	/* The VM ends with it held, and with the devices leading to each other. */
	eventfd_signal(e.ctx, 1);
	close_fd(fd);
	vintc_test_put(other.file);
	vintc_test_device_put(d);
	eventfd_signal(e.ctx, 1);
	vintc_test_eventfd_close(&e);
	vintc_test_eventfd_close(&resample);
}

struct party {
	struct vintc_device *own, *other;
	int own_fd, other_fd;
	struct kvm_irq_routing __user *table;	/* of this thread */
	u32 rounds, led, both;
};

static int lead(struct party *party, struct vintc_device *from, int fd)
{
	struct kvm_irq_routing header = { .nr = fd >= 0 };
	struct kvm_irq_routing_entry entry = to_device(GSI, fd, GSI);

	if (copy_to_user(party->table, &header, sizeof(header)) ||
	    copy_to_user(party->table->entries, &entry, sizeof(entry)))
		return -EFAULT;
	return vintc_set_routing(from, party->table);
}

/* Leads to the other; the other then cannot lead back. */
static long lead_and_let_go(void *arg)
{
	struct party *party = arg;

	while (party->rounds < 100) {
		if (!lead(party, party->own, party->other_fd)) {
			party->led++;
			party->both += lead(party, party->other, party->own_fd) != -ELOOP;
			lead(party, party->own, -1);
		}
		party->rounds++;
		cond_resched();
	}
	return 0;
}

static void two_that_would_lead_to_each_other(struct kunit *test)
{
	unsigned long pages = vintc_test_user_pages(2, PROT_READ | PROT_WRITE);
	struct vintc_test_device *d = test->priv, other = another_device(test, d);
	struct vintc_test_thread thread[2];
	struct party party[2] = {};
	int i;

	KUNIT_ASSERT_NE(test, pages, 0ul);
	make_xics(test, &other);
	for (i = 0; i < 2; i++) {
		party[i].own = device_of(i ? &other : d);
		party[i].own_fd = fd_of(test, i ? &other : d);
		party[i].table = (void __user *)(pages + i * PAGE_SIZE);
	}
	for (i = 0; i < 2; i++) {
		party[i].other = party[!i].own;
		party[i].other_fd = party[!i].own_fd;
	}
	for (i = 0; i < 2; i++)
		vintc_test_start(test, &thread[i], lead_and_let_go, &party[i]);
	for (i = 0; i < 2; i++) {
		wait_for_completion(&thread[i].done);
		vintc_test_stop(&thread[i]);
	}
	KUNIT_EXPECT_GT(test, party[0].led + party[1].led, 0u);
	KUNIT_EXPECT_EQ(test, party[0].both + party[1].both, 0u);
	for (i = 0; i < 2; i++)
		close_fd(party[i].own_fd);
	vintc_test_put(other.file);
}

/* ---- without memory ---- */

/* The old one stands, whole. */
static void expect_old(struct kunit *test, struct vintc_test_device *d)
{
	KUNIT_EXPECT_EQ(test, inject(d, GSI, 1), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, FAR_GSI, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, accept_all(d), (u32)OLD);
}

static bool replace_failing(struct kunit *test, struct kvm_irq_routing __user *new,
			    unsigned int nth, u32 *refused)
{
	const struct kvm_irq_routing_entry old[] = { to_pin(GSI, MSI) };
	struct vintc_test_device *d = test->priv;
	bool failed;
	long r;

	KUNIT_ASSERT_EQ(test, set_routes(d, old, 1), 0l);
	vintc_test_fail_nth(nth);
	r = vintc_set_routing(device_of(d), new);
	failed = vintc_test_fail_over();
	KUNIT_EXPECT_TRUE_MSG(test, !r || (failed && r == -ENOMEM), "%ld", r);
	if (r) {
		++*refused;
		expect_old(test, d);
	}
	return failed;
}

static void replaced_without_memory_hazard05(struct kunit *test)
{
	struct {
		struct kvm_irq_routing header;
		struct kvm_irq_routing_entry entries[3];
	} new = {
		.header.nr = 3,
		.entries = { to_pin(GSI, OTHER_MSI), to_pin(GSI + 0x10000, LEVEL), to_pin(FAR_GSI, LEVEL) },
	};
	struct kvm_irq_routing __user *table =
		(void __user *)vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	struct vintc_test_device *d = test->priv;
	unsigned int nth = 1;
	u32 refused = 0;

	KUNIT_ASSERT_EQ(test, copy_to_user(table, &new, sizeof(new)), 0ul);
	while (replace_failing(test, table, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 9u, "the table, its chunks, one, and 2 levels for each GSI");
	KUNIT_EXPECT_EQ(test, inject(d, GSI, 1), 0l);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)OTHER_MSI);
}

static struct kunit_case routing_cases[] = {
	KUNIT_CASE(routed_to_pins),
	KUNIT_CASE(replaced_under_fire_hazard26),
	KUNIT_CASE(a_new_table_lets_go_what_was_held),
	KUNIT_CASE(held_on_several_targets),
	KUNIT_CASE(held_across_devices),
	KUNIT_CASE(two_that_would_lead_to_each_other),
	KUNIT_CASE(replaced_without_memory_hazard05),
	{}
};

static struct kunit_suite routing_suite = {
	.name = "vintc_routing",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = make_xics_init,
	.exit = vintc_test_device_exit,
	.test_cases = routing_cases,
};

kunit_test_suite(routing_suite);

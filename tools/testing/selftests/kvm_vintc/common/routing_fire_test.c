// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables that are replaced while interrupts flow. Each GSI has two targets in either
 * of two tables: a signal reaches both of the old one or both of the new, never a mixture,
 * and none is lost.
 */
#include "common/lib/test.h"
#include "common/lib/threads.h"

#define SOURCE		0x1000u
#define GSIS		4u
#define BY_COMMAND	0u	/* which GSI is signalled how */
#define BY_LINE		1u
#define BY_IRQFD	2u
#define BY_STORM	3u
#define OTHERS		2048u	/* entries that are of no interest... */
#define OTHER		0x2000u	/* ...and lead here */

/* Table t leads GSI g to these two, of vCPU g. */
static u32 target(u32 table, u32 gsi, u32 which)
{
	return SOURCE + gsi * 4 + table * 2 + which;
}

FIXTURE(fire) {
	struct machine machine;
	int dev;
	int fd, storm_fd;
};
FIXTURE_SETUP(fire)
{
	machine_create(&self->machine, GSIS);
	self->dev = new_xics(&self->machine);
	for (u32 i = 0; i < 4 * GSIS; i++)
		must(set_source(self->dev, SOURCE + i,
				source_state(server_of(i / 4), 4 + i % 4, SOURCE_MSI)));
	must(set_source(self->dev, OTHER, source_state(server_of(0), 0xff, SOURCE_MSI)));
	self->fd = new_eventfd();
	self->storm_fd = new_eventfd();
}
FIXTURE_TEARDOWN(fire)
{
	machine_close(&self->dev);
	machine_close(&self->fd);
	machine_close(&self->storm_fd);
	machine_destroy(&self->machine);
}
#define FIRE_TEST(name)	TEST_F_TIMEOUT(fire, name, TIMEOUT)

static int set_fire_table(int dev, u32 table, u32 others)
{
	struct kvm_irq_routing_entry entries[2 * GSIS + OTHERS];
	u32 n = 0;

	for (u32 which = 0; which < 2; which++)
		for (u32 gsi = 0; gsi < GSIS; gsi++)
			entries[n++] = to_pin(gsi, target(table, gsi, which));
	for (u32 i = 0; i < others; i++)
		entries[n++] = to_pin(1000 + i, OTHER);
	return set_routes(dev, entries, n);
}

/* Alternates between the two, of different sizes. */
static void replace(struct hammer *h)
{
	h->number ^= 1;
	must(set_fire_table(h->dev, h->number, h->number ? OTHERS : 0));
}

static void signal_storm(struct hammer *h)
{
	signal_event(h->fd);
}

/* Takes all that vCPU cpu has; counts it. Answers a mask of what came twice. */
static u32 take(int dev, u32 cpu, u32 seen[4])
{
	u32 taken, twice = 0;

	while (XIRR_XISR(taken = h_xirr(dev, cpu))) {
		u32 source = XIRR_XISR(taken) - SOURCE - 4 * cpu;

		if (source >= 4)
			fatal("vCPU %u took source %#x", cpu, XIRR_XISR(taken));
		twice |= seen[source] << source;
		seen[source]++;
		h_eoi(dev, cpu, taken);
	}
	return twice;
}

static bool are_all_here(int dev, u32 gsi, u32 seen[4])
{
	take(dev, gsi, seen);
	return seen[0] + seen[1] + seen[2] + seen[3] >= 2;
}

/* One signal after the other: what each brings is looked at. */
static void one_by_one(struct __test_metadata *_metadata, int dev, u32 gsi, int fd)
{
	u64 by_table[2] = {};

	for (u64 i = 0; i < soak(200); i++) {
		u32 seen[4] = {};

		if (fd >= 0)
			signal_event(fd);
		else if (gsi == BY_LINE)
			must(device_line(dev, gsi, 1));
		else
			pulse(dev, gsi);
		ASSERT_TRUE(wait_briefly(are_all_here(dev, gsi, seen)));
		/* Both of a table, once, and of no other. */
		ASSERT_EQ(seen[0], seen[1]);
		ASSERT_EQ(seen[2], seen[3]);
		ASSERT_EQ(1, seen[0] + seen[2]);
		by_table[!seen[0]]++;
	}
	/* What came late would have been seen with the next; of the last: */
	EXPECT_EQ(0, lines_of(dev, gsi));
	TH_LOG("GSI %u: %lu by one table, %lu by the other", gsi, by_table[0], by_table[1]);
}

FIRE_TEST(each_signal_goes_by_one_table)
{
	struct hammer replacer = { .strike = replace, .dev = self->dev };
	struct hammer storm = { .strike = signal_storm, .fd = self->storm_fd };

	must(set_fire_table(self->dev, 0, 0));
	must(assign_to(self->dev, self->fd, BY_IRQFD));
	must(assign_to(self->dev, self->storm_fd, BY_STORM));
	hammer_start(&replacer);
	hammer_start(&storm);
	one_by_one(_metadata, self->dev, BY_COMMAND, -1);
	one_by_one(_metadata, self->dev, BY_LINE, -1);
	one_by_one(_metadata, self->dev, BY_IRQFD, self->fd);
	hammer_stop(&storm);
	hammer_stop(&replacer);
	EXPECT_LT(1, replacer.strikes);
	EXPECT_LT(1, storm.strikes);
}

/* When the call has returned, nothing goes by the old table any more. */
FIRE_TEST(the_old_table_is_gone_when_the_call_returns)
{
	struct hammer storm = { .strike = signal_storm, .fd = self->storm_fd };
	u32 seen[4] = {}, table = 0;

	must(set_fire_table(self->dev, table, 0));
	must(assign_to(self->dev, self->storm_fd, BY_STORM));
	hammer_start(&storm);
	for (u64 i = 0; i < soak(40); i++) {
		u32 *old = &seen[2 * table];

		ASSERT_TRUE(wait_briefly(({ take(self->dev, BY_STORM, seen); old[0] && old[1]; })));
		table ^= 1;
		ASSERT_EQ(0, set_fire_table(self->dev, table, table ? 64 : 0));
		take(self->dev, BY_STORM, seen);
		memset(seen, 0, sizeof(seen));
		ASSERT_TRUE(wait_briefly(({ take(self->dev, BY_STORM, seen);
					    seen[2 * table]; })));
		ASSERT_EQ(0, seen[2 * !table]);
		ASSERT_EQ(0, seen[2 * !table + 1]);
	}
	hammer_stop(&storm);
}

/* The last signal of a storm arrives, whatever became of the tables before it. */
FIRE_TEST(the_last_signal_arrives)
{
	struct hammer replacer = { .strike = replace, .dev = self->dev };
	struct hammer storm = { .strike = signal_storm, .fd = self->storm_fd };

	must(set_fire_table(self->dev, 0, 0));
	must(assign_to(self->dev, self->storm_fd, BY_STORM));
	for (u64 i = 0; i < soak(10); i++) {
		u64 before = storm.strikes;
		u32 seen[4] = {};

		hammer_start(&replacer);
		hammer_start(&storm);
		ASSERT_TRUE(wait_briefly(({ take(self->dev, BY_STORM, seen);
					    storm.strikes > before + 20; })));
		hammer_stop(&storm);
		/* All that was on its way is there: one more is not merged with it. */
		take(self->dev, BY_STORM, seen);
		memset(seen, 0, sizeof(seen));
		signal_event(self->storm_fd);
		ASSERT_TRUE(wait_briefly(are_all_here(self->dev, BY_STORM, seen)));
		hammer_stop(&replacer);
		ASSERT_EQ(seen[0], seen[1]);
		ASSERT_EQ(seen[2], seen[3]);
		ASSERT_EQ(1, seen[0] + seen[2]);
	}
}

/* ---- who replaces, assigns and injects at once ---- */

static void assign_and_deassign(struct hammer *h)
{
	must(assign_to(h->dev, h->fd, h->number));
	must(deassign_from(h->dev, h->fd, h->number));
}

static void refuse(struct hammer *h)
{
	if (set_table(h->dev, to_pin(0, target(0, 0, 0)), to_pin(1, 0)) != -EINVAL)
		fatal("a table with a bad entry was taken");
}

static void drain(struct hammer *h)
{
	u32 seen[4] = {};

	take(h->dev, h->cpu, seen);
	h->seen += seen[0] + seen[1] + seen[2] + seen[3];
}

FIRE_TEST(everything_at_once)
{
	int fd = new_eventfd();
	struct hammer hammers[] = {
		{ .strike = replace, .dev = self->dev },
		{ .strike = refuse, .dev = self->dev },
		{ .strike = assign_and_deassign, .dev = self->dev, .fd = fd, .number = BY_IRQFD },
		{ .strike = signal_storm, .fd = fd },
		{ .strike = signal_storm, .fd = self->storm_fd },
		{ .strike = drain, .dev = self->dev, .cpu = BY_IRQFD },
		{ .strike = drain, .dev = self->dev, .cpu = BY_STORM },
	};

	must(set_fire_table(self->dev, 0, 0));
	must(assign_to(self->dev, self->storm_fd, BY_STORM));
	hammers_start(hammers, ARRAY_SIZE(hammers));
	EXPECT_TRUE(wait_for(hammers[0].strikes > 20 && hammers[2].strikes > 20 &&
			     hammers[6].seen > 100));
	hammers_stop(hammers, ARRAY_SIZE(hammers));
	EXPECT_LT(0, hammers[1].strikes);
	close(fd);
}

COMMON_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Interrupt sources in the kernel: P and Q, masking, moving, and their numbers. */
#include "xics_calls.h"

#define MSI	0x1010
#define LEVEL	0x1011
#define ABSENT	0x1012

#define P	SOURCE_PRESENTED
#define Q	SOURCE_QUEUED

static const struct icp open_icp = { 0xff, 0xff, 0xff, 0 };

/* Two servers that take anything, an MSI and a level-sensitive source on server 0. */
static struct test_xics *two_sources(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 2);

	KUNIT_ASSERT_EQ(test, set_icp(x, 0, open_icp), 0);
	KUNIT_ASSERT_EQ(test, set_icp(x, 1, open_icp), 0);
	KUNIT_ASSERT_EQ(test, set_source(x, MSI, source_attr(0, 5, 0)), 0);
	KUNIT_ASSERT_EQ(test, set_source(x, LEVEL, source_attr(0, 5, SOURCE_LEVEL)), 0);
	return x;
}

static enum vintc_injected inject(struct test_xics *x, u32 source, bool level)
{
	return vintc_xics_inject(x->xics, source, level ? VINTC_HIGH : VINTC_LOW);
}

#define expect_flags(test, x, source, server, flags)					\
	KUNIT_EXPECT_EQ(test, get_source(x, source), source_attr(server, 5, flags))

static void msi_coalesces_into_one_more(struct kunit *test)
{
	struct test_xics *x = two_sources(test);
	int i;

	KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_DELIVERED);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | MSI);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_COALESCED);
	KUNIT_EXPECT_EQ(test, inject(x, MSI, false), VINTC_COALESCED);
	expect_flags(test, x, MSI, 0, P | Q);

	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | MSI), VINTC_H_SUCCESS);
	expect_flags(test, x, MSI, 0, P);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | MSI);
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | MSI), VINTC_H_SUCCESS);
	expect_flags(test, x, MSI, 0, 0);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000);
}

static void level_comes_again_until_it_falls(struct kunit *test)
{
	struct test_xics *x = two_sources(test);
	u64 presented = SOURCE_LEVEL | P | SOURCE_PENDING;
	int i;

	KUNIT_EXPECT_EQ(test, inject(x, LEVEL, true), VINTC_DELIVERED);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | LEVEL);
		KUNIT_EXPECT_EQ(test, inject(x, LEVEL, true), VINTC_COALESCED);
		expect_flags(test, x, LEVEL, 0, presented);
		KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | LEVEL), VINTC_H_SUCCESS);
	}
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | LEVEL);
	inject(x, LEVEL, false);
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | LEVEL), VINTC_H_SUCCESS);
	expect_flags(test, x, LEVEL, 0, SOURCE_LEVEL);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000);
}

/* What an ICP holds stays there when the line falls. */
static void level_that_fell_is_still_presented(struct kunit *test)
{
	struct test_xics *x = two_sources(test);

	KUNIT_EXPECT_EQ(test, inject(x, LEVEL, true), VINTC_DELIVERED);
	inject(x, LEVEL, false);
	expect_flags(test, x, LEVEL, 0, SOURCE_LEVEL);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | LEVEL);
}

static void level_is_sampled_on_unmask_hazard21(struct kunit *test)
{
	struct test_xics *x = two_sources(test);

	KUNIT_EXPECT_EQ(test, inject(x, LEVEL, true), VINTC_DELIVERED);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | LEVEL);
	KUNIT_EXPECT_EQ(test, int_off(x, 0, LEVEL), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | LEVEL), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000);
	KUNIT_EXPECT_EQ(test, int_on(x, 0, LEVEL), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | LEVEL);
}

static void masked_is_kept_until_int_on(struct kunit *test)
{
	struct test_xics *x = two_sources(test);

	KUNIT_EXPECT_EQ(test, int_off(x, 0, MSI), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_MASKED);
	KUNIT_EXPECT_FALSE(test, vintc_test_line(x->vcpu[0]));
	expect_flags(test, x, MSI, 0, SOURCE_MASKED | SOURCE_PENDING | P);
	KUNIT_EXPECT_EQ(test, int_on(x, 0, MSI), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, vintc_test_line(x->vcpu[0]));
	expect_flags(test, x, MSI, 0, P);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | MSI);
}

/* The second int-off saves 0xff: int-on then brings back "masked", set-xive the source. */
static void int_off_twice_needs_set_xive(struct kunit *test)
{
	struct test_xics *x = two_sources(test);

	int_off(x, 0, MSI);
	int_off(x, 0, MSI);
	KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_MASKED);
	KUNIT_EXPECT_EQ(test, int_on(x, 0, MSI), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, get_source(x, MSI),
			source_attr(0, 0xff, SOURCE_MASKED | SOURCE_PENDING | P));
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 1, 5), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 1), 0xff000000 | MSI);
}

static void set_xive_moves_what_waits(struct kunit *test)
{
	struct test_xics *x = two_sources(test);

	KUNIT_EXPECT_EQ(test, h_cppr(x, 0, 0), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_DELIVERED);
	expect_flags(test, x, MSI, 0, P | SOURCE_PENDING);
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 1, 5), VINTC_RTAS_SUCCESS);
	expect_flags(test, x, MSI, 1, P);
	KUNIT_EXPECT_TRUE(test, vintc_test_line(x->vcpu[1]));

	/* The old server's note is stale now, and leads to nothing. */
	KUNIT_EXPECT_EQ(test, h_cppr(x, 0, 0xff), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg(open_icp));
	KUNIT_EXPECT_EQ(test, h_xirr(x, 1), 0xff000000 | MSI);
}

static void set_xive_does_not_move_what_is_presented(struct kunit *test)
{
	struct test_xics *x = two_sources(test);

	KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_DELIVERED);
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 1, 5), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, get_icp(x, 1), icp_reg(open_icp));
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | MSI);

	/* It moves when it is rejected. */
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | MSI), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 0, 5), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, inject(x, MSI, true), VINTC_DELIVERED);
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 1, 5), VINTC_RTAS_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_ipi(x, 0, 0, 4), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 1), 0xff000000 | MSI);
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000002);
}

static void rtas_of_unknown_numbers_is_parameter(struct kunit *test)
{
	static const u32 sources[] = { 0, 1, 2, 15, ABSENT, 0x1000, 0xffffff, 0x1000000, 0x1001010,
				       U32_MAX };
	struct test_xics *x = two_sources(test);
	u32 rets[2];
	int i;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		u32 n = sources[i];

		KUNIT_EXPECT_EQ_MSG(test, set_xive(x, 0, n, 0, 5), VINTC_RTAS_PARAMETER, "%x", n);
		KUNIT_EXPECT_EQ_MSG(test, int_off(x, 0, n), VINTC_RTAS_PARAMETER, "%x", n);
		KUNIT_EXPECT_EQ_MSG(test, int_on(x, 0, n), VINTC_RTAS_PARAMETER, "%x", n);
		KUNIT_EXPECT_EQ_MSG(test, vintc_xics_rtas(x->xics, x->icp[0], VINTC_RTAS_GET_XIVE, &n, rets),
				    VINTC_RTAS_PARAMETER, "%x", n);
		KUNIT_EXPECT_EQ_MSG(test, inject(x, n, true), VINTC_UNKNOWN_SOURCE, "%x", n);
		KUNIT_EXPECT_EQ_MSG(test, inject(x, n, false), VINTC_UNKNOWN_SOURCE, "%x", n);
	}
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 2, 5), VINTC_RTAS_PARAMETER);
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, U32_MAX, 5), VINTC_RTAS_PARAMETER);
	/* Nor with "masked": the server of a call has to exist. */
	KUNIT_EXPECT_EQ(test, set_xive(x, 0, MSI, 2, 0xff), VINTC_RTAS_PARAMETER);
	expect_flags(test, x, MSI, 0, 0);
}

/* Every number below 2^24 from 16 on, and no other, hazard12 and hazard13. */
static void numbers_are_24_bits_hazard12(struct kunit *test)
{
	static const u32 good[] = { 16, 17, 511, 512, 0xfff, 0x1000, 0x1ffff, 0x20000, 0x7fffff, 0x800000,
				    0xfff010, 0xfffffe, 0xffffff };
	static const u64 bad[] = { 0, 1, 2, 15, 0x1000000, 0x1000010, U32_MAX, 1ull << 32, (1ull << 32) + 16,
				   1ull << 63 | 0x1000, U64_MAX };
	struct test_xics *x = test_xics(test, 1);
	int i, j;

	KUNIT_ASSERT_EQ(test, set_icp(x, 0, open_icp), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_FALSE(test, vintc_xics_is_source(bad[i]));
		KUNIT_EXPECT_EQ_MSG(test, set_source(x, bad[i], source_attr(0, 5, 0)), -ENOENT, "%llx",
				    bad[i]);
		KUNIT_EXPECT_EQ(test, get_source(x, bad[i]), ~0ull);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_TRUE(test, vintc_xics_is_source(good[i]));
		KUNIT_EXPECT_EQ(test, get_source(x, good[i]), ~0ull);
		KUNIT_EXPECT_EQ(test, set_source(x, good[i], source_attr(0, i, 0)), 0);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ(test, inject(x, good[i], true), VINTC_DELIVERED);
		KUNIT_EXPECT_EQ_MSG(test, h_xirr(x, 0), 0xff000000 | good[i], "%x", good[i]);
		KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | good[i]), VINTC_H_SUCCESS);
		for (j = 0; j < ARRAY_SIZE(good); j++)
			KUNIT_EXPECT_EQ(test, get_source(x, good[j]), source_attr(0, j, 0));
	}
}

/* One source of each of many BUIDs waits; the ICP opens; they come by priority, then by number. */
static void waiting_sources_come_in_order_of_priority(struct kunit *test)
{
	enum { SOURCES = 256, STEP = 0xfff0 };
	struct test_xics *x = test_xics(test, 1);
	u32 xirr, last = 0, seen = 0;
	int i, last_priority = -1;

	for (i = 0; i < SOURCES; i++) {
		u32 source = 16 + i * STEP;

		KUNIT_ASSERT_EQ(test, set_source(x, source, source_attr(0, 1 + i * 37 % 7, 0)), 0);
		KUNIT_EXPECT_EQ(test, inject(x, source, true), VINTC_DELIVERED);
	}
	h_cppr(x, 0, 0xff);
	while ((xirr = h_xirr(x, 0) & 0xffffff)) {
		int priority = 1 + (xirr - 16) / STEP * 37 % 7;

		seen++;
		KUNIT_EXPECT_GE(test, priority, last_priority);
		if (priority == last_priority)
			KUNIT_EXPECT_GT(test, xirr, last);
		last = xirr;
		last_priority = priority;
		KUNIT_EXPECT_EQ(test, h_eoi(x, 0, 0xff000000 | xirr), VINTC_H_SUCCESS);
		if (seen > SOURCES)
			break;
	}
	KUNIT_EXPECT_EQ(test, seen, (u32)SOURCES);
	KUNIT_EXPECT_FALSE(test, vintc_test_line(x->vcpu[0]));
}

static void inconsistent_source_is_refused(struct kunit *test)
{
	static const struct { u64 attr; const char *why; } bad[] = {
		{ 1ull << 32 | 2, "a server nobody has" },
		{ 1ull << 32 | 2 | SOURCE_MASKED, "the same, the masked bit does not excuse it" },
		{ 1ull << 32 | 0x10000, "a server that nobody can have" },
		{ 1ull << 32 | U32_MAX, "a server that nobody can have" },
		{ 1ull << 32 | Q, "Q without P" },
		{ 1ull << 32 | SOURCE_LEVEL | P | Q, "Q of a level" },
		{ 1ull << 32 | 1ull << 45, "reserved" },
		{ 1ull << 32 | 1ull << 63, "reserved" },
	};
	struct test_xics *x = two_sources(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ_MSG(test, set_source(x, ABSENT, bad[i].attr), -EINVAL, "%s", bad[i].why);
		KUNIT_EXPECT_EQ_MSG(test, get_source(x, ABSENT), ~0ull, "%s", bad[i].why);
		KUNIT_EXPECT_EQ_MSG(test, inject(x, ABSENT, true), VINTC_UNKNOWN_SOURCE, "%s", bad[i].why);
		KUNIT_EXPECT_EQ_MSG(test, set_source(x, MSI, bad[i].attr), -EINVAL, "%s", bad[i].why);
		expect_flags(test, x, MSI, 0, 0);
	}
	/* Priority 0xff excuses the server, and the source exists then. */
	KUNIT_EXPECT_EQ(test, set_source(x, ABSENT, source_attr(77, 0xff, 0)), 0);
	KUNIT_EXPECT_EQ(test, inject(x, ABSENT, true), VINTC_MASKED);
	KUNIT_EXPECT_EQ(test, int_on(x, 0, ABSENT), VINTC_RTAS_PARAMETER);
}

static void restore_icp(struct kunit *test, struct test_xics *from, struct test_xics *to, u32 server)
{
	KUNIT_EXPECT_EQ(test, vintc_icp_set(to->xics, to->icp[server], get_icp(from, server)), VINTC_OK);
}

/*
 * Interrupts in every stage, saved, and restored in both orders: the copy reads
 * back the same, and goes on as the original would.
 */
static void save_and_restore_is_the_identity_hazard19(struct kunit *test)
{
	enum { PRESENTED = 0x1010, WAITING, ACCEPTED, QUEUED, MASKED, IDLE, HIGH, SOURCES };
	static const u8 priority[] = { 6, 7, 5, 5, 4, 9, 8 };
	enum { SOURCES_FIRST, ICPS_FIRST };
	struct test_xics *from = test_xics(test, 2);
	int order, i, s;

	for (i = PRESENTED; i < SOURCES; i++)
		KUNIT_ASSERT_EQ(test, set_source(from, i, source_attr(i == QUEUED, priority[i - PRESENTED],
								      i == HIGH ? SOURCE_LEVEL : 0)), 0);
	h_cppr(from, 0, 0xff);
	h_cppr(from, 1, 0xff);
	inject(from, ACCEPTED, true);
	h_xirr(from, 0);
	h_cppr(from, 0, 0xff);
	inject(from, QUEUED, true);
	h_xirr(from, 1);
	inject(from, QUEUED, true);
	inject(from, PRESENTED, true);
	inject(from, WAITING, true);
	inject(from, HIGH, true);
	int_off(from, 0, MASKED);
	inject(from, MASKED, true);
	h_ipi(from, 0, 1, 3);

	for (order = SOURCES_FIRST; order <= ICPS_FIRST; order++) {
		struct test_xics *to = test_xics(test, 2);

		for (i = PRESENTED; i < SOURCES && order == ICPS_FIRST; i++)
			KUNIT_EXPECT_EQ(test, set_source(to, i, source_attr(0, 0xff, 0)), 0);
		for (s = 0; s < 2 && order == ICPS_FIRST; s++)
			restore_icp(test, from, to, s);
		for (i = PRESENTED; i < SOURCES; i++)
			KUNIT_EXPECT_EQ(test, set_source(to, i, get_source(from, i)), 0);
		for (s = 0; s < 2 && order == SOURCES_FIRST; s++)
			restore_icp(test, from, to, s);

		for (s = 0; s < 2; s++) {
			KUNIT_EXPECT_EQ_MSG(test, get_icp(to, s), get_icp(from, s), "order %d", order);
			KUNIT_EXPECT_EQ(test, vintc_test_line(to->vcpu[s]),
					vintc_test_line(from->vcpu[s]));
		}
		for (i = PRESENTED; i < SOURCES; i++)
			KUNIT_EXPECT_EQ_MSG(test, get_source(to, i), get_source(from, i),
					    "order %d source %x", order, i);

		/* Drained, nothing is missing and nothing comes twice. */
		KUNIT_EXPECT_EQ(test, h_xirr(to, 0), 0xff000000 | PRESENTED);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 0, 0xff000000 | PRESENTED), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_xirr(to, 0), 0xff000000 | WAITING);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 0, 0xff000000 | WAITING), VINTC_H_SUCCESS);
		inject(to, HIGH, false);
		KUNIT_EXPECT_EQ(test, h_xirr(to, 0), 0xff000000 | HIGH);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 0, 0xff000000 | HIGH), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 0, 0xff000000 | ACCEPTED), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, int_on(to, 0, MASKED), VINTC_RTAS_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_xirr(to, 0), 0xff000000 | MASKED);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 0, 0xff000000 | MASKED), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_xirr(to, 0), 0xff000000);
		KUNIT_EXPECT_EQ(test, h_xirr(to, 1), 0x05000002);
		KUNIT_EXPECT_EQ(test, h_ipi(to, 1, 1, 0xff), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 1, 0x05000002), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_eoi(to, 1, 0xff000000 | QUEUED), VINTC_H_SUCCESS);
		KUNIT_EXPECT_EQ(test, h_xirr(to, 1), 0xff000000 | QUEUED);
	}
}

static struct kunit_case source_cases[] = {
	KUNIT_CASE(msi_coalesces_into_one_more),
	KUNIT_CASE(level_comes_again_until_it_falls),
	KUNIT_CASE(level_that_fell_is_still_presented),
	KUNIT_CASE(level_is_sampled_on_unmask_hazard21),
	KUNIT_CASE(masked_is_kept_until_int_on),
	KUNIT_CASE(int_off_twice_needs_set_xive),
	KUNIT_CASE(set_xive_moves_what_waits),
	KUNIT_CASE(set_xive_does_not_move_what_is_presented),
	KUNIT_CASE(rtas_of_unknown_numbers_is_parameter),
	KUNIT_CASE(numbers_are_24_bits_hazard12),
	KUNIT_CASE(waiting_sources_come_in_order_of_priority),
	KUNIT_CASE(inconsistent_source_is_refused),
	KUNIT_CASE(save_and_restore_is_the_identity_hazard19),
	{}
};

static struct kunit_suite source_suite = {
	.name = "vintc_xics_source",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = source_cases,
};

kunit_test_suite(source_suite);

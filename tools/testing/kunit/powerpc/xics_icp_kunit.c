// SPDX-License-Identifier: GPL-2.0-only
/* The ICP in the kernel: its events one by one, and the line after each. */
#include "xics_calls.h"

#define IPI	2
#define A	0x1010		/* of priority 5, unless a row says otherwise */
#define B	0x2020		/* of priority 3 */

#define P	SOURCE_PRESENTED
#define W	(SOURCE_PRESENTED | SOURCE_PENDING)	/* waits for the ICP */

enum event { INJECT_B, XIRR, CPPR, EOI_OF_IPI, IPI_TO_SELF };

struct row {
	const char *what;
	bool b_waits;
	struct icp before;
	enum event event;
	u8 priority;
	struct icp after;
	u64 a, b;		/* the sources' flags afterwards */
};

/* An ICP as { CPPR, MFRR, pending priority, XISR }. */
static const struct row rows[] = {
	{ "deliver: accepted", false, { 0xff, 0xff, 0xff, 0 }, INJECT_B, 0,
	  { 0xff, 0xff, 3, B }, 0, P },
	{ "deliver: refused by CPPR", false, { 3, 0xff, 0xff, 0 }, INJECT_B, 0,
	  { 3, 0xff, 0xff, 0 }, 0, W },
	{ "deliver: refused by MFRR", false, { 0xff, 3, 0xff, 0 }, INJECT_B, 0,
	  { 0xff, 3, 0xff, 0 }, 0, W },
	{ "deliver: refused by what is pending", false, { 0xff, 0xff, 3, A }, INJECT_B, 0,
	  { 0xff, 0xff, 3, A }, P, W },
	{ "deliver: displaces a source", false, { 0xff, 0xff, 5, A }, INJECT_B, 0,
	  { 0xff, 0xff, 3, B }, W, P },
	{ "deliver: displaces an IPI, MFRR remembers", false, { 0xff, 5, 5, IPI }, INJECT_B, 0,
	  { 0xff, 5, 3, B }, 0, P },

	{ "H_XIRR: nothing", false, { 7, 0xff, 0xff, 0 }, XIRR, 0, { 7, 0xff, 0xff, 0 }, 0, 0 },
	{ "H_XIRR: a source", false, { 0xff, 0xff, 5, A }, XIRR, 0, { 5, 0xff, 0xff, 0 }, P, 0 },
	{ "H_XIRR: an IPI", false, { 0xff, 4, 4, IPI }, XIRR, 0, { 4, 4, 0xff, 0 }, 0, 0 },
	{ "H_XIRR: what waits goes on waiting", true, { 3, 0xff, 0xff, 0 }, XIRR, 0,
	  { 3, 0xff, 0xff, 0 }, 0, W },

	{ "H_CPPR: as favoured as pending, rejects", false, { 0xff, 0xff, 5, A }, CPPR, 5,
	  { 5, 0xff, 0xff, 0 }, W, 0 },
	{ "H_CPPR: less than pending, keeps", false, { 0xff, 0xff, 5, A }, CPPR, 6,
	  { 6, 0xff, 5, A }, P, 0 },
	{ "H_CPPR: an IPI leaves, MFRR remembers", false, { 0xff, 4, 4, IPI }, CPPR, 4,
	  { 4, 4, 0xff, 0 }, 0, 0 },
	{ "H_CPPR: opens for the IPI", false, { 2, 4, 0xff, 0 }, CPPR, 5, { 5, 4, 4, IPI }, 0, 0 },
	{ "H_CPPR: not for an IPI as favoured", false, { 2, 5, 0xff, 0 }, CPPR, 5,
	  { 5, 5, 0xff, 0 }, 0, 0 },
	{ "H_CPPR: opens for a source", true, { 2, 0xff, 0xff, 0 }, CPPR, 4,
	  { 4, 0xff, 3, B }, 0, P },
	{ "H_CPPR: not for a source as favoured", true, { 2, 0xff, 0xff, 0 }, CPPR, 3,
	  { 3, 0xff, 0xff, 0 }, 0, W },
	{ "H_CPPR: an IPI before a source as favoured", true, { 2, 3, 0xff, 0 }, CPPR, 9,
	  { 9, 3, 3, IPI }, 0, W },
	{ "H_CPPR: a source before a lesser IPI", true, { 2, 5, 0xff, 0 }, CPPR, 9,
	  { 9, 5, 3, B }, 0, P },
	{ "H_CPPR: 0 closes", false, { 0xff, 0xff, 5, A }, CPPR, 0, { 0, 0xff, 0xff, 0 }, W, 0 },

	{ "H_EOI: opens for the IPI", false, { 2, 4, 0xff, 0 }, EOI_OF_IPI, 5, { 5, 4, 4, IPI }, 0, 0 },
	{ "H_EOI: opens for a source", true, { 2, 0xff, 0xff, 0 }, EOI_OF_IPI, 0xff,
	  { 0xff, 0xff, 3, B }, 0, P },
	{ "H_EOI: raising strands nothing", false, { 0xff, 0xff, 5, A }, EOI_OF_IPI, 3,
	  { 3, 0xff, 0xff, 0 }, W, 0 },

	{ "H_IPI: presented", false, { 9, 0xff, 0xff, 0 }, IPI_TO_SELF, 4, { 9, 4, 4, IPI }, 0, 0 },
	{ "H_IPI: as favoured as CPPR is not enough", false, { 9, 0xff, 0xff, 0 }, IPI_TO_SELF, 9,
	  { 9, 9, 0xff, 0 }, 0, 0 },
	{ "H_IPI: priority 0, hazard18", false, { 1, 0xff, 0xff, 0 }, IPI_TO_SELF, 0,
	  { 1, 0, 0, IPI }, 0, 0 },
	{ "H_IPI: priority 0 against CPPR 0, hazard18", false, { 0, 0xff, 0xff, 0 }, IPI_TO_SELF, 0,
	  { 0, 0, 0xff, 0 }, 0, 0 },
	{ "H_IPI: displaces a source as favoured", false, { 0xff, 0xff, 5, A }, IPI_TO_SELF, 5,
	  { 0xff, 5, 5, IPI }, W, 0 },
	{ "H_IPI: not a more favoured source", false, { 0xff, 0xff, 5, A }, IPI_TO_SELF, 6,
	  { 0xff, 6, 5, A }, P, 0 },
	{ "H_IPI: what is presented stays", false, { 0xff, 4, 4, IPI }, IPI_TO_SELF, 0xff,
	  { 0xff, 0xff, 4, IPI }, 0, 0 },
	{ "H_IPI: a more favoured one", false, { 0xff, 4, 4, IPI }, IPI_TO_SELF, 3,
	  { 0xff, 3, 3, IPI }, 0, 0 },
	{ "H_IPI: a less favoured one lets a source through", true, { 4, 3, 0xff, 0 }, IPI_TO_SELF, 0xff,
	  { 4, 0xff, 3, B }, 0, P },
};

/* The two sources, B waiting for a closed ICP if need be, and the ICP. */
static void set_up(struct kunit *test, struct test_xics *x, const struct row *row)
{
	bool a_presented = row->before.xisr == A;

	KUNIT_ASSERT_EQ(test, set_source(x, A, source_attr(0, 5, a_presented ? P : 0)), 0);
	KUNIT_ASSERT_EQ(test, set_source(x, B, source_attr(0, 3, 0)), 0);
	if (row->b_waits)
		KUNIT_EXPECT_EQ(test, vintc_xics_inject(x->xics, B, VINTC_HIGH), VINTC_DELIVERED);
	KUNIT_ASSERT_EQ_MSG(test, set_icp(x, 0, row->before), 0, "%s", row->what);
}

static void perform(struct kunit *test, struct test_xics *x, const struct row *row)
{
	u32 expected;

	switch (row->event) {
	case INJECT_B:
		KUNIT_EXPECT_EQ(test, vintc_xics_inject(x->xics, B, VINTC_HIGH), VINTC_DELIVERED);
		break;
	case XIRR:
		expected = (u32)row->before.cppr << 24 | row->before.xisr;
		KUNIT_EXPECT_EQ_MSG(test, h_xirr(x, 0), expected, "%s", row->what);
		break;
	case CPPR:
		KUNIT_EXPECT_EQ(test, h_cppr(x, 0, row->priority), VINTC_H_SUCCESS);
		break;
	case EOI_OF_IPI:
		KUNIT_EXPECT_EQ(test, h_eoi(x, 0, (u32)row->priority << 24 | IPI), VINTC_H_SUCCESS);
		break;
	case IPI_TO_SELF:
		KUNIT_EXPECT_EQ(test, h_ipi(x, 0, 0, row->priority), VINTC_H_SUCCESS);
		break;
	}
}

static bool line_of(struct icp icp)
{
	return icp.xisr && icp.pending < icp.cppr;
}

static void events_follow_the_table(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct test_xics *x = test_xics(test, 1);

		set_up(test, x, row);
		KUNIT_EXPECT_EQ_MSG(test, vintc_test_line(x->vcpu[0]), line_of(row->before), "%s",
				    row->what);
		perform(test, x, row);
		KUNIT_EXPECT_EQ_MSG(test, get_icp(x, 0), icp_reg(row->after), "%s", row->what);
		KUNIT_EXPECT_EQ_MSG(test, vintc_test_line(x->vcpu[0]), line_of(row->after), "%s",
				    row->what);
		KUNIT_EXPECT_EQ_MSG(test, get_source(x, A), source_attr(0, 5, row->a), "%s", row->what);
		KUNIT_EXPECT_EQ_MSG(test, get_source(x, B), source_attr(0, 3, row->b), "%s", row->what);
	}
}

static void reset_state_is_closed(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 1);

	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg((struct icp) { 0, 0xff, 0xff, 0 }));
	KUNIT_EXPECT_FALSE(test, vintc_test_line(x->vcpu[0]));
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0u);
}

static void h_ipoll_shows_and_changes_nothing(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 2);
	struct icp state = { 0xff, 6, 6, IPI };
	unsigned long gprs[2];

	KUNIT_ASSERT_EQ(test, set_icp(x, 1, state), 0);
	KUNIT_EXPECT_EQ(test, test_hcall(x, 0, VINTC_H_IPOLL, 1, 0, gprs), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, gprs[0], 0xff000002ul);
	KUNIT_EXPECT_EQ(test, gprs[1], 6ul);
	KUNIT_EXPECT_EQ(test, get_icp(x, 1), icp_reg(state));
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg((struct icp) { 0, 0xff, 0xff, 0 }));
}

static void h_xirr_x_gives_the_timebase(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 1);
	unsigned long gprs[2], before = vintc_timebase();

	KUNIT_ASSERT_EQ(test, set_icp(x, 0, (struct icp) { 0xff, 4, 4, IPI }), 0);
	KUNIT_EXPECT_EQ(test, test_hcall(x, 0, VINTC_H_XIRR_X, 0, 0, gprs), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, gprs[0], 0xff000002ul);
	KUNIT_EXPECT_GE(test, gprs[1], before);
	KUNIT_EXPECT_LE(test, gprs[1], (unsigned long)vintc_timebase());
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg((struct icp) { 4, 4, 0xff, 0 }));
}

/* A call that fails leaves the ICPs and r4, r5 alone. */
static void unknown_numbers_are_h_parameter_hazard18(struct kunit *test)
{
	static const unsigned long servers[] = { 1, 255, 256, 4096, 65535, 65536, 0x10000001, U32_MAX };
	static const u32 sources[] = { 0, 1, 3, 15, 16, 0x1000, 0xffffff };
	struct icp state = { 0xff, 0xff, 0xff, 0 };
	struct test_xics *x = test_xics(test, 1);
	unsigned long gprs[2];
	int i;

	KUNIT_ASSERT_EQ(test, set_icp(x, 0, state), 0);
	for (i = 0; i < ARRAY_SIZE(servers); i++) {
		KUNIT_EXPECT_EQ_MSG(test, test_hcall(x, 0, VINTC_H_IPI, servers[i], 0, gprs),
				    VINTC_H_PARAMETER, "server %lx", servers[i]);
		KUNIT_EXPECT_EQ(test, gprs[0], servers[i]);
		KUNIT_EXPECT_EQ(test, gprs[1], 0ul);
		KUNIT_EXPECT_EQ_MSG(test, test_hcall(x, 0, VINTC_H_IPOLL, servers[i], 77, gprs),
				    VINTC_H_PARAMETER, "server %lx", servers[i]);
		KUNIT_EXPECT_EQ(test, gprs[0], servers[i]);
		KUNIT_EXPECT_EQ(test, gprs[1], 77ul);
	}
	for (i = 0; i < ARRAY_SIZE(sources); i++)
		KUNIT_EXPECT_EQ_MSG(test, h_eoi(x, 0, 0xff000000 | sources[i]), VINTC_H_PARAMETER,
				    "source %x", sources[i]);
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg(state));
	KUNIT_EXPECT_FALSE(test, vintc_test_line(x->vcpu[0]));
}

/* Neighbours of a source in its block of memory are no sources. */
static void eoi_of_a_number_nobody_set_is_h_parameter(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 1);

	KUNIT_ASSERT_EQ(test, set_source(x, A, source_attr(0, 5, 0)), 0);
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, A), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, A + 1), VINTC_H_PARAMETER);
	KUNIT_EXPECT_EQ(test, h_eoi(x, 0, A - 1), VINTC_H_PARAMETER);
}

/* Arguments are 8-bit priorities and 32-bit servers, whatever else is in the register. */
static void arguments_are_as_wide_as_papr_says(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 2);

	KUNIT_ASSERT_EQ(test, set_icp(x, 1, (struct icp) { 0xff, 0xff, 0xff, 0 }), 0);
	KUNIT_EXPECT_EQ(test, test_hcall(x, 0, VINTC_H_IPI, 0xdead00000001, 0xffffffffffffff05, NULL),
			VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, get_icp(x, 1), icp_reg((struct icp) { 0xff, 5, 5, IPI }));
	KUNIT_EXPECT_EQ(test, test_hcall(x, 0, VINTC_H_CPPR, 0x107, 0, NULL), VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg((struct icp) { 7, 0xff, 0xff, 0 }));
	KUNIT_EXPECT_EQ(test, test_hcall(x, 0, VINTC_H_EOI, 0x1234567809000002, 0, NULL),
			VINTC_H_SUCCESS);
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg((struct icp) { 9, 0xff, 0xff, 0 }));
}

static void other_hypercalls_are_not_ours(struct kunit *test)
{
	static const unsigned long numbers[] = { 0, 4, 0x60, 0x78, 0x300, 0xf000, 0xe0, ULONG_MAX,
						 1ul << 32 | VINTC_H_XIRR };
	struct test_xics *x = test_xics(test, 1);
	unsigned long gprs[2];
	struct vintc_counts counts;
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		KUNIT_EXPECT_EQ_MSG(test, test_hcall(x, 0, numbers[i], 11, 12, gprs), VINTC_H_NOT_OURS,
				    "%lx", numbers[i]);
		KUNIT_EXPECT_EQ(test, gprs[0], 11ul);
		KUNIT_EXPECT_EQ(test, gprs[1], 12ul);
	}
	vintc_xics_counts(x->xics, &counts);
	KUNIT_EXPECT_EQ(test, counts.hypercalls, 0ull);
}

/* Values that no sequence of events leads to. */
static void inconsistent_state_is_refused(struct kunit *test)
{
	static const struct icp bad[] = {
		{ 0xff, 0xff, 5, 0 },		/* pending, of nothing */
		{ 0xff, 0xff, 0xff, IPI },	/* not below CPPR */
		{ 5, 5, 5, IPI },
		{ 0xff, 4, 5, IPI },		/* above MFRR */
		{ 5, 0xff, 5, A },		/* not below CPPR */
		{ 0xff, 5, 5, A },		/* not below MFRR */
		{ 0xff, 0xff, 0xff, A },
		{ 0xff, 0xff, 5, A + 1 },	/* no source */
		{ 0xff, 0xff, 5, 1 }, { 0xff, 0xff, 5, 3 }, { 0xff, 0xff, 5, 15 },
		{ 0xff, 0xff, 5, 0xffffff },
	};
	struct test_xics *x = test_xics(test, 1);
	struct icp state = { 9, 7, 6, A };
	int i;

	KUNIT_ASSERT_EQ(test, set_source(x, A, source_attr(0, 5, 0)), 0);
	KUNIT_ASSERT_EQ(test, set_icp(x, 0, state), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, set_icp(x, 0, bad[i]), -EINVAL, "%llx", icp_reg(bad[i]));
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    vintc_icp_set(x->xics, x->icp[0], icp_reg(state) | 1ull << i),
				    VINTC_INVALID, "reserved bit %d", i);
	KUNIT_EXPECT_EQ(test, get_icp(x, 0), icp_reg(state));
	KUNIT_EXPECT_TRUE(test, vintc_test_line(x->vcpu[0]));
}

static struct kunit_case icp_cases[] = {
	KUNIT_CASE(reset_state_is_closed),
	KUNIT_CASE(events_follow_the_table),
	KUNIT_CASE(h_ipoll_shows_and_changes_nothing),
	KUNIT_CASE(h_xirr_x_gives_the_timebase),
	KUNIT_CASE(unknown_numbers_are_h_parameter_hazard18),
	KUNIT_CASE(eoi_of_a_number_nobody_set_is_h_parameter),
	KUNIT_CASE(arguments_are_as_wide_as_papr_says),
	KUNIT_CASE(other_hypercalls_are_not_ours),
	KUNIT_CASE(inconsistent_state_is_refused),
	{}
};

static struct kunit_suite icp_suite = {
	.name = "vintc_xics_icp",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = icp_cases,
};

kunit_test_suite(icp_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* The core's tables grow on demand: their bounds, and every allocation that fails. */
#include "xics_calls.h"

#define SOURCE	0x123456

static void servers_are_bounded_hazard10(struct kunit *test)
{
	static const u32 good[] = { 0, 1, 255, 256, 65534, 65535 };
	static const u32 bad[] = { 65536, 65537, 0x10000000, 0x80000000, U32_MAX };
	struct test_xics *x = test_xics(test, 0);
	struct kvm_vcpu *vcpu = vintc_test_vcpu(test);
	struct vintc_icp *icp;
	int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_NULL(test, vintc_xics_icp(x->xics, good[i]));
		KUNIT_ASSERT_EQ(test, vintc_xics_connect(x->xics, good[i], vcpu, &icp), VINTC_OK);
		KUNIT_EXPECT_PTR_EQ(test, vintc_xics_icp(x->xics, good[i]), icp);
		KUNIT_EXPECT_EQ(test, vintc_icp_server(icp), good[i]);
		KUNIT_EXPECT_PTR_EQ(test, vintc_icp_cpu(icp), (void *)vcpu);
		KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, good[i], vcpu, &icp), VINTC_EXISTS);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, bad[i], vcpu, &icp), VINTC_INVALID);
		KUNIT_EXPECT_NULL(test, vintc_xics_icp(x->xics, bad[i]));
	}
}

static void the_limit_holds_for_later_connects(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 0);
	struct kvm_vcpu *vcpu = vintc_test_vcpu(test);
	struct vintc_icp *icp;

	vintc_xics_limit_servers(x->xics, 8);
	KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, 8, vcpu, &icp), VINTC_INVALID);
	KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, 7, vcpu, &icp), VINTC_OK);
	vintc_xics_limit_servers(x->xics, 9);
	KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, 8, vcpu, &icp), VINTC_OK);
	vintc_xics_limit_servers(x->xics, U32_MAX);
	KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, 65535, vcpu, &icp), VINTC_OK);
	KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, 65536, vcpu, &icp), VINTC_INVALID);
}

/*
 * Each test below runs an operation with its first allocation failing, then with
 * the second, until none fails. The kernel's debug code allocates too, and bears
 * it: so an attempt may succeed although something failed.
 */

static bool create_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct vintc_xics *xics;
	bool failed;

	vintc_test_fail_nth(nth);
	xics = vintc_xics_create(16, NULL);
	failed = vintc_test_fail_over();

	*refused += !xics;
	KUNIT_EXPECT_TRUE(test, xics || failed);
	vintc_xics_destroy(xics);
	return failed;
}

static void create_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (create_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, 1u);
}

static bool connect_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct test_xics *x = test_xics(test, 0);
	enum vintc_result result;
	struct vintc_icp *icp = NULL;
	bool failed;

	x->vcpu[0] = vintc_test_vcpu(test);
	vintc_test_fail_nth(nth);
	result = vintc_xics_connect(x->xics, 300, x->vcpu[0], &icp);
	failed = vintc_test_fail_over();

	if (result == VINTC_OK) {
		KUNIT_EXPECT_PTR_EQ(test, vintc_xics_icp(x->xics, 300), icp);
		return failed;
	}
	++*refused;
	KUNIT_EXPECT_TRUE(test, failed);
	KUNIT_EXPECT_EQ(test, result, VINTC_NO_MEMORY);
	KUNIT_EXPECT_NULL(test, vintc_xics_icp(x->xics, 300));
	KUNIT_EXPECT_EQ(test, vintc_xics_connect(x->xics, 300, x->vcpu[0], &icp), VINTC_OK);
	return failed;
}

static void connect_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (connect_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 2u, "the chunk of servers, and the ICP");
}

static bool set_source_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct test_xics *x = test_xics(test, 1);
	u64 attr = source_attr(0, 5, SOURCE_PENDING);
	bool failed;
	int r;

	KUNIT_ASSERT_EQ(test, set_icp(x, 0, (struct icp) { 0xff, 0xff, 0xff, 0 }), 0);
	vintc_test_fail_nth(nth);
	r = set_source(x, SOURCE, attr);
	failed = vintc_test_fail_over();

	if (r) {
		++*refused;
		KUNIT_EXPECT_TRUE(test, failed);
		KUNIT_EXPECT_EQ(test, r, -ENOMEM);
		KUNIT_EXPECT_EQ(test, get_source(x, SOURCE), ~0ull);
		KUNIT_EXPECT_EQ(test, vintc_xics_inject(x->xics, SOURCE, VINTC_HIGH), VINTC_UNKNOWN_SOURCE);
		KUNIT_EXPECT_FALSE(test, vintc_test_line(x->vcpu[0]));
		KUNIT_EXPECT_EQ(test, set_source(x, SOURCE, attr), 0);
	}
	KUNIT_EXPECT_EQ(test, h_xirr(x, 0), 0xff000000 | SOURCE);
	return failed;
}

static void set_source_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (set_source_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 3u, "the leaf, the block, and its cells");
}

/* A second source of a block, and setting one again, needs no memory. */
static void setting_again_allocates_nothing_hazard06(struct kunit *test)
{
	struct test_xics *x = test_xics(test, 1);
	int i;

	KUNIT_ASSERT_EQ(test, set_source(x, SOURCE, source_attr(0, 5, 0)), 0);
	for (i = 0; i < 1000; i++) {
		vintc_test_fail_nth(1);
		KUNIT_EXPECT_EQ(test, set_source(x, SOURCE ^ (i & 1), source_attr(0, i & 0x7f, 0)), 0);
		KUNIT_EXPECT_FALSE(test, vintc_test_fail_over());
	}
}

/* At every stage; kmemleak finds what stays. */
static void destroy_at_every_stage_hazard05(struct kunit *test)
{
	struct kvm_vcpu *vcpu = vintc_test_vcpu(test);
	struct vintc_xics *xics;
	struct vintc_icp *icp;
	int stage;

	vintc_xics_destroy(NULL);
	for (stage = 0; stage <= 4; stage++) {
		xics = vintc_xics_create(1000, NULL);
		KUNIT_ASSERT_NOT_NULL(test, xics);
		if (stage >= 1)
			KUNIT_EXPECT_EQ(test, vintc_xics_connect(xics, 999, vcpu, &icp), VINTC_OK);
		if (stage >= 2)
			KUNIT_EXPECT_EQ(test, vintc_xics_set_source(xics, SOURCE, source_attr(999, 5, 0)),
					VINTC_OK);
		if (stage >= 3)
			KUNIT_EXPECT_EQ(test, vintc_xics_inject(xics, SOURCE, VINTC_HIGH), VINTC_DELIVERED);
		if (stage >= 4)
			KUNIT_EXPECT_EQ(test, vintc_icp_set(xics, icp, icp_reg((struct icp)
							    { 0xff, 4, 4, 2 })), VINTC_OK);
		vintc_xics_destroy(xics);
	}
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE(servers_are_bounded_hazard10),
	KUNIT_CASE(the_limit_holds_for_later_connects),
	KUNIT_CASE(create_without_memory_hazard05),
	KUNIT_CASE(connect_without_memory_hazard05),
	KUNIT_CASE(set_source_without_memory_hazard05),
	KUNIT_CASE(setting_again_allocates_nothing_hazard06),
	KUNIT_CASE(destroy_at_every_stage_hazard05),
	{}
};

static struct kunit_suite memory_suite = {
	.name = "vintc_xics_memory",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.test_cases = memory_cases,
};

kunit_test_suite(memory_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* A XICS with fake vCPUs, freed with the test. */
#include "xics_calls.h"

static int init_xics(struct kunit_resource *resource, void *unused)
{
	resource->data = vintc_xics_create(VINTC_XICS_SERVER_LIMIT, NULL);
	return resource->data ? 0 : -ENOMEM;
}

static void free_xics(struct kunit_resource *resource)
{
	vintc_xics_destroy(resource->data);
}

struct test_xics *test_xics(struct kunit *test, unsigned int servers)
{
	struct test_xics *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, x);
	x->xics = kunit_alloc_resource(test, init_xics, free_xics, GFP_KERNEL, NULL);
	KUNIT_ASSERT_NOT_NULL(test, x->xics);
	for (i = 0; i < servers; i++) {
		x->vcpu[i] = vintc_test_vcpu(test);
		KUNIT_ASSERT_EQ(test, vintc_xics_connect(x->xics, i, x->vcpu[i], &x->icp[i]), VINTC_OK);
	}
	return x;
}

// SPDX-License-Identifier: GPL-2.0-only
/* The KVM device of any model, made and configured with allocations that fail. */
#include <linux/fdtable.h>
#include <linux/mman.h>

#include "device.h"

#define MODEL	(vintc_test_model.model->id)
#define NUMBER	6u

/* The ioctl, with its allocations, KVM's and ours, failing in turn. */
static bool create_failing(struct kunit *test, struct vintc_test_device *d, unsigned int nth,
			   unsigned int *refused)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };
	unsigned long at = vintc_test_scratch;
	bool failed;
	long r;

	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)at, &create, sizeof(create)), 0ul);
	vintc_test_fail_nth(nth);
	r = vfs_ioctl(d->vm.file, KVM_CREATE_DEVICE, at);
	failed = vintc_test_fail_over();
	if (r) {
		++*refused;
		KUNIT_EXPECT_TRUE(test, failed);
		KUNIT_EXPECT_EQ(test, r, -ENOMEM);
	} else {
		KUNIT_EXPECT_EQ(test, copy_from_user(&create, (void __user *)at, sizeof(create)), 0ul);
		vintc_test_put(close_fd_get_file(create.fd));
	}
	return failed;
}

static void create_without_memory_hazard08(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	unsigned int nth = 1, refused = 0;

	while (create_failing(test, d, nth, &refused))
		nth++;
	/* At least KVM's device and ours, the file that pins the module, and the fd's file. */
	KUNIT_EXPECT_GE(test, refused, 4u);
	KUNIT_EXPECT_EQ(test, choose(d, MODEL), 0l);
}

static bool choose_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	long r;

	vintc_test_device_anew(test, d);
	failed = vintc_test_set_failing(test, KVM_VINTC_GRP_MODEL, MODEL, 0, nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
		KUNIT_EXPECT_EQ(test, connect(d, 0, 0), -ENXIO);
		KUNIT_EXPECT_EQ(test, choose(d, MODEL), 0l);
	}
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	return failed;
}

static void choose_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (choose_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, vintc_test_model.choose_allocations);
}

static bool connect_failing(struct kunit *test, unsigned long number, unsigned int nth,
			    unsigned int *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	u64 value;
	long r;

	vintc_test_device_anew(test, d);
	KUNIT_EXPECT_EQ(test, choose(d, MODEL), 0l);
	failed = vintc_test_set_failing(test, KVM_VINTC_GRP_VCPU, 5, number, nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
		KUNIT_EXPECT_EQ(test, connect(d, 5, NUMBER), 0l);
	}
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, (u64)NUMBER);
	return failed;
}

static void connect_without_memory_hazard05(struct kunit *test)
{
	unsigned long number = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	unsigned int nth = 1, refused = 0;

	KUNIT_ASSERT_EQ(test, put_user(NUMBER, (u32 __user *)number), 0);
	while (connect_failing(test, number, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, vintc_test_model.connect_allocations);
}

/* Also the vCPU's slot, for which one failure is not enough: the XArray tries twice. */
static void connect_without_any_memory_hazard05(struct kunit *test)
{
	unsigned long number = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	struct kvm_device_attr a = { .group = KVM_VINTC_GRP_VCPU, .attr = 5, .addr = number };
	struct vintc_test_device *d = test->priv;
	u64 value;
	int r;

	KUNIT_ASSERT_EQ(test, put_user(NUMBER, (u32 __user *)number), 0);
	KUNIT_ASSERT_EQ(test, choose(d, MODEL), 0l);
	vintc_test_fail_all(true);
	r = vintc_set_attr(d->file->private_data, &a);
	vintc_test_fail_all(false);
	KUNIT_EXPECT_EQ(test, r, -ENOMEM);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, connect(d, 5, NUMBER), 0l);
}

static struct kunit_case device_memory_cases[] = {
	KUNIT_CASE(create_without_memory_hazard08),
	KUNIT_CASE(choose_without_memory_hazard05),
	KUNIT_CASE(connect_without_memory_hazard05),
	KUNIT_CASE(connect_without_any_memory_hazard05),
	{}
};

static struct kunit_suite device_memory_suite = {
	.name = "vintc_device_memory",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = device_memory_cases,
};

kunit_test_suite(device_memory_suite);

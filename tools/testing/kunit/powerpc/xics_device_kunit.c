// SPDX-License-Identifier: GPL-2.0-only
/* The XICS model of the KVM device, in a real VM: its attributes. */
#include <linux/eventfd.h>
#include <linux/mman.h>
#include <linux/mm.h>

#include "../device.h"

#define SOURCE	0x1010

static void nr_servers_bounds_later_connects(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, KVM_MAX_VCPU_IDS + 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, 8), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 8), -EINVAL);
	/* A connect that failed leaves no trace: the limit may still change. */
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, 9), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 8), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, 10), -EBUSY);
}

static void tokens_are_unique(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 value;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 0, 7), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 5, 7), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, (1ull << 32) + 1, 7), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 1, 7), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 1, 7), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 2, 7), -EEXIST);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_RTAS, 2, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 1, 0), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 2, 7), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 3, 0), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 4, 0), 0l);
}

/* Memory that is not there: EFAULT, and the state is what it was. */
static void unreadable_memory_is_efault(struct kunit *test)
{
	static const struct { u32 group; u64 attr; } sets[] = {
		{ KVM_VINTC_GRP_VCPU, 0 }, { KVM_VINTC_GRP_RTAS, 1 }, { KVM_DEV_XICS_GRP_SOURCES, SOURCE },
		{ KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS },
	};
	static const u64 addresses[] = { 0, 8, 1ull << 63, U64_MAX - 3, (u64)PAGE_OFFSET };
	struct vintc_test_device *d = test->priv;
	u64 value;
	int i, j;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		for (j = 0; j < ARRAY_SIZE(addresses); j++) {
			struct kvm_device_attr attr = { .group = sets[i].group, .attr = sets[i].attr,
							.addr = addresses[j] };

			KUNIT_EXPECT_EQ_MSG(test, vintc_test_ioctl(d->file, KVM_SET_DEVICE_ATTR, &attr,
					    sizeof(attr)), -EFAULT, "%x %llx", sets[i].group, addresses[j]);
		}
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 0, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_RTAS, 1, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);
	for (j = 0; j < 2; j++) {
		KUNIT_EXPECT_EQ(test, vfs_ioctl(d->file, KVM_IRQ_LINE, addresses[j]), -EFAULT);
		KUNIT_EXPECT_EQ(test, vfs_ioctl(d->file, KVM_IRQFD, addresses[j]), -EFAULT);
		KUNIT_EXPECT_EQ(test, vfs_ioctl(d->file, KVM_SET_ONE_REG, addresses[j]), -EFAULT);
	}
}

/* kmemleak finds what one of many would leave. */
static void setting_again_and_again_hazard06(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 value;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	for (i = 0; i < 500; i++) {
		KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, (u64)(i % 255) << 32), 0l);
		KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &value), 0l);
		KUNIT_EXPECT_EQ(test, value, (u64)(i % 255) << 32);
		KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_RTAS, 1 + i % 4, 0x1000 + i), 0l);
		KUNIT_EXPECT_EQ(test, connect(d, 0, 1), -EBUSY);
		KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), -EBUSY);
	}
}

/* KVM frees it as it frees any vCPU. */
static void a_vcpu_that_cannot_be_made_changes_nothing(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_device *dev = vintc_test_device_of(d->file);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 5), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, 5ull << 32), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, SOURCE, 0), 0l);
	KUNIT_EXPECT_LT(test, vfs_ioctl(d->vm.file, KVM_CREATE_VCPU, 0), 0l);
	KUNIT_EXPECT_LT(test, vfs_ioctl(d->vm.file, KVM_CREATE_VCPU, 5), 0l);
	KUNIT_EXPECT_LT(test, vfs_ioctl(d->vm.file, KVM_CREATE_VCPU, KVM_MAX_VCPU_IDS), 0l);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(dev), 1ull);
	vintc_test_eventfd_close(&e);
}

static bool set_source_failing(struct kunit *test, unsigned long attr, unsigned int nth,
			       unsigned int *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	u64 value;
	long r;

	vintc_test_device_anew(test, d);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	failed = vintc_test_set_failing(test, KVM_DEV_XICS_GRP_SOURCES, SOURCE, attr, nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &value), -ENOENT);
		KUNIT_EXPECT_EQ(test, inject(d, SOURCE, 1), -EINVAL);
		KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, 5ull << 32), 0l);
	}
	KUNIT_EXPECT_EQ(test, inject(d, SOURCE, 1), 0l);
	return failed;
}

static void set_source_without_memory_hazard05(struct kunit *test)
{
	unsigned long attr = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	unsigned int nth = 1, refused = 0;

	KUNIT_ASSERT_EQ(test, put_user(5ull << 32, (u64 __user *)attr), 0);
	while (set_source_failing(test, attr, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 3u, "the leaf, the block, and its cells");
}

static struct kunit_case xics_device_cases[] = {
	KUNIT_CASE(nr_servers_bounds_later_connects),
	KUNIT_CASE(tokens_are_unique),
	KUNIT_CASE(unreadable_memory_is_efault),
	KUNIT_CASE(setting_again_and_again_hazard06),
	KUNIT_CASE(a_vcpu_that_cannot_be_made_changes_nothing),
	KUNIT_CASE(set_source_without_memory_hazard05),
	{}
};

static struct kunit_suite xics_device_suite = {
	.name = "vintc_xics_device",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = xics_device_cases,
};

kunit_test_suite(xics_device_suite);

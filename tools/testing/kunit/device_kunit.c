// SPDX-License-Identifier: GPL-2.0-only
/* The KVM device in a real VM: its attributes, and its life and death. */
#include <linux/eventfd.h>
#include <linux/fdtable.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "fixture.h"

#define SOURCE	0x1010

struct device_test {
	struct vintc_test_vm vm;
	struct file *vcpu[2];		/* with the ids 0 and 5 */
	struct file *file;
};

static int make_all(struct kunit *test, struct device_test *d)
{
	vintc_test_vm_create(test, &d->vm);
	d->vcpu[0] = vintc_test_vm_vcpu(test, &d->vm, 0);
	d->vcpu[1] = vintc_test_vm_vcpu(test, &d->vm, 5);
	d->file = vintc_test_vm_device(&d->vm);
	return d->vcpu[0] && d->vcpu[1] && !IS_ERR(d->file) ? 0 : -EINVAL;
}

static void put_all(struct device_test *d)
{
	int i;

	if (!IS_ERR_OR_NULL(d->file))
		vintc_test_put(d->file);
	d->file = NULL;
	for (i = 0; i < ARRAY_SIZE(d->vcpu); i++) {
		vintc_test_put(d->vcpu[i]);
		d->vcpu[i] = NULL;
	}
	vintc_test_vm_put(&d->vm);
}

static int device_init(struct kunit *test)
{
	struct device_test *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);

	vintc_test_use_user(test);
	if (!d)
		return -ENOMEM;
	test->priv = d;
	return make_all(test, d);
}

static void make_anew(struct kunit *test, struct device_test *d)
{
	put_all(d);
	KUNIT_ASSERT_EQ(test, make_all(test, d), 0);
}

static void device_exit(struct kunit *test)
{
	if (test->priv)
		put_all(test->priv);
	vintc_test_unuse_user(test);
}

/* ---- attributes ---- */

static long set(struct device_test *d, u32 group, u64 attr, u64 value)
{
	u32 word = value;

	/* Sources are 64 bits wide, everything else is 32. */
	if (group == KVM_DEV_XICS_GRP_SOURCES)
		return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, group, attr, &value, sizeof(value));
	return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, group, attr, &word, sizeof(word));
}

static long get(struct device_test *d, u32 group, u64 attr, u64 *value)
{
	u32 word = 0;
	long r;

	*value = 0;
	if (group == KVM_DEV_XICS_GRP_SOURCES || group == KVM_VINTC_GRP_COUNTERS)
		return vintc_test_attr(d->file, KVM_GET_DEVICE_ATTR, group, attr, value, sizeof(*value));
	r = vintc_test_attr(d->file, KVM_GET_DEVICE_ATTR, group, attr, &word, sizeof(word));
	*value = word;
	return r;
}

static long has(struct device_test *d, u32 group, u64 attr)
{
	return vintc_test_attr(d->file, KVM_HAS_DEVICE_ATTR, group, attr, NULL, 0);
}

static long choose(struct device_test *d, u64 model)
{
	return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_MODEL, model, NULL, 0);
}

static long connect(struct device_test *d, u64 id, u32 server)
{
	return set(d, KVM_VINTC_GRP_VCPU, id, server);
}

static long inject(struct device_test *d, u32 gsi, u32 level)
{
	struct kvm_irq_level line = { .irq = gsi, .level = level };

	return vintc_test_ioctl(d->file, KVM_IRQ_LINE, &line, sizeof(line));
}

static long ioctl_irqfd(struct device_test *d, int fd, u32 gsi)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = gsi };

	return vintc_test_ioctl(d->file, KVM_IRQFD, &args, sizeof(args));
}

static void nothing_works_before_the_model_hazard15(struct kunit *test)
{
	static const u32 groups[] = { 0, KVM_DEV_XICS_GRP_SOURCES, KVM_DEV_XICS_GRP_CTRL, KVM_VINTC_GRP_VCPU,
				      KVM_VINTC_GRP_RTAS, KVM_VINTC_GRP_COUNTERS, 0x8004, U32_MAX };
	static const unsigned int ioctls[] = { KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS, KVM_IRQFD,
					       KVM_GET_ONE_REG, KVM_SET_ONE_REG };
	struct device_test *d = test->priv;
	u8 zeros[64] = {};
	u64 value;
	int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		KUNIT_EXPECT_EQ_MSG(test, set(d, groups[i], 1, 0), -ENXIO, "%x", groups[i]);
		KUNIT_EXPECT_EQ_MSG(test, get(d, groups[i], 1, &value), -ENXIO, "%x", groups[i]);
		KUNIT_EXPECT_EQ_MSG(test, has(d, groups[i], 1), -ENXIO, "%x", groups[i]);
	}
	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		KUNIT_EXPECT_EQ_MSG(test, vintc_test_ioctl(d->file, ioctls[i], zeros, sizeof(zeros)),
				    -ENXIO, "%x", ioctls[i]);
	KUNIT_EXPECT_EQ(test, vintc_test_ioctl(d->file, KVM_SIGNAL_MSI, zeros, sizeof(zeros)), -ENOTTY);
	KUNIT_EXPECT_EQ(test, vintc_test_ioctl(d->file, KVM_RUN, zeros, sizeof(zeros)), -ENOTTY);
	KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
}

static void the_model_is_chosen_once(struct kunit *test)
{
	struct device_test *d = test->priv;
	struct device_test other = { .vm = d->vm, .file = vintc_test_vm_device(&d->vm) };
	u64 value;

	KUNIT_ASSERT_FALSE(test, IS_ERR(other.file));
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_MODEL, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS | 1ull << 32), -ENXIO);
	KUNIT_EXPECT_EQ(test, choose(d, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS + 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);

	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 1ull);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, vintc_device_find(d->vm.kvm), vintc_test_device_of(d->file));

	KUNIT_EXPECT_EQ(test, choose(&other, KVM_VINTC_MODEL_XICS), -EEXIST);
	KUNIT_EXPECT_EQ(test, get(&other, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);
	KUNIT_EXPECT_EQ(test, connect(&other, 0, 0), -ENXIO);
	vintc_test_put(other.file);
}

static void vcpu_ids_from_userspace_hazard10(struct kunit *test)
{
	static const u64 absent[] = { 1, 4, 6, KVM_MAX_VCPU_IDS - 1, KVM_MAX_VCPU_IDS, KVM_MAX_VCPU_IDS + 1,
				      U32_MAX, 1ull << 32, (1ull << 32) + 5, 1ull << 63, U64_MAX };
	struct device_test *d = test->priv;
	u64 value;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	for (i = 0; i < ARRAY_SIZE(absent); i++) {
		KUNIT_EXPECT_EQ_MSG(test, connect(d, absent[i], 0), -ENOENT, "%llx", absent[i]);
		KUNIT_EXPECT_EQ_MSG(test, get(d, KVM_VINTC_GRP_VCPU, absent[i], &value), -ENOENT, "%llx",
				    absent[i]);
		KUNIT_EXPECT_EQ_MSG(test, has(d, KVM_VINTC_GRP_VCPU, absent[i]), -ENXIO, "%llx", absent[i]);
	}
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 7), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 7), -EBUSY);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 8), -EBUSY);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 7), -EEXIST);
	KUNIT_EXPECT_EQ(test, connect(d, 0, KVM_MAX_VCPU_IDS), -EINVAL);
	KUNIT_EXPECT_EQ(test, connect(d, 0, U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 0, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, connect(d, 0, KVM_MAX_VCPU_IDS - 1), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 0, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, (u64)KVM_MAX_VCPU_IDS - 1);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 7ull);
}

static void nr_servers_bounds_later_connects(struct kunit *test)
{
	struct device_test *d = test->priv;

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

static void counters_are_read_only(struct kunit *test)
{
	struct device_test *d = test->priv;
	u64 value;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, 5ull << 32), 0l);
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, inject(d, SOURCE, 1), 0l);
	for (i = 0; i < KVM_VINTC_COUNTERS; i++) {
		KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_COUNTERS, i), 0l);
		KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_COUNTERS, i, &value), 0l);
		KUNIT_EXPECT_EQ_MSG(test, value, i == KVM_VINTC_COUNT_LINE ? 7ull : 0ull, "%d", i);
		KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_COUNTERS, i, 0), -EPERM);
	}
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_COUNTERS, i), -ENXIO);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_COUNTERS, i, &value), -ENXIO);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_COUNTERS, 1ull << 32, &value), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_COUNTERS, U64_MAX, 0), -ENXIO);
}

static void tokens_are_unique(struct kunit *test)
{
	struct device_test *d = test->priv;
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
	struct device_test *d = test->priv;
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
	struct device_test *d = test->priv;
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

/* ---- life and death ---- */

enum stage { CREATED, CHOSEN, CONNECTED, WITH_SOURCE, WITH_IRQFD, WITH_PENDING, STAGES };

static void reach(struct kunit *test, struct device_test *d, enum stage stage, struct vintc_test_eventfd *e)
{
	if (stage >= CHOSEN)
		KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	if (stage >= CONNECTED)
		KUNIT_EXPECT_EQ(test, connect(d, 5, 5), 0l);
	if (stage >= WITH_SOURCE)
		KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, 5ull << 32 | 5), 0l);
	if (stage >= WITH_IRQFD)
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e->fd, SOURCE), 0l);
	if (stage >= WITH_PENDING)
		eventfd_signal(e->ctx, 1);
}

/* The VM goes while its eventfds live, and are signalled still. */
static void destroyed_at_every_stage_hazard05(struct kunit *test)
{
	struct device_test *d = test->priv;
	struct vintc_test_eventfd e;
	enum stage stage;

	vintc_test_eventfd_open(test, &e);
	for (stage = CREATED; stage < STAGES; stage++) {
		struct kvm *kvm;

		make_anew(test, d);
		kvm = d->vm.kvm;
		reach(test, d, stage, &e);
		put_all(d);
		KUNIT_EXPECT_NULL(test, vintc_device_find(kvm));
		eventfd_signal(e.ctx, 1);
	}
	vintc_test_eventfd_close(&e);
}

/* The device's own fd is closed, and the VM lives on with it. */
static void closing_the_fd_changes_nothing_hazard02(struct kunit *test)
{
	struct device_test *d = test->priv;
	struct vintc_device *dev = vintc_test_device_of(d->file);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	reach(test, d, WITH_IRQFD, &e);
	vintc_test_put(d->file);
	d->file = NULL;
	KUNIT_EXPECT_PTR_EQ(test, vintc_device_find(d->vm.kvm), dev);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(dev), 1ull);
	/* There is one for the VM, and this is it. */
	d->file = vintc_test_vm_device(&d->vm);
	KUNIT_EXPECT_FALSE(test, IS_ERR(d->file));
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), -EEXIST);
	vintc_test_eventfd_close(&e);
}

/* KVM frees it as it frees any vCPU, and it may have the index of another. */
static void a_vcpu_that_cannot_be_made_changes_nothing(struct kunit *test)
{
	struct device_test *d = test->priv;
	struct kvm_vcpu *half_made = vintc_test_vcpu(test);
	struct vintc_device *dev = vintc_test_device_of(d->file);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	reach(test, d, CHOSEN, &e);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 5), 0l);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, 5ull << 32), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, SOURCE), 0l);
	KUNIT_EXPECT_LT(test, vfs_ioctl(d->vm.file, KVM_CREATE_VCPU, 0), 0l);
	KUNIT_EXPECT_LT(test, vfs_ioctl(d->vm.file, KVM_CREATE_VCPU, 5), 0l);
	KUNIT_EXPECT_LT(test, vfs_ioctl(d->vm.file, KVM_CREATE_VCPU, KVM_MAX_VCPU_IDS), 0l);
	half_made->kvm = d->vm.kvm;
	for (half_made->vcpu_idx = 0; half_made->vcpu_idx < 3; half_made->vcpu_idx++)
		vintc_device_vcpu_gone(half_made);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(dev), 1ull);
	vintc_test_eventfd_close(&e);
}

static void a_device_holds_the_module_hazard09(struct kunit *test)
{
	struct device_test *d = test->priv;
	int users = module_refcount(THIS_MODULE);
	struct file *another = vintc_test_vm_device(&d->vm);

	KUNIT_ASSERT_FALSE(test, IS_ERR(another));
	KUNIT_EXPECT_GT(test, module_refcount(THIS_MODULE), users);
	vintc_test_put(another);
	/* With the VM, not with its fd. */
	KUNIT_EXPECT_GT(test, module_refcount(THIS_MODULE), users);
}

/* ---- allocations that fail ---- */

/* The ioctl, with its allocations, KVM's and ours, failing in turn. */
static bool create_failing(struct kunit *test, struct device_test *d, unsigned int nth, unsigned int *refused)
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
	struct device_test *d = test->priv;
	unsigned int nth = 1, refused = 0;

	while (create_failing(test, d, nth, &refused))
		nth++;
	/* At least KVM's device and ours, the file that pins the module, and the fd's file. */
	KUNIT_EXPECT_GE(test, refused, 4u);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
}

/*
 * Sets an attribute of a fresh device with the nth allocation failing. ENOMEM,
 * or done: the kernel's debug code allocates too, and bears it.
 */
static bool set_failing(struct kunit *test, u32 group, u64 attr, unsigned long addr, unsigned int nth,
			long *result)
{
	struct kvm_device_attr a = { .group = group, .attr = attr, .addr = addr };
	struct device_test *d = test->priv;
	bool failed;

	vintc_test_fail_nth(nth);
	*result = vintc_set_attr(d->file->private_data, &a);
	failed = vintc_test_fail_over();
	KUNIT_EXPECT_TRUE_MSG(test, !*result || (failed && *result == -ENOMEM), "%ld", *result);
	return failed;
}

static bool choose_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct device_test *d = test->priv;
	bool failed;
	long r;

	make_anew(test, d);
	failed = set_failing(test, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, 0, nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
		KUNIT_EXPECT_EQ(test, connect(d, 0, 0), -ENXIO);
		KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	}
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	return failed;
}

static void choose_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (choose_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, 1u);
}

static bool connect_failing(struct kunit *test, unsigned long number, unsigned int nth,
			    unsigned int *refused)
{
	struct device_test *d = test->priv;
	bool failed;
	u64 value;
	long r;

	make_anew(test, d);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	failed = set_failing(test, KVM_VINTC_GRP_VCPU, 5, number, nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
		/* Nothing is connected, or this were refused; and the number is free. */
		KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, 12), 0l);
		KUNIT_EXPECT_EQ(test, connect(d, 5, 11), 0l);
	}
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 11ull);
	return failed;
}

static void connect_without_memory_hazard05(struct kunit *test)
{
	unsigned long number = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	unsigned int nth = 1, refused = 0;

	KUNIT_ASSERT_EQ(test, put_user(11u, (u32 __user *)number), 0);
	while (connect_failing(test, number, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 2u, "the chunk of servers, and the ICP");
}

/* Also the vCPU's slot, for which one failure is not enough: the XArray tries twice. */
static void connect_without_any_memory_hazard05(struct kunit *test)
{
	unsigned long number = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	struct kvm_device_attr a = { .group = KVM_VINTC_GRP_VCPU, .attr = 5, .addr = number };
	struct device_test *d = test->priv;
	u64 value;
	int r;

	KUNIT_ASSERT_EQ(test, put_user(11u, (u32 __user *)number), 0);
	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	vintc_test_fail_all(true);
	r = vintc_set_attr(d->file->private_data, &a);
	vintc_test_fail_all(false);
	KUNIT_EXPECT_EQ(test, r, -ENOMEM);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, 12), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 11), 0l);
}

static bool set_source_failing(struct kunit *test, unsigned long attr, unsigned int nth,
			       unsigned int *refused)
{
	struct device_test *d = test->priv;
	bool failed;
	u64 value;
	long r;

	make_anew(test, d);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_XICS), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	failed = set_failing(test, KVM_DEV_XICS_GRP_SOURCES, SOURCE, attr, nth, &r);
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

static struct kunit_case device_cases[] = {
	KUNIT_CASE(nothing_works_before_the_model_hazard15),
	KUNIT_CASE(the_model_is_chosen_once),
	KUNIT_CASE(vcpu_ids_from_userspace_hazard10),
	KUNIT_CASE(nr_servers_bounds_later_connects),
	KUNIT_CASE(counters_are_read_only),
	KUNIT_CASE(tokens_are_unique),
	KUNIT_CASE(unreadable_memory_is_efault),
	KUNIT_CASE(setting_again_and_again_hazard06),
	KUNIT_CASE(destroyed_at_every_stage_hazard05),
	KUNIT_CASE(closing_the_fd_changes_nothing_hazard02),
	KUNIT_CASE(a_vcpu_that_cannot_be_made_changes_nothing),
	KUNIT_CASE(a_device_holds_the_module_hazard09),
	KUNIT_CASE(create_without_memory_hazard08),
	KUNIT_CASE(choose_without_memory_hazard05),
	KUNIT_CASE(connect_without_memory_hazard05),
	KUNIT_CASE(connect_without_any_memory_hazard05),
	KUNIT_CASE(set_source_without_memory_hazard05),
	{}
};

static struct kunit_suite device_suite = {
	.name = "vintc_device",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = device_init,
	.exit = device_exit,
	.test_cases = device_cases,
};

kunit_test_suite(device_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* The KVM device of any model, in a real VM: its choice, its connects, its life. */
#include <linux/eventfd.h>
#include <linux/module.h>

#include "device.h"

#define MODEL	(vintc_test_model.model->id)

static void nothing_works_before_the_model_hazard15(struct kunit *test)
{
	static const u32 groups[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, KVM_VINTC_GRP_VCPU, KVM_VINTC_GRP_RTAS,
				      KVM_VINTC_GRP_COUNTERS, KVM_VINTC_GRP_FEATURES,
				      KVM_VINTC_GRP_COMMANDS, U32_MAX };
	static const unsigned int ioctls[] = { KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS, KVM_IRQFD,
					       KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST,
					       KVM_SET_GSI_ROUTING, KVM_SIGNAL_MSI, KVM_VINTC_GET_STATE,
					       KVM_VINTC_SET_STATE, KVM_VINTC_COMMAND };
	struct vintc_test_device *d = test->priv;
	u8 zeros[96] = {};
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
	KUNIT_EXPECT_EQ(test, vintc_test_ioctl(d->file, KVM_RUN, zeros, sizeof(zeros)), -ENOTTY);
	KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
}

static void the_model_is_chosen_once(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_device other = { .vm = d->vm, .file = vintc_test_vm_device(&d->vm) };
	u64 value;

	KUNIT_ASSERT_FALSE(test, IS_ERR(other.file));
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_MODEL, MODEL), 0l);
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_MODEL, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, has(d, KVM_VINTC_GRP_MODEL, MODEL | 1ull << 32), -ENXIO);
	KUNIT_EXPECT_EQ(test, choose(d, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, choose(d, MODEL + 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_VINTC_GRP_MODEL, MODEL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_MODEL, MODEL, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);

	KUNIT_EXPECT_EQ(test, choose(d, MODEL), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_MODEL, MODEL, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 1ull);
	KUNIT_EXPECT_EQ(test, choose(d, MODEL), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, vintc_device_find(d->vm.kvm), vintc_test_device_of(d->file));

	KUNIT_EXPECT_EQ(test, choose(&other, MODEL), -EEXIST);
	KUNIT_EXPECT_EQ(test, get(&other, KVM_VINTC_GRP_MODEL, MODEL, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);
	KUNIT_EXPECT_EQ(test, connect(&other, 0, 0), -ENXIO);
	vintc_test_put(other.file);
}

static void vcpu_ids_from_userspace_hazard10(struct kunit *test)
{
	static const u64 absent[] = { 1, 4, 6, KVM_MAX_VCPU_IDS - 1, KVM_MAX_VCPU_IDS, KVM_MAX_VCPU_IDS + 1,
				      U32_MAX, 1ull << 32, (1ull << 32) + 5, 1ull << 63, U64_MAX };
	struct vintc_test_device *d = test->priv;
	u64 value;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, MODEL), 0l);
	for (i = 0; i < ARRAY_SIZE(absent); i++) {
		KUNIT_EXPECT_EQ_MSG(test, connect(d, absent[i], 0), -ENOENT, "%llx", absent[i]);
		KUNIT_EXPECT_EQ_MSG(test, get(d, KVM_VINTC_GRP_VCPU, absent[i], &value), -ENOENT, "%llx",
				    absent[i]);
		KUNIT_EXPECT_EQ_MSG(test, has(d, KVM_VINTC_GRP_VCPU, absent[i]), -ENXIO, "%llx", absent[i]);
	}
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 3), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 3), -EBUSY);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 4), -EBUSY);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 3), -EEXIST);
	KUNIT_EXPECT_EQ(test, connect(d, 0, vintc_test_model.numbers), -EINVAL);
	KUNIT_EXPECT_EQ(test, connect(d, 0, U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 0, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, connect(d, 0, vintc_test_model.numbers - 1), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 0, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, (u64)vintc_test_model.numbers - 1);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 3ull);
}

static void counters_are_read_only(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 value;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, MODEL), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 5), 0l);
	KUNIT_EXPECT_EQ(test, vintc_test_model.make_interrupt(d), 0l);
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, inject(d, vintc_test_model.line, 1), 0l);
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

/* ---- life and death ---- */

enum stage { CREATED, CHOSEN, CONNECTED, WITH_INTERRUPT, WITH_IRQFD, WITH_PENDING, STAGES };

static void reach(struct kunit *test, struct vintc_test_device *d, enum stage stage,
		  struct vintc_test_eventfd *e)
{
	if (stage >= CHOSEN)
		KUNIT_EXPECT_EQ(test, choose(d, MODEL), 0l);
	if (stage >= CONNECTED)
		KUNIT_EXPECT_EQ(test, connect(d, 5, 5), 0l);
	if (stage >= WITH_INTERRUPT)
		KUNIT_EXPECT_EQ(test, vintc_test_model.make_interrupt(d), 0l);
	if (stage >= WITH_IRQFD)
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e->fd, vintc_test_model.gsi, 0), 0l);
	if (stage >= WITH_PENDING)
		eventfd_signal(e->ctx, 1);
}

/* The VM goes while its eventfds live, and are signalled still. */
static void destroyed_at_every_stage_hazard05(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e;
	enum stage stage;

	vintc_test_eventfd_open(test, &e);
	for (stage = CREATED; stage < STAGES; stage++) {
		struct kvm *kvm;

		vintc_test_device_anew(test, d);
		kvm = d->vm.kvm;
		reach(test, d, stage, &e);
		vintc_test_device_put(d);
		KUNIT_EXPECT_NULL(test, vintc_device_find(kvm));
		eventfd_signal(e.ctx, 1);
	}
	vintc_test_eventfd_close(&e);
}

/* The device's own fd is closed, and the VM lives on with it. */
static void closing_the_fd_changes_nothing_hazard02(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
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
	KUNIT_EXPECT_EQ(test, choose(d, MODEL), -EEXIST);
	vintc_test_eventfd_close(&e);
}

static void a_device_holds_the_module_hazard09(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	int users = module_refcount(THIS_MODULE);
	struct file *another = vintc_test_vm_device(&d->vm);

	KUNIT_ASSERT_FALSE(test, IS_ERR(another));
	KUNIT_EXPECT_GT(test, module_refcount(THIS_MODULE), users);
	vintc_test_put(another);
	/* With the VM, not with its fd. */
	KUNIT_EXPECT_GT(test, module_refcount(THIS_MODULE), users);
}

static struct kunit_case device_cases[] = {
	KUNIT_CASE(nothing_works_before_the_model_hazard15),
	KUNIT_CASE(the_model_is_chosen_once),
	KUNIT_CASE(vcpu_ids_from_userspace_hazard10),
	KUNIT_CASE(counters_are_read_only),
	KUNIT_CASE(destroyed_at_every_stage_hazard05),
	KUNIT_CASE(closing_the_fd_changes_nothing_hazard02),
	KUNIT_CASE(a_device_holds_the_module_hazard09),
	{}
};

static struct kunit_suite device_suite = {
	.name = "vintc_device",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = device_cases,
};

kunit_test_suite(device_suite);

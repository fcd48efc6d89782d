// SPDX-License-Identifier: GPL-2.0-only
/* The arm64 host port: taking and giving back KVM's functions, by each mechanism. */
#include <linux/module.h>

#include "../../../../arch/arm64/kvm/vintc/arm64.h"
#include "gicv2.h"

static const int mechanisms[] = { VINTC_ARM64_HOOK, VINTC_ARM64_TRACEPOINT, VINTC_ARM64_USERSPACE };

static int (*run_pid_change)(struct kvm_vcpu *vcpu);

static int host_up(struct kunit_suite *suite)
{
	run_pid_change = vintc_test_symbol("kvm_arch_vcpu_run_pid_change");
	return run_pid_change ? vintc_test_up(suite) : -ENOENT;
}

/* What KVM calls before the first run of a vCPU. Hooked: it is refused. */
static int first_run(struct vintc_test_device *d)
{
	return run_pid_change(vcpu_of(d, 0));
}

/* Whatever the mechanism, the first run is hooked, and no longer than it lasts. */
static void each_mechanism_hooks_the_first_run(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	int i, round;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	for (round = 0; round < 2; round++)
		for (i = 0; i < ARRAY_SIZE(mechanisms); i++) {
			vintc_arm64_entry_detach();
			KUNIT_ASSERT_EQ(test, vintc_arm64_entry_attach(mechanisms[i]), mechanisms[i]);
			KUNIT_EXPECT_EQ(test, first_run(d), -ENXIO);
		}
	vintc_arm64_entry_detach();
	KUNIT_EXPECT_EQ(test, first_run(d), 0);
	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
}

static void auto_takes_the_best(struct kunit *test)
{
	vintc_arm64_entry_detach();
	KUNIT_EXPECT_EQ(test, vintc_arm64_entry_attach(VINTC_ARM64_MECHANISMS), (int)VINTC_ARM64_HOOK);
	vintc_arm64_entry_detach();
	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
}

/* An attach that failed leaves nothing hooked. */
static bool attach_failing(struct kunit *test, int mechanism, unsigned int nth, unsigned int *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	int r;

	vintc_test_fail_nth(nth);
	r = vintc_arm64_entry_attach(mechanism);
	failed = vintc_test_fail_over();
	if (r < 0) {
		++*refused;
		KUNIT_EXPECT_TRUE(test, failed);
		KUNIT_EXPECT_TRUE_MSG(test, r == -ENOMEM || r == -ENOENT, "%d", r);
		KUNIT_EXPECT_EQ(test, first_run(d), 0);
	} else {
		KUNIT_EXPECT_EQ(test, r, mechanism);
		KUNIT_EXPECT_EQ(test, first_run(d), -ENXIO);
		vintc_arm64_entry_detach();
	}
	return failed;
}

static void attach_without_memory_hazard05(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	vintc_arm64_entry_detach();
	/* The last does less than the one before, and nothing else. */
	for (i = 0; i < ARRAY_SIZE(mechanisms) - 1; i++) {
		unsigned int nth = 1, refused = 0;

		while (attach_failing(test, mechanisms[i], nth, &refused))
			nth++;
		KUNIT_EXPECT_GT_MSG(test, refused, 0u, "%d", mechanisms[i]);
	}
	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
}

/* Loaded or not, a VM with an in-tree GIC does not notice. */
static void a_vm_with_an_in_tree_gic_is_let_alone(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 init = 0, dist = 0x08000000, redist = 0x080a0000;
	struct file *vgic = in_tree_gicv3(d);
	long r;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vgic));
	r = vintc_test_attr(vgic, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_ADDR,
			    KVM_VGIC_V3_ADDR_TYPE_DIST, &dist, sizeof(dist));
	r = r ?: vintc_test_attr(vgic, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_ADDR,
				 KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist, sizeof(redist));
	r = r ?: vintc_test_attr(vgic, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_CTRL,
				 KVM_DEV_ARM_VGIC_CTRL_INIT, &init, sizeof(init));
	KUNIT_EXPECT_EQ(test, r, 0l);
	/* KVM itself is lost with a vCPU whose id is not its index. */
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	vintc_test_put(vgic);
}

static void offers_gicv2_only(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, vintc_host.offers(&vintc_model_gicv2));
	KUNIT_EXPECT_FALSE(test, vintc_host.offers(&vintc_model_xics));
}

static struct kunit_case host_cases[] = {
	KUNIT_CASE(each_mechanism_hooks_the_first_run),
	KUNIT_CASE(auto_takes_the_best),
	KUNIT_CASE(attach_without_memory_hazard05),
	KUNIT_CASE(a_vm_with_an_in_tree_gic_is_let_alone),
	KUNIT_CASE(offers_gicv2_only),
	{}
};

static struct kunit_suite host_suite = {
	.name = "vintc_host",
	.suite_init = host_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = host_cases,
};

kunit_test_suite(host_suite);

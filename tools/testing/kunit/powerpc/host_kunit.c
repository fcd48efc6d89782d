// SPDX-License-Identifier: GPL-2.0-only
/* The POWER host port: taking kvm-hv's table of functions, and giving it back. */
#include <linux/module.h>
#include <asm/kvm_ppc.h>

#include "../fixture.h"

static void detach_gives_back_what_was_there(struct kunit *test)
{
	struct kvmppc_ops *original = kvmppc_hv_ops;
	int i, users = module_refcount(original->owner);

	for (i = 0; i < 3; i++) {
		KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
		KUNIT_EXPECT_PTR_NE(test, kvmppc_hv_ops, original);
		KUNIT_EXPECT_EQ(test, module_refcount(original->owner), users + 1);
		vintc_host.detach();
		KUNIT_EXPECT_PTR_EQ(test, kvmppc_hv_ops, original);
		KUNIT_EXPECT_EQ(test, module_refcount(original->owner), users);
	}
}

/* A function that we do not name is kvm-hv's, also one that we never heard of. */
static void only_three_functions_are_ours(struct kunit *test)
{
	struct kvmppc_ops *original = kvmppc_hv_ops, ours;

	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
	ours = *kvmppc_hv_ops;
	KUNIT_EXPECT_PTR_EQ(test, ours.owner, THIS_MODULE);
	KUNIT_EXPECT_PTR_NE(test, ours.vcpu_run, original->vcpu_run);
	KUNIT_EXPECT_PTR_NE(test, ours.get_one_reg, original->get_one_reg);
	KUNIT_EXPECT_PTR_NE(test, ours.set_one_reg, original->set_one_reg);
	vintc_host.detach();

	ours.owner = original->owner;
	ours.vcpu_run = original->vcpu_run;
	ours.get_one_reg = original->get_one_reg;
	ours.set_one_reg = original->set_one_reg;
	KUNIT_EXPECT_EQ(test, memcmp(&ours, original, sizeof(ours)), 0);
}

static void attach_is_refused_while_vms_exist(struct kunit *test)
{
	struct kvmppc_ops *original = kvmppc_hv_ops;
	struct vintc_test_vm vm;
	int users = module_refcount(original->owner);

	vintc_test_vm_create(test, &vm);
	KUNIT_EXPECT_EQ(test, vintc_host.attach(), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, kvmppc_hv_ops, original);
	KUNIT_EXPECT_EQ(test, module_refcount(original->owner), users + 1);
	vintc_test_vm_put(&vm);
	KUNIT_EXPECT_EQ(test, module_refcount(original->owner), users);
	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
	vintc_host.detach();
}

static bool attach_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct kvmppc_ops *original = kvmppc_hv_ops;
	int r, users = module_refcount(original->owner);
	bool failed;

	vintc_test_fail_nth(nth);
	r = vintc_host.attach();
	failed = vintc_test_fail_over();

	if (!r) {
		vintc_host.detach();
		return failed;
	}
	++*refused;
	KUNIT_EXPECT_TRUE(test, failed);
	KUNIT_EXPECT_EQ(test, r, -ENOMEM);
	KUNIT_EXPECT_PTR_EQ(test, kvmppc_hv_ops, original);
	KUNIT_EXPECT_EQ(test, module_refcount(original->owner), users);
	return failed;
}

static void attach_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (attach_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ(test, refused, 1u);
}

static void vms_hold_the_module_hazard09(struct kunit *test)
{
	int users = module_refcount(THIS_MODULE);
	struct vintc_test_vm vm;

	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
	vintc_test_vm_create(test, &vm);
	KUNIT_EXPECT_PTR_EQ(test, vm.kvm->arch.kvm_ops, kvmppc_hv_ops);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), users + 1);
	KUNIT_EXPECT_EQ(test, vintc_host.admit(vm.kvm, &vintc_model_xics), 0);
	vintc_test_vm_put(&vm);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), users);
	vintc_host.detach();
}

static void a_vm_without_our_functions_is_not_admitted(struct kunit *test)
{
	struct kvm *kvm = kunit_kzalloc(test, sizeof(*kvm), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, kvm);
	kvm->arch.kvm_ops = kvmppc_hv_ops;
	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
	KUNIT_EXPECT_EQ(test, vintc_host.admit(kvm, &vintc_model_xics), -ENXIO);
	vintc_host.detach();
}

static void offers_xics_only(struct kunit *test)
{
	struct vintc_model other = vintc_model_xics;

	KUNIT_EXPECT_TRUE(test, vintc_host.offers(&vintc_model_xics));
	other.id = KVM_VINTC_MODEL_XICS + 1;
	KUNIT_EXPECT_FALSE(test, vintc_host.offers(&other));
}

static struct kunit_case host_cases[] = {
	KUNIT_CASE(detach_gives_back_what_was_there),
	KUNIT_CASE(only_three_functions_are_ours),
	KUNIT_CASE(attach_is_refused_while_vms_exist),
	KUNIT_CASE(attach_without_memory_hazard05),
	KUNIT_CASE(vms_hold_the_module_hazard09),
	KUNIT_CASE(a_vm_without_our_functions_is_not_admitted),
	KUNIT_CASE(offers_xics_only),
	{}
};

static struct kunit_suite host_suite = {
	.name = "vintc_host",
	.suite_init = vintc_test_up_detached,
	.suite_exit = vintc_test_down_detached,
	.init = vintc_test_use_user,
	.exit = vintc_test_unuse_user,
	.test_cases = host_cases,
};

kunit_test_suite(host_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* The GICv2 model of the KVM device, in a real VM: from its choice to the first run. */
#include <linux/eventfd.h>
#include <linux/sizes.h>
#include <asm/kvm_mmu.h>

#include "gicv2.h"

#define DIST	KVM_VGIC_V2_ADDR_TYPE_DIST
#define CPU	KVM_VGIC_V2_ADDR_TYPE_CPU

static long set_irqs(struct vintc_test_device *d, u32 irqs)
{
	return set(d, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, irqs);
}

static void number_of_interrupts(struct kunit *test)
{
	static const u32 refused[] = { 0, 32, 63, 65, 96 + 1, 1056, 1u << 31, U32_MAX };
	struct vintc_test_device *d = test->priv;
	u64 value;
	int i;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		KUNIT_EXPECT_EQ_MSG(test, set_irqs(d, refused[i]), -EINVAL, "%u", refused[i]);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 1, 64), -ENXIO);
	KUNIT_EXPECT_EQ(test, set_irqs(d, 1024), 0l);
	KUNIT_EXPECT_EQ(test, set_irqs(d, 1024), -EBUSY);
	KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 1024ull);
	KUNIT_EXPECT_EQ(test, place_frames(d) ?: init(d), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(1019), 1), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(1020), 1), -EINVAL);
}

static void addresses_of_the_frames(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 end = kvm_phys_size(d->vm.kvm), value;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_ARM_VGIC_GRP_ADDR, DIST, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, U64_MAX);
	KUNIT_EXPECT_EQ(test, place(d, 2, GICD_BASE), -ENXIO);
	KUNIT_EXPECT_EQ(test, place(d, DIST, GICD_BASE + 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, place(d, DIST, end), -E2BIG);
	KUNIT_EXPECT_EQ(test, place(d, CPU, end - SZ_4K), -E2BIG);
	KUNIT_EXPECT_LT(test, place(d, CPU, U64_MAX - SZ_4K + 1), 0l);
	KUNIT_EXPECT_EQ(test, place(d, CPU, GICC_BASE), 0l);
	KUNIT_EXPECT_EQ(test, place(d, CPU, GICC_BASE), -EEXIST);
	KUNIT_EXPECT_EQ(test, place(d, DIST, GICC_BASE + SZ_4K), -EINVAL);
	KUNIT_EXPECT_EQ(test, place(d, DIST, end - SZ_4K), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_ARM_VGIC_GRP_ADDR, DIST, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, end - SZ_4K);
}

static void before_it_is_initialised_nothing_flows_hazard15(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e;
	u64 value;

	vintc_test_eventfd_open(test, &e);
	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(40), 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, 8, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR, &value), -ENXIO);
	KUNIT_EXPECT_EQ(test, set(d, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, GICC_PMR, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, get(d, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0, &value), -ENXIO);
	KUNIT_EXPECT_EQ(test, init(d), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(40), 1), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, 8, 0), 0l);
	KUNIT_EXPECT_EQ(test, init(d), 0l);
	KUNIT_EXPECT_EQ(test, set_irqs(d, 64), -EBUSY);
	vintc_test_eventfd_close(&e);
}

/* What a first run is told, from the VM's beginning until the device is complete. */
static void the_gate_of_the_first_run(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct file *late;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, run(d, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0), 0l);
	KUNIT_EXPECT_EQ(test, run(d, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, place(d, DIST, GICD_BASE), 0l);
	KUNIT_EXPECT_EQ(test, init(d), 0l);
	KUNIT_EXPECT_EQ(test, run(d, 0), -ENXIO);
	KUNIT_EXPECT_EQ(test, place(d, CPU, GICC_BASE), 0l);
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	KUNIT_EXPECT_EQ(test, run(d, 1), -EINTR);
	/* One that comes later has no CPU interface. */
	late = vintc_test_vm_vcpu(test, &d->vm, 2);
	KUNIT_ASSERT_NOT_NULL(test, late);
	vintc_test_put(d->vcpu[1]);
	d->vcpu[1] = late;
	KUNIT_EXPECT_EQ(test, run(d, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, connect(d, 2, 2), -EBUSY);
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
}

static void a_vcpu_that_has_run_is_ebusy(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 value;

	KUNIT_EXPECT_EQ(test, run(d, 1), -EINTR);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), -EBUSY);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 0ull);
	KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
	/* The VM goes on as if nothing had been. */
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	KUNIT_EXPECT_EQ(test, run(d, 1), -EINTR);
}

static void a_vcpu_that_runs_is_ebusy(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vcpu_holder holder;

	hold_vcpu(test, &holder, vcpu_of(d, 1));
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), -EBUSY);
	KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
	release_vcpu(&holder);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
}

static void an_in_tree_gic_before_is_eexist(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct file *vgic = in_tree_gicv3(d);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(vgic), "%ld", PTR_ERR(vgic));
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), -EEXIST);
	KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
	vintc_test_put(vgic);
}

static void an_in_tree_gic_after_is_eexist_at_run(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct file *vgic;

	make_gicv2(test, d);
	vgic = in_tree_gicv3(d);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(vgic), "%ld", PTR_ERR(vgic));
	KUNIT_EXPECT_EQ(test, run(d, 0), -EEXIST);
	KUNIT_EXPECT_EQ(test, run(d, 1), -EEXIST);
	vintc_test_put(vgic);
}

/* CTRL_INIT connects who is not connected, or nobody. */
static void init_connects_all_or_none(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	u64 value;

	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	/* That is where vCPU 5, the VM's second, would go. */
	KUNIT_EXPECT_EQ(test, connect(d, 0, 1), 0l);
	KUNIT_EXPECT_EQ(test, init(d), -ENXIO);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 5, &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 7), 0l);
	KUNIT_EXPECT_EQ(test, init(d), 0l);
	KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_VCPU, 0, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, 1ull);
}

/* KASAN and kmemleak watch the end of what was not completed. */
static void destroyed_half_way_hazard05(struct kunit *test)
{
	enum { IRQS = 1, ONE_ADDRESS = 2, BOTH = 4, CONNECTED = 8, INIT = 16, ALL = 32 };
	struct vintc_test_device *d = test->priv;
	int done;

	for (done = 0; done < ALL; done++) {
		vintc_test_device_anew(test, d);
		KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
		if (done & IRQS)
			KUNIT_EXPECT_EQ(test, set_irqs(d, 64), 0l);
		if (done & (ONE_ADDRESS | BOTH))
			KUNIT_EXPECT_EQ(test, place(d, CPU, GICC_BASE), 0l);
		if (done & BOTH)
			KUNIT_EXPECT_EQ(test, place(d, DIST, GICD_BASE), 0l);
		if (done & CONNECTED)
			KUNIT_EXPECT_EQ(test, connect(d, 5, 2), 0l);
		if (done & INIT)
			KUNIT_EXPECT_EQ(test, init(d), 0l);
		KUNIT_EXPECT_EQ(test, run(d, 0), done & INIT && done & BOTH ? -EINTR : -ENXIO);
	}
}

/* kmemleak finds what one of many would leave. */
static void setting_again_and_again_hazard06(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_eventfd e;
	int i;

	vintc_test_eventfd_open(test, &e);
	make_gicv2(test, d);
	for (i = 0; i < 200; i++) {
		KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), -EBUSY);
		KUNIT_EXPECT_EQ(test, connect(d, 0, 0), -EBUSY);
		KUNIT_EXPECT_EQ(test, place(d, DIST, GICD_BASE), -EEXIST);
		KUNIT_EXPECT_EQ(test, set_irqs(d, 64), -EBUSY);
		KUNIT_EXPECT_EQ(test, init(d), 0l);
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, i, 0), 0l);
		KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, i, KVM_IRQFD_FLAG_DEASSIGN), 0l);
	}
	vintc_test_eventfd_close(&e);
}

static struct kunit_case gicv2_device_cases[] = {
	KUNIT_CASE(number_of_interrupts),
	KUNIT_CASE(addresses_of_the_frames),
	KUNIT_CASE(before_it_is_initialised_nothing_flows_hazard15),
	KUNIT_CASE(the_gate_of_the_first_run),
	KUNIT_CASE(a_vcpu_that_has_run_is_ebusy),
	KUNIT_CASE(a_vcpu_that_runs_is_ebusy),
	KUNIT_CASE(an_in_tree_gic_before_is_eexist),
	KUNIT_CASE(an_in_tree_gic_after_is_eexist_at_run),
	KUNIT_CASE(init_connects_all_or_none),
	KUNIT_CASE(destroyed_half_way_hazard05),
	KUNIT_CASE(setting_again_and_again_hazard06),
	{}
};

static struct kunit_suite gicv2_device_suite = {
	.name = "vintc_gicv2_device",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = gicv2_device_cases,
};

kunit_test_suite(gicv2_device_suite);

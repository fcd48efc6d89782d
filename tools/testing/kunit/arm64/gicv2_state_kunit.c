// SPDX-License-Identifier: GPL-2.0-only
/* The GICv2's state as attributes: who may have it when, and what it does to injection. */
#include <linux/kthread.h>

#include "gicv2.h"

#define DIST	KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CPU	KVM_DEV_ARM_VGIC_GRP_CPU_REGS
#define INFO	KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO

/* An attribute of LEVEL_INFO. */
#define of_info(what, intid)	((what) << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT | (intid))

static int state_init(struct kunit *test)
{
	int r = vintc_test_device_init(test);

	if (!r)
		make_gicv2(test, test->priv);
	return r;
}

static const struct { u32 group; u64 attr; } places[] = {
	{ DIST, GICD_CTLR }, { DIST, GICD_IPRIORITYR + 40 }, { DIST, of_cpu(1, GICD_ISENABLER) },
	{ CPU, GICC_PMR }, { CPU, of_cpu(1, GICC_CTLR) },
	{ INFO, of_info(VGIC_LEVEL_INFO_LINE_LEVEL, 32) }, { INFO, of_info(KVM_VINTC_GIC_INFO_LATCH, 64) },
};

static void no_vcpu_is_locked(struct kunit *test, struct vintc_test_device *d)
{
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&vcpu_of(d, 0)->mutex));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&vcpu_of(d, 1)->mutex));
}

/* Whichever of the vCPUs it is, and the others can run afterwards. */
static void state_of_a_running_vm_is_ebusy_hazard24(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vcpu_holder holder;
	u64 value;
	int i, held;

	for (held = 0; held < 2; held++) {
		hold_vcpu(test, &holder, vcpu_of(d, held));
		for (i = 0; i < ARRAY_SIZE(places); i++) {
			KUNIT_EXPECT_EQ_MSG(test, get(d, places[i].group, places[i].attr, &value), -EBUSY,
					    "%d", i);
			KUNIT_EXPECT_EQ_MSG(test, set(d, places[i].group, places[i].attr, 0), -EBUSY,
					    "%d", i);
			KUNIT_EXPECT_EQ(test, has(d, places[i].group, places[i].attr), 0l);
			KUNIT_EXPECT_FALSE(test, mutex_is_locked(&vcpu_of(d, !held)->mutex));
		}
		/* Interrupts do not wait for it. */
		KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(40), held), 0l);
		release_vcpu(&holder);
		for (i = 0; i < ARRAY_SIZE(places); i++)
			KUNIT_EXPECT_EQ(test, get(d, places[i].group, places[i].attr, &value), 0l);
		no_vcpu_is_locked(test, d);
	}
}

static void places_that_are_none(struct kunit *test)
{
	static const struct { u32 group; u64 attr; long expected; } none[] = {
		{ DIST, 0x010, -ENXIO }, { DIST, 0xffc, -ENXIO }, { DIST, 0x1000, -ENXIO }, { DIST, 2, -ENXIO },
		{ DIST, GICD_SGIR, -ENXIO }, { DIST, of_cpu(2, GICD_CTLR), -EINVAL },
		{ DIST, of_cpu(255, GICD_CTLR), -EINVAL }, { DIST, 1ull << 40, -EINVAL },
		{ CPU, GICC_IAR, -ENXIO }, { CPU, GICC_EOIR, -ENXIO }, { CPU, of_cpu(8, GICC_PMR), -EINVAL },
		{ INFO, of_info(3, 32), -EINVAL }, { 4 + CPU, 0, -ENXIO }, { U32_MAX, 0, -ENXIO },
	};
	struct vintc_test_device *d = test->priv;
	u64 value;
	int i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		KUNIT_EXPECT_EQ_MSG(test, get(d, none[i].group, none[i].attr, &value), none[i].expected, "%d", i);
		KUNIT_EXPECT_EQ_MSG(test, set(d, none[i].group, none[i].attr, 0), none[i].expected, "%d", i);
		KUNIT_EXPECT_EQ_MSG(test, has(d, none[i].group, none[i].attr), none[i].expected, "%d", i);
	}
	/* These are no interrupts of this GIC, which has() need not know. */
	KUNIT_EXPECT_EQ(test, get(d, INFO, of_info(0, 33), &value), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(d, INFO, of_info(0, 256), 0), -EINVAL);
	no_vcpu_is_locked(test, d);
}

static void unreadable_memory_is_efault(struct kunit *test)
{
	static const u64 addresses[] = { 0, 1ull << 63, U64_MAX - 3 };
	struct vintc_test_device *d = test->priv;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		for (j = 0; j < ARRAY_SIZE(addresses); j++) {
			struct kvm_device_attr attr = { .group = places[i].group, .attr = places[i].attr,
							.addr = addresses[j] };

			KUNIT_EXPECT_EQ(test, vintc_test_ioctl(d->file, KVM_GET_DEVICE_ATTR, &attr,
							       sizeof(attr)), -EFAULT);
			KUNIT_EXPECT_EQ(test, vintc_test_ioctl(d->file, KVM_SET_DEVICE_ATTR, &attr,
							       sizeof(attr)), -EFAULT);
		}
	no_vcpu_is_locked(test, d);
}

/* ---- with interrupts coming ---- */

enum { STORM_FIRST = 64, MINE = 32 };

struct injector {
	struct vintc_test_device *d;
	struct task_struct *task;
	u32 rounds;
};

/* Edges and levels of INTIDs 64 to 95; the last level is high. */
static int inject_until_stopped(void *data)
{
	struct injector *injector = data;
	struct vintc_gic *gic = gic_of(injector->d);
	u32 i;

	while (!kthread_should_stop()) {
		local_irq_disable();
		for (i = 0; i < 32; i++) {
			vintc_gic_inject(gic, NULL, STORM_FIRST + i, VINTC_LOW);
			vintc_gic_inject(gic, NULL, STORM_FIRST + i, VINTC_HIGH);
		}
		local_irq_enable();
		WRITE_ONCE(injector->rounds, injector->rounds + 1);
		cond_resched();
	}
	return 0;
}

/* What userspace sets of other interrupts stays, and it takes nothing from these. */
static void state_is_set_while_interrupts_come_hazard19(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct injector injector = { .d = d };
	u64 value;
	u32 i;

	open_interface(gic_of(d), interface(d, 0));
	for (i = 0; i < 32; i++)
		open_spi(gic_of(d), interface(d, 0), STORM_FIRST + i, 1 + i % 2, i % 4 < 2);
	injector.task = kthread_run(inject_until_stopped, &injector, "vintc-injector");
	KUNIT_ASSERT_FALSE(test, IS_ERR(injector.task));

	for (i = 0; i < 300 || READ_ONCE(injector.rounds) < 100; i++) {
		u32 bits = i * 0x9e3779b9u;

		KUNIT_EXPECT_EQ(test, set(d, INFO, of_info(KVM_VINTC_GIC_INFO_LATCH, MINE), bits), 0l);
		KUNIT_EXPECT_EQ(test, set(d, INFO, of_info(VGIC_LEVEL_INFO_LINE_LEVEL, MINE), ~bits), 0l);
		KUNIT_EXPECT_EQ(test, set(d, DIST, GICD_ITARGETSR + MINE, bits & 0x03030303), 0l);
		KUNIT_EXPECT_EQ(test, set(d, CPU, GICC_PMR, bits & 0x1f), 0l);
		KUNIT_EXPECT_EQ(test, get(d, DIST, GICD_ISPENDR + STORM_FIRST / 8, &value), 0l);
		KUNIT_EXPECT_EQ(test, get(d, INFO, of_info(KVM_VINTC_GIC_INFO_LATCH, MINE), &value), 0l);
		KUNIT_EXPECT_EQ(test, value, (u64)bits);
		KUNIT_EXPECT_EQ(test, get(d, INFO, of_info(VGIC_LEVEL_INFO_LINE_LEVEL, MINE), &value), 0l);
		KUNIT_EXPECT_EQ(test, value, (u64)(u32)~bits);
		KUNIT_EXPECT_EQ(test, get(d, DIST, GICD_ITARGETSR + MINE, &value), 0l);
		KUNIT_EXPECT_EQ(test, value, (u64)(bits & 0x03030303));
		cond_resched();
	}
	kthread_stop(injector.task);
	KUNIT_EXPECT_EQ(test, get(d, DIST, GICD_ISPENDR + STORM_FIRST / 8, &value), 0l);
	KUNIT_EXPECT_EQ(test, value, (u64)U32_MAX);
	KUNIT_EXPECT_EQ(test, set(d, CPU, GICC_PMR, 0x1f), 0l);
	KUNIT_EXPECT_TRUE(test, vintc_gic_enter(gic_of(d), interface(d, 0), 0) & VINTC_GIC_LINE_IRQ);
	no_vcpu_is_locked(test, d);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(state_of_a_running_vm_is_ebusy_hazard24),
	KUNIT_CASE(places_that_are_none),
	KUNIT_CASE(unreadable_memory_is_efault),
	KUNIT_CASE(state_is_set_while_interrupts_come_hazard19),
	{}
};

static struct kunit_suite state_suite = {
	.name = "vintc_gicv2_state",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = state_init,
	.exit = vintc_test_device_exit,
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* Reset, against vCPUs that do not stop. */
#include <linux/delay.h>

#include "../../../virt/kvm/vintc/gicv2.h"
#include "presented.h"

#define MOST_REGS	300

/* ARM IHI 0048B */
#define GICD_CTLR	0x000
#define GICD_IPRIORITYR	0x400
#define GICD_SGIR	0xf00
#define GICC_CTLR	0x000
#define GICC_PMR	0x004
#define GICC_IAR	0x00c
#define GICC_EOIR	0x010

/* A vCPU, which does several things in a section, and finds what it has left there. */
struct hammer {
	struct vintc_device *dev;
	void *icp;
	u32 number;
	bool (*act)(struct hammer *hammer, u32 round);
	u32 rounds, halves;
};

static long hammer_on(void *arg)
{
	struct hammer *hammer = arg;

	while (!vintc_test_stopped()) {
		vintc_enter_wait(hammer->dev);
		hammer->halves += !hammer->act(hammer, hammer->rounds);
		vintc_leave(hammer->dev);
		WRITE_ONCE(hammer->rounds, hammer->rounds + 1);
		cond_resched();
	}
	return 0;
}

static long hcall(struct hammer *hammer, unsigned long number, unsigned long r4, unsigned long r5)
{
	unsigned long gprs[2] = { r4, r5 };

	vintc_xics_hypercall(hammer->dev->controller, hammer->icp, number, gprs);
	return gprs[0];
}

static bool act_on_xics(struct hammer *hammer, u32 round)
{
	u32 args[] = { OTHER_MSI + hammer->number, hammer->number * 5, round % 0xfe }, rets[2] = {};
	u32 xirr;

	vintc_xics_rtas(hammer->dev->controller, hammer->icp, VINTC_RTAS_SET_XIVE, args, NULL);
	hcall(hammer, VINTC_H_CPPR, 0xff, 0);
	hcall(hammer, VINTC_H_IPI, 5 - hammer->number * 5, round % 0xff);
	vintc_xics_inject(hammer->dev->controller, MSI, VINTC_PULSE);
	xirr = hcall(hammer, VINTC_H_XIRR, 0, 0);
	if (xirr & 0xffffff)
		hcall(hammer, VINTC_H_EOI, xirr, 0);
	vintc_xics_rtas(hammer->dev->controller, hammer->icp, VINTC_RTAS_GET_XIVE, args, rets);
	return rets[0] == args[1] && rets[1] == args[2] && vintc_icp_get(hammer->icp) >> 56 == 0xff;
}

/* SGIs for the other one, and priorities. */
static bool act_on_gic(struct hammer *hammer, u32 round)
{
	struct vintc_gic *gic = gicv2_of(hammer->dev)->gic;
	u32 spi = 40 + hammer->number, priority = round << 3 & 0xf8, iar;

	vintc_gic_write(gic, hammer->icp, VINTC_GICC, GICC_PMR, 4, 0xf8);
	vintc_gic_write(gic, hammer->icp, VINTC_GICC, GICC_CTLR, 4, 1);
	vintc_gic_write(gic, hammer->icp, VINTC_GICD, GICD_CTLR, 4, 1);
	vintc_gic_write(gic, hammer->icp, VINTC_GICD, GICD_IPRIORITYR + spi, 1, priority);
	vintc_gic_write(gic, hammer->icp, VINTC_GICD, GICD_SGIR, 4, 1u << 24 | (round & 15));
	iar = vintc_gic_read(gic, hammer->icp, VINTC_GICC, GICC_IAR, 4);
	if ((iar & 0x3ff) != 1023)
		vintc_gic_write(gic, hammer->icp, VINTC_GICC, GICC_EOIR, 4, iar);
	return vintc_gic_read(gic, hammer->icp, VINTC_GICD, GICD_IPRIORITYR + spi, 1) == priority &&
	       vintc_gic_read(gic, hammer->icp, VINTC_GICC, GICC_PMR, 4) == 0xf8;
}

/* The registers of a controller. */
struct registers {
	u32 count;
	struct vintc_reg regs[MOST_REGS];
};

static void keep(void *arg, const struct vintc_reg *reg)
{
	struct registers *registers = arg;

	if (registers->count < MOST_REGS)
		registers->regs[registers->count++] = *reg;
}

struct comparison {
	const struct registers *with;
	u32 at, different;
};

static void compare(void *arg, const struct vintc_reg *reg)
{
	struct comparison *c = arg;
	const struct vintc_reg *expected = &c->with->regs[c->at++];

	c->different += c->at > c->with->count || expected->kind != reg->kind ||
			expected->index != reg->index || expected->value != reg->value;
}

static u32 differs(struct vintc_device *dev, const struct registers *from)
{
	struct comparison c = { .with = from };

	dev->model->visit_regs(dev, compare, &c);
	return c.different;
}

/* As vintc_reset() does, and with a look in between: nobody has come in. */
static void reset_and_look(struct kunit *test, struct vintc_device *dev,
			   const struct registers *power_on)
{
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	vintc_pause(dev->kvm);
	dev->model->reset(dev);
	dev->model->settle(dev);
	KUNIT_EXPECT_EQ(test, differs(dev, power_on), 0u);
	udelay(500);
	KUNIT_EXPECT_EQ(test, differs(dev, power_on), 0u);
	vintc_resume(dev->kvm);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->lock);
}

static void reset_under_fire(struct kunit *test, bool (*act)(struct hammer *hammer, u32 round))
{
	struct vintc_test_device *d = test->priv;
	struct vintc_device *dev = device_of(d);
	struct registers *power_on = kunit_kzalloc(test, sizeof(*power_on), GFP_KERNEL);
	struct vintc_test_thread thread[2];
	struct hammer hammer[2];
	unsigned long patience = jiffies + 30 * HZ;
	int round, i;
	u32 from;

	KUNIT_ASSERT_NOT_NULL(test, power_on);
	KUNIT_ASSERT_EQ(test, vintc_reset(dev), 0);
	dev->model->visit_regs(dev, keep, power_on);
	KUNIT_ASSERT_GT(test, power_on->count, 4u);
	for (i = 0; i < 2; i++) {
		hammer[i] = (struct hammer){ .dev = dev, .icp = icp_of(d, i), .number = i, .act = act };
		vintc_test_start(test, &thread[i], hammer_on, &hammer[i]);
	}
	for (round = 0; round < 150; round++) {
		if (round % 5)
			KUNIT_EXPECT_EQ(test, vintc_reset(dev), 0);
		else
			reset_and_look(test, dev, power_on);
		/* The next comes when one that began after this one has done its work, or later. */
		from = READ_ONCE(hammer[round & 1].rounds);
		while (READ_ONCE(hammer[round & 1].rounds) - from < 2 && time_before(jiffies, patience))
			cond_resched();
		udelay(round % 16 * 20);
	}
	for (i = 0; i < 2; i++) {
		vintc_test_stop(&thread[i]);
		KUNIT_EXPECT_GE(test, hammer[i].rounds, 150u);
		KUNIT_EXPECT_EQ(test, hammer[i].halves, 0u);
	}
	KUNIT_EXPECT_NE(test, differs(dev, power_on), 0u);
	KUNIT_ASSERT_EQ(test, vintc_reset(dev), 0);
	KUNIT_EXPECT_EQ(test, differs(dev, power_on), 0u);
}

static void a_xics_is_reset_under_fire_hazard24(struct kunit *test)
{
	reset_under_fire(test, act_on_xics);
}

static void a_gicv2_is_reset_under_fire_hazard24(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;

	KUNIT_ASSERT_EQ(test, reset_model(d), 0l);
	KUNIT_ASSERT_EQ(test, choose(d, PRESENTED_GICV2), 0l);
	KUNIT_ASSERT_EQ(test, vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_CTRL,
					      KVM_DEV_ARM_VGIC_CTRL_INIT, NULL, 0), 0l);
	reset_under_fire(test, act_on_gic);
}

static struct kunit_case reset_cases[] = {
	KUNIT_CASE(a_xics_is_reset_under_fire_hazard24),
	KUNIT_CASE(a_gicv2_is_reset_under_fire_hazard24),
	{}
};

static struct kunit_suite reset_suite = {
	.name = "vintc_reset",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = make_xics_init,
	.exit = vintc_test_device_exit,
	.test_cases = reset_cases,
};

kunit_test_suite(reset_suite);

// SPDX-License-Identifier: GPL-2.0-only
/* KVM_GET_REG_LIST, KVM_GET_ONE_REG and KVM_SET_ONE_REG, on the fd of a device. */
#include "common/lib/test.h"

#define SOURCE		0x1000u
#define FAR_SOURCE	0xfffff0u
#define ICP(cpu)	KVM_VINTC_REG_ICP(server_of(cpu))
#define MSI(cpu)	source_state(server_of(cpu), 5, SOURCE_MSI)

/* A source's register: at rest, but for what is given. */
static u64 source_value(u32 server, u8 priority, u8 saved, u64 bits)
{
	return server | (u64)priority << KVM_VINTC_SOURCE_PRIORITY_SHIFT |
	       (u64)saved << KVM_VINTC_SOURCE_SAVED_SHIFT | KVM_VINTC_SOURCE_EXISTS | bits;
}

static bool is_listed(const struct kvm_reg_list *list, u64 id)
{
	for (u64 i = 0; i < list->n; i++)
		if (list->reg[i] == id)
			return true;
	return false;
}

/* ---- the list ---- */

XICS_TEST(the_list_of_a_xics)
{
	struct kvm_reg_list *list;

	must(set_source(self->dev, SOURCE, MSI(0)));
	must(set_source(self->dev, FAR_SOURCE, MSI(1)));
	list = reg_list(self->dev);
	EXPECT_EQ(4, list->n);
	EXPECT_TRUE(is_listed(list, ICP(0)));
	EXPECT_TRUE(is_listed(list, ICP(1)));
	EXPECT_TRUE(is_listed(list, KVM_VINTC_REG_SOURCE(SOURCE)));
	EXPECT_TRUE(is_listed(list, KVM_VINTC_REG_SOURCE(FAR_SOURCE)));
	free(list);
}

GICV2_TEST(the_list_of_a_gicv2)
{
	struct kvm_reg_list *list = reg_list(self->dev);

	EXPECT_EQ(1 + 2 + 2 * 32 + GIC_SPIS, list->n);
	EXPECT_TRUE(is_listed(list, KVM_VINTC_REG_GIC_DIST));
	for (int cpu = 0; cpu < 2; cpu++) {
		EXPECT_TRUE(is_listed(list, KVM_VINTC_REG_GIC_CPU(cpu)));
		for (u32 intid = 0; intid < 32; intid++)
			EXPECT_TRUE(is_listed(list, KVM_VINTC_REG_GIC_IRQ(cpu, intid)));
	}
	for (u32 intid = 32; intid < GIC_IRQS; intid++)
		EXPECT_TRUE(is_listed(list, KVM_VINTC_REG_GIC_IRQ(0, intid)));
	free(list);
}

XICS_TEST(room_for_the_list)
{
	struct {
		struct kvm_reg_list list;
		u64 room[4];
	} argument = { .list = { .n = 1 } };

	memset(argument.room, 0x55, sizeof(argument.room));
	EXPECT_EQ(-E2BIG, xioctl(self->dev, KVM_GET_REG_LIST, &argument));
	EXPECT_EQ(2, argument.list.n);
	EXPECT_EQ(0x5555555555555555, argument.room[0]);
	/* More room than is needed. */
	argument.list.n = 4;
	EXPECT_EQ(0, xioctl(self->dev, KVM_GET_REG_LIST, &argument));
	EXPECT_EQ(2, argument.list.n);
	EXPECT_EQ(0x5555555555555555, argument.room[2]);
	argument.list.n = -1ull;
	EXPECT_EQ(0, xioctl(self->dev, KVM_GET_REG_LIST, &argument));
	EXPECT_EQ(2, argument.list.n);
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_GET_REG_LIST, BAD_ADDRESS));
}

static void each_can_be_read_and_set(struct __test_metadata *_metadata, int dev)
{
	struct kvm_reg_list *list = reg_list(dev);
	struct image before = image_of(dev);

	EXPECT_EQ(list->n, before.header->count);
	for (u64 i = 0; i < list->n; i++) {
		u64 value = 0;

		ASSERT_EQ(0, get_reg(dev, list->reg[i], &value));
		ASSERT_NE(NULL, image_reg(&before, list->reg[i]));
		EXPECT_EQ(image_reg(&before, list->reg[i])->value, value);
		ASSERT_EQ(0, set_reg(dev, list->reg[i], value));
	}
	EXPECT_TRUE(is_in_state(dev, &before));
	image_free(&before);
	free(list);
}

XICS_TEST(each_of_a_xics_can_be_read_and_set)
{
	must(set_source(self->dev, SOURCE, MSI(0)));
	must(set_source(self->dev, SOURCE + 1, source_state(server_of(1), 7, SOURCE_LEVEL)));
	pulse(self->dev, SOURCE);
	pulse(self->dev, SOURCE);
	must(device_line(self->dev, SOURCE + 1, 1));
	h_ipi(self->dev, 0, server_of(1), 3);
	each_can_be_read_and_set(_metadata, self->dev);
}

GICV2_TEST(each_of_a_gicv2_can_be_read_and_set)
{
	for (u32 intid = 32; intid < GIC_IRQS; intid++) {
		enable_spi(self->dev, intid & 1, intid, intid * 4, intid & 2);
		pulse(self->dev, intid - 32);
	}
	gicc_read(self->dev, 0, GICC_IAR);
	gicd_write(self->dev, 1, GICD_SGIR, sgir_to(3, 5));
	each_can_be_read_and_set(_metadata, self->dev);
}

/* ---- ids that are none ---- */

static void is_no_register(struct __test_metadata *_metadata, int dev, u64 id)
{
	u64 value = 0;

	EXPECT_EQ(-ENOENT, get_reg(dev, id, &value)) {
		TH_LOG("register %#lx", id);
	}
	EXPECT_EQ(-ENOENT, set_reg(dev, id, 0));
}

XICS_TEST(ids_that_are_no_register_of_a_xics)
{
	u64 wrong[] = {
		0, -1ull, KVM_VINTC_REG_ICP(server_of(0) + 1), KVM_VINTC_REG_ICP(0xffff),
		KVM_VINTC_REG_SOURCE(0), KVM_VINTC_REG_SOURCE(1u << 24), KVM_VINTC_REG_SOURCE(-1u),
		KVM_VINTC_REG_GIC_DIST, KVM_VINTC_REG_GIC_CPU(0), KVM_VINTC_REG_GIC_IRQ(0, 40),
	};

	for (int i = 0; i < ARRAY_SIZE(wrong); i++)
		is_no_register(_metadata, self->dev, wrong[i]);
	for (int bit = 0; bit < 64; bit++)
		is_no_register(_metadata, self->dev, ICP(0) ^ 1ull << bit);
}

GICV2_TEST(ids_that_are_no_register_of_a_gicv2)
{
	u64 wrong[] = {
		0, -1ull, KVM_VINTC_REG_ICP(0), KVM_VINTC_REG_SOURCE(SOURCE),
		KVM_VINTC_REG_GIC_CPU(2), KVM_VINTC_REG_GIC_CPU(8), KVM_VINTC_REG_GIC_CPU(-1u),
		KVM_VINTC_REG_GIC_IRQ(2, 0), KVM_VINTC_REG_GIC_IRQ(8, 0),
		KVM_VINTC_REG_GIC_IRQ(1, 40), KVM_VINTC_REG_GIC_IRQ(0, GIC_IRQS),
		KVM_VINTC_REG_GIC_IRQ(0, 0xffff), KVM_VINTC_REG_GIC_IRQ(0xffff, 0),
	};

	for (int i = 0; i < ARRAY_SIZE(wrong); i++)
		is_no_register(_metadata, self->dev, wrong[i]);
	for (int bit = 0; bit < 64; bit++)
		if ((KVM_VINTC_REG_GIC_DIST ^ 1ull << bit) != KVM_VINTC_REG_GIC_CPU(0))
			is_no_register(_metadata, self->dev, KVM_VINTC_REG_GIC_DIST ^ 1ull << bit);
}

XICS_TEST(bad_pointers)
{
	EXPECT_EQ(-EFAULT, get_reg(self->dev, ICP(0), BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_GET_ONE_REG, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_SET_ONE_REG, BAD_ADDRESS));
}

/* ---- values that are inconsistent ---- */

static void is_refused(struct __test_metadata *_metadata, int dev, u64 id, u64 value)
{
	u64 before = reg(dev, id);

	EXPECT_EQ(-EINVAL, set_reg(dev, id, value)) {
		TH_LOG("register %#lx: %#lx", id, value);
	}
	EXPECT_EQ(before, reg(dev, id));
}

XICS_TEST(values_that_an_icp_cannot_have)
{
	must(set_source(self->dev, SOURCE, MSI(0)));
	is_refused(_metadata, self->dev, ICP(0), icp_state(0xff, 0, 0xff, 5));
	is_refused(_metadata, self->dev, ICP(0), icp_state(5, SOURCE, 0xff, 5));
	is_refused(_metadata, self->dev, ICP(0), icp_state(0xff, SOURCE, 5, 5));
	is_refused(_metadata, self->dev, ICP(0), icp_state(0xff, SOURCE + 1, 0xff, 5));
	is_refused(_metadata, self->dev, ICP(0), icp_state(0xff, 1, 0xff, 5));
	is_refused(_metadata, self->dev, ICP(0), icp_state(4, XISR_IPI, 4, 4));
	is_refused(_metadata, self->dev, ICP(0), icp_state(0xff, XISR_IPI, 4, 5));
	for (int bit = 0; bit < 16; bit++)
		is_refused(_metadata, self->dev, ICP(0), ICP_OPEN | 1ull << bit);
	EXPECT_EQ(0, set_reg(self->dev, ICP(0), icp_state(0xff, SOURCE, 6, 5)));
	EXPECT_EQ(0, set_reg(self->dev, ICP(0), icp_state(0xff, XISR_IPI, 5, 5)));
}

XICS_TEST(values_that_a_source_cannot_have)
{
	u64 id = KVM_VINTC_REG_SOURCE(SOURCE);
	u32 server = server_of(0);

	must(set_source(self->dev, SOURCE, MSI(0)));
	is_refused(_metadata, self->dev, id, source_value(server + 1, 5, 5, 0));
	is_refused(_metadata, self->dev, id, source_value(server + 1, 0xff, 5, 0));
	is_refused(_metadata, self->dev, id, source_value(server, 5, 5, 0) &
						     ~KVM_VINTC_SOURCE_EXISTS);
	is_refused(_metadata, self->dev, id, 0);
	is_refused(_metadata, self->dev, id, source_value(server, 5, 5, KVM_VINTC_SOURCE_Q));
	is_refused(_metadata, self->dev, id,
		   source_value(server, 5, 5, KVM_VINTC_SOURCE_Q | KVM_VINTC_SOURCE_P |
						      KVM_VINTC_SOURCE_LEVEL));
	is_refused(_metadata, self->dev, id,
		   source_value(server, 5, 5, KVM_VINTC_SOURCE_MASKED_PENDING));
	is_refused(_metadata, self->dev, id,
		   source_value(server, 0xff, 5, KVM_VINTC_SOURCE_MASKED_PENDING |
							 KVM_VINTC_SOURCE_WAITING));
	is_refused(_metadata, self->dev, id, source_value(server, 0xff, 5, KVM_VINTC_SOURCE_WAITING));
	/* A level's P follows its input, and a message has no level. */
	is_refused(_metadata, self->dev, id,
		   source_value(server, 5, 5, KVM_VINTC_SOURCE_LEVEL | KVM_VINTC_SOURCE_P));
	is_refused(_metadata, self->dev, id,
		   source_value(server, 5, 5, KVM_VINTC_SOURCE_LEVEL | KVM_VINTC_SOURCE_LINE));
	is_refused(_metadata, self->dev, id, source_value(server, 5, 5, KVM_VINTC_SOURCE_LINE));
	for (int bit = 56; bit < 64; bit++)
		is_refused(_metadata, self->dev, id, source_value(server, 5, 5, 1ull << bit));
	EXPECT_EQ(0, set_reg(self->dev, id, source_value(server + 1, 0xff, 0xff, 0)));
	EXPECT_EQ(0, set_reg(self->dev, id,
			     source_value(server, 0xff, 5, KVM_VINTC_SOURCE_MASKED_PENDING)));
}

GICV2_TEST(values_that_a_gicv2_cannot_have)
{
	u64 dist = reg(self->dev, KVM_VINTC_REG_GIC_DIST), cpu = reg(self->dev,
								    KVM_VINTC_REG_GIC_CPU(0));
	u64 irq = reg(self->dev, KVM_VINTC_REG_GIC_IRQ(0, 40));

	/* The number of its interrupts cannot be changed. */
	is_refused(_metadata, self->dev, KVM_VINTC_REG_GIC_DIST, dist ^ 1ull << 37);
	for (int bit = 2; bit < 12; bit++)
		is_refused(_metadata, self->dev, KVM_VINTC_REG_GIC_DIST, dist ^ 1ull << bit);
	for (int bit = 43; bit < 64; bit++)
		is_refused(_metadata, self->dev, KVM_VINTC_REG_GIC_DIST, dist ^ 1ull << bit);
	for (int bit = 56; bit < 64; bit++)
		is_refused(_metadata, self->dev, KVM_VINTC_REG_GIC_CPU(0), cpu ^ 1ull << bit);
	for (int bit = 40; bit < 64; bit++)
		is_refused(_metadata, self->dev, KVM_VINTC_REG_GIC_IRQ(0, 40), irq ^ 1ull << bit);
}

/* ---- what set does ---- */

XICS_TEST(a_value_that_is_set_is_in_force)
{
	must(set_source(self->dev, SOURCE, MSI(0)));
	must(set_reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE),
		     source_value(server_of(1), 7, 7, KVM_VINTC_SOURCE_P)));
	EXPECT_EQ(0, lines_of(self->dev, 0));
	must(set_reg(self->dev, ICP(1), icp_state(0xff, SOURCE, 0xff, 7)));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 1));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 1));
	h_eoi(self->dev, 1, xirr(0xff, SOURCE));
	EXPECT_EQ(source_value(server_of(1), 7, 7, 0),
		  reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE)));
}

XICS_TEST(a_source_is_made_by_its_register)
{
	u64 value;

	EXPECT_EQ(-ENOENT, get_reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE), &value));
	EXPECT_EQ(0, set_reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE),
			     source_value(server_of(0), 5, 5, 0)));
	EXPECT_EQ(MSI(0), source_of(self->dev, SOURCE));
	pulse(self->dev, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
}

GICV2_TEST(a_value_that_is_set_is_in_force)
{
	u64 value;

	enable_spi(self->dev, 0, 40, 0x20, true);
	value = reg(self->dev, KVM_VINTC_REG_GIC_IRQ(0, 40));
	must(set_reg(self->dev, KVM_VINTC_REG_GIC_IRQ(0, 40), value | KVM_VINTC_GIC_IRQ_LATCH));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_EQ(40, gicc_read(self->dev, 0, GICC_IAR));
}

MACHINE_TEST(before_a_gicv2_is_initialised)
{
	int dev = new_device_of(&self->machine, KVM_VINTC_MODEL_GICV2);
	struct kvm_reg_list list = {};
	u64 value;

	EXPECT_EQ(-EAGAIN, get_reg(dev, KVM_VINTC_REG_GIC_DIST, &value));
	EXPECT_EQ(-EAGAIN, set_reg(dev, KVM_VINTC_REG_GIC_DIST, 0));
	EXPECT_EQ(-EAGAIN, xioctl(dev, KVM_GET_REG_LIST, &list));
	close(dev);
}

COMMON_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Images that are no state: the documented errno, and the state before stands. */
#include <sys/mman.h>

#include "common/lib/test.h"

#define SOURCE	0x1000u
#define ICP(cpu) KVM_VINTC_REG_ICP(server_of(cpu))

/* A XICS in the middle of something, and an image of it to be made bad. */
FIXTURE(images) {
	struct machine machine;
	int dev;
	struct image before, bad;
};
FIXTURE_SETUP(images)
{
	machine_create(&self->machine, 2);
	self->dev = new_xics(&self->machine);
	for (u32 i = 0; i < 4; i++)
		must(set_source(self->dev, SOURCE + i,
				source_state(server_of(i & 1), 5 + i,
					     i & 2 ? SOURCE_LEVEL : SOURCE_MSI)));
	pulse(self->dev, SOURCE);
	pulse(self->dev, SOURCE);
	must(device_line(self->dev, SOURCE + 3, 1));
	h_xirr(self->dev, 1);
	h_ipi(self->dev, 0, server_of(1), 2);
	self->before = image_of(self->dev);
	self->bad = image_copy(&self->before);
	/* All of it would be seen, if it were set. */
	for (u32 i = 0; i < self->bad.header->count; i++)
		if (self->bad.regs[i].id == ICP(0))
			self->bad.regs[i].value = ICP_OPEN;
}
FIXTURE_TEARDOWN(images)
{
	image_free(&self->bad);
	image_free(&self->before);
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define IMAGE_TEST(name)	TEST_F_TIMEOUT(images, name, TIMEOUT)

#define REFUSED(error)							\
do {									\
	EXPECT_EQ(-(error), set_image(self->dev, &self->bad));		\
	EXPECT_TRUE(is_in_state(self->dev, &self->before));		\
} while (0)

/* The same image with one register's value another. */
#define REFUSED_VALUE(error, id, wrong)					\
do {									\
	u64 good_ = image_reg(&self->bad, id)->value;			\
									\
	image_reg(&self->bad, id)->value = (wrong);			\
	REFUSED(error);							\
	image_reg(&self->bad, id)->value = good_;			\
} while (0)

IMAGE_TEST(the_image_would_be_good)
{
	EXPECT_EQ(0, set_image(self->dev, &self->bad));
	EXPECT_TRUE(is_in_state(self->dev, &self->bad));
	EXPECT_EQ(0, set_image(self->dev, &self->before));
	EXPECT_TRUE(is_in_state(self->dev, &self->before));
}

IMAGE_TEST(truncated)
{
	u64 whole = self->bad.size;

	for (u64 size = 0; size < whole; size++) {
		self->bad.size = size;
		ASSERT_EQ(-EINVAL, set_image(self->dev, &self->bad)) {
			TH_LOG("%lu bytes", size);
		}
	}
	self->bad.size = whole + 1;
	EXPECT_EQ(-EFAULT, set_state(self->dev, BAD_ADDRESS, whole));
	self->bad.size = -1ull;
	REFUSED(EINVAL);
}

IMAGE_TEST(a_count_that_is_not_that_of_the_size)
{
	u32 count = self->bad.header->count;
	u32 wrong[] = { 0, count - 1, count + 1, 0x10000000u + count, -1u };

	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		self->bad.header->count = wrong[i];
		REFUSED(EINVAL);
	}
}

/* The page behind the image is not there. */
IMAGE_TEST(memory_that_cannot_be_read)
{
	long page = sysconf(_SC_PAGESIZE);
	u8 *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u8 *end = pages + page;

	ASSERT_NE(MAP_FAILED, pages);
	must(neg_errno(munmap(end, page)));
	for (u64 there = 0; there < self->bad.size; there += 8) {
		memcpy(end - there, self->bad.header, there);
		EXPECT_EQ(-EFAULT, set_state(self->dev, end - there, self->bad.size));
	}
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_VINTC_SET_STATE, BAD_ADDRESS));
	EXPECT_TRUE(is_in_state(self->dev, &self->before));
	munmap(pages, page);
}

IMAGE_TEST(another_magic_number)
{
	self->bad.header->magic = __builtin_bswap32(self->bad.header->magic);
	REFUSED(EINVAL);
	self->bad.header->magic = 0;
	REFUSED(EINVAL);
}

IMAGE_TEST(another_version)
{
	self->bad.header->version = KVM_VINTC_IMAGE_VERSION + 1;
	REFUSED(EOPNOTSUPP);
	self->bad.header->version = 0xffff;
	REFUSED(EOPNOTSUPP);
	self->bad.header->version = 0;
	REFUSED(EINVAL);
}

IMAGE_TEST(reserved_flags)
{
	for (int bit = 1; bit < 16; bit++) {
		self->bad.header->flags = 1u << bit;
		REFUSED(EINVAL);
	}
}

IMAGE_TEST(another_model)
{
	u32 wrong[] = { KVM_VINTC_MODEL_GICV2, 0, 3,
			KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE, -1u };
	int gicv2 = new_gicv2(&self->machine);
	struct image of_gicv2 = image_of(gicv2);

	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		self->bad.header->model = wrong[i];
		REFUSED(ENODEV);
	}
	EXPECT_EQ(-ENODEV, set_image(self->dev, &of_gicv2));
	EXPECT_EQ(-ENODEV, set_image(gicv2, &self->before));
	EXPECT_TRUE(is_in_state(gicv2, &of_gicv2));
	EXPECT_TRUE(is_in_state(self->dev, &self->before));
	image_free(&of_gicv2);
	close(gicv2);
}

IMAGE_TEST(out_of_order)
{
	struct kvm_vintc_image_reg *regs = self->bad.regs, swapped = regs[1];

	for (u32 i = 1; i < self->bad.header->count; i++) {
		swapped = regs[i];
		regs[i] = regs[i - 1];
		regs[i - 1] = swapped;
		REFUSED(EINVAL);
		regs[i - 1] = regs[i];
		regs[i] = swapped;
	}
}

IMAGE_TEST(a_register_twice)
{
	for (u32 i = 1; i < self->bad.header->count; i++) {
		struct kvm_vintc_image_reg good = self->bad.regs[i];

		self->bad.regs[i] = self->bad.regs[i - 1];
		REFUSED(EINVAL);
		self->bad.regs[i] = good;
	}
}

IMAGE_TEST(registers_that_the_device_has_not)
{
	u32 last = self->bad.header->count - 1;

	self->bad.regs[0].id = KVM_VINTC_REG_ICP(server_of(0) - 1);
	REFUSED(ENOENT);
	self->bad.regs[0].id = ICP(0);
	self->bad.regs[last].id = KVM_VINTC_REG_GIC_DIST;
	REFUSED(ENOENT);
	self->bad.regs[last].id = -1ull;
	REFUSED(ENOENT);
}

IMAGE_TEST(reserved_bits_of_registers)
{
	u64 icp = ICP(0), source = KVM_VINTC_REG_SOURCE(SOURCE + 2);

	for (int bit = 0; bit < 16; bit++)
		REFUSED_VALUE(EINVAL, icp, ICP_OPEN | 1ull << bit);
	for (int bit = 56; bit < 64; bit++)
		REFUSED_VALUE(EINVAL, source, image_reg(&self->before, source)->value |
						      1ull << bit);
}

/* The last register is wrong: none of those before it has been set. */
IMAGE_TEST(wrong_in_the_last_register)
{
	u64 id = self->bad.regs[self->bad.header->count - 1].id;

	REFUSED_VALUE(EINVAL, id, 0);
	REFUSED_VALUE(EINVAL, id, image_reg(&self->bad, id)->value ^ 1ull << 63);
	REFUSED_VALUE(EINVAL, id, (image_reg(&self->bad, id)->value & ~0xffffffffull) |
				  (server_of(0) + 1));
}

IMAGE_TEST(an_icp_that_names_a_source_that_is_not_there)
{
	REFUSED_VALUE(EINVAL, ICP(0), icp_state(0xff, SOURCE + 77, 0xff, 5));
	/* It is enough that the image brings it. */
	self->bad.regs[self->bad.header->count - 1].id = KVM_VINTC_REG_SOURCE(SOURCE + 77);
	image_reg(&self->bad, ICP(0))->value = icp_state(0xff, SOURCE + 77, 0xff, 5);
	EXPECT_EQ(0, set_image(self->dev, &self->bad));
	EXPECT_EQ(xirr(0xff, SOURCE + 77), h_xirr(self->dev, 0));
}

/* A refused image leaves nothing behind of the sources that it named. */
IMAGE_TEST(sources_of_a_refused_image)
{
	u32 last = self->bad.header->count - 1;
	u64 value;

	self->bad.regs[last].id = KVM_VINTC_REG_SOURCE(SOURCE + 77);
	REFUSED_VALUE(EINVAL, ICP(0), 1);
	REFUSED_VALUE(EINVAL, KVM_VINTC_REG_SOURCE(SOURCE + 77), 0);
	EXPECT_EQ(-ENOENT, get_reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE + 77), &value));
	EXPECT_EQ(-EINVAL, inject(self->dev, SOURCE + 77, 1, NULL));
}

/* ---- arguments ---- */

IMAGE_TEST(reserved_fields_of_get)
{
	struct image image;
	struct kvm_vintc_state state = { .reserved = 1 };

	EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_VINTC_GET_STATE, &state));
	for (int bit = 2; bit < 32; bit++)
		EXPECT_EQ(-EINVAL, get_image(self->dev, 1u << bit, 0, &image));
	EXPECT_EQ(-EINVAL, get_image(self->dev, KVM_VINTC_STATE_SINCE, 0, &image));
}

IMAGE_TEST(reserved_fields_of_set)
{
	struct kvm_vintc_state good = {
		.addr = (uintptr_t)self->bad.header, .size = self->bad.size,
	}, state = good;

	state.reserved = 1;
	EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_VINTC_SET_STATE, &state));
	state = good;
	state.generation = 1;
	EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_VINTC_SET_STATE, &state));
	for (int bit = 0; bit < 32; bit++) {
		state = good;
		state.flags = 1u << bit;
		EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_VINTC_SET_STATE, &state));
	}
	EXPECT_TRUE(is_in_state(self->dev, &self->before));
}

IMAGE_TEST(bad_room_for_get)
{
	struct kvm_vintc_state state = { .addr = (uintptr_t)BAD_ADDRESS, .size = -1ull };

	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_VINTC_GET_STATE, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_VINTC_GET_STATE, &state));
	EXPECT_TRUE(is_in_state(self->dev, &self->before));
}

/* ---- GICv2 ---- */

GICV2_TEST(values_that_a_gicv2_cannot_have)
{
	struct image before = image_of(self->dev), bad = image_copy(&before);
	struct {
		u64 id, value;
	} wrong[] = {
		{ KVM_VINTC_REG_GIC_DIST, reg(self->dev, KVM_VINTC_REG_GIC_DIST) ^ 1ull << 37 },
		{ KVM_VINTC_REG_GIC_CPU(1), -1ull },
		{ KVM_VINTC_REG_GIC_IRQ(1, 3), 1ull << 40 },
		{ KVM_VINTC_REG_GIC_IRQ(0, GIC_IRQS - 1), 1ull << 63 },
	};

	gicc_write(self->dev, 0, GICC_PMR, 0x80);
	image_free(&before);
	before = image_of(self->dev);
	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		u64 good = image_reg(&bad, wrong[i].id)->value;

		image_reg(&bad, wrong[i].id)->value = wrong[i].value;
		EXPECT_EQ(-EINVAL, set_image(self->dev, &bad)) {
			TH_LOG("case %d", i);
		}
		EXPECT_TRUE(is_in_state(self->dev, &before));
		image_reg(&bad, wrong[i].id)->value = good;
	}
	EXPECT_EQ(0, set_image(self->dev, &bad));
	image_free(&bad);
	image_free(&before);
}

MACHINE_TEST(a_gicv2_with_another_number_of_interrupts)
{
	int one = new_gicv2(&self->machine), other = new_device_of(&self->machine,
								   KVM_VINTC_MODEL_GICV2);
	struct image image = image_of(one), others;

	EXPECT_EQ(-EAGAIN, set_image(other, &image));
	must(set_irqs(other, 2 * GIC_IRQS));
	must(init_gicv2(other));
	others = image_of(other);
	EXPECT_EQ(-EINVAL, set_image(other, &image));
	EXPECT_TRUE(is_in_state(other, &others));
	image_free(&others);
	image_free(&image);
	close(other);
	close(one);
}

COMMON_TEST_MAIN

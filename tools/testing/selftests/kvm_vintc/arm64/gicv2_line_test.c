// SPDX-License-Identifier: GPL-2.0-only
/* KVM_IRQ_LINE and KVM_IRQ_LINE_STATUS: the encoding, what is refused, the status. */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

#define SPI	40u

static u32 encoded(u32 type, u32 cpu, u32 number)
{
	return type << KVM_ARM_IRQ_TYPE_SHIFT | cpu << KVM_ARM_IRQ_VCPU_SHIFT | number;
}

static int status_of(struct vm *vm, u32 irq, u32 level)
{
	int status = 77;

	must(irq_line_status(vm, irq, level, &status));
	return status;
}

GIC_TEST(spis_and_ppis)
{
	gic_set_trigger(self->cpu, SPI, LEVEL);
	EXPECT_EQ(0, irq_line(&self->vm, spi(SPI), 1));
	EXPECT_EQ(1u << SPI % 32, gicd_read(self->peer, GICD_ISPENDR + 4));
	EXPECT_EQ(0, irq_line(&self->vm, spi(SPI), 0));
	EXPECT_EQ(0, gicd_read(self->peer, GICD_ISPENDR + 4));

	EXPECT_EQ(0, irq_line(&self->vm, ppi(1, 20), 1));
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_ISPENDR));
	EXPECT_EQ(1u << 20, gicd_read(self->peer, GICD_ISPENDR));
	EXPECT_EQ(0, irq_line(&self->vm, ppi(1, 20), 0));
	EXPECT_EQ(0, gicd_read(self->peer, GICD_ISPENDR));
}

/* Any level but 0 is 1. */
GIC_TEST(levels)
{
	static const u32 up[] = { 1, 2, 0x80000000, ~0u };

	gic_set_trigger(self->cpu, SPI, LEVEL);
	for (int i = 0; i < ARRAY_SIZE(up); i++) {
		EXPECT_EQ(0, irq_line(&self->vm, spi(SPI), up[i]));
		EXPECT_TRUE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));
		EXPECT_EQ(0, irq_line(&self->vm, spi(SPI), 0));
		EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));
	}
}

GIC_TEST(hazard12_numbers_out_of_range_are_einval)
{
	static const u32 bad_spis[] = { 0, 15, 16, 31, GIC_IRQS, 1019, 1020, 1023, 1024, 0xffff };
	static const u32 bad_ppis[] = { 0, 15, 32, 40, 1023, 0xffff };

	for (int i = 0; i < ARRAY_SIZE(bad_spis); i++) {
		EXPECT_EQ(-EINVAL, irq_line(&self->vm, spi(bad_spis[i]), 1)) {
			TH_LOG("SPI %u", bad_spis[i]);
		}
	}
	for (int i = 0; i < ARRAY_SIZE(bad_ppis); i++) {
		EXPECT_EQ(-EINVAL, irq_line(&self->vm, ppi(0, bad_ppis[i]), 1)) {
			TH_LOG("PPI %u", bad_ppis[i]);
		}
	}
	for (u32 cpu = 2; cpu < 256; cpu++)
		EXPECT_EQ(-EINVAL, irq_line(&self->vm, ppi(cpu, 20), 1));
	/* More bits of the CPU's number. */
	EXPECT_EQ(-EINVAL, irq_line(&self->vm, ppi(0, 20) | 1u << KVM_ARM_IRQ_VCPU2_SHIFT, 1));
}

/* Type CPU is for VMs without a controller; in-tree says so by ENXIO. */
GIC_TEST(other_types_are_refused)
{
	EXPECT_EQ(OURS_OR_IN_TREE(-EINVAL, -ENXIO),
		  irq_line(&self->vm, encoded(KVM_ARM_IRQ_TYPE_CPU, 0, KVM_ARM_IRQ_CPU_IRQ), 1));
	for (u32 type = 3; type < 16; type++)
		EXPECT_EQ(-EINVAL, irq_line(&self->vm, encoded(type, 0, SPI), 1));
	EXPECT_EQ(0, lines_up(self->cpu));
}

GIC_TEST(hazard12_every_kind_of_number)
{
	static const u32 levels[] = { 0, 1, ~0u, 0 };

	for (int bit = 0; bit < 32; bit++)
		for (s64 around = -1; around <= 1; around++)
			for (int i = 0; i < ARRAY_SIZE(levels); i++)
				irq_line(&self->vm, (1u << bit) + around, levels[i]);
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(1));
	EXPECT_EQ(1, gic_accept(self->cpu));
}

GIC_TEST(unreadable_memory_is_efault)
{
	EXPECT_EQ(-EFAULT, xioctl(irqchip_ioctl_fd(&self->vm), KVM_IRQ_LINE, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, xioctl(irqchip_ioctl_fd(&self->vm), KVM_IRQ_LINE_STATUS, BAD_ADDRESS));
}

/* In-tree a GICv2 initialises itself at the first injection. */
DEVICE_TEST(before_init_is_ebusy)
{
	int status;

	VINTC_ONLY("in-tree initialises itself");
	EXPECT_EQ(-EBUSY, irq_line(&self->vm, spi(SPI), 1));
	EXPECT_EQ(-EBUSY, irq_line_status(&self->vm, spi(SPI), 1, &status));
	must(gic_init(&self->vm));
	EXPECT_EQ(0, irq_line(&self->vm, spi(SPI), 1));
}

/* Status: 1 delivered, 0 merged with one that pends, -1 kept back by a mask. */
GIC_TEST(status)
{
	VINTC_ONLY("in-tree answers none");

	gic_set_trigger(self->cpu, SPI, EDGE);
	EXPECT_EQ(-1, status_of(&self->vm, spi(SPI), 1));
	lower_irq(&self->vm, spi(SPI));
	gicd_set_bit(self->cpu, GICD_ICPENDR, SPI);
	gic_enable(self->cpu, SPI, 0x80);
	EXPECT_EQ(1, status_of(&self->vm, spi(SPI), 1));
	lower_irq(&self->vm, spi(SPI));
	EXPECT_EQ(0, status_of(&self->vm, spi(SPI), 1));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
}

static u64 counter(struct vm *vm, u64 which)
{
	u64 value = 0;

	must(device_get(vm->irqchip_fd, KVM_VINTC_GRP_COUNTERS, which, &value));
	return value;
}

GIC_TEST(counters_count)
{
	u64 mmio, lines;

	VINTC_ONLY("in-tree has no counters");
	mmio = counter(&self->vm, KVM_VINTC_COUNT_MMIO);
	lines = counter(&self->vm, KVM_VINTC_COUNT_LINE);
	raise_irq(&self->vm, spi(SPI));
	lower_irq(&self->vm, spi(SPI));
	EXPECT_EQ(lines + 2, counter(&self->vm, KVM_VINTC_COUNT_LINE));
	irq_line(&self->vm, spi(0), 1);
	EXPECT_EQ(lines + 2, counter(&self->vm, KVM_VINTC_COUNT_LINE));
	gicc_read(self->cpu, GICC_RPR);
	gicd_write(self->peer, GICD_SGIR, SGIR_SELF(1));
	EXPECT_EQ(mmio + 2, counter(&self->vm, KVM_VINTC_COUNT_MMIO));
	EXPECT_EQ(0, counter(&self->vm, KVM_VINTC_COUNT_IRQFD));
	EXPECT_EQ(-EPERM, device_set(self->vm.irqchip_fd, KVM_VINTC_GRP_COUNTERS, 0, &mmio));
	EXPECT_EQ(-ENXIO, device_get(self->vm.irqchip_fd, KVM_VINTC_GRP_COUNTERS,
				     KVM_VINTC_COUNTERS, &mmio));
}

GIC_TEST_MAIN

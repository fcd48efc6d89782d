// SPDX-License-Identifier: GPL-2.0-only
/*
 * The in-tree GICv2's groups for a VMM that knows them: registers as state, and what no
 * register shows.
 */
#include "gicv2.h"

#define SPI	40

static uint32_t get_state(int device, uint32_t group, uint64_t attr)
{
	uint32_t value;

	MUST(get_attr(device, group, attr, &value));
	return value;
}

/* Of a banked register that of the CPU interface's. */
static uint32_t distributor(int device, uint64_t cpu, uint32_t offset)
{
	return get_state(device, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
			 cpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT | offset);
}

static uint32_t interface(int device, uint64_t cpu, uint32_t offset)
{
	return get_state(device, KVM_DEV_ARM_VGIC_GRP_CPU_REGS,
			 cpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT | offset);
}

/* A bit for each of 32 interrupts. */
static uint32_t info(int device, uint32_t what, uint32_t first)
{
	return get_state(device, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
			 what << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT | first);
}

int main(void)
{
	int vm = new_vm(1);
	int device = new_device(vm, KVM_VINTC_MODEL_GICV2 | KVM_VINTC_MODEL_USERSPACE);
	uint32_t interrupts = 96, priority = 0x80, bit = 1u << SPI % 32;

	plan(6);
	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts));
	check(get_attr(device, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR, &priority) &&
	      errno == ENXIO, "no register before it is initialised");
	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL));

	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_IPRIORITYR + SPI, &priority));
	check(distributor(device, 0, GICD_IPRIORITYR + SPI) == 0x80, "a priority");
	gicc_write(device, 0, GICC_PMR, 0xf0);
	check(interface(device, 0, GICC_PMR) == 0xf0 >> 3, "GICC_PMR is in five bits");

	irq_line(device, spi_line(SPI), 1);
	check(info(device, VGIC_LEVEL_INFO_LINE_LEVEL, 32) == bit, "its input is high");
	check(info(device, KVM_VINTC_GIC_INFO_LATCH, 32) == 0, "it pends by nothing else");
	gicd_write(device, 0, GICD_ISPENDR + SPI / 32 * 4, bit);
	check(info(device, KVM_VINTC_GIC_INFO_LATCH, 32) == bit, "now it does");
	return failures != 0;
}

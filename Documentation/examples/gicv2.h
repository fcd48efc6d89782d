/* SPDX-License-Identifier: GPL-2.0-only */
/* A GICv2 that userspace presents: what its vCPUs do, by commands. */
#ifndef VINTC_EXAMPLE_GICV2_H
#define VINTC_EXAMPLE_GICV2_H

#include "example.h"

/* Of the architecture. */
#define GICD_CTLR	0x000
#define GICD_ISENABLER	0x100
#define GICD_ISPENDR	0x200
#define GICD_IPRIORITYR	0x400
#define GICD_ITARGETSR	0x800
#define GICD_ICFGR	0xc00
#define GICC_CTLR	0x00
#define GICC_PMR	0x04
#define GICC_IAR	0x0c
#define GICC_EOIR	0x10
#define SPURIOUS	1023

/* An access of 32 bits; answers what was read. */
static inline uint32_t access_frame(int device, uint32_t vcpu, uint32_t frame, uint32_t offset,
				    int write, uint32_t value)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_ACCESS,
		.vcpu = vcpu,
		.access = {
			.frame = frame, .offset = offset, .width = 4,
			.write = write, .value = value,
		},
	};

	MUST(ioctl(device, KVM_VINTC_COMMAND, &c));
	return (uint32_t)c.access.value;
}

static inline void gicd_write(int device, uint32_t vcpu, uint32_t offset, uint32_t value)
{
	access_frame(device, vcpu, KVM_VINTC_FRAME_GICD, offset, 1, value);
}

static inline void gicc_write(int device, uint32_t vcpu, uint32_t offset, uint32_t value)
{
	access_frame(device, vcpu, KVM_VINTC_FRAME_GICC, offset, 1, value);
}

static inline uint32_t gicc_read(int device, uint32_t vcpu, uint32_t offset)
{
	return access_frame(device, vcpu, KVM_VINTC_FRAME_GICC, offset, 0, 0);
}

/* The input of an SPI in the encoding of KVM_IRQ_LINE. */
static inline uint32_t spi_line(uint32_t intid)
{
	return KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid;
}

#endif /* VINTC_EXAMPLE_GICV2_H */

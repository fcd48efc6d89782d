// SPDX-License-Identifier: GPL-2.0-only
/*
 * From KVM_CREATE_DEVICE to the first interrupt of a GICv2 that userspace presents: on
 * any host, without a guest. The guest's part is played by the commands at the end.
 */
#include "gicv2.h"

#define VCPU	0
#define SPI	40		/* its INTID */

static int create(int vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };

	MUST(ioctl(vm, KVM_CREATE_DEVICE, &create));
	MUST(set_attr(create.fd, KVM_VINTC_GRP_MODEL,
		      KVM_VINTC_MODEL_GICV2 | KVM_VINTC_MODEL_USERSPACE, NULL));
	return create.fd;
}

/* All vCPUs exist by now: each gets the CPU interface of its index. */
static void initialise(int device)
{
	uint32_t interrupts = 96;

	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts));
	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL));
}

/* The vCPU's thread sleeps on this, or its run loop looks at it. */
static int follow_line(int device)
{
	int fd = new_eventfd();
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_LINE_FD, .vcpu = VCPU, .line = { .fd = fd },
	};

	MUST(ioctl(device, KVM_VINTC_COMMAND, &c));
	return fd;
}

static void guest_begins(int device)
{
	gicd_write(device, VCPU, GICD_CTLR, 1);
	gicd_write(device, VCPU, GICD_IPRIORITYR + SPI, 0x80);
	gicd_write(device, VCPU, GICD_ITARGETSR + SPI, 1 << 0);
	gicd_write(device, VCPU, GICD_ISENABLER + SPI / 32 * 4, 1u << SPI % 32);
	gicc_write(device, VCPU, GICC_PMR, 0xff);
	gicc_write(device, VCPU, GICC_CTLR, 1);
}

int main(void)
{
	int vm = new_vm(1), device = create(vm), line;
	uint32_t iar;

	plan(6);
	initialise(device);
	line = follow_line(device);
	guest_begins(device);
	check(!can_be_read(line), "nothing is there");

	/* The device raises its level... */
	check(irq_line(device, spi_line(SPI), 1) == 1, "KVM_IRQ_LINE: delivered");
	check(can_be_read(line), "the line is up");

	/* ...and the guest takes it, makes the device let go, and ends it. */
	iar = gicc_read(device, VCPU, GICC_IAR);
	check(iar == SPI, "GICC_IAR: it is that SPI");
	check(!can_be_read(line), "the line is down");
	irq_line(device, spi_line(SPI), 0);
	gicc_write(device, VCPU, GICC_EOIR, iar);
	check(gicc_read(device, VCPU, GICC_IAR) == SPURIOUS, "no other one is there");
	return failures != 0;
}

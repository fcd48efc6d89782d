// SPDX-License-Identifier: GPL-2.0-only
/*
 * From KVM_CREATE_DEVICE to the first interrupt of a guest, with a GICv2 that the host
 * presents: on an arm64 host.
 */
#include <stddef.h>

#include "guest.h"

#define MEMORY		0x40000000
#define DOORBELL	0x09000000	/* nothing is there: a write leaves to the VMM */
#define SPI		40

/* The guest: sets up its GIC, says so, waits, and tells what GICC_IAR answered. */
asm("	.pushsection .rodata\n"
    "	.balign	4\n"
    "	.globl	guest_begin, guest_end\n"
    "guest_begin:\n"
    "	mov	x0, #0x08000000\n"	/* GICD */
    "	mov	x1, #0x08010000\n"	/* GICC */
    "	mov	x2, #0x09000000\n"
    "	mov	w3, #1\n"
    "	mov	w4, #1 << 8\n"
    "	mov	w5, #0xff\n"
    "	str	w3, [x0]\n"		/* GICD_CTLR */
    "	str	w4, [x0, #0x104]\n"	/* GICD_ISENABLER1: SPI 40 */
    "	strb	w3, [x0, #0x828]\n"	/* GICD_ITARGETSR of SPI 40 */
    "	str	w5, [x1, #4]\n"		/* GICC_PMR */
    "	str	w3, [x1]\n"		/* GICC_CTLR */
    "	str	w3, [x2]\n"
    "1:	wfi\n"
    "	ldr	w6, [x1, #0xc]\n"	/* GICC_IAR */
    "	cmp	w6, #1020\n"
    "	b.hs	1b\n"
    "	str	w6, [x2]\n"
    "	str	w6, [x1, #0x10]\n"	/* GICC_EOIR */
    "	ldr	w6, [x1, #0xc]\n"
    "	str	w6, [x2]\n"
    "	b	.\n"
    "guest_end:\n"
    "	.popsection\n");
extern const char guest_begin[], guest_end[];

static int create(int vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };

	MUST(ioctl(vm, KVM_CREATE_DEVICE, &create));
	need_host(create.fd, KVM_VINTC_MODEL_GICV2);
	MUST(set_attr(create.fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL));
	return create.fd;
}

/* Where the board has the frames, and the start: all vCPUs exist by now. */
static void complete(int device)
{
	uint64_t distributor = 0x08000000, interface = 0x08010000;

	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &distributor));
	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &interface));
	MUST(set_attr(device, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL));
}

/* A vCPU at the guest's first instruction. */
static void init_vcpu(struct guest *guest)
{
	uint64_t pc = MEMORY;
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
		      KVM_REG_ARM_CORE_REG(regs.pc),
		.addr = (uintptr_t)&pc,
	};
	struct kvm_vcpu_init init;

	memcpy(guest->memory, guest_begin, guest_end - guest_begin);
	MUST(ioctl(guest->vm, KVM_ARM_PREFERRED_TARGET, &init));
	MUST(ioctl(guest->vcpu, KVM_ARM_VCPU_INIT, &init));
	MUST(ioctl(guest->vcpu, KVM_SET_ONE_REG, &reg));
}

/* What the guest writes to the doorbell. */
static uint32_t doorbell(struct guest *guest)
{
	uint32_t value;

	if (run(guest) != KVM_EXIT_MMIO || guest->run->mmio.phys_addr != DOORBELL)
		return ~0u;
	memcpy(&value, guest->run->mmio.data, sizeof(value));
	return value;
}

int main(void)
{
	struct guest guest;
	int device;

	new_guest(&guest, MEMORY, 0x10000);
	device = create(guest.vm);
	complete(device);
	init_vcpu(&guest);

	plan(4);
	check(doorbell(&guest) == 1, "the guest has set up its GIC");
	check(irq_line(device, KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | SPI, 1) == 1,
	      "KVM_IRQ_LINE: delivered");
	check(doorbell(&guest) == SPI, "the guest took it");
	irq_line(device, KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | SPI, 0);
	check(doorbell(&guest) == 1023, "and no other one is there");
	return failures != 0;
}

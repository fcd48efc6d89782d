// SPDX-License-Identifier: GPL-2.0-only
/*
 * From KVM_CREATE_DEVICE to the first interrupt of a guest, with a XICS that the host
 * presents: on a POWER host.
 */
#include "guest.h"

#define MEMORY_SIZE	0x1000000
#define ENTRY		0x1000
#define DOORBELL	0xf010		/* a hypercall that KVM does not know */
#define SERVER		8		/* the vCPU's number in the device tree */
#define SOURCE		0x1000
#define LPCR_ILE	0x02000000	/* interrupts are taken little-endian */
#define MSR_START	0x8000000000000003	/* 64 bits, recoverable, little-endian; real mode */

/*
 * The guest: opens its ICP, says so, and sleeps; H_CEDE turns interrupts on. The handler
 * ends what H_XIRR gave it, and tells.
 */
asm("	.pushsection .rodata\n"
    "	.balign	4\n"
    "	.globl	handler_begin, handler_end, guest_begin, guest_end\n"
    "handler_begin:\n"
    "	li	3, 0x74\n"		/* H_XIRR */
    "	sc	1\n"
    "	mr	31, 4\n"
    "	li	3, 0x64\n"		/* H_EOI */
    "	sc	1\n"
    "	mr	4, 31\n"
    "	lis	3, 0\n"
    "	ori	3, 3, 0xf010\n"		/* DOORBELL */
    "	sc	1\n"
    "	b	.\n"
    "handler_end:\n"
    "guest_begin:\n"
    "	li	3, 0x68\n"		/* H_CPPR */
    "	li	4, 0xff\n"
    "	sc	1\n"
    "	mr	4, 3\n"
    "	lis	3, 0\n"
    "	ori	3, 3, 0xf010\n"
    "	sc	1\n"
    "1:	li	3, 0xe0\n"		/* H_CEDE */
    "	sc	1\n"
    "	b	1b\n"
    "guest_end:\n"
    "	.popsection\n");
extern const char handler_begin[], handler_end[], guest_begin[], guest_end[];

static int create(int vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };

	MUST(ioctl(vm, KVM_CREATE_DEVICE, &create));
	need_host(create.fd, KVM_VINTC_MODEL_XICS);
	MUST(set_attr(create.fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, NULL));
	return create.fd;
}

/* A guest with RTAS would unmask its source itself: this one has it open from the start. */
static void connect_and_describe(int device)
{
	uint32_t server = SERVER;
	uint64_t source = SERVER | 5ULL << KVM_XICS_PRIORITY_SHIFT;

	MUST(set_attr(device, KVM_VINTC_GRP_VCPU, 0, &server));
	MUST(set_attr(device, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &source));
}

/* A vCPU at the guest's first instruction. */
static void init_vcpu(struct guest *guest)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	uint64_t lpcr;
	struct kvm_one_reg reg = { .id = KVM_REG_PPC_LPCR_64, .addr = (uintptr_t)&lpcr };
	struct kvm_regs regs;
	uint32_t order = 24;

	memcpy(guest->memory + 0x500, handler_begin, handler_end - handler_begin);
	memcpy(guest->memory + ENTRY, guest_begin, guest_end - guest_begin);
	/* With the hash MMU there is no real mode without a hash table. */
	if (ioctl(guest->vm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_MMU_RADIX) <= 0)
		MUST(ioctl(guest->vm, KVM_PPC_ALLOCATE_HTAB, &order));
	MUST(ioctl(guest->vcpu, KVM_ENABLE_CAP, &papr));
	MUST(ioctl(guest->vcpu, KVM_GET_ONE_REG, &reg));
	lpcr |= LPCR_ILE;
	MUST(ioctl(guest->vcpu, KVM_SET_ONE_REG, &reg));
	MUST(ioctl(guest->vcpu, KVM_GET_REGS, &regs));
	regs.pc = ENTRY;
	regs.msr = MSR_START;
	MUST(ioctl(guest->vcpu, KVM_SET_REGS, &regs));
}

/* What the guest tells. */
static uint64_t doorbell(struct guest *guest)
{
	guest->run->papr_hcall.ret = 0;
	if (run(guest) != KVM_EXIT_PAPR_HCALL || guest->run->papr_hcall.nr != DOORBELL)
		return ~0ull;
	return guest->run->papr_hcall.args[0];
}

int main(void)
{
	struct guest guest;
	int device;

	new_guest(&guest, 0, MEMORY_SIZE);
	device = create(guest.vm);
	connect_and_describe(device);
	init_vcpu(&guest);

	plan(3);
	check(doorbell(&guest) == 0, "the guest has opened its ICP: H_SUCCESS");
	check(irq_line(device, SOURCE, 1) == 1, "KVM_IRQ_LINE: delivered");
	check(doorbell(&guest) == (0xff000000 | SOURCE), "the guest took it");
	return failures != 0;
}

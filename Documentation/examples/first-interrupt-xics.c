// SPDX-License-Identifier: GPL-2.0-only
/*
 * From KVM_CREATE_DEVICE to the first interrupt of a XICS that userspace presents: on
 * any host, without a guest. The guest's part is played by the commands at the end.
 */
#include "xics.h"

#define VCPU	0		/* the argument of KVM_CREATE_VCPU */
#define SERVER	8		/* by which the guest knows this vCPU */
#define SOURCE	0x1000

static int create(int vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };

	MUST(ioctl(vm, KVM_CREATE_DEVICE, &create));
	MUST(set_attr(create.fd, KVM_VINTC_GRP_MODEL,
		      KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE, NULL));
	return create.fd;
}

static void connect_and_describe(int device)
{
	uint32_t server = SERVER;
	uint64_t masked = 0xffULL << KVM_XICS_PRIORITY_SHIFT | KVM_XICS_MASKED;

	MUST(set_attr(device, KVM_VINTC_GRP_VCPU, VCPU, &server));
	MUST(set_attr(device, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &masked));
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

/* The guest unmasks the source: the VMM has decoded the RTAS call. */
static int set_xive(int device, uint32_t server, uint32_t priority)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_RTAS,
		.vcpu = VCPU,
		.rtas = {
			.service = KVM_VINTC_RTAS_SET_XIVE,
			.args = { SOURCE, server, priority },
		},
	};

	MUST(ioctl(device, KVM_VINTC_COMMAND, &c));
	return c.rtas.status;
}

int main(void)
{
	int vm = new_vm(1), device = create(vm), line;
	struct kvm_vintc_command answer;
	uint32_t xirr;

	plan(8);
	connect_and_describe(device);
	line = follow_line(device);

	/* The guest: its priority, and the source's. */
	answer = hypercall(device, VCPU, H_CPPR, 0xff, 0);
	check(answer.hypercall.status == 0 && answer.lines == 0, "H_CPPR: nothing is there");
	check(set_xive(device, SERVER, 5) == 0, "ibm,set-xive");

	/* The device: an MSI. */
	check(irq_line(device, SOURCE, 1) == 1, "KVM_IRQ_LINE: delivered");
	check(can_be_read(line), "the line is up");

	/* The guest again. */
	answer = hypercall(device, VCPU, H_XIRR, 0, 0);
	xirr = (uint32_t)answer.hypercall.regs[0];
	check(XISR(xirr) == SOURCE, "H_XIRR: it is that source");
	check(answer.lines == 0 && !can_be_read(line), "the line is down");
	answer = hypercall(device, VCPU, H_EOI, xirr, 0);
	check(answer.hypercall.status == 0, "H_EOI");
	check(XISR(h_xirr(device, VCPU)) == 0, "no other one is there");
	return failures != 0;
}

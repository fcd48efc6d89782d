/* SPDX-License-Identifier: GPL-2.0-only */
/* A XICS that userspace presents: what its vCPUs do, by commands. */
#ifndef VINTC_EXAMPLE_XICS_H
#define VINTC_EXAMPLE_XICS_H

#include "example.h"

/* Of PAPR. */
#define H_EOI		0x64
#define H_CPPR		0x68
#define H_IPI		0x6c
#define H_XIRR		0x74
#define XISR(xirr)	((xirr) & 0xffffff)

static inline struct kvm_vintc_command hypercall(int device, uint32_t vcpu, uint64_t number,
						 uint64_t r4, uint64_t r5)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_HYPERCALL,
		.vcpu = vcpu,
		.hypercall = { .number = number, .regs = { r4, r5 } },
	};

	MUST(ioctl(device, KVM_VINTC_COMMAND, &c));
	return c;
}

/* The most favoured interrupt, with the CPPR to go back to at its end. */
static inline uint32_t h_xirr(int device, uint32_t vcpu)
{
	return (uint32_t)hypercall(device, vcpu, H_XIRR, 0, 0).hypercall.regs[0];
}

static inline void h_eoi(int device, uint32_t vcpu, uint32_t xirr)
{
	hypercall(device, vcpu, H_EOI, xirr, 0);
}

static inline void add_source(int device, uint32_t number, uint32_t server, uint8_t priority,
			      uint64_t flags)
{
	uint64_t source = server | (uint64_t)priority << KVM_XICS_PRIORITY_SHIFT | flags;

	MUST(set_attr(device, KVM_DEV_XICS_GRP_SOURCES, number, &source));
}

/* With vCPUs 0 to count - 1, each of which takes any interrupt. Servers are vCPU ids. */
static inline int new_xics(int vm, int count)
{
	int device = new_device(vm, KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE);

	for (int id = 0; id < count; id++) {
		connect_vcpu(device, id, id);
		hypercall(device, id, H_CPPR, 0xff, 0);
	}
	return device;
}

#endif /* VINTC_EXAMPLE_XICS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt controller of a VM, behind the few calls in which kvm-vintc and
 * in-tree XICS differ. A test that speaks through these can run on either: the
 * environment says which (VINTC_IRQCHIP=in-tree), so that the tests themselves
 * can be tried on the implementation that they describe.
 */
#ifndef VINTC_IRQCHIP_H
#define VINTC_IRQCHIP_H

#include "lib/device.h"
#include "lib/vm.h"

enum rtas_service { RTAS_SET_XIVE, RTAS_GET_XIVE, RTAS_INT_OFF, RTAS_INT_ON, RTAS_SERVICES };

struct irqchip_ops {
	const char *name;
	int (*create)(struct vm *vm);			/* answers the device's fd */
	int (*connect)(struct vcpu *cpu, u32 server);
	int (*define_rtas)(struct vm *vm, enum rtas_service service, u32 token);
	int (*ioctl_fd)(struct vm *vm);			/* takes KVM_IRQ_LINE, KVM_IRQFD */
};

extern const struct irqchip_ops vintc_irqchip, in_tree_irqchip;

/* The one that the environment asks for. */
const struct irqchip_ops *irqchip_under_test(void);
/* In-tree XICS is there, and is XICS: on bare-metal POWER9 it is a XIVE beneath. */
const char *why_no_in_tree_xics(void);

/* Creates the controller, connects every vCPU, defines the RTAS tokens. */
void irqchip_create(struct vm *vm, const struct irqchip_ops *ops);
#define rtas_token(service)	(0x2001u + (service))

/* A VM with the controller under test, and every ICP open. */
void vm_create_with_irqchip(struct vm *vm, int cpus);

int source_set(struct vm *vm, u32 source, u64 state);
int source_get(struct vm *vm, u32 source, u64 *state);
int icp_set(struct vcpu *cpu, u64 state);
int icp_get(struct vcpu *cpu, u64 *state);
/* For states that must be there. */
u64 source_of(struct vm *vm, u32 source);
u64 icp_of(struct vcpu *cpu);

void raise_source(struct vm *vm, u32 source);
void lower_source(struct vm *vm, u32 source);

#endif /* VINTC_IRQCHIP_H */

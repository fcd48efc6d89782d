/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GICv2 of a VM, behind the few calls in which kvm-vintc and the in-tree
 * vGIC differ. A test that speaks through these can run on either: the
 * environment says which (VINTC_IRQCHIP=in-tree), so that the tests themselves
 * can be tried on the implementation that they describe.
 */
#ifndef VINTC_IRQCHIP_H
#define VINTC_IRQCHIP_H

#include "lib/device.h"
#include "lib/vm.h"

struct irqchip_ops {
	const char *name;
	int (*create)(struct vm *vm);		/* answers the device's fd */
	int (*ioctl_fd)(struct vm *vm);		/* takes KVM_IRQ_LINE, KVM_IRQFD */
};

extern const struct irqchip_ops vintc_irqchip, in_tree_irqchip;

/* The one that the environment asks for. */
const struct irqchip_ops *irqchip_under_test(void);
/* NULL if this host has the in-tree GICv2. */
const char *why_no_in_tree_gicv2(void);

/* The interrupts of the GICs that tests have, SGIs and PPIs among them. */
#define GIC_IRQS	128

/* The device alone, for the VM; its descriptor is in vm->irqchip_fd. */
void irqchip_create(struct vm *vm, const struct irqchip_ops *ops);
/* ... with interrupts and addresses, initialised: ready. */
void irqchip_create_ready(struct vm *vm, const struct irqchip_ops *ops);
/* A VM with a controller that forwards interrupts of group 0 as IRQs, of any priority. */
void vm_create_with_irqchip(struct vm *vm, int cpus);
void gic_open(struct vm *vm);

int gic_set_irqs(struct vm *vm, u32 number);
int gic_set_address(struct vm *vm, u64 type, u64 address);
int gic_get_address(struct vm *vm, u64 type, u64 *address);
int gic_init(struct vm *vm);

/* Registers as state: group is KVM_DEV_ARM_VGIC_GRP_DIST_REGS or _CPU_REGS. */
int gic_set_reg(struct vm *vm, u32 group, u32 cpu, u32 offset, u32 value);
int gic_get_reg(struct vm *vm, u32 group, u32 cpu, u32 offset, u32 *value);
/* For those that must be there. */
u32 dist_reg(struct vm *vm, u32 cpu, u32 offset);
u32 cpu_reg(struct vm *vm, u32 cpu, u32 offset);

/* KVM_IRQ_LINE's names of interrupts. */
static inline u32 spi(u32 intid)
{
	return KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid;
}

static inline u32 ppi(u32 cpu, u32 intid)
{
	return KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT |
	       cpu << KVM_ARM_IRQ_VCPU_SHIFT | intid;
}

/* KVM_IRQFD's. */
static inline u32 gsi_of_spi(u32 intid)
{
	return intid - 32;
}

void raise_irq(struct vm *vm, u32 irq);
void lower_irq(struct vm *vm, u32 irq);
/* An edge. */
void pulse_irq(struct vm *vm, u32 irq);

/* Does the VMM drive the PPIs of timers and PMU (timer=userspace)? */
bool timers_by_vmm(void);
/* The module's parameter; "in-tree" for the in-tree GIC. */
const char *timer_mode(void);

#endif /* VINTC_IRQCHIP_H */

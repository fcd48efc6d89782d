/* SPDX-License-Identifier: GPL-2.0-only */
/* The GICv2 as the guest sees it: accesses that a vCPU makes on a test's behalf. */
#ifndef VINTC_GIC_H
#define VINTC_GIC_H

#include "lib/gicv2.h"

#include "irqchip.h"

/* One access by the guest, at any address and of any width. */
u64 guest_read(struct vcpu *cpu, u64 address, u32 width);
void guest_write(struct vcpu *cpu, u64 address, u32 width, u64 value);

u32 gicd_read(struct vcpu *cpu, u32 offset);
void gicd_write(struct vcpu *cpu, u32 offset, u32 value);
u32 gicc_read(struct vcpu *cpu, u32 offset);
void gicc_write(struct vcpu *cpu, u32 offset, u32 value);

/* A bit, or a byte, of the distributor's registers that have one per interrupt. */
bool gicd_bit(struct vcpu *cpu, u32 bank, u32 intid);
void gicd_set_bit(struct vcpu *cpu, u32 bank, u32 intid);
u8 gicd_byte(struct vcpu *cpu, u32 bank, u32 intid);
void gicd_set_byte(struct vcpu *cpu, u32 bank, u32 intid, u8 value);

enum trigger { LEVEL, EDGE };
void gic_set_trigger(struct vcpu *cpu, u32 intid, enum trigger trigger);
/* Enables an interrupt; an SPI goes to that vCPU. */
void gic_enable(struct vcpu *cpu, u32 intid, u8 priority);

/* Which lines of the vCPU are up, as its guest sees it. */
u32 lines_up(struct vcpu *cpu);

/* GICC_IAR; and the end of what it answered. */
u32 gic_accept(struct vcpu *cpu);
void gic_end(struct vcpu *cpu, u32 iar);

#endif /* VINTC_GIC_H */

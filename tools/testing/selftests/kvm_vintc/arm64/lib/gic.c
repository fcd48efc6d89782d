// SPDX-License-Identifier: GPL-2.0-only
#include "lib/gic.h"

u64 guest_read(struct vcpu *cpu, u64 address, u32 width)
{
	vcpu_do(cpu, OP_ACCESS, address, width, false);
	return cpu->box->arg[0];
}

void guest_write(struct vcpu *cpu, u64 address, u32 width, u64 value)
{
	vcpu_do(cpu, OP_ACCESS, address, width, true, false, value);
}

u32 gicd_read(struct vcpu *cpu, u32 offset)
{
	return guest_read(cpu, cpu->box->gicd + offset, 4);
}

void gicd_write(struct vcpu *cpu, u32 offset, u32 value)
{
	guest_write(cpu, cpu->box->gicd + offset, 4, value);
}

u32 gicc_read(struct vcpu *cpu, u32 offset)
{
	return guest_read(cpu, cpu->box->gicc + offset, 4);
}

void gicc_write(struct vcpu *cpu, u32 offset, u32 value)
{
	guest_write(cpu, cpu->box->gicc + offset, 4, value);
}

bool gicd_bit(struct vcpu *cpu, u32 bank, u32 intid)
{
	return gicd_read(cpu, bank + intid / 32 * 4) >> intid % 32 & 1;
}

void gicd_set_bit(struct vcpu *cpu, u32 bank, u32 intid)
{
	gicd_write(cpu, bank + intid / 32 * 4, 1u << intid % 32);
}

u8 gicd_byte(struct vcpu *cpu, u32 bank, u32 intid)
{
	return guest_read(cpu, cpu->box->gicd + bank + intid, 1);
}

void gicd_set_byte(struct vcpu *cpu, u32 bank, u32 intid, u8 value)
{
	guest_write(cpu, cpu->box->gicd + bank + intid, 1, value);
}

void gic_set_trigger(struct vcpu *cpu, u32 intid, enum trigger trigger)
{
	u32 offset = GICD_ICFGR + intid / 16 * 4, bit = 2u << intid % 16 * 2;
	u32 value = gicd_read(cpu, offset) & ~bit;

	gicd_write(cpu, offset, trigger == EDGE ? value | bit : value);
}

void gic_enable(struct vcpu *cpu, u32 intid, u8 priority)
{
	gicd_set_byte(cpu, GICD_IPRIORITYR, intid, priority);
	if (intid >= 32)
		gicd_set_byte(cpu, GICD_ITARGETSR, intid, 1u << cpu->server);
	gicd_set_bit(cpu, GICD_ISENABLER, intid);
}

u32 lines_up(struct vcpu *cpu)
{
	vcpu_do(cpu, OP_LINES);
	return cpu->box->arg[0];
}

u32 gic_accept(struct vcpu *cpu)
{
	return gicc_read(cpu, GICC_IAR);
}

void gic_end(struct vcpu *cpu, u32 iar)
{
	gicc_write(cpu, GICC_EOIR, iar);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The distributor of the VMM's GICv2. */
#include "userspace_state.h"

static void send_sgi(struct userspace_gic *gic, int cpu, u32 value)
{
	u32 sgi = value & 15, filter = value >> 24 & 3, targets = value >> 16 & 0xff;

	if (filter)
		targets = filter == 1 ? ~(1u << cpu) : 1u << cpu;
	for (int i = 0; i < gic->vm->cpus; i++)
		if (targets >> i & 1) {
			gic->interface[i].sgi_senders[sgi] |= 1u << cpu;
			gic->interface[i].private.latched |= 1u << sgi;
			update(gic, i);
		}
}

static void set_targets(struct userspace_gic *gic, u32 spi, u8 targets)
{
	gic->targets[spi] = targets;
	for (int i = 0; i < gic->vm->cpus; i++) {
		u32 *targeted = &gic->interface[i].targeted;

		*targeted = (*targeted & ~(1u << spi)) | (targets >> i & 1u) << spi;
	}
}

static void set_edges(struct bank *bank, u32 first, u32 value)
{
	for (u32 i = 0; i < 16; i++, value >>= 2)
		bank->edge = (bank->edge & ~(1u << (first + i))) | (value >> 1 & 1u) << (first + i);
}

static u32 edges(const struct bank *bank, u32 first)
{
	u32 value = 0;

	for (u32 i = 0; i < 16; i++)
		value |= (bank->edge >> (first + i) & 1u) << (2 * i + 1);
	return value;
}

static u32 bytes(const u8 *byte)
{
	return byte[0] | byte[1] << 8 | byte[2] << 16 | (u32)byte[3] << 24;
}

/* A bit for each interrupt: two words of each register. */
static void read_bits(const struct bank *bank, u32 offset, u32 *value)
{
	switch (offset & ~7u) {
	case 0x100: case 0x180: *value = bank->enabled; break;
	case 0x200: case 0x280: *value = pending(bank); break;
	case 0x300: case 0x380: *value = bank->active; break;
	}
}

static void write_bits(struct bank *bank, u32 offset, u32 value)
{
	switch (offset & ~7u) {
	case 0x100: bank->enabled |= value; break;
	case 0x180: bank->enabled &= ~value; break;
	case 0x200: bank->latched |= value; break;
	case 0x280: bank->latched &= ~value; break;
	case 0x300: bank->active |= value; break;
	case 0x380: bank->active &= ~value; break;
	}
}

static void read_distributor(struct userspace_gic *gic, int cpu, u32 offset, u32 *value)
{
	u32 interrupt = offset & 0x3ff;

	switch (offset) {
	case 0x000:
		*value = gic->enabled;
		break;
	case 0x004:
		*value = SPIS / 32 | (gic->vm->cpus - 1) << 5;
		break;
	case 0x100 ... 0x3ff:
		read_bits(bank_of(gic, cpu, !(offset & 0x7c)), offset, value);
		break;
	case 0x400 ... 0x400 + 32 + SPIS - 4:
		*value = bytes(&bank_of(gic, cpu, interrupt < 32)->priority[interrupt % 32]);
		break;
	case 0x800 ... 0x81f:
		*value = 0x01010101u << cpu;
		break;
	case 0x820 ... 0x820 + SPIS - 4:
		*value = bytes(&gic->targets[interrupt - 32]);
		break;
	case 0xc00 ... 0xc0f:
		*value = edges(bank_of(gic, cpu, offset < 0xc08), offset & 4 ? 16 : 0);
		break;
	}
}

static void write_distributor(struct userspace_gic *gic, int cpu, u32 offset, u32 value)
{
	u32 interrupt = offset & 0x3ff;
	bool private = false;

	switch (offset) {
	case 0x000:
		gic->enabled = value & 1;
		break;
	case 0x100 ... 0x3ff:
		private = !(offset & 0x7c);
		write_bits(bank_of(gic, cpu, private), offset, value);
		break;
	case 0x400 ... 0x400 + 32 + SPIS - 4:
		private = interrupt < 32;
		for (int i = 0; i < 4; i++)
			bank_of(gic, cpu, private)->priority[interrupt % 32 + i] = value >> 8 * i;
		break;
	case 0x820 ... 0x820 + SPIS - 4:
		for (int i = 0; i < 4; i++)
			set_targets(gic, interrupt - 32 + i, value >> 8 * i);
		break;
	case 0xc04 ... 0xc0f:
		private = offset == 0xc04;
		set_edges(bank_of(gic, cpu, private), offset & 4 ? 16 : 0, value);
		break;
	case 0xf00:
		send_sgi(gic, cpu, value);
		return;
	}
	update_for(gic, cpu, private);
}

void access_distributor(struct userspace_gic *gic, int cpu, u32 offset, u32 *value, bool write)
{
	if (write)
		write_distributor(gic, cpu, offset, *value);
	else
		read_distributor(gic, cpu, offset, value);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The CPU interface of the VMM's GICv2. */
#include "userspace_state.h"

#define INTID	0x3ff

static u32 take_sgi(struct interface *interface, u32 sgi)
{
	u32 sender = __builtin_ctz(interface->sgi_senders[sgi]);

	interface->sgi_senders[sgi] &= ~(1u << sender);
	if (!interface->sgi_senders[sgi])
		interface->private.latched &= ~(1u << sgi);
	return sender << 10 | sgi;
}

static u32 acknowledge(struct userspace_gic *gic, int cpu)
{
	struct interface *interface = &gic->interface[cpu];
	u32 priority, interrupt = signalled(gic, interface, &priority), bit = 1u << interrupt % 32;
	struct bank *bank = bank_of(gic, cpu, interrupt < 32);

	if (interrupt == NO_INTERRUPT)
		return NO_INTERRUPT;
	bank->active |= bit;
	interface->preempted[interface->depth++ % MAX_NESTED] = interface->running;
	interface->running = priority;
	if (interrupt < 16)
		interrupt = take_sgi(interface, interrupt);
	else
		bank->latched &= ~bit;
	update_for(gic, cpu, bank != &gic->shared);
	return interrupt;
}

static void end(struct userspace_gic *gic, int cpu, u32 interrupt)
{
	struct interface *interface = &gic->interface[cpu];
	struct bank *bank;

	interrupt &= INTID;
	if (interrupt >= 32 + SPIS || !interface->depth)
		return;
	bank = bank_of(gic, cpu, interrupt < 32);
	bank->active &= ~(1u << interrupt % 32);
	interface->running = interface->preempted[--interface->depth % MAX_NESTED];
	update_for(gic, cpu, interrupt < 32);
}

static void read_interface(struct userspace_gic *gic, int cpu, u32 offset, u32 *value)
{
	struct interface *interface = &gic->interface[cpu];

	switch (offset) {
	case 0x00: *value = interface->enabled; break;
	case 0x04: *value = interface->mask; break;
	case 0x0c: *value = acknowledge(gic, cpu); break;
	case 0x14: *value = interface->running < IDLE ? interface->running : 0xff; break;
	}
}

static void write_interface(struct userspace_gic *gic, int cpu, u32 offset, u32 value)
{
	struct interface *interface = &gic->interface[cpu];

	switch (offset) {
	case 0x00:
		interface->enabled = value & 1;
		update(gic, cpu);
		break;
	case 0x04:
		interface->mask = value & 0xff;
		update(gic, cpu);
		break;
	case 0x10:
		end(gic, cpu, value);
		break;
	}
}

void access_interface(struct userspace_gic *gic, int cpu, u32 offset, u32 *value, bool write)
{
	if (write)
		write_interface(gic, cpu, offset, *value);
	else
		read_interface(gic, cpu, offset, value);
}

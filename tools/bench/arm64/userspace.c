// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <stdlib.h>

#include "userspace.h"

#define SPIS		32	/* from INTID 32 */
#define IDLE		0x100	/* the running priority when nothing is active */
#define NO_INTERRUPT	1023
#define INTID		0x3ff
#define MAX_NESTED	32

/* 32 interrupts, a bit each: an interface's private ones, or the shared ones. */
struct bank {
	u32 enabled, latched, level, active, edge;
	u8 priority[32];
};

struct interface {
	struct bank private;
	u8 sgi_senders[16];
	u32 targeted;		/* SPIs that go to it */
	u32 enabled, mask, running;
	u32 preempted[MAX_NESTED];
	u32 depth;
	bool line;		/* as KVM was told last */
};

struct userspace_gic {
	const struct vm *vm;
	pthread_mutex_t lock;
	u32 enabled;
	struct bank shared;
	u8 targets[SPIS];
	struct interface interface[GUEST_MAX_CPUS];
};

static u32 pending(const struct bank *bank)
{
	return bank->latched | (bank->level & ~bank->edge);
}

static void find_best(const struct bank *bank, u32 among, u32 first, u32 *best, u32 *priority)
{
	u32 candidates = among & bank->enabled & pending(bank) & ~bank->active;

	for (; candidates; candidates &= candidates - 1) {
		u32 bit = __builtin_ctz(candidates);

		if (bank->priority[bit] < *priority) {
			*priority = bank->priority[bit];
			*best = first + bit;
		}
	}
}

/* The interrupt that the interface signals, if it is more favoured than mask and running. */
static u32 signalled(const struct userspace_gic *gic, const struct interface *interface, u32 *priority)
{
	u32 best = NO_INTERRUPT;

	if (!gic->enabled || !interface->enabled)
		return NO_INTERRUPT;
	*priority = interface->mask < interface->running ? interface->mask : interface->running;
	find_best(&interface->private, -1, 0, &best, priority);
	find_best(&gic->shared, interface->targeted, 32, &best, priority);
	return best;
}

static void update(struct userspace_gic *gic, int cpu)
{
	struct interface *interface = &gic->interface[cpu];
	u32 priority;
	bool line = signalled(gic, interface, &priority) != NO_INTERRUPT;

	if (line == interface->line)
		return;
	interface->line = line;
	vm_set_line(gic->vm, KVM_ARM_IRQ_TYPE_CPU, cpu, KVM_ARM_IRQ_CPU_IRQ, line);
}

/* A private interrupt concerns its own interface alone. */
static void update_for(struct userspace_gic *gic, int cpu, bool private)
{
	if (private)
		update(gic, cpu);
	else
		for (int i = 0; i < gic->vm->cpus; i++)
			update(gic, i);
}

static struct bank *bank_of(struct userspace_gic *gic, int cpu, bool private)
{
	return private ? &gic->interface[cpu].private : &gic->shared;
}

/* ---- the CPU interface ---- */

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

/* ---- the distributor ---- */

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

/* ---- what the VMM calls ---- */

static void access_interface(struct userspace_gic *gic, int cpu, u32 offset, u32 *value, bool write)
{
	if (write)
		write_interface(gic, cpu, offset, *value);
	else
		read_interface(gic, cpu, offset, value);
}

static void access_distributor(struct userspace_gic *gic, int cpu, u32 offset, u32 *value, bool write)
{
	if (write)
		write_distributor(gic, cpu, offset, *value);
	else
		read_distributor(gic, cpu, offset, value);
}

bool userspace_access(struct userspace_gic *gic, int cpu, u64 address, u32 *value, bool write)
{
	bool is_interface = address - GICV2_CPU_INTERFACE < GICV2_CPU_INTERFACE_SIZE;

	if (!is_interface && address - GIC_DISTRIBUTOR >= GIC_DISTRIBUTOR_SIZE)
		return false;
	pthread_mutex_lock(&gic->lock);
	if (is_interface)
		access_interface(gic, cpu, address - GICV2_CPU_INTERFACE, value, write);
	else
		access_distributor(gic, cpu, address - GIC_DISTRIBUTOR, value, write);
	pthread_mutex_unlock(&gic->lock);
	return true;
}

void userspace_set_line(struct userspace_gic *gic, int cpu, u32 interrupt, bool level)
{
	u32 bit = 1u << interrupt % 32;
	struct bank *bank;

	pthread_mutex_lock(&gic->lock);
	bank = bank_of(gic, cpu, interrupt < 32);
	if (level && !(bank->level & bit))
		bank->latched |= bit & bank->edge;
	bank->level = level ? bank->level | bit : bank->level & ~bit;
	update_for(gic, cpu, interrupt < 32);
	pthread_mutex_unlock(&gic->lock);
}

struct userspace_gic *userspace_create(const struct vm *vm)
{
	struct userspace_gic *gic = calloc(1, sizeof(*gic));

	if (!gic)
		fatal("no memory for a GIC");
	gic->vm = vm;
	pthread_mutex_init(&gic->lock, NULL);
	for (int i = 0; i < vm->cpus; i++) {
		gic->interface[i].running = IDLE;
		gic->interface[i].private.edge = 0xffff;
		gic->interface[i].private.enabled = 0xffff;
	}
	return gic;
}

void userspace_destroy(struct userspace_gic *gic)
{
	pthread_mutex_destroy(&gic->lock);
	free(gic);
}

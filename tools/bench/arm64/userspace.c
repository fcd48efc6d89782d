// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "userspace_state.h"

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

/* It has to be more favoured than the mask and than what is active. */
u32 signalled(const struct userspace_gic *gic, const struct interface *interface, u32 *priority)
{
	u32 best = NO_INTERRUPT;

	if (!gic->enabled || !interface->enabled)
		return NO_INTERRUPT;
	*priority = interface->mask < interface->running ? interface->mask : interface->running;
	find_best(&interface->private, -1, 0, &best, priority);
	find_best(&gic->shared, interface->targeted, 32, &best, priority);
	return best;
}

void update(struct userspace_gic *gic, int cpu)
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
void update_for(struct userspace_gic *gic, int cpu, bool private)
{
	if (private)
		update(gic, cpu);
	else
		for (int i = 0; i < gic->vm->cpus; i++)
			update(gic, i);
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

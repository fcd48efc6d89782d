// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm_vintc.h>

#include "lib/gic.h"
#include "lib/state.h"

#define DIST	KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CPU	KVM_DEV_ARM_VGIC_GRP_CPU_REGS
#define LEVEL	KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO

/*
 * Registers in the order in which they can be set. Those with bits per interrupt
 * have a part for each CPU and one for all. clear: the register whose bits undo.
 */
static const struct reg {
	u32 group;
	u32 offset;
	u32 bits;		/* per interrupt; 0: it is one word */
	u32 clear;
	bool banked;		/* whole */
} regs[] = {
	{ DIST, GICD_IIDR },
	{ DIST, GICD_CTLR },	/* in-tree forgets what pends before this */
	{ DIST, GICD_IGROUPR, 1 },
	{ DIST, GICD_IPRIORITYR, 8 },
	{ DIST, GICD_ITARGETSR, 8 },
	{ DIST, GICD_ICFGR, 2 },
	{ DIST, GICD_ISENABLER, 1, GICD_ICENABLER },
	{ DIST, GICD_ISPENDR, 1, GICD_ICPENDR },
	{ DIST, GICD_ISACTIVER, 1, GICD_ICACTIVER },
	{ DIST, GICD_SPENDSGIR + 0, 0, GICD_CPENDSGIR + 0, true },
	{ DIST, GICD_SPENDSGIR + 4, 0, GICD_CPENDSGIR + 4, true },
	{ DIST, GICD_SPENDSGIR + 8, 0, GICD_CPENDSGIR + 8, true },
	{ DIST, GICD_SPENDSGIR + 12, 0, GICD_CPENDSGIR + 12, true },
	{ CPU, GICC_PMR, 0, 0, true },
	{ CPU, GICC_BPR, 0, 0, true },
	{ CPU, GICC_ABPR, 0, 0, true },
	{ CPU, GICC_APR, 0, 0, true },
	{ CPU, GICC_CTLR, 0, 0, true },
};

static void get_value(struct vm *vm, struct gic_state *state, u32 group, u32 cpu, u32 attribute)
{
	struct gic_value *value = &state->value[state->values++];

	if (state->values > GIC_STATE_VALUES)
		fatal("a GIC has more state than there is room for");
	value->group = group;
	value->cpu = cpu;
	value->attribute = attribute;
	must(gic_get_reg(vm, group, cpu, attribute, &value->value));
}

static void get_reg(struct vm *vm, struct gic_state *state, const struct reg *reg)
{
	u32 banked = reg->bits * 32 / 8, all = reg->bits * GIC_IRQS / 8;

	for (int cpu = 0; cpu < vm->cpus; cpu++) {
		for (u32 n = 0; n < banked; n += 4)
			get_value(vm, state, reg->group, cpu, reg->offset + n);
		if (reg->banked)
			get_value(vm, state, reg->group, cpu, reg->offset);
	}
	for (u32 n = banked; n < all; n += 4)
		get_value(vm, state, reg->group, 0, reg->offset + n);
	if (!reg->bits && !reg->banked)
		get_value(vm, state, reg->group, 0, reg->offset);
}

static void get_infos(struct vm *vm, struct gic_state *state)
{
	static const u32 infos[] = {
		VGIC_LEVEL_INFO_LINE_LEVEL, KVM_VINTC_GIC_INFO_LATCH, KVM_VINTC_GIC_INFO_DROP,
	};

	for (int i = 0; i < ARRAY_SIZE(infos); i++)
		for (u32 intid = 0; intid < GIC_IRQS; intid += 32)
			for (int cpu = 0; cpu < (intid ? 1 : vm->cpus); cpu++)
				get_value(vm, state, LEVEL, cpu,
					  infos[i] << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT | intid);
}

void gic_get_state(struct vm *vm, struct gic_state *state, bool registers_only)
{
	state->values = 0;
	for (int i = 0; i < ARRAY_SIZE(regs); i++)
		get_reg(vm, state, &regs[i]);
	if (!registers_only)
		get_infos(vm, state);
}

/* Where the bits are cleared that a register of state only sets; 0: it is set whole. */
static u32 clear_register(const struct gic_value *value)
{
	if (value->group != DIST)
		return 0;
	for (int i = 0; i < ARRAY_SIZE(regs); i++) {
		u32 size = regs[i].bits ? regs[i].bits * GIC_IRQS / 8 : 4;

		if (regs[i].group == DIST && regs[i].clear &&
		    value->attribute - regs[i].offset < size)
			return regs[i].clear + value->attribute - regs[i].offset;
	}
	return 0;
}

void gic_set_state(struct vm *vm, const struct gic_state *state)
{
	for (u32 i = 0; i < state->values; i++) {
		const struct gic_value *value = &state->value[i];
		u32 clear = clear_register(value);

		if (clear)
			must(gic_set_reg(vm, DIST, value->cpu, clear, ~value->value));
		must(gic_set_reg(vm, value->group, value->cpu, value->attribute, value->value));
	}
}

const struct gic_value *gic_state_difference(const struct gic_state *a, const struct gic_state *b)
{
	if (a->values != b->values)
		fatal("states of %u and %u values", a->values, b->values);
	for (u32 i = 0; i < a->values; i++)
		if (a->value[i].value != b->value[i].value)
			return &a->value[i];
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole state of a GICv2, as a VMM saves and restores it: the registers that
 * are state, and of ours what no register shows.
 */
#ifndef VINTC_STATE_H
#define VINTC_STATE_H

#include "irqchip.h"

#define GIC_STATE_VALUES	512

struct gic_state {
	u32 values;
	struct gic_value {
		u32 group;
		u32 cpu;
		u32 attribute;		/* offset, or what LEVEL_INFO takes */
		u32 value;
	} value[GIC_STATE_VALUES];
};

/* registers_only: what an in-tree GICv2 has. */
void gic_get_state(struct vm *vm, struct gic_state *state, bool registers_only);
/* In a new VM, or over whatever there is. */
void gic_set_state(struct vm *vm, const struct gic_state *state);

/* NULL if they are equal. */
const struct gic_value *gic_state_difference(const struct gic_state *a, const struct gic_state *b);

#endif /* VINTC_STATE_H */

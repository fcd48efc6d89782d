/* SPDX-License-Identifier: GPL-2.0-only */
/* GICs of each kind, full of state: they are saved, changed and restored by a VMM. */
#ifndef BENCH_STATE_H
#define BENCH_STATE_H

#include "bench.h"

/* Every SPI is an edge that is disabled. */
void state_make_edges(const struct vm *vm, u32 interrupts);
/* Whether the SPI of that pin (INTID - 32) pends. */
bool state_pends(int device, u32 pin);

/* Interrupts of every kind on their way. */
void state_fill(const struct vm *vm, const struct peer *peer, u32 interrupts);

/*
 * Every register that QEMU saves, by its attribute: what in-tree devices have, and ours
 * has, too. The figure is said to be that of `who`.
 */
typedef void measure_attributes_t(const struct vm *vm, const struct peer *peer, u32 interrupts,
				  const char *who, const char *row);
measure_attributes_t measure_attribute_save, measure_attribute_restore;

#endif /* BENCH_STATE_H */

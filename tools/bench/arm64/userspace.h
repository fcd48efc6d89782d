/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GICv2 emulated by the VMM: what a guest that wants one has on a host with a
 * GICv3 alone. It has 64 interrupts and one group, EOIR deactivates, and
 * registers are accessed whole: what the benchmark's guest, and most others, use.
 */
#ifndef BENCH_USERSPACE_H
#define BENCH_USERSPACE_H

#include "vm.h"

struct userspace_gic;

/* It drives the IRQ line of every vCPU of the VM. */
struct userspace_gic *userspace_create(const struct vm *vm);
void userspace_destroy(struct userspace_gic *gic);

/* An access by a vCPU; false if it is not the controller's. */
bool userspace_access(struct userspace_gic *gic, int cpu, u64 address, u32 *value, bool write);
/* An input line; the vCPU is that of a PPI. */
void userspace_set_line(struct userspace_gic *gic, int cpu, u32 interrupt, bool level);

#endif /* BENCH_USERSPACE_H */

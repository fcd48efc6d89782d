/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls that the guest makes on a test's behalf.
 *
 *	struct hcall h = hcall(cpu, H_IPI, server, priority);
 *
 * The registers that are not named are 0. The answer has all of them.
 */
#ifndef VINTC_HCALL_H
#define VINTC_HCALL_H

#include "irqchip.h"
#include "lib/xics.h"

struct hcall {
	u64 r[13];		/* by their number: r[3] to r[12] */
	bool left_to_userspace;
};

#define hcall(cpu, ...)	hcall_registers(cpu, (u64[10]){ __VA_ARGS__ })
struct hcall hcall_registers(struct vcpu *cpu, const u64 r3_to_r12[10]);

/* The status alone, for calls of which nothing else is wanted. */
#define hcall_status(cpu, ...)	((s64)hcall(cpu, __VA_ARGS__).r[3])

/* The calls of a well-behaved guest: fatal unless they succeed. */
u32 h_xirr(struct vcpu *cpu);
void h_cppr(struct vcpu *cpu, u8 priority);
void h_eoi(struct vcpu *cpu, u32 xirr);
void h_ipi(struct vcpu *cpu, u32 server, u8 priority);

/* Is the vCPU's external line up, as its guest sees it? */
bool line_is_up(struct vcpu *cpu);

#endif /* VINTC_HCALL_H */

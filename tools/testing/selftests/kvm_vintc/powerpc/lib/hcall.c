// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "hcall.h"

struct hcall hcall_registers(struct vcpu *cpu, const u64 r3_to_r12[10])
{
	struct hcall result = {};

	vcpu_do_args(cpu, OP_HCALL, r3_to_r12);
	for (int i = 0; i < 10; i++)
		result.r[3 + i] = cpu->box->arg[i];
	result.left_to_userspace = cpu->exit.seen;
	return result;
}

static struct hcall successful(struct vcpu *cpu, u64 number, u64 r4, u64 r5)
{
	struct hcall h = hcall(cpu, number, r4, r5);

	if (h.left_to_userspace)
		fatal("hypercall %#lx was left to userspace", number);
	if (h.r[3] != H_SUCCESS)
		fatal("hypercall %#lx(%#lx, %#lx): %ld", number, r4, r5, (s64)h.r[3]);
	return h;
}

u32 h_xirr(struct vcpu *cpu)
{
	return successful(cpu, H_XIRR, 0, 0).r[4];
}

void h_cppr(struct vcpu *cpu, u8 priority)
{
	successful(cpu, H_CPPR, priority, 0);
}

void h_eoi(struct vcpu *cpu, u32 xirr)
{
	successful(cpu, H_EOI, xirr, 0);
}

void h_ipi(struct vcpu *cpu, u32 server, u8 priority)
{
	successful(cpu, H_IPI, server, priority);
}

bool line_is_up(struct vcpu *cpu)
{
	vcpu_do(cpu, OP_LINE);
	return cpu->box->arg[0];
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace events of what guests do. What a guest asks for is told before it is done, so that
 * it comes before what follows from it; what it gets, after.
 */
#include "core/platform.h"
#include "tracing.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

DEFINE_STATIC_KEY_FALSE(vintc_traced);

#define XISR		0xffffff	/* of an XIRR */
#define INTID		0x3ff		/* of GICC_IAR, GICC_EOIR */

/* Offsets of GICv2 registers. */
#define GICC_IAR	0x0c
#define GICC_EOIR	0x10
#define GICC_AIAR	0x20
#define GICC_AEOIR	0x24
#define GICD_SGIR	0xf00

/* Under the lock that all tracepoints have. Also when the module has been left already. */
int vintc_trace_begin(void)
{
	static_branch_inc(&vintc_traced);
	if (vintc_host.watch)
		vintc_host.watch(true);
	return 0;
}

void vintc_trace_end(void)
{
	if (vintc_host.watch)
		vintc_host.watch(false);
	static_branch_dec(&vintc_traced);
}

long vintc_hypercall_traced(struct vintc_device *dev, struct vintc_icp *icp,
			    unsigned long number, unsigned long *gprs)
{
	struct kvm_vcpu *vcpu = vintc_vcpu_of(vintc_icp_cpu(icp));
	long status;

	if (number == VINTC_H_EOI)
		trace_vintc_eoi(vcpu, gprs[0] & XISR, gprs[0]);
	else if (number == VINTC_H_IPI)
		trace_vintc_ipi(vcpu, gprs[0], (u8)gprs[1]);
	status = vintc_xics_hypercall(dev->controller, icp, number, gprs);
	if (number == VINTC_H_XIRR || number == VINTC_H_XIRR_X)
		trace_vintc_accept(vcpu, gprs[0] & XISR, gprs[0]);
	return status;
}

u64 vintc_gic_read_traced(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
			  enum vintc_gic_frame frame, u32 offset, u32 width)
{
	u64 value = vintc_gic_read(gic, cpu, frame, offset, width);

	if (frame == VINTC_GICC && width == 4 && (offset == GICC_IAR || offset == GICC_AIAR))
		trace_vintc_accept(vintc_vcpu_of(vintc_gic_cpu_vcpu(cpu)), value & INTID, value);
	return value;
}

void vintc_gic_write_traced(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
			    enum vintc_gic_frame frame, u32 offset, u32 width, u64 value)
{
	struct kvm_vcpu *vcpu = vintc_vcpu_of(vintc_gic_cpu_vcpu(cpu));

	if (frame == VINTC_GICC && width == 4 && (offset == GICC_EOIR || offset == GICC_AEOIR))
		trace_vintc_eoi(vcpu, value & INTID, value);
	else if (frame == VINTC_GICD && width == 4 && offset == GICD_SGIR)
		trace_vintc_ipi(vcpu, value >> 16, value & 0xf);
	vintc_gic_write(gic, cpu, frame, offset, width, value);
}

/* ---- what the core tells (core/platform.h) ----------------------------------------- */

void vintc_rejected(void *cpu, u32 source)
{
	if (trace_vintc_reject_enabled())
		trace_vintc_reject(vintc_vcpu_of(cpu), source);
}

void vintc_resent(void *cpu, u32 source)
{
	if (trace_vintc_resend_enabled())
		trace_vintc_resend(vintc_vcpu_of(cpu), source);
}

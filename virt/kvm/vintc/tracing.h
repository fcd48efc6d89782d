/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What guests do, for trace events (trace.h). While nobody watches, it is one
 * no-op on the way into the core.
 *
 * Nothing else between a guest and the core calls the core's functions: who does, is
 * not seen.
 */
#ifndef VINTC_TRACING_H
#define VINTC_TRACING_H

#include <linux/jump_label.h>

#include "vintc.h"

/* One of the events that look here is on. */
DECLARE_STATIC_KEY_FALSE(vintc_traced);

/* An event is turned on for its first watcher, or off after the last. */
int vintc_trace_begin(void);
void vintc_trace_end(void);

long vintc_hypercall_traced(struct vintc_device *dev, struct vintc_icp *icp,
			    unsigned long number, unsigned long *gprs);
u64 vintc_gic_read_traced(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
			  enum vintc_gic_frame frame, u32 offset, u32 width);
void vintc_gic_write_traced(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
			    enum vintc_gic_frame frame, u32 offset, u32 width, u64 value);

/* As the functions of controller.h, in a section. */
static __always_inline long vintc_hypercall(struct vintc_device *dev, struct vintc_icp *icp,
					    unsigned long number, unsigned long *gprs)
{
	if (static_branch_unlikely(&vintc_traced))
		return vintc_hypercall_traced(dev, icp, number, gprs);
	return vintc_xics_hypercall(dev->controller, icp, number, gprs);
}

static __always_inline u64 vintc_gic_load(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
					  enum vintc_gic_frame frame, u32 offset, u32 width)
{
	if (static_branch_unlikely(&vintc_traced))
		return vintc_gic_read_traced(gic, cpu, frame, offset, width);
	return vintc_gic_read(gic, cpu, frame, offset, width);
}

static __always_inline void vintc_gic_store(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
					    enum vintc_gic_frame frame, u32 offset, u32 width,
					    u64 value)
{
	if (static_branch_unlikely(&vintc_traced))
		vintc_gic_write_traced(gic, cpu, frame, offset, width, value);
	else
		vintc_gic_write(gic, cpu, frame, offset, width, value);
}

#endif /* VINTC_TRACING_H */

// SPDX-License-Identifier: GPL-2.0-only
/* What the core calls (core/platform.h). The host port has the timebase. */
#include <linux/slab.h>

#include "core/platform.h"
#include "trace.h"
#include "vintc.h"

/* Charged to the VMM; kmalloc's memory is linearly mapped, as platform.h asks. */
void *vintc_alloc(unsigned long size)
{
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

void vintc_free(void *memory)
{
	kfree(memory);
}

static __always_inline void line_raise(void *cpu, bool self)
{
	if (unlikely(vintc_is_line(cpu)))
		vintc_line_signal(cpu);
	else
		vintc_host_line_raise(cpu, self);
}

static noinline void line_raise_traced(void *cpu, bool self)
{
	trace_vintc_deliver(vintc_vcpu_of(cpu));
	line_raise(cpu, self);
}

/* On the way of each delivery: what only tracing needs is elsewhere. */
void vintc_line_raise(void *cpu, bool self)
{
	if (trace_vintc_deliver_enabled())
		line_raise_traced(cpu, self);
	else
		line_raise(cpu, self);
}

void vintc_line_lower(void *cpu)
{
	if (unlikely(vintc_is_line(cpu)))
		vintc_line_empty(cpu);
	else
		vintc_host_line_lower(cpu);
}

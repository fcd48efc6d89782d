/* SPDX-License-Identifier: GPL-2.0-only */
/* The sources that irqfds raise. */
#ifndef VINTC_EVENTS_H
#define VINTC_EVENTS_H

#include "lib/eventfd.h"

#include "irqchip.h"
#include "lib/xics.h"

static inline void add_source(struct vcpu *cpu, u32 source, u8 priority)
{
	must(source_set(cpu->vm, source, source_state(cpu->server, priority, SOURCE_MSI)));
}

static inline bool has(struct vcpu *cpu, u64 icp)
{
	return icp_of(cpu) == icp;
}

static inline bool source_has(struct vm *vm, u32 source, u64 flags)
{
	return (source_of(vm, source) & flags) == flags;
}

#endif /* VINTC_EVENTS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Eventfds, irqfds, and the sources that they raise. */
#ifndef VINTC_EVENTS_H
#define VINTC_EVENTS_H

#include <sys/eventfd.h>
#include <unistd.h>

#include "irqchip.h"
#include "xics.h"

static inline int new_eventfd(void)
{
	return must(neg_errno(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
}

static inline void signal_event(int fd)
{
	must(neg_errno(eventfd_write(fd, 1)));
}

static inline int assign(struct vm *vm, int fd, u32 source)
{
	return irqfd(vm, fd, source, 0);
}

static inline int deassign(struct vm *vm, int fd, u32 source)
{
	return irqfd(vm, fd, source, KVM_IRQFD_FLAG_DEASSIGN);
}

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

/* Injection need not be complete when eventfd_write() returns; wait until it is. */
#define EXPECT_SOON(condition)	EXPECT_TRUE(wait_for(condition))

#endif /* VINTC_EVENTS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Eventfds, and irqfds. */
#ifndef VINTC_EVENTFD_H
#define VINTC_EVENTFD_H

#include <linux/kvm.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device.h"

static inline int new_eventfd(void)
{
	return must(neg_errno(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
}

static inline void signal_event(int fd)
{
	must(neg_errno(eventfd_write(fd, 1)));
}

static inline int assign(struct vm *vm, int fd, u32 gsi)
{
	return irqfd(vm, fd, gsi, 0);
}

static inline int deassign(struct vm *vm, int fd, u32 gsi)
{
	return irqfd(vm, fd, gsi, KVM_IRQFD_FLAG_DEASSIGN);
}

/* Injection need not be complete when eventfd_write() returns; wait until it is. */
#define EXPECT_SOON(condition)	EXPECT_TRUE(wait_for(condition))

#endif /* VINTC_EVENTFD_H */

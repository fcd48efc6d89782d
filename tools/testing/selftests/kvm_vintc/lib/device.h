/* SPDX-License-Identifier: GPL-2.0-only */
/* KVM devices and their attributes, and the ioctls that raise interrupts. */
#ifndef VINTC_DEVICE_H
#define VINTC_DEVICE_H

#include "util.h"

struct vm;

/* A device of the given type. */
int device_create(struct vm *vm, u32 type, u32 flags, int *fd);

/* Device attributes, with addr pointing to the value. */
int device_set(int fd, u32 group, u64 attribute, const void *value);
int device_get(int fd, u32 group, u64 attribute, void *value);
int device_has(int fd, u32 group, u64 attribute);

/* KVM_VINTC_CMD_RESET, with KVM_VINTC_RESET_*. */
int device_reset(int fd, u32 flags);
/* KVM_VINTC_GET_STATE without any room: -E2BIG, or what else is in its way. */
int device_state_without_room(int fd);
/* One of KVM_VINTC_COUNT_*. */
u64 device_count(int fd, u64 counter);

/* The descriptor that takes KVM_IRQ_LINE and KVM_IRQFD: the device's, or in-tree the VM's. */
int irqchip_ioctl_fd(struct vm *vm);

/* KVM_IRQ_LINE; and KVM_IRQ_LINE_STATUS, whose answer is in *status. */
int irq_line(struct vm *vm, u32 irq, u32 level);
int irq_line_status(struct vm *vm, u32 irq, u32 level, int *status);

int irqfd(struct vm *vm, int fd, u32 gsi, u32 flags);

#endif /* VINTC_DEVICE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM with the benchmark's guest in it, and the kinds of controller it can have. */
#ifndef BENCH_VM_H
#define BENCH_VM_H

#include <linux/kvm.h>
#include <stddef.h>

#include "layout.h"
#include "lib/util.h"

struct vcpu {
	int index;
	int fd;
	struct kvm_run *run;
	size_t run_size;
	volatile struct guest_mailbox *box;
	u64 levels;		/* KVM_ARM_DEV_*, as they were seen last */
};

struct vm {
	int fd;
	int cpus;
	u8 *memory;
	struct vcpu cpu[GUEST_MAX_CPUS];
	int irqchip_fd;		/* -1: none in the kernel */
	int injection_fd;	/* takes KVM_IRQ_LINE and KVM_IRQFD of SPIs */
};

void vm_create(struct vm *vm, int cpus);
void vm_destroy(struct vm *vm);

/* A controller in the kernel, initialised, with this many interrupts. */
typedef void irqchip_create_t(struct vm *vm, u32 interrupts);
irqchip_create_t irqchip_create_ours, irqchip_create_gicv2, irqchip_create_gicv3;

/* KVM_IRQ_LINE; type is one of KVM_ARM_IRQ_TYPE_*. */
void vm_set_line(const struct vm *vm, u32 type, u32 cpu, u32 interrupt, bool level);

#endif /* BENCH_VM_H */

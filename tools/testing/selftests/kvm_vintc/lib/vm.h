/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM with the small guest in it. Its vCPUs do one operation at a time
 * (guest/layout.h), asked for either
 *
 *   vcpu_do()                 in the calling thread: most tests are sequences
 *                             of these, and need no thread at all; or
 *   vcpu_start(), vcpu_join() in a thread of the vCPU's own.
 */
#ifndef VINTC_VM_H
#define VINTC_VM_H

#include <linux/kvm.h>
#include <pthread.h>

#include "guest/layout.h"
#include "util.h"

struct irqchip_ops;
struct vcpu;
struct vm;

#include "lib/arch.h"	/* struct vcpu_exit, server_of() */

struct vcpu {
	struct vm *vm;
	int index;
	u32 server;			/* its number at the interrupt controller */
	int fd;
	struct kvm_run *run;
	size_t run_size;
	volatile struct guest_mailbox *box;
	struct vcpu_exit exit;		/* the last exit that was not the guest's own */
	void (*left)(struct vcpu *cpu);	/* what its VMM does at such an exit, or NULL */

	pthread_t thread;
	bool started;
	volatile bool entered;		/* the thread is about to be in KVM_RUN */
	volatile bool finished;		/* the operation is done */
	volatile bool stop;		/* leave KVM_RUN, operation done or not */
};

struct vm {
	int fd;
	int cpus;
	u8 *memory;
	struct vcpu cpu[GUEST_MAX_CPUS];

	const struct irqchip_ops *irqchip;
	int irqchip_fd;			/* -1: no interrupt controller */
};

/* KVM itself: one descriptor for the process. */
int kvm_fd(void);
int kvm_check(int capability);

/* A VM with its guest loaded, and no interrupt controller. */
void vm_create(struct vm *vm, int cpus);
/* The same where KVM_CREATE_VM may fail: its errno. */
int vm_try_create(struct vm *vm, int cpus);
void vm_add_vcpu(struct vm *vm, int index);
/* Stops the vCPUs and closes everything. */
void vm_destroy(struct vm *vm);

#define vcpu_do(cpu, op, ...)	 vcpu_do_args(cpu, op, (u64[10]){ __VA_ARGS__ })
#define vcpu_start(cpu, op, ...) vcpu_start_args(cpu, op, (u64[10]){ __VA_ARGS__ })
void vcpu_do_args(struct vcpu *cpu, u64 op, const u64 args[10]);
void vcpu_start_args(struct vcpu *cpu, u64 op, const u64 args[10]);
/* Waits for the end of what was started; fatal, with its state, if none comes. */
void vcpu_join(struct vcpu *cpu);
/* Takes the vCPU out of KVM_RUN wherever it is, and ends its thread. */
void vcpu_stop(struct vcpu *cpu);
/* Starts a thread again that goes on where vcpu_stop() ended the last. */
void vcpu_continue(struct vcpu *cpu);

int vcpu_get_reg(struct vcpu *cpu, u64 id, void *value);
int vcpu_set_reg(struct vcpu *cpu, u64 id, const void *value);

/*
 * What an architecture adds: to a new VM before it has memory; to a new vCPU, so
 * that its first KVM_RUN begins at the guest's entry; before the next operation.
 */
void arch_vm_created(struct vm *vm);
void arch_vcpu_created(struct vcpu *cpu);
void arch_vcpu_begins(struct vcpu *cpu);
/* KVM_RUN answered 0 or -errno. Is the operation done? Fatal if it never will. */
bool arch_vcpu_left(struct vcpu *cpu, int error);
/* Says what can be known of a vCPU that does not finish. */
void arch_vcpu_describe(struct vcpu *cpu);

#endif /* VINTC_VM_H */

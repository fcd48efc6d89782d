/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmark's guest and its VMM agree on: the board, the operations of
 * a vCPU, and the mailbox that carries them.
 */
#ifndef BENCH_LAYOUT_H
#define BENCH_LAYOUT_H

#include <stdint.h>

#define GUEST_MEMORY		0x40000000ul	/* guest.lds has it, too */
#define GUEST_MEMORY_SIZE	0x400000ul
#define GUEST_STACKS		(GUEST_MEMORY + 0x200000)
#define GUEST_STACK_SIZE	0x8000
#define GUEST_MAILBOXES		(GUEST_MEMORY + 0x300000)
#define GUEST_MAILBOX_SIZE	0x1000
#define GUEST_MAX_CPUS		8

/* The controllers, where QEMU's virt board has them. */
#define GIC_DISTRIBUTOR		0x08000000ul
#define GICV2_CPU_INTERFACE	0x08010000ul
#define GICV3_REDISTRIBUTORS	0x080a0000ul
#define GICV3_REDISTRIBUTOR_SIZE 0x20000ul
#define GIC_DISTRIBUTOR_SIZE	0x1000ul	/* a GICv2's */
#define GICV2_CPU_INTERFACE_SIZE 0x2000ul

/* The VMM's own registers, 64 bits wide. */
#define BENCH_DONE	0x09000000ul	/* written: the operation is finished */
#define BENCH_FAILED	0x09000008ul	/* written: a check failed, see the mailbox */
#define BENCH_SIGNAL	0x09000010ul	/* read: signals the row's SPI; tells when */
#define BENCH_LOWER	0x09000018ul	/* written: lowers that SPI's line again */

/* INTIDs and priorities. */
#define BENCH_SGI	3
#define BENCH_VTIMER	27
#define BENCH_SPI	40
#define BENCH_PRIORITY	0xa0
#define BENCH_OPEN	0xf0		/* the priority mask that lets everything through */

/*
 * Operations: the row that a vCPU measures. arg[0] is the number of times the
 * row's operation is done. The answer is in arg[0], the ticks of the guest's
 * counter, and arg[1], the operations done.
 */
enum bench_op {
	BENCH_NULL_EXIT = 1,
	BENCH_NULL_EXIT_ALONE,	/* in a time in which the host did nothing else */
	BENCH_MMIO_READ,
	BENCH_MMIO_WRITE,
	BENCH_DISTRIBUTOR_READ,
	BENCH_SGI_SELF,
	BENCH_PING,		/* arg[1]: the other vCPU's index */
	BENCH_PONG,		/* the same; the answer means nothing */
	BENCH_TIMER_CYCLE,
	BENCH_TO_HANDLER,
};

/* Operations before the clock is started. */
#define BENCH_WARM_UP	64
/* Operations of a part that may be free of the host's timer tick. */
#define BENCH_PART	500

struct guest_mailbox {
	uint64_t op;
	uint64_t arg[2];
	uint64_t index;		/* of this vCPU */
	uint64_t gic;		/* version of the controller; 0: there is none */
	uint64_t ready;		/* it takes interrupts */
	uint64_t accepted;	/* interrupts handled */
	uint64_t where;		/* a check that failed: its address, and the value seen */
	uint64_t seen;
};

#endif /* BENCH_LAYOUT_H */

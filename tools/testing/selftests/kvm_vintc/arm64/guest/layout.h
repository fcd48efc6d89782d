/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest and its VMM agree on: the board, the operations a vCPU can be
 * told to do, and the mailbox that carries them. Included by both, and by
 * assembly.
 */
#ifndef GUEST_LAYOUT_H
#define GUEST_LAYOUT_H

#define GUEST_MEMORY		0x1000000	/* 16 MiB from 0; nothing above */
#define GUEST_ENTRY		0x1000
#define GUEST_STACKS		0x100000
#define GUEST_STACK_SIZE	0x8000
#define GUEST_MAILBOXES		0x200000
#define GUEST_MAILBOX_SIZE	0x10000
#define GUEST_MESSAGES		0x400000	/* a counter per vCPU, see OP_SEND */
#define GUEST_TEST_AREA		0x800000	/* from here on the test's own */
#define GUEST_MAX_CPUS		8

/*
 * From 1 to 2 GiB the guest sees devices. A GiB higher it sees the same as normal
 * memory that is not cached: there an access need not be aligned.
 */
#define GUEST_DEVICES		0x40000000
#define GUEST_UNALIGNED		0x40000000	/* added to the address of a device */
#define GUEST_GICD		0x48000000	/* where the GIC is unless a test moves it */
#define GUEST_GICC		0x48010000
#define GUEST_DOORBELL		0x60000000	/* nobody's: writes leave to the VMM */

/* What is written to the doorbell. */
#define GUEST_DONE		1		/* the operation is finished */
#define GUEST_FAULT		2		/* the mailbox says what and where */

/*
 * Operations. IRQ and FIQ are masked between and during them, but for those that
 * take interrupts, which say so.
 */
#define OP_ACCESS	1	/* one load or store; arg: enum access_arg */
#define OP_LINES	2	/* arg[0] = lines that are up: 1 is IRQ, 2 is FIQ */
#define OP_SERVE	3	/* sleep in WFI, take interrupts until INTID arg[0] was */
#define OP_SPIN		4	/* the same, but never sleep */
#define OP_PINGPONG	5	/* arg: the other's CPU interface, rounds, 1 to begin */
#define OP_SEND		6	/* arg: other vCPU's index and CPU interface, number of SGIs */
#define OP_RECEIVE	7	/* take SGIs until arg[0] messages were seen */
#define OP_DEADLINES	8	/* take timer interrupts; arg: enum deadline_arg */
#define OP_RETRACT	9	/* stop timer arg[0] before it interrupts; enum retract_result */
#define OP_OVERFLOW	10	/* take an overflow of the PMU's cycle counter */
#define OP_SWEEP	11	/* many accesses of one width; arg: enum sweep_arg */
#define OP_TAKE		12	/* unmask for a moment: what is pending is taken */

/* INTIDs that mean something to the guest. */
#define SGI_MESSAGE	1	/* says: look at your counter */
#define PPI_PMU		23
#define PPI_VTIMER	27
#define PPI_PTIMER	30
#define INTID_GROUP1	1022	/* of group 1, ask GICC_AIAR */
#define INTID_SPURIOUS	1023

#define GUEST_LOG_ENTRIES	4096

#ifndef __ASSEMBLER__
#include <stdint.h>

enum access_arg { ACCESS_ADDRESS, ACCESS_WIDTH, ACCESS_WRITE, ACCESS_BIG_ENDIAN, ACCESS_VALUE };

enum deadline_arg {
	DEADLINE_TIMER,		/* enum guest_timer */
	DEADLINE_NUMBER,	/* so many, one after the other */
	DEADLINE_TICKS,		/* the first is so far ahead, each next one a tick farther */
	DEADLINE_WRAP,		/* ... modulo this */
	DEADLINE_SLEEP,		/* by WFI rather than by spinning */
	DEADLINE_HELD,		/* leave the output up for so many interrupts */
};

enum retract_result { RETRACT_PENDING = 1, RETRACT_LINES, RETRACT_STILL_PENDING };

enum guest_timer { TIMER_VIRTUAL, TIMER_PHYSICAL, GUEST_TIMERS };

enum sweep_arg {
	SWEEP_ADDRESS, SWEEP_BYTES, SWEEP_STEP, SWEEP_WIDTH, SWEEP_WRITE, SWEEP_VALUE,
	SWEEP_RESULTS,		/* where what was read goes, in 64 bits each */
};

struct guest_mailbox {
	uint64_t op;
	uint64_t arg[10];

	/* Set by the VMM. */
	uint64_t index;		/* of this vCPU */
	uint64_t server;	/* its CPU interface */
	uint64_t gicd, gicc;	/* where they are */
	uint64_t deactivate;	/* EOImode is 1: end with GICC_DIR, too */

	/* Counted by the guest's interrupt handlers. */
	uint64_t accepted;	/* GICC_IAR or GICC_AIAR answered an interrupt; logged below */
	uint64_t spurious;	/* ... and they answered 1023 */
	uint64_t irqs, fiqs;	/* exceptions */
	uint64_t sgis;
	uint64_t timer[2];	/* interrupts of each enum guest_timer */
	uint64_t early;		/* ... of which the timer knew nothing */
	uint64_t pmu;
	uint64_t messages;	/* how far the message counter was seen */
	uint64_t hold;		/* timer interrupts that shall not stop the timer */

	/* Exceptions that are no interrupts: data aborts of accesses are skipped. */
	uint64_t aborts;
	uint64_t fault[4];	/* vector, ESR, ELR, FAR */

	uint32_t log[GUEST_LOG_ENTRIES];	/* GICC_IAR, as interrupts were accepted */
};
#endif

#endif /* GUEST_LAYOUT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest and its VMM agree on: where things are in guest memory, the
 * operations a vCPU can be told to do, and the mailbox that carries them.
 * Included by both, and by assembly.
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

/* Hypercalls that KVM knows nothing of, so that they leave to the VMM. */
#define GUEST_HCALL_DONE	0xf010		/* the operation is finished */
#define GUEST_HCALL_FAULT	0xf014		/* vector, SRR0, SRR1 */

/*
 * Operations. Interrupts are off (EE=0) between and during them, but for those
 * that take interrupts, which say so.
 */
#define OP_HCALL	1	/* one hypercall: r3..r12 in arg[0..9], both ways */
#define OP_LINE		2	/* arg[0] = is the external line up? */
#define OP_SERVE	3	/* sleep in H_CEDE, take interrupts until source arg[0] was */
#define OP_SPIN		4	/* the same, but never sleep */
#define OP_PINGPONG	5	/* arg: other server, rounds, 1 to begin */
#define OP_SEND		6	/* arg: other vCPU's index and server, number of IPIs */
#define OP_RECEIVE	7	/* take IPIs until arg[0] messages were seen */

#define GUEST_LOG_ENTRIES	8192

#ifndef __ASSEMBLER__
#include <stdint.h>

struct guest_mailbox {
	uint64_t op;
	uint64_t arg[10];

	/* Counted by the guest's interrupt handlers. */
	uint64_t accepted;	/* H_XIRR answered a source; logged below */
	uint64_t ipis;		/* ... and it was the IPI */
	uint64_t empty;		/* external interrupts with nothing in XISR */
	uint64_t probed;	/* external interrupts seen by OP_LINE */
	uint64_t refused;	/* hypercalls of a handler that failed */
	uint64_t decrementer;
	uint64_t rescued;	/* wakeups owed to the decrementer alone */
	uint64_t messages;	/* how far the message counter was seen */

	uint64_t index;		/* of this vCPU */
	uint64_t server;
	uint64_t mode;
	uint32_t log[GUEST_LOG_ENTRIES];	/* XIRRs, as they were accepted */
};
#endif

#endif /* GUEST_LAYOUT_H */

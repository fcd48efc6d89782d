/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's vectors, its entry, and accesses with the other endianness. EL1.
 *
 * The VMM sets sp to a stack and x18 to the vCPU's mailbox, where it stays.
 * Interrupts return with interrupts masked: a program that wants more of them
 * says so.
 */
#include "layout.h"

#define SCTLR_M		(1 << 0)
#define SCTLR_C		(1 << 2)
#define SCTLR_I		(1 << 12)
#define SCTLR_EE	(1 << 25)
#define SPSR_MASKED	0xc0		/* I and F */

/* What a C function may change, ELR and SPSR. */
#define FRAME		192

	.macro	each_pair instruction
	\instruction x2, x3, [sp, #16]
	\instruction x4, x5, [sp, #32]
	\instruction x6, x7, [sp, #48]
	\instruction x8, x9, [sp, #64]
	\instruction x10, x11, [sp, #80]
	\instruction x12, x13, [sp, #96]
	\instruction x14, x15, [sp, #112]
	\instruction x16, x17, [sp, #128]
	\instruction x29, x30, [sp, #144]
	.endm

	.macro	vector number
	.balign	0x80
	sub	sp, sp, #FRAME
	stp	x0, x1, [sp]
	mov	x0, #\number
	b	exception
	.endm

	.section .vectors, "ax"
	.org	0
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vector	\n
	.endr

	.org	GUEST_ENTRY
	.globl	guest_entry
guest_entry:
	msr	vbar_el1, xzr
	ldr	x0, =0x4400ff			/* MAIR: memory, device, memory not cached */
	msr	mair_el1, x0
	ldr	x0, =0x803520			/* TCR: 4 GiB, 4 KiB granule, cached, no TTBR1 */
	msr	tcr_el1, x0
	adr	x0, translation_table
	msr	ttbr0_el1, x0
	isb
	tlbi	vmalle1
	dsb	sy
	mrs	x0, sctlr_el1
	ldr	x1, =(SCTLR_M | SCTLR_C | SCTLR_I)
	orr	x0, x0, x1
	msr	sctlr_el1, x0
	isb
	bl	guest_main
	b	.

	/* Blocks of 1 GiB: valid, access flag, and which of MAIR's three. */
	.balign	4096
translation_table:
	.quad	0x00000701			/* memory, inner shareable */
	.quad	GUEST_DEVICES | 0x60000000000405
	.quad	GUEST_DEVICES | 0x60000000000409
	.quad	0

exception:
	each_pair stp
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	stp	x1, x2, [sp, #160]
	add	x1, sp, #160			/* ELR can be changed there */
	bl	guest_exception
	each_pair ldp
	ldp	x0, x1, [sp, #160]
	orr	x1, x1, #SPSR_MASKED
	msr	elr_el1, x0
	msr	spsr_el1, x1
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME
	eret

	/*
	 * uint64_t big_endian_access(uint64_t address, uint64_t kind, uint64_t value)
	 *
	 * kind: log2 of the width, plus 4 for a store. EE is for the translation
	 * table as well, so that there is none meanwhile.
	 */
	.globl	big_endian_access
	.type	big_endian_access, @function
big_endian_access:
	mrs	x9, sctlr_el1
	ldr	x10, =(SCTLR_M | SCTLR_C)
	bic	x10, x9, x10
	orr	x10, x10, #SCTLR_EE
	msr	sctlr_el1, x10
	isb
	adr	x11, 1f
	add	x11, x11, x1, lsl #3
	br	x11
1:	ldrb	w2, [x0]
	b	2f
	ldrh	w2, [x0]
	b	2f
	ldr	w2, [x0]
	b	2f
	ldr	x2, [x0]
	b	2f
	strb	w2, [x0]
	b	2f
	strh	w2, [x0]
	b	2f
	str	w2, [x0]
	b	2f
	str	x2, [x0]
2:	msr	sctlr_el1, x9
	isb
	mov	x0, x2
	ret

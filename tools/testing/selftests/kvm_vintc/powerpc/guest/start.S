/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's interrupt vectors, its entry, and one hypercall with every
 * register. Little-endian (the VMM sets LPCR[ILE]), real mode, ELFv2.
 *
 * The VMM sets r1 to a stack and r13 to the vCPU's mailbox, where it stays.
 * Interrupts return with EE=0: a program that wants more of them says so.
 */
#include "layout.h"

/* A frame leaves alone the 288 bytes below the stack pointer of whom it stops. */
#define FRAME		512
#define SLOT(n)		(32 + 8 * (n))

	.abiversion 2
	.section .vectors, "ax"
	.org	0

	/* Vectors that no test provokes: tell the VMM which, and where. */
	.macro	unexpected from, to
	.set	at, \from
	.rept	(\to - \from) / 0x80
	.org	at
	mtsprg	0, 3
	li	3, at
	b	fault
	.set	at, at + 0x80
	.endr
	.endm

	unexpected 0x100, 0x500
	.org	0x500
	b	external
	unexpected 0x580, 0x900
	.org	0x900
	b	decrementer
	.org	0x980
	b	decrementer
	unexpected 0xa00, GUEST_ENTRY

	.org	GUEST_ENTRY
	.globl	guest_entry
guest_entry:
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	bl	guest_main
	nop
	b	.

fault:
	mr	4, 3
	mfsrr0	5
	mfsrr1	6
	lis	3, 0
	ori	3, 3, GUEST_HCALL_FAULT
	sc	1
	b	.

	.macro	each_volatile instruction
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	\instruction \n, SLOT(\n)(1)
	.endr
	.endm

	.macro	interrupt name, handler
\name:	stdu	1, -FRAME(1)
	std	0, SLOT(0)(1)
	each_volatile std
	mflr	3
	mfctr	4
	mfcr	5
	mfxer	6
	mfsrr0	7
	mfsrr1	8
	std	3, SLOT(13)(1)
	std	4, SLOT(14)(1)
	std	5, SLOT(15)(1)
	std	6, SLOT(16)(1)
	std	7, SLOT(17)(1)
	std	8, SLOT(18)(1)

	bl	\handler
	nop

	ld	3, SLOT(13)(1)
	ld	4, SLOT(14)(1)
	ld	5, SLOT(15)(1)
	ld	6, SLOT(16)(1)
	ld	7, SLOT(17)(1)
	ld	8, SLOT(18)(1)
	rldicl	8, 8, 48, 1		/* MSR[EE] = 0 */
	rotldi	8, 8, 16
	mtlr	3
	mtctr	4
	mtcr	5
	mtxer	6
	mtsrr0	7
	mtsrr1	8
	each_volatile ld
	ld	0, SLOT(0)(1)
	addi	1, 1, FRAME
	rfid
	.endm

	interrupt external, external_interrupt
	interrupt decrementer, decrementer_interrupt

	.macro	each_argument instruction, base
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	\instruction \n, 8 * (\n - 3)(\base)
	.endr
	.endm

	/* void hypercall_registers(uint64_t r3_to_r12[10]) */
	.globl	hypercall_registers
	.type	hypercall_registers, @function
hypercall_registers:
	std	31, -8(1)
	stdu	1, -64(1)
	mr	31, 3
	each_argument ld, 31
	sc	1
	each_argument std, 31
	addi	1, 1, 64
	ld	31, -8(1)
	blr

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's entry and vectors. The VMM sets the stack pointer, and x0 to the
 * vCPU's mailbox, which is x18 from then on. Everything runs in EL1.
 */
#define FRAME	176

	.section .entry, "ax"
	.globl	guest_entry
guest_entry:
	mov	x18, x0
	adr	x1, vectors
	msr	vbar_el1, x1
	isb
	bl	guest_main
	b	.

	/* Vectors come every 128 bytes: four kinds of exception from each of four places. */
	.balign	2048
vectors:
	.rept	5
	.balign	128
	b	fault
	.endr
	.balign	128
	b	interrupt		/* IRQ from EL1 with its own stack pointer */
	.rept	10
	.balign	128
	b	fault
	.endr

	.balign	128
fault:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	b	guest_fault

	/* The handler takes no other interrupt: ELR and SPSR stay as they are. */
interrupt:
	sub	sp, sp, #FRAME
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x29, x30, [sp, #144]
	bl	guest_interrupt
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x29, x30, [sp, #144]
	add	sp, sp, #FRAME
	eret

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image's entries. kvm-hv calls them in place of its own handlers: r3 is the
 * vCPU, r4 to r6 are the guest's, r12 is the entry's address. For a vCPU that is
 * not in the table everything the handler looks at is left as it came.
 */
#include "layout.h"

	.machine "power8"
	.section ".head.text", "ax"
	.globl	head
head:
/* Where the entries are, for the module. */
	.long	eoi - head, cppr - head, ipi - head, xirr - head

.macro hypercall name, number
\name:
	clrrdi	11, 12, REAL_SHIFT		/* the header */
	/* The bucket's bits, times 8. */
	rlwinm	8, 3, 35 - REAL_HASH_SHIFT, 29 - REAL_HASH_BITS, 28
	add	8, 8, 11
	ld	7, REAL_BUCKETS(8)
1:	cmpdi	7, 0
	beq-	2f
	ld	8, REAL_VCPU(7)
	cmpd	8, 3
	beq+	vintc_real_\name
	ld	7, REAL_NEXT(7)
	b	1b
2:	ld	12, REAL_ORIGINAL + 8 * \number(11)
	mtctr	12
	bctr
.endm

	hypercall eoi, REAL_EOI
	hypercall cppr, REAL_CPPR
	hypercall ipi, REAL_IPI
	hypercall xirr, REAL_XIRR

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real mode's memory, as the module (C), the image (C++) and its entries
 * (assembly) see it.
 *
 * One naturally aligned piece of linearly mapped memory: the header, a hash table
 * of the vCPUs that are served, and the image's code. An entry finds the piece by
 * its own address. Records of vCPUs lie elsewhere, linearly mapped as well.
 */
#ifndef VINTC_REALMODE_LAYOUT_H
#define VINTC_REALMODE_LAYOUT_H

#define REAL_SHIFT		16
#define REAL_BUCKETS		0x4000
#define REAL_CODE		0x8000

/* A vCPU's bucket: some bits of its address. vCPUs are larger than 1 << REAL_HASH_SHIFT. */
#define REAL_HASH_SHIFT		12
#define REAL_HASH_BITS		11

/* Fields of the header, and of a record, for the entries. */
#define REAL_ORIGINAL		0
#define REAL_NEXT		0
#define REAL_VCPU		8

/* The hypercalls, by their place in the image's table of entries. */
#define REAL_EOI		0
#define REAL_CPPR		1
#define REAL_IPI		2
#define REAL_XIRR		3
#define REAL_ENTRIES		4

/* The external interrupt in a vCPU's pending exceptions; kvm-hv's answer "not here". */
#define REAL_EXTERNAL		14
#define REAL_TOO_HARD		9999

/* The Logical Partitioning Control Register, and its "an external interrupt pends for the guest". */
#define REAL_LPCR		318
#define REAL_MER		0x800

#ifndef __ASSEMBLY__

#include "../../../../../virt/kvm/vintc/core/types.h"

struct vintc_icp;
struct vintc_xics;

struct vintc_real_header {
	void *original[REAL_ENTRIES];	/* kvm-hv's handlers, for everybody else */
	u64 pending_exceptions;		/* where they are in a struct kvm_vcpu */
	u64 thread_cpu;
	u64 cpus;			/* of the host */
	void (*send_ipi)(int cpu);	/* kvmhv_rm_send_ipi() */
};

/* What a hypercall left to be done in virtual mode: kicks of vCPUs, an ended input. */
#define REAL_LEFT_KICKS		1
#define REAL_LEFT_ENDED		2
#define REAL_KICKS		4

/* A connected vCPU. What is left belongs to its own thread. */
struct vintc_real_vcpu {
	struct vintc_real_vcpu *next;	/* in its bucket */
	void *vcpu;			/* NULL: disconnected */
	struct vintc_real_header *header;
	const bool *paused;		/* the device's */
	struct vintc_xics *xics;
	struct vintc_icp *icp;
	unsigned long *gprs;		/* from r4 on */
	unsigned long *pending_exceptions;

	u32 left;
	u32 ended;			/* the input */
	long status;			/* what the hypercall answers then */
	u32 kicks;			/* more than there is room for: kick all who have a line up */
	void *kick[REAL_KICKS];
};

#endif /* !__ASSEMBLY__ */

#endif /* VINTC_REALMODE_LAYOUT_H */

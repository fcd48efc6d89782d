/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RTAS calls by the guest. The argument block is 32-bit big-endian words:
 * token, nargs, nret, the arguments, the results.
 */
#ifndef VINTC_RTAS_H
#define VINTC_RTAS_H

#include "hcall.h"

#define RTAS_SUCCESS	0
#define RTAS_HARDWARE	-1
#define RTAS_PARAMETER	-3

#define RTAS_BLOCK	GUEST_TEST_AREA		/* where blocks are by default */
#define RTAS_HEADER	3			/* words before the arguments */
#define RTAS_WORDS	16			/* arguments and results, at most */

/* A word of the block at that guest address. */
void rtas_write(struct vm *vm, u64 block, int index, u32 value);
u32 rtas_read(struct vm *vm, u64 block, int index);

/* Writes a whole block; what follows the arguments is filled with 0xa5. */
#define RTAS_FILL	0xa5a5a5a5u
void rtas_prepare(struct vm *vm, u64 block, u32 token, u32 nargs, u32 nret,
		  const u32 *args);

/*
 * The four services, with right counts: rets[0]. Fatal if the call itself (r3)
 * fails, or is left to userspace.
 */
int rtas_set_xive(struct vcpu *cpu, u32 source, u32 server, u32 priority);
int rtas_get_xive(struct vcpu *cpu, u32 source, u32 *server, u32 *priority);
int rtas_int_off(struct vcpu *cpu, u32 source);
int rtas_int_on(struct vcpu *cpu, u32 source);

#endif /* VINTC_RTAS_H */

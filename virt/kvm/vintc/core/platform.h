/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core needs of the place it runs in: the kernel module, a unit test,
 * a fuzzer. The core calls nothing else.
 */
#ifndef VINTC_CORE_PLATFORM_H
#define VINTC_CORE_PLATFORM_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Zeroed memory of @size bytes, aligned for any type, linearly mapped; NULL if
 * there is none. Process context: it may sleep.
 */
void *vintc_alloc(unsigned long size);
void vintc_free(void *memory);

/*
 * Raise the external interrupt line of the vCPU that @cpu stands for (the
 * pointer given when it was connected), and make it look: wake it, or kick it
 * out of the guest. @self: the caller is that very vCPU's thread, outside the
 * guest, and needs no kick. Any context, atomic included.
 */
void vintc_line_raise(void *cpu, bool self);

/*
 * Lower the line. Only the thread of the vCPU itself calls this, or somebody
 * who knows that it does not run; and always before it recomputes the state
 * that decides the line. Everybody else only raises. So a raise that is due is
 * never cleared: whoever changes the state after the lowering raises again.
 */
void vintc_line_lower(void *cpu);

/*
 * The guest has ended the interrupt of an input that VINTC_HOLD held up, and which
 * is let go thereby. @owner: what the controller was created for; @input: the source,
 * or the INTID of the SPI. On the thread of the vCPU, after the transition: the input may
 * be held again at once.
 */
void vintc_input_ended(void *owner, u32 input);

/*
 * For whoever watches; nothing depends on it. A source was taken back from the ICP
 * of @cpu, and will be delivered again; or it waited for that ICP, and is delivered now. Any
 * context.
 */
void vintc_rejected(void *cpu, u32 source);
void vintc_resent(void *cpu, u32 source);

/* The guest's timebase now, for H_XIRR_X. */
u64 vintc_timebase(void);

#ifdef __cplusplus
}
#endif

#endif /* VINTC_CORE_PLATFORM_H */

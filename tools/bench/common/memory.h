/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts the kernel's slab memory that is taken on behalf of this thread. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include "lib/util.h"

void memory_begin(void);
/* The bytes that were allocated since then and are still in use. */
u64 memory_end(void);

#endif /* BENCH_MEMORY_H */

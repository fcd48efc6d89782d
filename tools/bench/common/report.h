/* SPDX-License-Identifier: GPL-2.0-only */
/* What every architecture's bench-vmm prints, and which rows it was asked for. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "lib/util.h"

/*
 * "bench PEER ROW TOTAL NUMBER": ticks and operations, or bytes and 1. A peer "ours:WAY"
 * is another way of ours to do the same.
 */
void report(const char *peer, const char *row, u64 total, u64 number);
/* Names ends with NULL; none at all means every row. */
bool is_wanted(const char *row, char **names);

#endif /* BENCH_REPORT_H */

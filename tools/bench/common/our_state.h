/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device of ours is saved and restored: in one call, and in two other ways, one
 * register at a time ("one-by-one"), and ten registers that changed ("changed-since").
 */
#ifndef BENCH_OUR_STATE_H
#define BENCH_OUR_STATE_H

#include "lib/util.h"

/* Of the registers in the last half, `flip` is a bit that may be anything. */
struct our_device {
	int fd;
	u64 flip;
};

typedef void measure_ours_t(const struct our_device *device, const char *row);
measure_ours_t measure_our_save, measure_our_restore;

#endif /* BENCH_OUR_STATE_H */

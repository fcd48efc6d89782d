/* SPDX-License-Identifier: GPL-2.0-only */
/* The two halves of real mode: the vCPUs that are served, and the way into kvm-hv's table. */
#ifndef VINTC_REALMODE_H
#define VINTC_REALMODE_H

#include "power.h"
#include "realmode/layout.h"

/*
 * realmode_table.c: the image in memory where it can run, or NULL, and *without says
 * why. Freed when the table does not lead there.
 */
struct vintc_real_header *vintc_real_table_make(const char **without);
void vintc_real_table_free(struct vintc_real_header *header);
/* Lets the table lead to our entries, or to kvm-hv's. Some vCPU may be in either meanwhile. */
void vintc_real_table_switch(bool to_ours);

#endif /* VINTC_REALMODE_H */

// SPDX-License-Identifier: GPL-2.0-only
/* The core's memory (core/platform.h). The host port provides the rest. */
#include <linux/slab.h>

#include "core/platform.h"

/* Charged to the VMM; kmalloc's memory is linearly mapped, as platform.h asks. */
void *vintc_alloc(unsigned long size)
{
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

void vintc_free(void *memory)
{
	kfree(memory);
}

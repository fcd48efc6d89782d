/* SPDX-License-Identifier: GPL-2.0-only */
/* POWER8's real mode, on and off, and what tells one from the other. */
#ifndef VINTC_REALMODE_H
#define VINTC_REALMODE_H

#include "lib/vm.h"

/* The module's parameter; and whether this host has real mode, and it is wanted. */
void realmode_want(bool on);
bool realmode_is_wanted(void);
bool realmode_is_on(void);

/* How often the vCPU has left its guest for the host's virtual mode. */
u64 vcpu_exits(struct vcpu *cpu);

#endif /* VINTC_REALMODE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is not there, and that is not given back, as debug kernels have it. */
#ifndef VINTC_FAULTS_H
#define VINTC_FAULTS_H

#include "util.h"

/* False: this kernel injects no faults. */
bool faults_begin(void);
/* The nth allocation of this thread from now on fails. */
void fault_allocation(int nth);
/* Did one fail since? None does from here on. */
bool fault_happened(void);

/* False: this kernel has no kmemleak. What leaked until now is forgotten. */
bool leaks_begin(void);
/* Does kmemleak have anything to say of the module? */
bool leaks_of_ours(void);

#endif /* VINTC_FAULTS_H */

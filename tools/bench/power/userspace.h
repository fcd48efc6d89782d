/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XICS emulated by the VMM: what a VM has where no interrupt controller is in
 * the kernel. Presentation is complete. Sources are MSIs with consecutive numbers, and
 * few: a resend looks at each.
 */
#ifndef BENCH_USERSPACE_H
#define BENCH_USERSPACE_H

#include "lib/util.h"

struct userspace_xics;

struct userspace_xics *userspace_create(void);
/* The controller drives the external line of this vCPU. */
void userspace_connect(struct userspace_xics *xics, int vcpu_fd, u32 server);
void userspace_add_source(struct userspace_xics *xics, u32 number, u32 server, u8 priority);
void userspace_raise(struct userspace_xics *xics, u32 source);
/* Puts a server's ICP back into the state ICP_OPEN; what it held is dropped. */
void userspace_open(struct userspace_xics *xics, u32 server);
/* In the encoding of KVM_REG_PPC_ICP_STATE. */
u64 userspace_icp(struct userspace_xics *xics, u32 server);
/* args: r4 and on, answers included; the result is r3. */
u64 userspace_hcall(struct userspace_xics *xics, u32 server, u64 number, u64 *args);
void userspace_destroy(struct userspace_xics *xics);

#endif /* BENCH_USERSPACE_H */

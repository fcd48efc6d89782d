/* SPDX-License-Identifier: GPL-2.0-only */
/* KVM_VINTC_COMMAND, and the calls that a well-behaved guest would make by it. */
#ifndef VINTC_COMMAND_H
#define VINTC_COMMAND_H

#include <linux/kvm.h>
#include <linux/kvm_vintc.h>

#include "lib/gicv2.h"
#include "lib/util.h"
#include "lib/xics.h"

/* An interrupt as its vCPU took it: the answer of H_XIRR, or of GICC_IAR. */
#define XIRR_XISR(xirr)	((xirr) & XISR_MASK)
#define INTID_SPURIOUS	1023u
#define RTAS_PARAMETER	(-3)

int command(int device, struct kvm_vintc_command *command);

int reset(int device, u32 flags);
/* CMD_INJECT; what became of it is in *status unless that is NULL. */
int inject(int device, u32 gsi, u32 level, int *status);
void pulse(int device, u32 gsi);

/* CMD_LINE: KVM_VINTC_LINE_* that are up. */
u32 lines_of(int device, u32 cpu);
/* CMD_LINE_FD. */
int set_line_fd(int device, u32 cpu, int fd);
/* A new eventfd, already given to the vCPU. */
int new_line_fd(int device, u32 cpu);
bool can_be_read(int fd);

/* CMD_HYPERCALL: 0 or -errno of the ioctl; answer has all that came back. */
int hypercall(int device, u32 cpu, u64 number, u64 r4, u64 r5,
	      struct kvm_vintc_command *answer);
/* The status (r3) of a hypercall that the device must take. */
s64 hcall(int device, u32 cpu, u64 number, u64 r4, u64 r5);
/* Fatal unless they succeed. */
u32 h_xirr(int device, u32 cpu);
void h_cppr(int device, u32 cpu, u8 priority);
void h_eoi(int device, u32 cpu, u32 xirr);
void h_ipi(int device, u32 cpu, u32 server, u8 priority);

/* CMD_RTAS: its status, of a call that the device must take; rets has two words. */
int rtas(int device, u32 cpu, u32 service, u32 arg0, u32 arg1, u32 arg2, u32 *rets);

/* A source as attribute of KVM_DEV_XICS_GRP_SOURCES. */
int set_source(int device, u32 source, u64 state);
u64 source_of(int device, u32 source);

/* CMD_ACCESS, of any width; value is read or written. */
int access_frame(int device, u32 cpu, u32 frame, u32 offset, u32 width, bool write, u64 *value);
u32 gicd_read(int device, u32 cpu, u32 offset);
void gicd_write(int device, u32 cpu, u32 offset, u32 value);
u32 gicc_read(int device, u32 cpu, u32 offset);
void gicc_write(int device, u32 cpu, u32 offset, u32 value);
/* An SPI of group 0 to that vCPU, enabled. */
void enable_spi(int device, u32 cpu, u32 intid, u8 priority, bool edge);

/* KVM_IRQ_LINE of the device; of a GICv2 by its encoding. */
int device_line(int device, u32 irq, u32 level);
static inline u32 spi_line(u32 intid)
{
	return KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid;
}

int get_reg(int device, u64 id, u64 *value);
int set_reg(int device, u64 id, u64 value);
/* For registers that must be there. */
u64 reg(int device, u64 id);

#endif /* VINTC_COMMAND_H */

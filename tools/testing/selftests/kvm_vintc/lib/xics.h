/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XICS as PAPR numbers it and as KVM encodes its state. The words that travel
 * through KVM_REG_PPC_ICP_STATE and KVM_DEV_XICS_GRP_SOURCES are taken apart
 * and put together here only.
 */
#ifndef VINTC_XICS_H
#define VINTC_XICS_H

#include <linux/kvm_vintc.h>

#include "util.h"

enum hypercall {
	H_EOI		= 0x64,
	H_CPPR		= 0x68,
	H_IPI		= 0x6c,
	H_IPOLL		= 0x70,
	H_XIRR		= 0x74,
	H_CEDE		= 0xe0,
	H_CONFER	= 0xe4,
	H_XIRR_X	= 0x2fc,
	H_RTAS		= 0xf000,
};

enum hypercall_status {
	H_SUCCESS	= 0,
	H_HARDWARE	= -1,
	H_FUNCTION	= -2,
	H_PARAMETER	= -4,
};

#define XISR_NONE		0u
#define XISR_IPI		2u
#define XISR_MASK		0xffffffu
#define SOURCE_FIRST		16u
#define SOURCE_LAST		0xffffffu

#define PRIORITY_MOST_FAVOURED	0x00
#define PRIORITY_MASKED		0xff	/* of a source; of a CPPR: takes anything */
#define CPPR_ALL		0xff

static inline u32 xirr(u8 cppr, u32 xisr)
{
	return (u32)cppr << 24 | xisr;
}

/* ICP state, KVM_REG_PPC_ICP_STATE. */
static inline u64 icp_state(u8 cppr, u32 xisr, u8 mfrr, u8 pending)
{
	return (u64)cppr << KVM_REG_PPC_ICP_CPPR_SHIFT |
	       (u64)xisr << KVM_REG_PPC_ICP_XISR_SHIFT |
	       (u64)mfrr << KVM_REG_PPC_ICP_MFRR_SHIFT |
	       (u64)pending << KVM_REG_PPC_ICP_PPRI_SHIFT;
}

static inline u8 icp_cppr(u64 state)
{
	return state >> KVM_REG_PPC_ICP_CPPR_SHIFT;
}

static inline u32 icp_xisr(u64 state)
{
	return state >> KVM_REG_PPC_ICP_XISR_SHIFT & XISR_MASK;
}

static inline u8 icp_mfrr(u64 state)
{
	return state >> KVM_REG_PPC_ICP_MFRR_SHIFT;
}

static inline u8 icp_pending(u64 state)
{
	return state >> KVM_REG_PPC_ICP_PPRI_SHIFT;
}

#define ICP_RESET	icp_state(0, XISR_NONE, 0xff, 0xff)
/* Takes any interrupt, and has none. */
#define ICP_OPEN	icp_state(CPPR_ALL, XISR_NONE, 0xff, 0xff)

/* Source state, KVM_DEV_XICS_GRP_SOURCES: flags are KVM_XICS_*. */
static inline u64 source_state(u32 server, u8 priority, u64 flags)
{
	return server | (u64)priority << KVM_XICS_PRIORITY_SHIFT | flags;
}

#define SOURCE_MSI	0
#define SOURCE_LEVEL	KVM_XICS_LEVEL_SENSITIVE

#endif /* VINTC_XICS_H */

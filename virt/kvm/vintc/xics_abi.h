/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The in-tree XICS device's part of the ABI. The kernel has these numbers in
 * POWER's asm/kvm.h only; the model is the same everywhere.
 */
#ifndef VINTC_XICS_ABI_H
#define VINTC_XICS_ABI_H

#include <linux/kvm.h>

#ifndef KVM_DEV_XICS_GRP_SOURCES
#define KVM_DEV_XICS_GRP_SOURCES	1
#define KVM_DEV_XICS_GRP_CTRL		2
#define  KVM_DEV_XICS_NR_SERVERS	1
#endif

#ifndef KVM_REG_PPC_ICP_XISR_SHIFT
#define KVM_REG_PPC_ICP_XISR_SHIFT	32
#define KVM_REG_PPC_ICP_XISR_MASK	0xffffff
#endif

#ifndef KVM_INTERRUPT_UNSET
#define KVM_INTERRUPT_UNSET		-2U
#endif

#endif /* VINTC_XICS_ABI_H */

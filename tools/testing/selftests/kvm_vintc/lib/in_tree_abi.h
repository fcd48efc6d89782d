/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the models share with in-tree devices. The kernel's headers have these
 * numbers on the architecture of the device only; the models work on every one.
 */
#ifndef VINTC_IN_TREE_ABI_H
#define VINTC_IN_TREE_ABI_H

#include <linux/kvm.h>

#ifndef KVM_DEV_XICS_GRP_SOURCES
#define KVM_DEV_XICS_GRP_SOURCES	1
#define KVM_DEV_XICS_GRP_CTRL		2
#define  KVM_DEV_XICS_NR_SERVERS	1

#define  KVM_XICS_PRIORITY_SHIFT	32
#define  KVM_XICS_LEVEL_SENSITIVE	(1ULL << 40)
#define  KVM_XICS_MASKED		(1ULL << 41)
#define  KVM_XICS_PENDING		(1ULL << 42)
#define  KVM_XICS_PRESENTED		(1ULL << 43)
#define  KVM_XICS_QUEUED		(1ULL << 44)

#define  KVM_REG_PPC_ICP_CPPR_SHIFT	56
#define  KVM_REG_PPC_ICP_XISR_SHIFT	32
#define  KVM_REG_PPC_ICP_MFRR_SHIFT	24
#define  KVM_REG_PPC_ICP_PPRI_SHIFT	16
#endif

#ifndef KVM_DEV_ARM_VGIC_GRP_ADDR
#define KVM_VGIC_V2_ADDR_TYPE_DIST	0
#define KVM_VGIC_V2_ADDR_TYPE_CPU	1

#define KVM_DEV_ARM_VGIC_GRP_ADDR	0
#define KVM_DEV_ARM_VGIC_GRP_DIST_REGS	1
#define KVM_DEV_ARM_VGIC_GRP_CPU_REGS	2
#define  KVM_DEV_ARM_VGIC_CPUID_SHIFT	32
#define KVM_DEV_ARM_VGIC_GRP_NR_IRQS	3
#define KVM_DEV_ARM_VGIC_GRP_CTRL	4
#define  KVM_DEV_ARM_VGIC_CTRL_INIT	0
#define KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO	7

#define KVM_ARM_IRQ_TYPE_SHIFT		24
#define KVM_ARM_IRQ_VCPU_SHIFT		16
#define KVM_ARM_IRQ_TYPE_SPI		1
#define KVM_ARM_IRQ_TYPE_PPI		2
#endif

#endif /* VINTC_IN_TREE_ABI_H */

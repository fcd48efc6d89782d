/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The in-tree GICv2 device's part of the ABI. The kernel has these numbers in
 * arm64's asm/kvm.h only; the model is the same everywhere.
 */
#ifndef VINTC_GICV2_ABI_H
#define VINTC_GICV2_ABI_H

#include <linux/kvm.h>

#ifndef KVM_DEV_ARM_VGIC_GRP_ADDR
#define KVM_VGIC_V2_ADDR_TYPE_DIST		0
#define KVM_VGIC_V2_ADDR_TYPE_CPU		1

#define KVM_DEV_ARM_VGIC_GRP_ADDR		0
#define KVM_DEV_ARM_VGIC_GRP_DIST_REGS		1
#define KVM_DEV_ARM_VGIC_GRP_CPU_REGS		2
#define  KVM_DEV_ARM_VGIC_CPUID_SHIFT		32
#define KVM_DEV_ARM_VGIC_GRP_NR_IRQS		3
#define KVM_DEV_ARM_VGIC_GRP_CTRL		4
#define  KVM_DEV_ARM_VGIC_CTRL_INIT		0
#define KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO		7
#define  KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT	10
#define  VGIC_LEVEL_INFO_LINE_LEVEL		0

#define KVM_ARM_IRQ_VCPU2_SHIFT			28
#define KVM_ARM_IRQ_VCPU2_MASK			0xf
#define KVM_ARM_IRQ_TYPE_SHIFT			24
#define KVM_ARM_IRQ_TYPE_MASK			0xf
#define KVM_ARM_IRQ_VCPU_SHIFT			16
#define KVM_ARM_IRQ_VCPU_MASK			0xff
#define KVM_ARM_IRQ_NUM_MASK			0xffff
#define KVM_ARM_IRQ_TYPE_SPI			1
#define KVM_ARM_IRQ_TYPE_PPI			2
#endif

#endif /* VINTC_GICV2_ABI_H */

/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * kvm-vintc: virtual interrupt controllers for KVM guests, in the kernel.
 *
 * The whole ABI is reached through one KVM device. A VMM
 *
 *   1. creates the device:        KVM_CREATE_DEVICE, type KVM_DEV_TYPE_VINTC;
 *   2. chooses its model:         KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_MODEL;
 *   3. connects its vCPUs:        KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_VCPU;
 *   4. describes its sources, and injects with the ioctls it knows from the
 *      VM fd (KVM_IRQ_LINE, KVM_IRQFD, ...), on the fd of the device.
 *
 * Attributes are state: what was set is what is read back, and setting has no
 * other effect than the state it names. A bit or field called reserved must be
 * zero; another value is refused with EINVAL.
 *
 * Documentation/abi.rst is the reference, with every errno.
 */
#ifndef _UAPI_LINUX_KVM_VINTC_H
#define _UAPI_LINUX_KVM_VINTC_H

#include <linux/types.h>
#include <linux/kvm.h>

/* The device type for KVM_CREATE_DEVICE. No in-tree device has this number. */
#define KVM_DEV_TYPE_VINTC		0

/*
 * Groups below 0x8000 are those of the in-tree device that a model stands for,
 * with the same attributes, encodings and errors. Ours start here.
 */

/*
 * KVM_VINTC_GRP_MODEL: which controller the device is. The attribute is the
 * model. It is chosen once, as the first attribute of a new device; every other
 * group, and every ioctl, answers ENXIO until then.
 *
 *   has: 0 if this host offers the model, else ENXIO.
 *   set: chooses it. addr must be 0.
 *        ENXIO   this host does not offer the model;
 *        EBUSY   this device has a model already, or (GICv2) a vCPU of the VM
 *                has run already or is running;
 *        EEXIST  the VM has a device with a model, or an in-tree one.
 *   get: __u32 at addr: 1 if it is the model of this device, else 0.
 */
#define KVM_VINTC_GRP_MODEL		0x8000
#define  KVM_VINTC_MODEL_XICS		1	/* PAPR: ICPs and ICSs, by hypercall and RTAS */
#define  KVM_VINTC_MODEL_GICV2		2	/* ARM GICv2, in software: a distributor, 8 CPU interfaces */

/*
 * KVM_VINTC_GRP_VCPU: connects vCPUs. The attribute is the vCPU's id (the
 * argument of KVM_CREATE_VCPU), addr points to a __u32: the number by which the
 * guest knows this vCPU. For XICS that is the interrupt server number, for
 * GICv2 that of the CPU interface, 0 to 7.
 *
 * A GICv2 need not be connected by hand: KVM_DEV_ARM_VGIC_CTRL_INIT connects
 * every vCPU that is not connected by then, with the number of its creation,
 * from 0, as its CPU interface.
 *
 *   set: connects the vCPU, with its presentation controller in reset state.
 *        ENOENT  no vCPU has this id;
 *        EBUSY   the vCPU is connected already, here or to an in-tree device;
 *                or (GICv2) the device has been initialised;
 *        EEXIST  another vCPU has this number;
 *        EINVAL  the number is not below KVM_DEV_XICS_NR_SERVERS, or (GICv2) 8.
 *   get: the number. ENOENT if the vCPU is not connected.
 */
#define KVM_VINTC_GRP_VCPU		0x8001

/*
 * KVM_VINTC_GRP_RTAS (XICS): which tokens the kernel serves of H_RTAS. The
 * attribute is the service, addr points to a __u32: the token that the VMM put
 * into the guest's device tree, or 0 for "not served in the kernel", which it
 * is at first. Calls of other tokens leave to userspace.
 *
 *   set: EEXIST  another service has this token.
 *   get: the token, or 0.
 *   ENXIO: no such service.
 */
#define KVM_VINTC_GRP_RTAS		0x8002
#define  KVM_VINTC_RTAS_SET_XIVE	1	/* ibm,set-xive */
#define  KVM_VINTC_RTAS_GET_XIVE	2	/* ibm,get-xive */
#define  KVM_VINTC_RTAS_INT_OFF		3	/* ibm,int-off */
#define  KVM_VINTC_RTAS_INT_ON		4	/* ibm,int-on */

/*
 * KVM_VINTC_GRP_COUNTERS: what the device did since it was made. The attribute
 * is the counter, addr points to a __u64. Read only: set answers EPERM. The
 * counters are for people; they are no part of the state that migrates.
 */
#define KVM_VINTC_GRP_COUNTERS		0x8003
#define  KVM_VINTC_COUNT_HYPERCALL	0	/* hypercalls answered in the kernel */
#define  KVM_VINTC_COUNT_RTAS		1	/* RTAS calls answered in the kernel */
#define  KVM_VINTC_COUNT_LINE		2	/* injections by KVM_IRQ_LINE(_STATUS) */
#define  KVM_VINTC_COUNT_IRQFD		3	/* injections by irqfd */
#define  KVM_VINTC_COUNT_REJECT		4	/* interrupts displaced from an XISR */
#define  KVM_VINTC_COUNT_RESEND		5	/* waiting interrupts tried again */
#define  KVM_VINTC_COUNT_MMIO		6	/* MMIO accesses answered in the kernel */
#define  KVM_VINTC_COUNT_PPI		7	/* rises of a timer's or PMU's PPI, seen in the kernel */
#define  KVM_VINTC_COUNTERS		8

/*
 * GICv2: beside these groups the device has those of the in-tree
 * KVM_DEV_TYPE_ARM_VGIC_V2, with its attributes, encodings and errors:
 *
 *   KVM_DEV_ARM_VGIC_GRP_NR_IRQS     interrupts, SGIs and PPIs among them: 64 to 1024
 *   KVM_DEV_ARM_VGIC_GRP_ADDR        where the two windows are; also after CTRL_INIT
 *   KVM_DEV_ARM_VGIC_GRP_CTRL        KVM_DEV_ARM_VGIC_CTRL_INIT
 *   KVM_DEV_ARM_VGIC_GRP_DIST_REGS   the distributor's registers
 *   KVM_DEV_ARM_VGIC_GRP_CPU_REGS    a CPU interface's
 *   KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO  levels of the input lines, as for a GICv3, but
 *                                    with the CPU interface's number in bits 39-32
 *
 * Where these name a CPU, it is by the number of its CPU interface. The device
 * is complete when it is initialised and both windows have an address; until
 * then KVM_RUN of a vCPU of the VM answers ENXIO, and afterwards, too, for a vCPU
 * that is not connected. With an in-tree controller created in the same VM
 * after this device it answers EEXIST.
 */

/*
 * More of LEVEL_INFO, in its info field (bits 31-10) beside the in-tree
 * VGIC_LEVEL_INFO_LINE_LEVEL: what no register shows by itself.
 */
#define KVM_VINTC_GIC_INFO_LATCH	1	/* pends by an edge or by GICD_ISPENDR */
#define KVM_VINTC_GIC_INFO_DROP		2	/* acknowledged, its priority not dropped yet */

/*
 * One-register ids, for KVM_GET_ONE_REG and KVM_SET_ONE_REG on the device fd.
 *
 * KVM_VINTC_REG_ICP(server): the ICP of that server, in the encoding of
 * KVM_REG_PPC_ICP_STATE (which names the same state on the fd of the vCPU):
 * CPPR << 56 | XISR << 32 | MFRR << 24 | pending priority << 16. The other bits
 * are reserved.
 *
 *   ENOENT  no ICP has this server number, or this is no register of the model;
 *   EINVAL  (set) the value is inconsistent: XISR 0 wants pending priority 0xff;
 *           XISR 2 wants it below CPPR and not above MFRR; another XISR wants
 *           it below both, and that source to exist;
 *   EBUSY   (set) the vCPU is inside KVM_RUN.
 */
#define KVM_VINTC_REG_ICP(server)						\
	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0x8cULL | (__u64)(__u16)(server) << 32)

#endif /* _UAPI_LINUX_KVM_VINTC_H */

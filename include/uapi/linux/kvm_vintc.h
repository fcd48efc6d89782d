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
 *      VM fd (KVM_IRQ_LINE, KVM_IRQFD, KVM_SET_GSI_ROUTING, ...), on the fd of
 *      the device.
 *
 * Attributes are state: what was set is what is read back, and setting has no
 * other effect than the state it names. What acts is a command. A bit or field
 * called reserved must be zero; another value is refused with EINVAL.
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
 * KVM_VINTC_GRP_MODEL: which controller the device is, and who presents its
 * interrupts. The attribute is the model, with KVM_VINTC_MODEL_USERSPACE or not. It
 * is chosen first of all on a new device; every other group, and every ioctl,
 * answers ENXIO until then. To choose anew: KVM_VINTC_CMD_RESET.
 *
 * Without KVM_VINTC_MODEL_USERSPACE the host presents: the guest's own accesses
 * reach the device, and it drives the vCPUs. That needs a host port, so it is offered
 * where a guest has this controller, and a VM has at most one such device.
 *
 * With it userspace presents, by commands that do what a vCPU would do, and an
 * eventfd for each vCPU that follows its line. Every model works so, on every host,
 * and a VM may have several such devices.
 *
 *   has: 0 if this host offers the model, else ENXIO.
 *   set: chooses it. addr must be 0.
 *        ENXIO   this host does not offer the model;
 *        EBUSY   this device has a model already, or (GICv2 that the host presents)
 *                a vCPU of the VM has run already or is running;
 *        EEXIST  the VM has a device that the host presents, or an in-tree one;
 *        ENOSPC  the VM has 64 devices with a model, or as many on a bus as KVM
 *                allows.
 *   get: __u32 at addr: 1 if it is the model of this device, else 0.
 */
#define KVM_VINTC_GRP_MODEL		0x8000
#define  KVM_VINTC_MODEL_XICS		1	/* PAPR: ICPs and ICSs, by hypercall and RTAS */
#define  KVM_VINTC_MODEL_GICV2		2	/* ARM GICv2, in software: a distributor, 8 CPU interfaces */
#define  KVM_VINTC_MODEL_USERSPACE	(1U << 31)

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
 * KVM_VINTC_GRP_FEATURES: what a guest can notice of the device beyond the
 * architecture it stands for. Everything of the kind is off until userspace turns it
 * on, so that a guest can move to any host that has what it was given. addr points
 * to a __u64, a bit for each feature; there is none yet.
 *
 *   SUPPORTED  get: what this device could do. Set answers EPERM.
 *   ENABLED    get, set: what is turned on. EINVAL: more than is supported.
 */
#define KVM_VINTC_GRP_FEATURES		0x8004
#define  KVM_VINTC_FEATURES_SUPPORTED	0
#define  KVM_VINTC_FEATURES_ENABLED	1

/*
 * KVM_VINTC_GRP_COMMANDS: has: 0 if the device takes the command (below) whose
 * number is the attribute, else ENXIO. There is nothing to get or set: EPERM.
 */
#define KVM_VINTC_GRP_COMMANDS		0x8005

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
 * One-register ids, for KVM_GET_ONE_REG and KVM_SET_ONE_REG on the device fd, and
 * listed by KVM_GET_REG_LIST there. Together they are all of the controller's state;
 * what a VMM has decided (connected vCPUs, addresses, tokens, routes) is not.
 *
 * KVM_VINTC_REG_ICP(server): the ICP of that server, in the encoding of
 * KVM_REG_PPC_ICP_STATE (which names the same state on the fd of the vCPU):
 * CPPR << 56 | XISR << 32 | MFRR << 24 | pending priority << 16. The other bits
 * are reserved.
 *
 * KVM_VINTC_REG_SOURCE(number): a source of a XICS, bit by bit, where the attribute
 * of KVM_DEV_XICS_GRP_SOURCES sums some of them up.
 *
 * KVM_VINTC_REG_GIC_DIST: a GICv2's GICD_CTLR in bits 1-0, the revision of its
 * GICD_IIDR in bits 15-12, the number of its interrupts in bits 42-32.
 *
 * KVM_VINTC_REG_GIC_CPU(cpu): CPU interface 0 to 7: GICC_APR0 in bits 31-0, GICC_CTLR
 * in 41-32, GICC_PMR in 49-42, GICC_BPR in 52-50, GICC_ABPR in 55-53.
 *
 * KVM_VINTC_REG_GIC_IRQ(cpu, intid): an interrupt. SGIs and PPIs (0-31) are those of
 * that CPU interface; for SPIs it is 0.
 *
 *   ENOENT  no ICP, CPU interface, source or interrupt has this number, or this is no
 *           register of the model (a source that is set is made thereby);
 *   EINVAL  (set) a reserved bit, or the value is inconsistent. XISR 0 wants pending
 *           priority 0xff; XISR 2 wants it below CPPR and not above MFRR; another XISR
 *           wants it below both, and that source to exist. A source wants its server
 *           to exist unless its priorities are 0xff; queued an MSI that is presented;
 *           masked-pending a priority of 0xff, and waiting another one; of a level P is
 *           that it is driven or held, and an MSI is not driven. The number of a GIC's
 *           interrupts cannot be changed;
 *   EAGAIN  (GICv2) the device is not initialised;
 *   EBUSY   (set) a connected vCPU is inside KVM_RUN, or another ioctl.
 */
#define KVM_VINTC_REG_CLASS_SHIFT	48
#define KVM_VINTC_REG_ICP(server)						\
	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0x8cULL | (__u64)(__u16)(server) << 32)
#define KVM_VINTC_REG_SOURCE(number)						\
	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 1ULL << KVM_VINTC_REG_CLASS_SHIFT | (__u32)(number))
#define KVM_VINTC_REG_GIC_DIST							\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | 2ULL << KVM_VINTC_REG_CLASS_SHIFT)
#define KVM_VINTC_REG_GIC_CPU(cpu)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | 3ULL << KVM_VINTC_REG_CLASS_SHIFT | (__u32)(cpu))
#define KVM_VINTC_REG_GIC_IRQ(cpu, intid)					\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | 4ULL << KVM_VINTC_REG_CLASS_SHIFT |	\
	 (__u32)(cpu) << 16 | (__u32)(intid))

/*
 * KVM_GET_REG_LIST: E2BIG if n is too small, which comes back as their number; EAGAIN as
 * above.
 */

/* Fields of KVM_VINTC_REG_SOURCE(): the server is in bits 31-0. */
#define KVM_VINTC_SOURCE_PRIORITY_SHIFT	32	/* 0xff: masked */
#define KVM_VINTC_SOURCE_SAVED_SHIFT	40	/* the priority that ibm,int-on brings back */
#define KVM_VINTC_SOURCE_EXISTS		(1ULL << 48)	/* always set */
#define KVM_VINTC_SOURCE_LEVEL		(1ULL << 49)	/* level-sensitive, else an MSI */
#define KVM_VINTC_SOURCE_P		(1ULL << 50)	/* presented */
#define KVM_VINTC_SOURCE_Q		(1ULL << 51)	/* queued: another MSI came since */
#define KVM_VINTC_SOURCE_WAITING	(1ULL << 52)	/* refused by its ICP, which tries it again */
#define KVM_VINTC_SOURCE_MASKED_PENDING	(1ULL << 53)	/* kept until it is not masked */
#define KVM_VINTC_SOURCE_LINE		(1ULL << 54)	/* its input: driven by KVM_IRQ_LINE... */
#define KVM_VINTC_SOURCE_HELD		(1ULL << 55)	/* ...and held up by a resample irqfd */

/* Fields of KVM_VINTC_REG_GIC_IRQ(). */
#define KVM_VINTC_GIC_IRQ_PRIORITY_SHIFT 0	/* 8 bits */
#define KVM_VINTC_GIC_IRQ_TARGETS_SHIFT	8	/* CPU interfaces, a bit each */
#define KVM_VINTC_GIC_IRQ_SOURCES_SHIFT	16	/* SGI: the CPUs that sent it, not acknowledged yet */
#define KVM_VINTC_GIC_IRQ_SOURCE_SHIFT	24	/* SGI: the CPU that sent the active one; 4 bits */
#define KVM_VINTC_GIC_IRQ_OWNER_SHIFT	28	/* the CPU that owes a priority drop, 8: any; 4 bits */
#define KVM_VINTC_GIC_IRQ_ENABLED	(1ULL << 32)
#define KVM_VINTC_GIC_IRQ_GROUP1	(1ULL << 33)
#define KVM_VINTC_GIC_IRQ_EDGE		(1ULL << 34)	/* edge-triggered, else level-sensitive */
#define KVM_VINTC_GIC_IRQ_LATCH		(1ULL << 35)	/* pends by an edge or by GICD_ISPENDR */
#define KVM_VINTC_GIC_IRQ_LINE		(1ULL << 36)	/* its input: driven by KVM_IRQ_LINE... */
#define KVM_VINTC_GIC_IRQ_ACTIVE	(1ULL << 37)
#define KVM_VINTC_GIC_IRQ_UNDROPPED	(1ULL << 38)	/* acknowledged, its priority not dropped yet */
#define KVM_VINTC_GIC_IRQ_HELD		(1ULL << 39)	/* ...and held up by a resample irqfd */

/*
 * KVM_VINTC_GET_STATE, KVM_VINTC_SET_STATE: all registers in one call. At addr is an
 * image: a struct kvm_vintc_image, and count times a struct kvm_vintc_image_reg, by
 * ascending id, in the byte order of the host.
 *
 * Get writes a consistent snapshot. size is the room at addr, and comes back as the
 * image's. generation comes back as the name of this state, if KVM_VINTC_STATE_TRACK
 * asks the device to remember it. With KVM_VINTC_STATE_SINCE the image has only the
 * registers that have changed since the state of that generation, and is marked
 * KVM_VINTC_IMAGE_PARTIAL; unless the device remembers another one: then it has them
 * all. The device remembers one state, the last.
 *
 * Set makes the state that of the image: registers that a full image does not name are
 * as after KVM_VINTC_CMD_RESET. A partial image changes those it names.
 *
 *   E2BIG       (get) size is too small; it comes back as what is needed, and nothing
 *               else has happened;
 *   EBUSY       a connected vCPU is inside KVM_RUN, or another ioctl: there is no
 *               snapshot of a machine that runs;
 *   EAGAIN      (GICv2) the device is not initialised;
 *   EINVAL      a reserved bit or field; SINCE without TRACK; (set) size is not that of
 *               the image, its magic number is another, a register stands twice or out of
 *               order, or is inconsistent, by itself or with the others;
 *   EOPNOTSUPP  (set) the image's version is newer than KVM_VINTC_IMAGE_VERSION;
 *   ENODEV      (set) it is of another model;
 *   ENOENT      (set) a register that this device does not have.
 *
 * When set is refused nothing has changed.
 */
struct kvm_vintc_state {
	__u64 addr;
	__u64 size;		/* in bytes */
	__u64 generation;	/* set: reserved */
	__u32 flags;		/* set: reserved */
	__u32 reserved;
};

#define KVM_VINTC_STATE_TRACK	(1U << 0)
#define KVM_VINTC_STATE_SINCE	(1U << 1)

struct kvm_vintc_image {
	__u32 magic;
	__u16 version;
	__u16 flags;
	__u32 model;		/* KVM_VINTC_MODEL_*, whoever presents */
	__u32 count;
};

#define KVM_VINTC_IMAGE_MAGIC	0x76696e74	/* "vint" */
#define KVM_VINTC_IMAGE_VERSION	1
#define KVM_VINTC_IMAGE_PARTIAL	(1U << 0)

struct kvm_vintc_image_reg {
	__u64 id;
	__u64 value;
};

#define KVM_VINTC_GET_STATE	_IOWR(KVMIO, 0xf0, struct kvm_vintc_state)
#define KVM_VINTC_SET_STATE	_IOW(KVMIO, 0xf1, struct kvm_vintc_state)

/*
 * KVM_SET_GSI_ROUTING: where each GSI leads, in the kernel's structures. A new table
 * replaces the old one at once: an interrupt goes by one or the other, and when the
 * call returns none goes by the old one any more. Types of entries:
 *
 *   KVM_IRQ_ROUTING_IRQCHIP     irqchip must be 0, pin is an input of this device: a
 *                               XICS' source; a GICv2's SPI, from 0 (INTID - 32);
 *   KVM_IRQ_ROUTING_MSI         data is a XICS' source, or the INTID of an SPI, as a
 *                               guest writes it to a GICv2m; the address means nothing;
 *   KVM_VINTC_ROUTING_DEVICE    in u.irqchip: irqchip is the fd of another device of this
 *                               VM, pin a GSI of that one.
 *
 * Several entries may name one GSI: each gets its interrupts. What no entry names
 * leads nowhere. A device without a table, as at first and after one without entries,
 * has each GSI lead to the input of the same number.
 *
 *   E2BIG   more than KVM_VINTC_ROUTES entries, or KVM_VINTC_ROUTE_TARGETS of a GSI;
 *   EINVAL  flags or pad are not 0, an unknown type, irqchip not 0, a GSI not below
 *           2^24, no such pin, source or SPI; no device of this VM, or one without a model;
 *   ELOOP   the devices would lead to each other, or more than KVM_VINTC_CASCADE would be in
 *           a row;
 *   EAGAIN  (GICv2) the device is not initialised.
 */
#define KVM_VINTC_ROUTING_DEVICE	0x80000000
#define KVM_VINTC_ROUTES		262144
#define KVM_VINTC_ROUTE_TARGETS		8
#define KVM_VINTC_CASCADE		3

/*
 * KVM_VINTC_COMMAND: what acts. Each command uses one member of the union, or none; the
 * rest of the structure is reserved. What is only an answer need not be set.
 */
struct kvm_vintc_command {
	__u32 command;		/* KVM_VINTC_CMD_* */
	__u32 flags;
	__u32 vcpu;		/* id of the vCPU that is meant; 0 if none is */
	__u32 lines;		/* out: the lines of that vCPU afterwards, KVM_VINTC_LINE_* */
	__extension__ union {
		struct {
			__u32 gsi;
			__u32 level;		/* 0, 1, or KVM_VINTC_INJECT_PULSE */
			__s32 status;		/* out: as of KVM_IRQ_LINE_STATUS */
			__u32 reserved;
		} inject;
		struct {
			__u64 number;		/* H_XIRR, H_EOI, ... */
			__u64 regs[2];		/* r4 and r5, in and out */
			__s64 status;		/* out: r3 */
		} hypercall;
		struct {
			__u32 service;		/* KVM_VINTC_RTAS_* */
			__u32 args[3];
			__s32 status;		/* out */
			__u32 rets[2];		/* out: what follows the status */
			__u32 reserved;
		} rtas;
		struct {
			__u32 frame;		/* KVM_VINTC_FRAME_* */
			__u32 offset;		/* in bytes */
			__u32 width;		/* 1, 2, 4 or 8 bytes */
			__u32 write;		/* 1, or 0 for a read */
			__u64 value;		/* in or out, in the low bits */
		} access;
		struct {
			__s32 fd;		/* an eventfd, or -1 */
			__u32 reserved;
		} line;
		__u64 reserved[8];
	};
};

#define KVM_VINTC_COMMAND	_IOWR(KVMIO, 0xf2, struct kvm_vintc_command)

/* Lines of a vCPU. */
#define KVM_VINTC_LINE_IRQ	(1U << 0)	/* the external interrupt; a GIC's IRQ */
#define KVM_VINTC_LINE_FIQ	(1U << 1)	/* a GIC's FIQ */

/*
 * KVM_VINTC_CMD_RESET: back to the state after power-on. Inputs keep the level that
 * they are driven to; sources, vCPUs, addresses, tokens, irqfds and routes stay. It may
 * come at any time: what a vCPU is doing in the device is finished before it, or done
 * after it, as a whole. resamplefds are signalled, so that devices look again.
 *
 * With KVM_VINTC_RESET_MODEL the device is as KVM_CREATE_DEVICE made it: without model,
 * vCPUs, irqfds, routes or state.
 *
 *   EBUSY  (RESET_MODEL) a connected vCPU is inside KVM_RUN or another ioctl, an ioctl of
 *          this device is on its way, or another device's routes lead here.
 */
#define KVM_VINTC_CMD_RESET	0
#define  KVM_VINTC_RESET_MODEL	(1U << 0)

/*
 * KVM_VINTC_CMD_INJECT: a GSI goes up, down, or up and down, by the routes. For
 * debugging; devices have KVM_IRQFD and KVM_IRQ_LINE.
 *
 *   EINVAL  a level above 2, a GSI without a target;
 *   EAGAIN  (GICv2) the device is not initialised.
 */
#define KVM_VINTC_CMD_INJECT	1
#define  KVM_VINTC_INJECT_PULSE	2

/*
 * What a vCPU does, done for it: by a VMM that presents interrupts itself, or by a
 * debugger. They wait, as the ioctls of the vCPU do, while it is inside KVM_RUN; only a
 * deadly signal ends that.
 *
 *   HYPERCALL  (XICS) a hypercall of PAPR's interrupt controller, with its status;
 *   RTAS       (XICS) one of the four calls, whether its token is known or not;
 *   ACCESS     (GICv2) a read or write of a register, with the answers a guest gets.
 *
 *   ENOENT  no connected vCPU has this id;
 *   EINVAL  no such service, frame or width, or an offset beyond the frame;
 *   ENOTTY  a hypercall that is not the controller's;
 *   ENXIO   the model does not have this command;
 *   EAGAIN  (GICv2) the device is not initialised.
 */
#define KVM_VINTC_CMD_HYPERCALL	2
#define KVM_VINTC_CMD_RTAS	3
#define KVM_VINTC_CMD_ACCESS	4
#define  KVM_VINTC_FRAME_GICD	0
#define  KVM_VINTC_FRAME_GICC	1

/*
 * KVM_VINTC_CMD_LINE: tells a vCPU's lines. KVM_VINTC_CMD_LINE_FD: gives it an eventfd
 * that can be read while a line may be up, and is emptied by the command that finds
 * them down; -1: none. Only of a device that userspace presents.
 *
 *   ENOENT  no connected vCPU has this id;
 *   ENXIO   the host presents;
 *   EBADF, EINVAL  (LINE_FD) not open, or no eventfd.
 */
#define KVM_VINTC_CMD_LINE	5
#define KVM_VINTC_CMD_LINE_FD	6

/*
 * The numbers of in-tree devices that the models stand for. The kernel has them in its
 * header of one architecture; the models are the same on all.
 */
#ifndef KVM_DEV_XICS_GRP_SOURCES
#define KVM_DEV_XICS_GRP_SOURCES	1
#define KVM_DEV_XICS_GRP_CTRL		2
#define  KVM_DEV_XICS_NR_SERVERS	1
#define  KVM_XICS_DESTINATION_SHIFT	0
#define  KVM_XICS_DESTINATION_MASK	0xffffffffULL
#define  KVM_XICS_PRIORITY_SHIFT	32
#define  KVM_XICS_PRIORITY_MASK		0xff
#define  KVM_XICS_LEVEL_SENSITIVE	(1ULL << 40)
#define  KVM_XICS_MASKED		(1ULL << 41)
#define  KVM_XICS_PENDING		(1ULL << 42)
#define  KVM_XICS_PRESENTED		(1ULL << 43)
#define  KVM_XICS_QUEUED		(1ULL << 44)
#endif

#ifndef KVM_REG_PPC_ICP_CPPR_SHIFT
#define KVM_REG_PPC_ICP_CPPR_SHIFT	56
#define KVM_REG_PPC_ICP_CPPR_MASK	0xff
#define KVM_REG_PPC_ICP_XISR_SHIFT	32
#define KVM_REG_PPC_ICP_XISR_MASK	0xffffff
#define KVM_REG_PPC_ICP_MFRR_SHIFT	24
#define KVM_REG_PPC_ICP_MFRR_MASK	0xff
#define KVM_REG_PPC_ICP_PPRI_SHIFT	16
#define KVM_REG_PPC_ICP_PPRI_MASK	0xff
#endif

#ifndef KVM_INTERRUPT_UNSET
#define KVM_INTERRUPT_UNSET		-2U
#endif

#ifndef KVM_DEV_ARM_VGIC_GRP_ADDR
#define KVM_VGIC_V2_ADDR_TYPE_DIST	0
#define KVM_VGIC_V2_ADDR_TYPE_CPU	1

#define KVM_DEV_ARM_VGIC_GRP_ADDR	0
#define KVM_DEV_ARM_VGIC_GRP_DIST_REGS	1
#define KVM_DEV_ARM_VGIC_GRP_CPU_REGS	2
#define  KVM_DEV_ARM_VGIC_CPUID_SHIFT	32
#define  KVM_DEV_ARM_VGIC_CPUID_MASK	(0xffULL << KVM_DEV_ARM_VGIC_CPUID_SHIFT)
#define  KVM_DEV_ARM_VGIC_OFFSET_SHIFT	0
#define  KVM_DEV_ARM_VGIC_OFFSET_MASK	(0xffffffffULL << KVM_DEV_ARM_VGIC_OFFSET_SHIFT)
#define KVM_DEV_ARM_VGIC_GRP_NR_IRQS	3
#define KVM_DEV_ARM_VGIC_GRP_CTRL	4
#define  KVM_DEV_ARM_VGIC_CTRL_INIT	0
#define KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO	7
#define  KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT	10
#define  VGIC_LEVEL_INFO_LINE_LEVEL	0

#define KVM_ARM_IRQ_VCPU2_SHIFT		28
#define KVM_ARM_IRQ_VCPU2_MASK		0xf
#define KVM_ARM_IRQ_TYPE_SHIFT		24
#define KVM_ARM_IRQ_TYPE_MASK		0xf
#define KVM_ARM_IRQ_VCPU_SHIFT		16
#define KVM_ARM_IRQ_VCPU_MASK		0xff
#define KVM_ARM_IRQ_NUM_SHIFT		0
#define KVM_ARM_IRQ_NUM_MASK		0xffff
#define KVM_ARM_IRQ_TYPE_CPU		0
#define KVM_ARM_IRQ_TYPE_SPI		1
#define KVM_ARM_IRQ_TYPE_PPI		2
#endif

#endif /* _UAPI_LINUX_KVM_VINTC_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The GICv2 in the words of a VMM, and of a guest. */
#ifndef VINTC_KUNIT_GICV2_H
#define VINTC_KUNIT_GICV2_H

#include <linux/fdtable.h>
#include <linux/fs.h>

#include "../device.h"
#include "../../../../virt/kvm/vintc/gicv2.h"

/* Where the frames are. */
#define GICD_BASE	0x08000000ull
#define GICC_BASE	0x08010000ull

/* ARM IHI 0048B */
#define GICD_CTLR	0x000
#define GICD_TYPER	0x004
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define GICD_IPRIORITYR	0x400
#define GICD_ITARGETSR	0x800
#define GICD_ICFGR	0xc00
#define GICD_SGIR	0xf00

#define GICC_CTLR	0x000
#define GICC_PMR	0x004
#define GICC_IAR	0x00c
#define GICC_EOIR	0x010
#define GICC_IIDR	0x0fc
#define GICC_DIR	0x1000

#define SPURIOUS	1023u

#define line_of_spi(intid)	(KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | (intid))
#define line_of_ppi(cpu, intid)	(KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT |	\
				 (cpu) << KVM_ARM_IRQ_VCPU_SHIFT | (intid))
/* A register of a CPU interface, as an attribute. */
#define of_cpu(cpu, offset)	((u64)(cpu) << KVM_DEV_ARM_VGIC_CPUID_SHIFT | (offset))

/* ---- a VMM ---- */

static inline long place(struct vintc_test_device *d, u64 type, u64 base)
{
	return set(d, KVM_DEV_ARM_VGIC_GRP_ADDR, type, base);
}

static inline long place_frames(struct vintc_test_device *d)
{
	return place(d, KVM_VGIC_V2_ADDR_TYPE_DIST, GICD_BASE) ?:
	       place(d, KVM_VGIC_V2_ADDR_TYPE_CPU, GICC_BASE);
}

static inline long init(struct vintc_test_device *d)
{
	return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_CTRL,
			       KVM_DEV_ARM_VGIC_CTRL_INIT, NULL, 0);
}

/* A complete GICv2: vCPU 0 is CPU interface 0, and vCPU 5 is 1. */
static inline void make_gicv2(struct kunit *test, struct vintc_test_device *d)
{
	KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_ASSERT_EQ(test, place_frames(d), 0l);
	KUNIT_ASSERT_EQ(test, init(d), 0l);
}

static inline struct kvm_vcpu *vcpu_of(struct vintc_test_device *d, unsigned int i)
{
	return vintc_test_vcpu_of(d->vcpu[i]);
}

static inline struct vintc_gic *gic_of(struct vintc_test_device *d)
{
	return gicv2_of(vintc_test_device_of(d->file))->gic;
}

static inline struct vintc_gic_cpu *interface(struct vintc_test_device *d, unsigned int i)
{
	return vintc_gic_interface(gic_of(d), i);
}

/* KVM_RUN as far as the guest's first instruction. EINTR: it may run. */
static inline long run(struct vintc_test_device *d, unsigned int i)
{
	vcpu_of(d, i)->run->immediate_exit = 1;
	return vfs_ioctl(d->vcpu[i], KVM_RUN, 0);
}

/* gicv2.c: an in-tree GICv3 in the VM, or an errno. */
struct file *in_tree_gicv3(struct vintc_test_device *d);

/* ---- a guest, on the thread of its vCPU ---- */

static inline u32 gic_read(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
			   enum vintc_gic_frame frame, u32 offset)
{
	return vintc_gic_read(gic, cpu, frame, offset, 4);
}

static inline void gic_write(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
			     enum vintc_gic_frame frame, u32 offset, u32 value)
{
	vintc_gic_write(gic, cpu, frame, offset, 4, value);
}

static inline u32 acknowledge(struct vintc_gic *gic, struct vintc_gic_cpu *cpu)
{
	return gic_read(gic, cpu, VINTC_GICC, GICC_IAR);
}

static inline void end(struct vintc_gic *gic, struct vintc_gic_cpu *cpu, u32 iar)
{
	gic_write(gic, cpu, VINTC_GICC, GICC_EOIR, iar);
}

/* Every interrupt of group 0 comes to this CPU interface. */
static inline void open_interface(struct vintc_gic *gic, struct vintc_gic_cpu *cpu)
{
	gic_write(gic, cpu, VINTC_GICD, GICD_CTLR, 1);
	gic_write(gic, cpu, VINTC_GICC, GICC_PMR, 0xff);
	gic_write(gic, cpu, VINTC_GICC, GICC_CTLR, 1);
}

/* An SPI for these CPU interfaces. */
static inline void open_spi(struct vintc_gic *gic, struct vintc_gic_cpu *cpu, u32 intid,
			    u8 targets, bool edge)
{
	u32 icfgr = GICD_ICFGR + intid / 16 * 4, field = 2u << intid % 16 * 2;
	u32 config = gic_read(gic, cpu, VINTC_GICD, icfgr);

	gic_write(gic, cpu, VINTC_GICD, icfgr, edge ? config | field : config & ~field);
	vintc_gic_write(gic, cpu, VINTC_GICD, GICD_ITARGETSR + intid, 1, targets);
	gic_write(gic, cpu, VINTC_GICD, GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

#endif /* VINTC_KUNIT_GICV2_H */

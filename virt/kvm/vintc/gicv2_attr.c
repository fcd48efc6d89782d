// SPDX-License-Identifier: GPL-2.0-only
/* The GICv2 model's attributes: the groups of KVM_DEV_TYPE_ARM_VGIC_V2. */
#include <linux/uaccess.h>

#include "gicv2.h"

/* What in-tree KVM gives a VMM that does not say how many it wants. */
#define DEFAULT_IRQS	256

static void __user *user_addr(const struct kvm_device_attr *attr)
{
	return u64_to_user_ptr(attr->addr);
}

/* What userspace presents is not in the guest's memory. */
static struct vintc_frame *frame_of(struct vintc_device *dev, u64 type)
{
	struct gicv2 *gicv2 = gicv2_of(dev);

	if (dev->by_userspace)
		return NULL;
	switch (type) {
	case KVM_VGIC_V2_ADDR_TYPE_DIST:
		return &gicv2->frames[VINTC_GICD];
	case KVM_VGIC_V2_ADDR_TYPE_CPU:
		return &gicv2->frames[VINTC_GICC];
	}
	return NULL;
}

/* Under dev->lock and kvm->slots_lock. */
static int complete_if_ready(struct vintc_device *dev)
{
	struct gicv2 *gicv2 = gicv2_of(dev);
	int i, r;

	if (!gicv2->ready || gicv2->complete || dev->by_userspace)
		return 0;
	for (i = 0; i < GICV2_FRAMES; i++)
		if (gicv2->frames[i].base == GICV2_NO_ADDR)
			return 0;
	r = vintc_frames_map(dev, gicv2->frames, GICV2_FRAMES);
	if (!r)
		smp_store_release(&gicv2->complete, true);
	return r;
}

/* ---- KVM_DEV_ARM_VGIC_GRP_ADDR ---- */

static bool overlap(const struct vintc_frame *a, const struct vintc_frame *b)
{
	return b->base != GICV2_NO_ADDR && a->base < b->base + b->size &&
	       b->base < a->base + a->size;
}

static int place_frame(struct vintc_device *dev, struct vintc_frame *frame, u64 base)
{
	struct gicv2 *gicv2 = gicv2_of(dev);
	u64 end = vintc_host.gpa_end ? vintc_host.gpa_end(dev->kvm) : 0;
	int r;

	if (frame->base != GICV2_NO_ADDR)
		return -EEXIST;
	if (!IS_ALIGNED(base, SZ_4K) || base + frame->size < base)
		return -EINVAL;
	if (end && base + frame->size > end)
		return -E2BIG;
	frame->base = base;
	r = overlap(frame, &gicv2->frames[!frame->number]) ? -EINVAL : complete_if_ready(dev);
	if (r)
		frame->base = GICV2_NO_ADDR;
	return r;
}

static int set_addr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	struct vintc_frame *frame = frame_of(dev, attr->attr);
	u64 __user *addr = user_addr(attr);
	u64 base;
	int r;

	if (!frame)
		return -ENXIO;
	if (copy_from_user(&base, addr, sizeof(base)))
		return -EFAULT;
	mutex_lock(&dev->kvm->slots_lock);
	mutex_lock(&dev->lock);
	r = place_frame(dev, frame, base);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->slots_lock);
	return r;
}

static int get_addr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	struct vintc_frame *frame = frame_of(dev, attr->attr);
	u64 __user *addr = user_addr(attr);
	u64 base;

	if (!frame)
		return -ENXIO;
	mutex_lock(&dev->lock);
	base = frame->base;
	mutex_unlock(&dev->lock);
	return copy_to_user(addr, &base, sizeof(base)) ? -EFAULT : 0;
}

/* ---- KVM_DEV_ARM_VGIC_GRP_NR_IRQS and _CTRL ---- */

static int set_irqs(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	struct gicv2 *gicv2 = gicv2_of(dev);
	u32 __user *addr = user_addr(attr);
	u32 irqs;
	int r;

	if (get_user(irqs, addr))
		return -EFAULT;
	if (irqs < VINTC_GIC_SPI_FIRST + 32 || irqs > VINTC_GIC_IRQS_MOST || irqs % 32)
		return -EINVAL;
	mutex_lock(&dev->lock);
	r = gicv2->irqs ? -EBUSY : 0;
	if (!r)
		gicv2->irqs = irqs;
	mutex_unlock(&dev->lock);
	return r;
}

static int get_irqs(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = user_addr(attr);

	return put_user(READ_ONCE(gicv2_of(dev)->irqs) ?: VINTC_GIC_SPI_FIRST, addr);
}

/* Each vCPU that a VMM did not connect gets the CPU interface of its index. */
static int connect_vcpus(struct vintc_device *dev)
{
	struct vintc_gic *gic = gicv2_of(dev)->gic;
	struct kvm_vcpu *vcpu;
	unsigned long i;
	int r = -ENODEV;

	kvm_for_each_vcpu(i, vcpu, dev->kvm)
		if (!vintc_device_icp(dev, vcpu) &&
		    (i >= VINTC_GIC_CPUS || vintc_gic_interface(gic, i)))
			return -ENXIO;
	kvm_for_each_vcpu(i, vcpu, dev->kvm) {
		r = vintc_device_icp(dev, vcpu) ? 0 : vintc_connect(dev, vcpu, i);
		if (r)
			break;
	}
	return r;
}

static int initialise(struct vintc_device *dev)
{
	struct gicv2 *gicv2 = gicv2_of(dev);
	u32 irqs = gicv2->irqs ?: DEFAULT_IRQS;
	int r;

	if (gicv2->ready)
		return 0;
	r = connect_vcpus(dev);
	if (r)
		return r;
	r = vintc_errno(vintc_gic_init(gicv2->gic, irqs));
	if (r)
		return r;
	WRITE_ONCE(gicv2->irqs, irqs);
	smp_store_release(&gicv2->ready, true);
	return 0;
}

/* kvm->lock: so that no vCPU comes meanwhile. */
static int set_ctrl(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	int r;

	if (attr->attr != KVM_DEV_ARM_VGIC_CTRL_INIT)
		return -ENXIO;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->kvm->slots_lock);
	mutex_lock(&dev->lock);
	r = initialise(dev);
	if (!r)
		r = complete_if_ready(dev);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->slots_lock);
	mutex_unlock(&dev->kvm->lock);
	return r;
}

/* ---- KVM_DEV_ARM_VGIC_GRP_DIST_REGS, _CPU_REGS and _LEVEL_INFO ---- */

/* What an attribute of these groups names. */
struct place {
	struct vintc_gic_cpu *cpu;
	u32 group;
	u32 offset;			/* of a register */
	u32 intid, info;		/* of LEVEL_INFO */
};

static enum vintc_gic_frame frame_of_group(u32 group)
{
	return group == KVM_DEV_ARM_VGIC_GRP_DIST_REGS ? VINTC_GICD : VINTC_GICC;
}

static int find_place(struct vintc_device *dev, struct kvm_device_attr *attr, struct place *place)
{
	u32 low = attr->attr;

	if (attr->attr >> (KVM_DEV_ARM_VGIC_CPUID_SHIFT + 8))
		return -EINVAL;
	*place = (struct place){
		.cpu = vintc_gic_interface(gicv2_of(dev)->gic,
					   attr->attr >> KVM_DEV_ARM_VGIC_CPUID_SHIFT),
		.group = attr->group,
		.offset = low,
		.intid = low % (1 << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT),
		.info = low >> KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT,
	};
	if (attr->group == KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO) {
		if (place->info > KVM_VINTC_GIC_INFO_DROP)
			return -EINVAL;
	} else if (!vintc_gic_has_reg(frame_of_group(attr->group), low)) {
		return -ENXIO;
	}
	return place->cpu ? 0 : -EINVAL;
}

static int access_place(struct vintc_gic *gic, const struct place *place, bool set, u32 *value)
{
	enum vintc_gic_frame frame = frame_of_group(place->group);

	BUILD_BUG_ON((int)VINTC_GIC_INFO_LINE != VGIC_LEVEL_INFO_LINE_LEVEL ||
		     (int)VINTC_GIC_INFO_LATCH != KVM_VINTC_GIC_INFO_LATCH ||
		     (int)VINTC_GIC_INFO_DROP != KVM_VINTC_GIC_INFO_DROP);
	if (place->group == KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO)
		return vintc_errno(set ? vintc_gic_set_info(gic, place->cpu, place->info,
							    place->intid, *value)
				       : vintc_gic_get_info(gic, place->cpu, place->info,
							    place->intid, value));
	return vintc_errno(set ? vintc_gic_set_reg(gic, place->cpu, frame, place->offset, *value)
			       : vintc_gic_get_reg(gic, place->cpu, frame, place->offset, value));
}

static int access_state(struct vintc_device *dev, struct kvm_device_attr *attr, bool set, u32 *value)
{
	struct place place;
	int r;

	if (!gicv2_ready(gicv2_of(dev)))
		return -ENXIO;
	r = find_place(dev, attr, &place);
	if (r)
		return r;
	mutex_lock(&dev->lock);
	r = vintc_lock_vcpus(dev);
	if (!r) {
		r = access_place(gicv2_of(dev)->gic, &place, set, value);
		vintc_unlock_vcpus(dev);
	}
	mutex_unlock(&dev->lock);
	return r;
}

int vintc_gicv2_set_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = user_addr(attr);
	u32 value;

	switch (attr->group) {
	case KVM_DEV_ARM_VGIC_GRP_ADDR:
		return set_addr(dev, attr);
	case KVM_DEV_ARM_VGIC_GRP_NR_IRQS:
		return attr->attr ? -ENXIO : set_irqs(dev, attr);
	case KVM_DEV_ARM_VGIC_GRP_CTRL:
		return set_ctrl(dev, attr);
	case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
	case KVM_DEV_ARM_VGIC_GRP_CPU_REGS:
	case KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO:
		return get_user(value, addr) ? -EFAULT : access_state(dev, attr, true, &value);
	}
	return -ENXIO;
}

int vintc_gicv2_get_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = user_addr(attr);
	u32 value;
	int r;

	switch (attr->group) {
	case KVM_DEV_ARM_VGIC_GRP_ADDR:
		return get_addr(dev, attr);
	case KVM_DEV_ARM_VGIC_GRP_NR_IRQS:
		return attr->attr ? -ENXIO : get_irqs(dev, attr);
	case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
	case KVM_DEV_ARM_VGIC_GRP_CPU_REGS:
	case KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO:
		r = access_state(dev, attr, false, &value);
		return r ? r : put_user(value, addr);
	}
	return -ENXIO;
}

int vintc_gicv2_has_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	struct place place;

	switch (attr->group) {
	case KVM_DEV_ARM_VGIC_GRP_ADDR:
		return frame_of(dev, attr->attr) ? 0 : -ENXIO;
	case KVM_DEV_ARM_VGIC_GRP_NR_IRQS:
		return attr->attr ? -ENXIO : 0;
	case KVM_DEV_ARM_VGIC_GRP_CTRL:
		return attr->attr == KVM_DEV_ARM_VGIC_CTRL_INIT ? 0 : -ENXIO;
	case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
	case KVM_DEV_ARM_VGIC_GRP_CPU_REGS:
	case KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO:
		return find_place(dev, attr, &place);
	}
	return -ENXIO;
}

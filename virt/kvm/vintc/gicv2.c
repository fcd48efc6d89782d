// SPDX-License-Identifier: GPL-2.0-only
/* The GICv2 model: its life, the guest's accesses, injection. */
#include <linux/slab.h>

#include "gicv2.h"

static u64 frame_read(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 frame, u32 offset,
		      u32 width)
{
	struct vintc_gic_cpu *cpu = vintc_device_icp(dev, vcpu);

	return cpu ? vintc_gic_read(gicv2_of(dev)->gic, cpu, frame, offset, width) : 0;
}

static void frame_write(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 frame, u32 offset,
			u32 width, u64 value)
{
	struct vintc_gic_cpu *cpu = vintc_device_icp(dev, vcpu);

	if (cpu)
		vintc_gic_write(gicv2_of(dev)->gic, cpu, frame, offset, width, value);
}

static const struct vintc_frame_ops frame_ops = {
	.read = frame_read,
	.write = frame_write,
};

static int gicv2_create(struct vintc_device *dev)
{
	static const u32 sizes[GICV2_FRAMES] = { [VINTC_GICD] = SZ_4K, [VINTC_GICC] = SZ_8K };
	struct gicv2 *gicv2 = kzalloc(sizeof(*gicv2), GFP_KERNEL_ACCOUNT);
	u32 i;

	if (!gicv2)
		return -ENOMEM;
	gicv2->gic = vintc_gic_create();
	if (!gicv2->gic) {
		kfree(gicv2);
		return -ENOMEM;
	}
	for (i = 0; i < GICV2_FRAMES; i++) {
		gicv2->frames[i].number = i;
		gicv2->frames[i].ops = &frame_ops;
		gicv2->frames[i].base = GICV2_NO_ADDR;
		gicv2->frames[i].size = sizes[i];
	}
	dev->controller = gicv2;
	return 0;
}

static void gicv2_destroy(struct vintc_device *dev)
{
	vintc_gic_destroy(gicv2_of(dev)->gic);
	kfree(dev->controller);
	dev->controller = NULL;
}

static void *gicv2_connect(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 number)
{
	u32 driven = vintc_host.driven_ppis ? vintc_host.driven_ppis() : 0;
	struct vintc_gic_cpu *cpu;
	int r;

	if (gicv2_of(dev)->ready)
		return ERR_PTR(-EBUSY);
	r = vintc_errno(vintc_gic_connect(gicv2_of(dev)->gic, number, vcpu, driven,
					  vintc_host.ppi_levels, &cpu));
	return r ? ERR_PTR(r) : cpu;
}

static u32 gicv2_connected(void *cpu)
{
	return vintc_gic_cpu_number(cpu);
}

static struct kvm_vcpu *gicv2_vcpu(void *cpu)
{
	return vintc_gic_cpu_vcpu(cpu);
}

int gicv2_may_run(struct vintc_device *dev, struct kvm_vcpu *vcpu)
{
	return smp_load_acquire(&gicv2_of(dev)->complete) && vintc_device_icp(dev, vcpu) ? 0 : -ENXIO;
}

/* The INTID of KVM_IRQ_LINE's encoding for arm64, and the CPU whose PPI it is. */
static int decode_line(struct gicv2 *gicv2, u32 irq, struct vintc_gic_cpu **cpu, u32 *intid)
{
	u32 number = (irq >> KVM_ARM_IRQ_VCPU_SHIFT & KVM_ARM_IRQ_VCPU_MASK) +
		     (irq >> KVM_ARM_IRQ_VCPU2_SHIFT & KVM_ARM_IRQ_VCPU2_MASK) *
			     (KVM_ARM_IRQ_VCPU_MASK + 1);

	*intid = irq & KVM_ARM_IRQ_NUM_MASK;
	*cpu = NULL;
	switch (irq >> KVM_ARM_IRQ_TYPE_SHIFT & KVM_ARM_IRQ_TYPE_MASK) {
	case KVM_ARM_IRQ_TYPE_SPI:
		return *intid >= VINTC_GIC_SPI_FIRST ? 0 : -EINVAL;
	case KVM_ARM_IRQ_TYPE_PPI:
		*cpu = vintc_gic_interface(gicv2->gic, number);
		return *cpu && *intid < VINTC_GIC_SPI_FIRST ? 0 : -EINVAL;
	}
	return -EINVAL;
}

static int gicv2_line(struct vintc_device *dev, u32 irq, u32 level, int *status)
{
	struct gicv2 *gicv2 = gicv2_of(dev);
	struct vintc_gic_cpu *cpu;
	u32 intid;
	int r;

	if (!gicv2_ready(gicv2))
		return -EBUSY;
	r = decode_line(gicv2, irq, &cpu, &intid);
	if (r)
		return r;
	*status = vintc_gic_inject(gicv2->gic, cpu, intid,
				   level ? VINTC_GIC_HIGH : VINTC_GIC_LOW);
	return *status == VINTC_UNKNOWN_SOURCE ? -EINVAL : 0;
}

/* A GSI is the number of an SPI, from 0. */
static int gicv2_check_gsi(struct vintc_device *dev, u32 gsi)
{
	struct gicv2 *gicv2 = gicv2_of(dev);

	if (!gicv2_ready(gicv2))
		return -EAGAIN;
	return gsi < min(gicv2->irqs, VINTC_GIC_SPECIAL) - VINTC_GIC_SPI_FIRST ? 0 : -EINVAL;
}

static void gicv2_signal(struct vintc_device *dev, u32 gsi)
{
	vintc_gic_inject(gicv2_of(dev)->gic, NULL, gsi + VINTC_GIC_SPI_FIRST, VINTC_GIC_PULSE);
}

static void gicv2_count(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS])
{
	struct vintc_counts c;

	vintc_gic_counts(gicv2_of(dev)->gic, &c);
	counts[KVM_VINTC_COUNT_MMIO] = c.mmio;
	counts[KVM_VINTC_COUNT_PPI] = c.ppis;
}

const struct vintc_model vintc_model_gicv2 = {
	.id = KVM_VINTC_MODEL_GICV2,
	.name = "GICv2",
	.create = gicv2_create,
	.destroy = gicv2_destroy,
	.connect = gicv2_connect,
	.connected = gicv2_connected,
	.vcpu = gicv2_vcpu,
	.set_attr = vintc_gicv2_set_attr,
	.get_attr = vintc_gicv2_get_attr,
	.has_attr = vintc_gicv2_has_attr,
	.line = gicv2_line,
	.check_gsi = gicv2_check_gsi,
	.signal = gicv2_signal,
	.count = gicv2_count,
};

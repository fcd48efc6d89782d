// SPDX-License-Identifier: GPL-2.0-only
/* The GICv2 model: its life, the guest's accesses, injection. */
#include <linux/slab.h>

#include "gicv2.h"
#include "trace.h"

static u64 frame_read(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 frame, u32 offset,
		      u32 width)
{
	struct vintc_gic_cpu *cpu = vintc_device_icp(dev, vcpu);

	u64 value;

	if (!cpu)
		return 0;
	vintc_enter_wait(dev);
	value = vintc_gic_load(gicv2_of(dev)->gic, cpu, frame, offset, width);
	vintc_leave(dev);
	return value;
}

static void frame_write(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 frame, u32 offset,
			u32 width, u64 value)
{
	struct vintc_gic_cpu *cpu = vintc_device_icp(dev, vcpu);

	if (!cpu)
		return;
	vintc_enter_wait(dev);
	vintc_gic_store(gicv2_of(dev)->gic, cpu, frame, offset, width, value);
	vintc_leave(dev);
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
	gicv2->gic = vintc_gic_create(dev);
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

/* Out of the guest's memory. */
static void gicv2_withdraw(struct vintc_device *dev)
{
	struct gicv2 *gicv2 = gicv2_of(dev);

	if (gicv2->complete && !dev->by_userspace)
		vintc_frames_unmap(dev, gicv2->frames, GICV2_FRAMES);
}

/* The host drives PPIs of the vCPUs that it presents to. */
static void *gicv2_connect(struct vintc_device *dev, void *vcpu, u32 number)
{
	u32 driven = !dev->by_userspace && vintc_host.driven_ppis ? vintc_host.driven_ppis() : 0;
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

static void *gicv2_cpu(void *cpu)
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
				   level ? VINTC_HIGH : VINTC_LOW);
	trace_vintc_line(dev, irq, level, *status);
	return *status == VINTC_UNKNOWN_SOURCE ? -EINVAL : 0;
}

static int gicv2_flows(struct vintc_device *dev)
{
	return gicv2_ready(gicv2_of(dev)) ? 0 : -EAGAIN;
}

/* A pin is the number of an SPI, from 0. */
static bool gicv2_is_pin(struct vintc_device *dev, u32 pin)
{
	return pin < min(gicv2_of(dev)->irqs, VINTC_GIC_SPECIAL) - VINTC_GIC_SPI_FIRST;
}

/* What is written to a GICv2m's MSI_SETSPI_NS is an INTID. */
static int gicv2_msi_pin(struct vintc_device *dev, u32 data, u32 *pin)
{
	*pin = data - VINTC_GIC_SPI_FIRST;
	return gicv2_is_pin(dev, *pin) ? 0 : -EINVAL;
}

static enum vintc_injected gicv2_input(struct vintc_device *dev, u32 pin, enum vintc_input input)
{
	if (!gicv2_is_pin(dev, pin))
		return VINTC_UNKNOWN_SOURCE;
	return vintc_gic_inject(gicv2_of(dev)->gic, NULL, pin + VINTC_GIC_SPI_FIRST, input);
}

static u32 gicv2_ended_pin(u32 intid)
{
	return intid - VINTC_GIC_SPI_FIRST;
}

/* Offsets are clamped by the core; a frame is what is checked here. */
static int gicv2_access(struct vintc_device *dev, void *cpu, struct kvm_vintc_command *c)
{
	struct vintc_gic *gic = gicv2_of(dev)->gic;
	u32 width = c->access.width, offset = c->access.offset;
	enum vintc_gic_frame frame = VINTC_GICD;

	BUILD_BUG_ON((int)VINTC_GICD != KVM_VINTC_FRAME_GICD || (int)VINTC_GICC != KVM_VINTC_FRAME_GICC);
	if (c->access.frame >= GICV2_FRAMES || c->access.write > 1 || width > 8 || !is_power_of_2(width))
		return -EINVAL;
	if (c->access.frame == KVM_VINTC_FRAME_GICC)
		frame = VINTC_GICC;
	if (offset > gicv2_of(dev)->frames[frame].size - width)
		return -EINVAL;
	if (c->access.write)
		vintc_gic_store(gic, cpu, frame, offset, width, c->access.value);
	else
		c->access.value = vintc_gic_load(gic, cpu, frame, offset, width);
	return 0;
}

static u32 gicv2_lines(struct vintc_device *dev, void *cpu)
{
	BUILD_BUG_ON((int)VINTC_GIC_LINE_IRQ != KVM_VINTC_LINE_IRQ ||
		     (int)VINTC_GIC_LINE_FIQ != KVM_VINTC_LINE_FIQ);
	return vintc_gic_enter(gicv2_of(dev)->gic, cpu, vintc_gic_levels(cpu));
}

static void gicv2_visit_regs(struct vintc_device *dev, vintc_visit_reg *visit, void *arg)
{
	vintc_gic_visit_regs(gicv2_of(dev)->gic, visit, arg);
}

static enum vintc_result gicv2_get_reg(struct vintc_device *dev, struct vintc_reg *reg)
{
	return vintc_gic_get_exact(gicv2_of(dev)->gic, reg);
}

static enum vintc_result gicv2_check_reg(struct vintc_device *dev, const struct vintc_reg *reg)
{
	return vintc_gic_check_exact(gicv2_of(dev)->gic, reg);
}

static void gicv2_set_reg(struct vintc_device *dev, const struct vintc_reg *reg)
{
	vintc_gic_set_exact(gicv2_of(dev)->gic, reg);
}

static void gicv2_reset(struct vintc_device *dev)
{
	vintc_gic_reset(gicv2_of(dev)->gic);
}

static void gicv2_settle(struct vintc_device *dev)
{
	vintc_gic_settle(gicv2_of(dev)->gic);
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
	.withdraw = gicv2_withdraw,
	.connect = gicv2_connect,
	.connected = gicv2_connected,
	.cpu = gicv2_cpu,
	.set_attr = vintc_gicv2_set_attr,
	.get_attr = vintc_gicv2_get_attr,
	.has_attr = vintc_gicv2_has_attr,
	.ready = gicv2_flows,
	.is_pin = gicv2_is_pin,
	.msi_pin = gicv2_msi_pin,
	.input = gicv2_input,
	.ended_pin = gicv2_ended_pin,
	.line = gicv2_line,
	.access = gicv2_access,
	.lines = gicv2_lines,
	.visit_regs = gicv2_visit_regs,
	.get_reg = gicv2_get_reg,
	.check_reg = gicv2_check_reg,
	.set_reg = gicv2_set_reg,
	.reset = gicv2_reset,
	.settle = gicv2_settle,
	.count = gicv2_count,
};

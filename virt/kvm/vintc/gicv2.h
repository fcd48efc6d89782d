/* SPDX-License-Identifier: GPL-2.0-only */
/* The GICv2 model's own interfaces. */
#ifndef VINTC_GICV2_H
#define VINTC_GICV2_H

#include "vintc.h"

#define GICV2_FRAMES	2	/* VINTC_GICD and VINTC_GICC */
#define GICV2_NO_ADDR	(~0ULL)	/* of a frame without an address */

struct gicv2 {
	struct vintc_gic *gic;
	u32 irqs;			/* 0 until it is known */
	bool ready;			/* initialised: interrupts flow */
	bool complete;			/* and it is in the guest's memory; published last */
	struct vintc_frame frames[GICV2_FRAMES];
};

static inline struct gicv2 *gicv2_of(struct vintc_device *dev)
{
	return dev->controller;
}

/* Interrupts flow as soon as it is initialised: what comes before finds it so. */
static inline bool gicv2_ready(struct gicv2 *gicv2)
{
	return smp_load_acquire(&gicv2->ready);
}

/* May the vCPU run by now? 0 or ENXIO. Any context. */
int gicv2_may_run(struct vintc_device *dev, struct kvm_vcpu *vcpu);

/* gicv2_attr.c: the attribute groups of the in-tree device. */
int vintc_gicv2_set_attr(struct vintc_device *dev, struct kvm_device_attr *attr);
int vintc_gicv2_get_attr(struct vintc_device *dev, struct kvm_device_attr *attr);
int vintc_gicv2_has_attr(struct vintc_device *dev, struct kvm_device_attr *attr);

#endif /* VINTC_GICV2_H */

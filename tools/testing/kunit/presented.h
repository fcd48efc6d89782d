/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A XICS that userspace presents, which every host offers: in the words of a VMM that
 * stands for the vCPUs, and of threads that stand for their guests.
 */
#ifndef VINTC_KUNIT_PRESENTED_H
#define VINTC_KUNIT_PRESENTED_H

#include <linux/eventfd.h>

#include "device.h"

#define PRESENTED_XICS	(KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE)
#define PRESENTED_GICV2	(KVM_VINTC_MODEL_GICV2 | KVM_VINTC_MODEL_USERSPACE)

enum { MSI = 0x1010, OTHER_MSI, LEVEL, OTHER_LEVEL };

#define XICS_SOURCES	4

/* presented.c: vCPU 0 is server 0, open for all of the four sources; vCPU 5 is server 5. */
void make_xics(struct kunit *test, struct vintc_test_device *d);
int make_xics_init(struct kunit *test);
/* One more device in the VM of @d. Its file is to be put. */
struct vintc_test_device another_device(struct kunit *test, struct vintc_test_device *d);
/* Routes of a device. */
struct kvm_irq_routing_entry to_pin(u32 gsi, u32 pin);
struct kvm_irq_routing_entry to_device(u32 gsi, int fd, u32 pin);
long set_routes(struct vintc_test_device *d, const struct kvm_irq_routing_entry *entries,
		u32 count);

static inline struct vintc_device *device_of(struct vintc_test_device *d)
{
	return vintc_test_device_of(d->file);
}

static inline struct vintc_xics *xics_of(struct vintc_test_device *d)
{
	return device_of(d)->controller;
}

static inline struct vintc_icp *icp_of(struct vintc_test_device *d, unsigned int i)
{
	return vintc_device_icp(device_of(d), vintc_test_vcpu_of(d->vcpu[i]));
}

/* ---- a VMM ---- */

static inline long set_source(struct vintc_test_device *d, u32 source, u64 attr)
{
	return vintc_test_attr(d->file, KVM_SET_DEVICE_ATTR, KVM_DEV_XICS_GRP_SOURCES, source, &attr,
			       sizeof(attr));
}

static inline long set_line_fd(struct vintc_test_device *d, u32 vcpu, int fd)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE_FD, .vcpu = vcpu, .line.fd = fd };

	return command(d, &c);
}

static inline long ioctl_resample(struct vintc_test_device *d, int fd, int resamplefd, u32 gsi)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = gsi, .flags = KVM_IRQFD_FLAG_RESAMPLE,
				  .resamplefd = resamplefd };

	return vintc_test_ioctl(d->file, KVM_IRQFD, &args, sizeof(args));
}

/* When it returns no irqfd that was on its way out is left. */
static inline void flush_irqfds(struct vintc_test_device *d, struct vintc_test_eventfd *any)
{
	ioctl_irqfd(d, any->fd, ~0u, KVM_IRQFD_FLAG_DEASSIGN);
}

/* ---- a guest, on server 0 ---- */

static inline u32 accept(struct vintc_test_device *d)
{
	struct vintc_device *dev = device_of(d);
	unsigned long gprs[2] = {};

	vintc_enter_wait(dev);
	vintc_xics_hypercall(xics_of(d), icp_of(d, 0), VINTC_H_XIRR, gprs);
	vintc_leave(dev);
	return gprs[0] & 0xffffff;
}

static inline void eoi(struct vintc_test_device *d, u32 source)
{
	struct vintc_device *dev = device_of(d);
	unsigned long gprs[2] = { 0xff000000 | source };

	vintc_enter_wait(dev);
	vintc_xics_hypercall(xics_of(d), icp_of(d, 0), VINTC_H_EOI, gprs);
	vintc_leave(dev);
}

/* KVM_VINTC_REG_SOURCE(); 0: there is none. */
static inline u64 source_reg(struct vintc_test_device *d, u32 source)
{
	struct vintc_reg reg = { .kind = VINTC_REG_SOURCE, .index = source };

	return vintc_xics_get_reg(xics_of(d), &reg) ? 0 : reg.value;
}

static inline bool is_held(struct vintc_test_device *d, u32 source)
{
	return source_reg(d, source) & KVM_VINTC_SOURCE_HELD;
}

#endif /* VINTC_KUNIT_PRESENTED_H */

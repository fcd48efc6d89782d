/* SPDX-License-Identifier: GPL-2.0-only */
/* Routing tables, messages and irqfds, on the fd of a device. */
#ifndef VINTC_ROUTES_H
#define VINTC_ROUTES_H

#include <linux/kvm.h>
#include <linux/kvm_vintc.h>

#include "lib/eventfd.h"
#include "lib/util.h"

static inline struct kvm_irq_routing_entry to_pin(u32 gsi, u32 pin)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi, .type = KVM_IRQ_ROUTING_IRQCHIP, .u.irqchip = { .pin = pin },
	};
}

static inline struct kvm_irq_routing_entry to_msi(u32 gsi, u32 data)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi, .type = KVM_IRQ_ROUTING_MSI,
		.u.msi = { .address_lo = 0xfee00040, .address_hi = 0x10, .data = data },
	};
}

static inline struct kvm_irq_routing_entry to_device(u32 gsi, int device, u32 its_gsi)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi, .type = KVM_VINTC_ROUTING_DEVICE,
		.u.irqchip = { .irqchip = device, .pin = its_gsi },
	};
}

/* KVM_SET_GSI_ROUTING. */
int set_routes(int device, const struct kvm_irq_routing_entry *entries, u32 count);
/* set_table(device, to_pin(1, 2), to_pin(1, 3)) */
#define set_table(device, ...)						\
({									\
	struct kvm_irq_routing_entry table_[] = { __VA_ARGS__ };		\
									\
	set_routes(device, table_, ARRAY_SIZE(table_));			\
})

/* KVM_SIGNAL_MSI. */
int signal_msi(int device, u32 data);

/* KVM_IRQFD; with an eventfd to tell that the guest ended the interrupt. */
int assign_to(int device, int fd, u32 gsi);
int assign_resample(int device, int fd, u32 gsi, int resamplefd);
int deassign_from(int device, int fd, u32 gsi);
/* How often an eventfd was signalled since it was asked last. */
u64 events_of(int fd);

#endif /* VINTC_ROUTES_H */

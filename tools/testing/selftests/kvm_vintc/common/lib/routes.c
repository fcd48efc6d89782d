// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/lib/routes.h"

int set_routes(int device, const struct kvm_irq_routing_entry *entries, u32 count)
{
	struct kvm_irq_routing *table = calloc(1, sizeof(*table) + count * sizeof(*entries));
	int error;

	if (!table)
		fatal("no memory for %u routes", count);
	table->nr = count;
	if (count)
		memcpy(table->entries, entries, count * sizeof(*entries));
	error = xioctl(device, KVM_SET_GSI_ROUTING, table);
	free(table);
	return error;
}

int signal_msi(int device, u32 data)
{
	struct kvm_msi msi = { .address_lo = 0x1000, .data = data };

	return xioctl(device, KVM_SIGNAL_MSI, &msi);
}

int assign_to(int device, int fd, u32 gsi)
{
	struct kvm_irqfd argument = { .fd = fd, .gsi = gsi };

	return xioctl(device, KVM_IRQFD, &argument);
}

int assign_resample(int device, int fd, u32 gsi, int resamplefd)
{
	struct kvm_irqfd argument = {
		.fd = fd, .gsi = gsi, .flags = KVM_IRQFD_FLAG_RESAMPLE, .resamplefd = resamplefd,
	};

	return xioctl(device, KVM_IRQFD, &argument);
}

int deassign_from(int device, int fd, u32 gsi)
{
	struct kvm_irqfd argument = { .fd = fd, .gsi = gsi, .flags = KVM_IRQFD_FLAG_DEASSIGN };

	return xioctl(device, KVM_IRQFD, &argument);
}

u64 events_of(int fd)
{
	eventfd_t count = 0;

	if (eventfd_read(fd, &count) && errno != EAGAIN)
		fatal("an eventfd cannot be read: %s", error_name(errno));
	return count;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm.h>
#include <stddef.h>

#include "device.h"

static int attribute(int fd, unsigned long request, u32 group, u64 attr, const void *value)
{
	struct kvm_device_attr argument = {
		.group = group, .attr = attr, .addr = (uintptr_t)value,
	};

	return xioctl(fd, request, &argument);
}

int device_set(int fd, u32 group, u64 attr, const void *value)
{
	return attribute(fd, KVM_SET_DEVICE_ATTR, group, attr, value);
}

int device_get(int fd, u32 group, u64 attr, void *value)
{
	return attribute(fd, KVM_GET_DEVICE_ATTR, group, attr, value);
}

int device_has(int fd, u32 group, u64 attr)
{
	return attribute(fd, KVM_HAS_DEVICE_ATTR, group, attr, NULL);
}

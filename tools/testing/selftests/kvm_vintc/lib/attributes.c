// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm_vintc.h>
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

int device_reset(int fd, u32 flags)
{
	struct kvm_vintc_command reset = { .command = KVM_VINTC_CMD_RESET, .flags = flags };

	return xioctl(fd, KVM_VINTC_COMMAND, &reset);
}

int device_state_without_room(int fd)
{
	struct kvm_vintc_state state = {};

	return xioctl(fd, KVM_VINTC_GET_STATE, &state);
}

u64 device_count(int fd, u64 counter)
{
	u64 count = 0;

	must(device_get(fd, KVM_VINTC_GRP_COUNTERS, counter, &count));
	return count;
}

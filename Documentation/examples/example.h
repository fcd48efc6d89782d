/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the examples share: a call that must succeed, a check that is a line of TAP,
 * and the calls of a device that each of them makes.
 */
#ifndef VINTC_EXAMPLE_H
#define VINTC_EXAMPLE_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kvm_vintc.h>

#define MUST(call) must(call, #call)

static inline int must(int result, const char *call)
{
	if (result < 0) {
		printf("Bail out! %s: %s\n", call, strerror(errno));
		exit(1);
	}
	return result;
}

static int checks, failures;

static inline void plan(int count)
{
	printf("TAP version 13\n1..%d\n", count);
}

static inline void check(bool good, const char *what)
{
	failures += !good;
	printf("%sok %d %s\n", good ? "" : "not ", ++checks, what);
}

static inline int set_attr(int device, uint32_t group, uint64_t attr, const void *value)
{
	struct kvm_device_attr a = { .group = group, .attr = attr, .addr = (uintptr_t)value };

	return ioctl(device, KVM_SET_DEVICE_ATTR, &a);
}

static inline int get_attr(int device, uint32_t group, uint64_t attr, void *value)
{
	struct kvm_device_attr a = { .group = group, .attr = attr, .addr = (uintptr_t)value };

	return ioctl(device, KVM_GET_DEVICE_ATTR, &a);
}

static inline bool has_attr(int device, uint32_t group, uint64_t attr)
{
	struct kvm_device_attr a = { .group = group, .attr = attr };

	return !ioctl(device, KVM_HAS_DEVICE_ATTR, &a);
}

/* A VM with vCPUs 0 to count - 1. */
static inline int new_vm(int count)
{
	int kvm = MUST(open("/dev/kvm", O_RDWR | O_CLOEXEC));
	int vm = MUST(ioctl(kvm, KVM_CREATE_VM, 0));

	for (int id = 0; id < count; id++)
		MUST(ioctl(vm, KVM_CREATE_VCPU, id));
	close(kvm);
	return vm;
}

static inline int new_device(int vm, uint64_t model)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };

	MUST(ioctl(vm, KVM_CREATE_DEVICE, &create));
	MUST(set_attr(create.fd, KVM_VINTC_GRP_MODEL, model, NULL));
	return create.fd;
}

static inline void connect_vcpu(int device, uint32_t vcpu, uint32_t number)
{
	MUST(set_attr(device, KVM_VINTC_GRP_VCPU, vcpu, &number));
}

static inline int irq_line(int device, uint32_t irq, uint32_t level)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };

	MUST(ioctl(device, KVM_IRQ_LINE_STATUS, &line));
	return (int)line.status;
}

static inline bool can_be_read(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, 0) == 1;
}

static inline int new_eventfd(void)
{
	return MUST(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

#endif /* VINTC_EXAMPLE_H */

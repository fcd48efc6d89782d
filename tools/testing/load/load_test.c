// SPDX-License-Identifier: GPL-2.0-only
/*
 * On a host for which there is no port: the device can be made, says that it
 * offers no model, refuses everything else, and goes with its VM.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kvm_vintc.h>

static int tests, failures;

static void check(int good, const char *what)
{
	tests++;
	failures += !good;
	printf("%sok %d %s\n", good ? "" : "not ", tests, what);
}

static int refused(int result, int error)
{
	return result == -1 && errno == error;
}

int main(void)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };
	struct kvm_device_attr model = { .group = KVM_VINTC_GRP_MODEL, .attr = KVM_VINTC_MODEL_XICS };
	struct kvm_device_attr counter = { .group = KVM_VINTC_GRP_COUNTERS };
	struct kvm_irq_level line = { .irq = 16, .level = 1 };
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);
	int i, fd, made = 0;

	printf("TAP version 13\n1..8\n");
	check(kvm >= 0 && vm >= 0, "a VM is made");
	check(ioctl(vm, KVM_CREATE_DEVICE, &create) == 0, "the device is made");
	fd = create.fd;
	check(refused(ioctl(fd, KVM_HAS_DEVICE_ATTR, &model), ENXIO), "no model is offered");
	check(refused(ioctl(fd, KVM_SET_DEVICE_ATTR, &model), ENXIO), "no model can be chosen");
	check(refused(ioctl(fd, KVM_GET_DEVICE_ATTR, &counter), ENXIO), "there is no other attribute");
	check(refused(ioctl(fd, KVM_IRQ_LINE, &line), ENXIO), "nothing can be injected");
	check(refused(ioctl(fd, KVM_CHECK_EXTENSION, 0), ENOTTY), "an unknown ioctl is none");
	for (i = 0; i < 100; i++) {
		int another = ioctl(kvm, KVM_CREATE_VM, 0);

		create.flags = 0;
		made += ioctl(another, KVM_CREATE_DEVICE, &create) == 0;
		close(create.fd);
		close(another);
	}
	check(made == 100, "a hundred VMs with a device come and go");
	return failures != 0;
}

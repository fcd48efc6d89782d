// SPDX-License-Identifier: GPL-2.0-only
/* Devices that the GICv2's suites have in common. */
#include "gicv2.h"

struct file *in_tree_gicv3(struct vintc_test_device *d)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	long r = vintc_test_ioctl(d->vm.file, KVM_CREATE_DEVICE, &create, sizeof(create));

	return r ? ERR_PTR(r) : close_fd_get_file(create.fd);
}

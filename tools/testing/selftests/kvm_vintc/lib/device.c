// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"
#include "vm.h"

int device_create(struct vm *vm, u32 type, u32 flags, int *fd)
{
	struct kvm_create_device device = { .type = type, .flags = flags, .fd = -1 };
	int error = xioctl(vm->fd, KVM_CREATE_DEVICE, &device);

	if (fd)
		*fd = device.fd;
	return error;
}

int irq_line(struct vm *vm, u32 irq, u32 level)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };

	return xioctl(irqchip_ioctl_fd(vm), KVM_IRQ_LINE, &line);
}

int irq_line_status(struct vm *vm, u32 irq, u32 level, int *status)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };
	int error = xioctl(irqchip_ioctl_fd(vm), KVM_IRQ_LINE_STATUS, &line);

	*status = line.status;
	return error;
}

int irqfd(struct vm *vm, int fd, u32 gsi, u32 flags)
{
	struct kvm_irqfd argument = { .fd = fd, .gsi = gsi, .flags = flags };

	return xioctl(irqchip_ioctl_fd(vm), KVM_IRQFD, &argument);
}

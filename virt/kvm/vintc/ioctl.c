// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of the VM and vCPU fds that the device fd takes too. */
#include <linux/uaccess.h>

#include "vintc.h"

static int irq_line(struct vintc_device *dev, unsigned int cmd, void __user *arg)
{
	struct kvm_irq_level line;
	int status, r;

	if (copy_from_user(&line, arg, sizeof(line)))
		return -EFAULT;
	r = dev->model->line(dev, line.irq, line.level, &status);
	if (r)
		return r;
	atomic64_inc(&dev->line_count);
	if (cmd != KVM_IRQ_LINE_STATUS)
		return 0;
	line.status = status;
	return copy_to_user(arg, &line, sizeof(line)) ? -EFAULT : 0;
}

static int irqfd(struct vintc_device *dev, void __user *arg)
{
	struct kvm_irqfd args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return vintc_irqfd(dev, &args);
}

static int one_reg(struct vintc_device *dev, unsigned int cmd, void __user *arg)
{
	struct kvm_one_reg reg;
	u64 __user *value;

	if (copy_from_user(&reg, arg, sizeof(reg)))
		return -EFAULT;
	if (!dev->model->get_reg)
		return -ENOENT;
	value = u64_to_user_ptr(reg.addr);
	return cmd == KVM_GET_ONE_REG ? dev->model->get_reg(dev, reg.id, value)
				      : dev->model->set_reg(dev, reg.id, value);
}

long vintc_ioctl(struct kvm_device *kdev, unsigned int cmd, unsigned long arg)
{
	struct vintc_device *dev = kdev->private;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case KVM_IRQ_LINE:
	case KVM_IRQ_LINE_STATUS:
	case KVM_IRQFD:
	case KVM_GET_ONE_REG:
	case KVM_SET_ONE_REG:
		break;
	default:
		return -ENOTTY;
	}
	if (!vintc_device_model(dev))
		return -ENXIO;

	switch (cmd) {
	case KVM_IRQFD:
		return irqfd(dev, uarg);
	case KVM_GET_ONE_REG:
	case KVM_SET_ONE_REG:
		return one_reg(dev, cmd, uarg);
	}
	return irq_line(dev, cmd, uarg);
}

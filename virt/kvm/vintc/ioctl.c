// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of the device fd: those of the VM and vCPU fds that it takes too, and ours. */
#include <linux/uaccess.h>

#include "vintc.h"

static int irq_line(struct vintc_device *dev, unsigned int cmd, void __user *arg)
{
	struct kvm_irq_level line;
	int status, r;

	if (copy_from_user(&line, arg, sizeof(line)))
		return -EFAULT;
	vintc_enter_wait(dev);
	r = dev->model->line(dev, line.irq, line.level, &status);
	vintc_leave(dev);
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

/* Under model_sem, read. */
static long with_model(struct vintc_device *dev, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case KVM_IRQ_LINE:
	case KVM_IRQ_LINE_STATUS:
		return irq_line(dev, cmd, arg);
	case KVM_IRQFD:
		return irqfd(dev, arg);
	case KVM_SET_GSI_ROUTING:
		return vintc_set_routing(dev, arg);
	case KVM_SIGNAL_MSI:
		return vintc_signal_msi(dev, arg);
	case KVM_GET_ONE_REG:
	case KVM_SET_ONE_REG:
		return vintc_one_reg(dev, cmd, arg);
	case KVM_GET_REG_LIST:
		return vintc_reg_list(dev, arg);
	case KVM_VINTC_GET_STATE:
		return vintc_get_state(dev, arg);
	case KVM_VINTC_SET_STATE:
		return vintc_set_state(dev, arg);
	case KVM_VINTC_COMMAND:
		return vintc_command(dev, arg);
	}
	return -ENOTTY;
}

static bool is_ours(unsigned int cmd)
{
	switch (cmd) {
	case KVM_IRQ_LINE:
	case KVM_IRQ_LINE_STATUS:
	case KVM_IRQFD:
	case KVM_SET_GSI_ROUTING:
	case KVM_SIGNAL_MSI:
	case KVM_GET_ONE_REG:
	case KVM_SET_ONE_REG:
	case KVM_GET_REG_LIST:
	case KVM_VINTC_GET_STATE:
	case KVM_VINTC_SET_STATE:
	case KVM_VINTC_COMMAND:
		return true;
	}
	return false;
}

/* It writes the model, where the others read it. Not waited for: it would hold off all others. */
static long reset_model(struct vintc_device *dev)
{
	long r;

	if (!down_write_trylock(&dev->model_sem))
		return -EBUSY;
	r = dev->model ? vintc_leave_model(dev) : -ENXIO;
	up_write(&dev->model_sem);
	return r;
}

long vintc_ioctl(struct kvm_device *kdev, unsigned int cmd, unsigned long arg)
{
	struct vintc_device *dev = kdev->private;
	long r;

	if (down_read_killable(&dev->model_sem))
		return -EINTR;
	r = dev->model ? with_model(dev, cmd, (void __user *)arg) : is_ours(cmd) ? -ENXIO : -ENOTTY;
	up_read(&dev->model_sem);
	return r == VINTC_RESET_MODEL ? reset_model(dev) : r;
}

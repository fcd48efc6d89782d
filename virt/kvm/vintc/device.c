// SPDX-License-Identifier: GPL-2.0-only
/*
 * The KVM device: its life, from KVM_CREATE_DEVICE until the VM goes.
 *
 * There is a destroy op and no release op: vCPUs may be inside the device when
 * its fd is closed. A file that is opened at create and put at destroy pins the
 * module, so that the last reference is dropped by the kernel's code, not ours.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/kmemleak.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "vintc.h"

static const struct file_operations pin_fops = { .owner = THIS_MODULE };

static struct vintc_device *new_device(void)
{
	struct vintc_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL_ACCOUNT);
	struct file *pin;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	pin = anon_inode_getfile("kvm-vintc", &pin_fops, NULL, O_RDWR);
	if (IS_ERR(pin)) {
		kfree(dev);
		return ERR_CAST(pin);
	}
	dev->pin = pin;
	return dev;
}

/* The module is held before anything sleeps: see vintc_device_unregister(). */
static int vintc_create(struct kvm_device *kdev, u32 type)
{
	struct vintc_device *dev;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	dev = new_device();
	module_put(THIS_MODULE);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	dev->kvm = kdev->kvm;
	init_rwsem(&dev->model_sem);
	mutex_init(&dev->lock);
	init_waitqueue_head(&dev->resumed);
	xa_init(&dev->icps);
	spin_lock_init(&dev->irqfd_lock);
	INIT_LIST_HEAD(&dev->irqfds);
	INIT_LIST_HEAD(&dev->resamplers);
	kdev->private = dev;
	return 0;
}

/* With the VM, or at once when the new device's fd could not be installed. */
static void vintc_destroy(struct kvm_device *kdev)
{
	struct vintc_device *dev = kdev->private;
	struct file *pin = dev->pin;

	mutex_lock(&dev->lock);
	vintc_irqfd_release_all(dev);
	mutex_unlock(&dev->lock);
	vintc_device_forget(dev);
	if (dev->model)
		vintc_free_model(dev);
	mutex_destroy(&dev->lock);
	kfree_rcu(dev, rcu);
	kfree(kdev);
	fput(pin);
}

static const struct kvm_device_ops device_ops = {
	.name = "kvm-vintc",
	.create = vintc_create,
	.destroy = vintc_destroy,
	.set_attr = vintc_set_attr,
	.get_attr = vintc_get_attr,
	.has_attr = vintc_has_attr,
	.ioctl = vintc_ioctl,
};

static struct kvm_device_ops *registered;

int vintc_device_register(void)
{
	int r;

	registered = kmemdup(&device_ops, sizeof(device_ops), GFP_KERNEL);
	if (!registered)
		return -ENOMEM;
	r = vintc_register_device_ops(registered, KVM_DEV_TYPE_VINTC);
	if (r) {
		pr_err("KVM device type %d is taken (%d)\n", KVM_DEV_TYPE_VINTC, r);
		kfree(registered);
	}
	return r;
}

/*
 * A KVM_CREATE_DEVICE may have found our ops and not called create() yet: nothing
 * but POWER's HV virtual machines holds the module for it, and it may sleep there
 * for long. So what it found stays in memory for good, and leads from now on to a
 * function of the kernel that does nothing but refuse. Who has loaded the pointer to
 * vintc_create() is through in a moment, as it does not sleep before it holds us.
 */
void vintc_device_unregister(void)
{
	vintc_unregister_device_ops(KVM_DEV_TYPE_VINTC);
	WRITE_ONCE(registered->create, (void *)generic_read_dir);
	kmemleak_not_leak(registered);
	synchronize_rcu_tasks();
}

struct vintc_device *vintc_device_of(struct kvm_device *kdev)
{
	return kdev->ops == registered ? kdev->private : NULL;
}

int vintc_errno(enum vintc_result result)
{
	switch (result) {
	case VINTC_OK:
		return 0;
	case VINTC_NO_MEMORY:
		return -ENOMEM;
	case VINTC_NOT_FOUND:
		return -ENOENT;
	case VINTC_EXISTS:
		return -EEXIST;
	case VINTC_TOO_MANY:
		return -E2BIG;
	case VINTC_INVALID:
		break;
	}
	return -EINVAL;
}

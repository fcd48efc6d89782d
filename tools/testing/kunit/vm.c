// SPDX-License-Identifier: GPL-2.0-only
/*
 * A real virtual machine, made as a VMM makes it: by the ioctls of /dev/kvm. The
 * case's thread has user memory (vintc_test_use_user()), so KVM takes it for a
 * VMM. Files are taken out of the fd table at once: whatever becomes of the
 * thread, somebody else can put them.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "fixture.h"

unsigned long vintc_test_user_pages(unsigned long pages, unsigned long prot)
{
	unsigned long addr = vm_mmap(NULL, 0, pages * PAGE_SIZE, prot, MAP_PRIVATE | MAP_ANONYMOUS, 0);

	return IS_ERR_VALUE(addr) ? 0 : addr;
}

/*
 * Where the arguments of a call lie, and what they point to. One case runs at a
 * time, in one thread.
 */
#define ARGUMENT	vintc_test_scratch
#define VALUE		(vintc_test_scratch + 256)

long vintc_test_ioctl(struct file *file, unsigned int cmd, void *arg, size_t size)
{
	void __user *uarg = (void __user *)ARGUMENT;
	long r;

	if (copy_to_user(uarg, arg, size))
		return -ENOMEM;
	r = vfs_ioctl(file, cmd, ARGUMENT);
	return copy_from_user(arg, uarg, size) ? -ENOMEM : r;
}

long vintc_test_attr(struct file *device, unsigned int cmd, u32 group, u64 attr, void *value,
		     size_t size)
{
	struct kvm_device_attr a = { .group = group, .attr = attr };
	void __user *uvalue = (void __user *)VALUE;
	long r;

	if (!value)
		return vintc_test_ioctl(device, cmd, &a, sizeof(a));
	if (copy_to_user(uvalue, value, size))
		return -ENOMEM;
	a.addr = VALUE;
	r = vintc_test_ioctl(device, cmd, &a, sizeof(a));
	return copy_from_user(value, uvalue, size) ? -ENOMEM : r;
}

static struct file *file_of(long fd)
{
	return fd < 0 ? ERR_PTR(fd) : close_fd_get_file(fd);
}

void vintc_test_vm_create(struct kunit *test, struct vintc_test_vm *vm)
{
	vm->file = file_of(vfs_ioctl(vintc_test_dev_kvm, KVM_CREATE_VM, 0));
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(vm->file), "KVM_CREATE_VM: %ld", PTR_ERR(vm->file));
	vm->kvm = vm->file->private_data;
}

void vintc_test_vm_put(struct vintc_test_vm *vm)
{
	vintc_test_put(vm->file);
	vm->file = NULL;
}

struct file *vintc_test_vm_vcpu(struct kunit *test, struct vintc_test_vm *vm, unsigned long id)
{
	struct file *file = file_of(vfs_ioctl(vm->file, KVM_CREATE_VCPU, id));

	KUNIT_EXPECT_FALSE_MSG(test, IS_ERR(file), "KVM_CREATE_VCPU(%lu): %ld", id, PTR_ERR(file));
	if (IS_ERR(file))
		return NULL;
	KUNIT_EXPECT_EQ(test, vintc_test_vcpu_init(vm->file, file), 0l);
	return file;
}

struct kvm_vcpu *vintc_test_vcpu_of(struct file *vcpu)
{
	return vcpu->private_data;
}

struct file *vintc_test_vm_device(struct vintc_test_vm *vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };
	long r = vintc_test_ioctl(vm->file, KVM_CREATE_DEVICE, &create, sizeof(create));

	return file_of(r ? r : create.fd);
}

struct vintc_device *vintc_test_device_of(struct file *device)
{
	struct kvm_device *kdev = device->private_data;

	return kdev->private;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

extern const u8 guest_image[], guest_image_end[];

int kvm_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = must(neg_errno(open("/dev/kvm", O_RDWR | O_CLOEXEC)));
	return fd;
}

int kvm_check(int capability)
{
	return xioctl(kvm_fd(), KVM_CHECK_EXTENSION, capability);
}

int vcpu_get_reg(struct vcpu *cpu, u64 id, void *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return xioctl(cpu->fd, KVM_GET_ONE_REG, &reg);
}

int vcpu_set_reg(struct vcpu *cpu, u64 id, const void *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return xioctl(cpu->fd, KVM_SET_ONE_REG, &reg);
}

static void add_memory(struct vm *vm)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = GUEST_MEMORY,
	};

	vm->memory = mmap(NULL, GUEST_MEMORY, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (vm->memory == MAP_FAILED)
		fatal("no memory for a guest");
	memcpy(vm->memory, guest_image, guest_image_end - guest_image);
	region.userspace_addr = (uintptr_t)vm->memory;
	must(xioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region));
}

void vm_add_vcpu(struct vm *vm, int index)
{
	struct vcpu *cpu = &vm->cpu[index];

	cpu->vm = vm;
	cpu->index = index;
	cpu->server = server_of(index);
	cpu->fd = must(xioctl(vm->fd, KVM_CREATE_VCPU, index));
	cpu->run_size = must(xioctl(kvm_fd(), KVM_GET_VCPU_MMAP_SIZE, 0));
	cpu->run = mmap(NULL, cpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			cpu->fd, 0);
	if (cpu->run == MAP_FAILED)
		fatal("no kvm_run");
	cpu->box = (void *)(vm->memory + GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * index);
	cpu->box->index = index;
	cpu->box->server = cpu->server;
	arch_vcpu_created(cpu);
}

int vm_try_create(struct vm *vm, int cpus)
{
	int fd = xioctl(kvm_fd(), KVM_CREATE_VM, 0);

	if (fd < 0)
		return fd;
	memset(vm, 0, sizeof(*vm));
	vm->irqchip_fd = -1;
	vm->cpus = cpus;
	vm->fd = fd;
	arch_vm_created(vm);
	add_memory(vm);
	for (int i = 0; i < cpus; i++)
		vm_add_vcpu(vm, i);
	return 0;
}

void vm_create(struct vm *vm, int cpus)
{
	must(vm_try_create(vm, cpus));
}

void vm_destroy(struct vm *vm)
{
	for (int i = 0; i < vm->cpus; i++) {
		struct vcpu *cpu = &vm->cpu[i];

		vcpu_stop(cpu);
		munmap(cpu->run, cpu->run_size);
		close(cpu->fd);
	}
	if (vm->irqchip_fd >= 0)
		close(vm->irqchip_fd);
	close(vm->fd);
	munmap(vm->memory, GUEST_MEMORY);
}

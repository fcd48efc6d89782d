// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define LPCR_ILE	0x02000000ull	/* interrupts are taken little-endian */
#define MSR_START	0x8000000000000003ull	/* SF, RI, LE */

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

/* A host with the hash MMU wants the guest's hash table before anything else. */
static void allocate_hash_table(struct vm *vm)
{
	u32 order = 24;

	if (xioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_PPC_MMU_RADIX) > 0)
		return;
	must(xioctl(vm->fd, KVM_PPC_ALLOCATE_HTAB, &order));
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

static void set_start_state(struct vcpu *cpu)
{
	struct kvm_regs regs;
	u64 lpcr;

	must(vcpu_get_reg(cpu, KVM_REG_PPC_LPCR_64, &lpcr));
	lpcr |= LPCR_ILE;
	must(vcpu_set_reg(cpu, KVM_REG_PPC_LPCR_64, &lpcr));

	must(xioctl(cpu->fd, KVM_GET_REGS, &regs));
	memset(regs.gpr, 0, sizeof(regs.gpr));
	regs.pc = GUEST_ENTRY;
	regs.msr = MSR_START;
	regs.gpr[1] = GUEST_STACKS + GUEST_STACK_SIZE * (cpu->index + 1) - 256;
	regs.gpr[13] = GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * cpu->index;
	must(xioctl(cpu->fd, KVM_SET_REGS, &regs));
}

void vm_add_vcpu(struct vm *vm, int index)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
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
	must(xioctl(cpu->fd, KVM_ENABLE_CAP, &papr));

	cpu->box = (void *)(vm->memory + GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * index);
	cpu->box->index = index;
	cpu->box->server = cpu->server;
	set_start_state(cpu);
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
	allocate_hash_table(vm);
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

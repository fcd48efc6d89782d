// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define PSTATE_START	0x3c5ull	/* EL1 with its own stack, everything masked */
#define CORE_REGISTER(name)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(name))

extern const u8 guest_image[], guest_image_end[];

static int kvm_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = must(neg_errno(open("/dev/kvm", O_RDWR | O_CLOEXEC)));
	return fd;
}

static void add_memory(struct vm *vm)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = GUEST_MEMORY, .memory_size = GUEST_MEMORY_SIZE,
	};

	vm->memory = mmap(NULL, GUEST_MEMORY_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (vm->memory == MAP_FAILED)
		fatal("no memory for a guest");
	memcpy(vm->memory, guest_image, guest_image_end - guest_image);
	region.userspace_addr = (uintptr_t)vm->memory;
	must(xioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region));
}

static void set_register(struct vcpu *cpu, u64 id, u64 value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	must(xioctl(cpu->fd, KVM_SET_ONE_REG, &reg));
}

static void set_start_state(struct vcpu *cpu)
{
	set_register(cpu, CORE_REGISTER(regs.pc), GUEST_MEMORY);
	set_register(cpu, CORE_REGISTER(regs.pstate), PSTATE_START);
	set_register(cpu, CORE_REGISTER(sp_el1), GUEST_STACKS + GUEST_STACK_SIZE * (cpu->index + 1));
	set_register(cpu, CORE_REGISTER(regs.regs[0]),
		     GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * cpu->index);
}

static void add_vcpu(struct vm *vm, int index)
{
	struct vcpu *cpu = &vm->cpu[index];
	struct kvm_vcpu_init init;

	cpu->index = index;
	cpu->fd = must(xioctl(vm->fd, KVM_CREATE_VCPU, index));
	cpu->run_size = must(xioctl(kvm_fd(), KVM_GET_VCPU_MMAP_SIZE, 0));
	cpu->run = mmap(NULL, cpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu->fd, 0);
	if (cpu->run == MAP_FAILED)
		fatal("no kvm_run");
	must(xioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &init));
	init.features[0] |= 1u << KVM_ARM_VCPU_PSCI_0_2;
	must(xioctl(cpu->fd, KVM_ARM_VCPU_INIT, &init));

	cpu->box = (void *)(vm->memory + (GUEST_MAILBOXES - GUEST_MEMORY) +
			    GUEST_MAILBOX_SIZE * index);
	cpu->box->index = index;
	set_start_state(cpu);
}

void vm_create(struct vm *vm, int cpus)
{
	*vm = (struct vm){ .cpus = cpus, .irqchip_fd = -1 };
	vm->fd = must(xioctl(kvm_fd(), KVM_CREATE_VM, 0));
	vm->injection_fd = vm->fd;
	add_memory(vm);
	for (int i = 0; i < cpus; i++)
		add_vcpu(vm, i);
}

void vm_destroy(struct vm *vm)
{
	for (int i = 0; i < vm->cpus; i++) {
		munmap(vm->cpu[i].run, vm->cpu[i].run_size);
		close(vm->cpu[i].fd);
	}
	if (vm->irqchip_fd >= 0)
		close(vm->irqchip_fd);
	close(vm->fd);
	munmap(vm->memory, GUEST_MEMORY_SIZE);
}

void vm_set_line(const struct vm *vm, u32 type, u32 cpu, u32 interrupt, bool level)
{
	struct kvm_irq_level line = {
		.irq = type << KVM_ARM_IRQ_TYPE_SHIFT | cpu << KVM_ARM_IRQ_VCPU_SHIFT |
		       interrupt << KVM_ARM_IRQ_NUM_SHIFT,
		.level = level,
	};

	must(xioctl(vm->injection_fd, KVM_IRQ_LINE, &line));
}

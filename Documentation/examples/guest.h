/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM with one vCPU and memory for a guest of a few instructions. */
#ifndef VINTC_EXAMPLE_GUEST_H
#define VINTC_EXAMPLE_GUEST_H

#include <sys/mman.h>

#include "example.h"

struct guest {
	int vm, vcpu;
	struct kvm_run *run;
	char *memory;
};

static inline void add_memory(struct guest *guest, uint64_t base, uint64_t size)
{
	struct kvm_userspace_memory_region region = { .guest_phys_addr = base, .memory_size = size };

	guest->memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(guest->memory == MAP_FAILED ? -1 : 0);
	region.userspace_addr = (uintptr_t)guest->memory;
	MUST(ioctl(guest->vm, KVM_SET_USER_MEMORY_REGION, &region));
}

static inline void new_guest(struct guest *guest, uint64_t base, uint64_t size)
{
	int kvm = MUST(open("/dev/kvm", O_RDWR | O_CLOEXEC));
	int run_size = MUST(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0));

	guest->vm = MUST(ioctl(kvm, KVM_CREATE_VM, 0));
	add_memory(guest, base, size);
	guest->vcpu = MUST(ioctl(guest->vm, KVM_CREATE_VCPU, 0));
	guest->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
	MUST(guest->run == MAP_FAILED ? -1 : 0);
	close(kvm);
}

/* Until the guest leaves to the VMM. */
static inline uint32_t run(struct guest *guest)
{
	while (ioctl(guest->vcpu, KVM_RUN, 0))
		if (errno != EINTR && errno != EAGAIN)
			MUST(-1);
	return guest->run->exit_reason;
}

/* A host on which the guest's own accesses reach the device. */
static inline void need_host(int device, uint64_t model)
{
	if (has_attr(device, KVM_VINTC_GRP_MODEL, model))
		return;
	printf("TAP version 13\n1..0 # SKIP this host does not present the model\n");
	exit(4);
}

#endif /* VINTC_EXAMPLE_GUEST_H */

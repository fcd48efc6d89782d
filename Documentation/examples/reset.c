// SPDX-License-Identifier: GPL-2.0-only
/* Commands: the state after power-on, and another model for the same device. */
#include "xics.h"

#define SOURCE	0x1000

static void reset(int device, uint32_t flags)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_RESET, .flags = flags };

	MUST(ioctl(device, KVM_VINTC_COMMAND, &c));
}

static int inject(int device, uint32_t gsi, uint32_t level)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_INJECT, .inject = { .gsi = gsi, .level = level },
	};

	MUST(ioctl(device, KVM_VINTC_COMMAND, &c));
	return c.inject.status;
}

static uint64_t get_reg(int device, uint64_t id)
{
	uint64_t value;
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };

	MUST(ioctl(device, KVM_GET_ONE_REG, &one));
	return value;
}

int main(void)
{
	int vm = new_vm(1), device = new_xics(vm, 1);
	uint64_t source;

	plan(6);
	add_source(device, SOURCE, 0, 5, KVM_XICS_LEVEL_SENSITIVE);
	check(inject(device, SOURCE, 1) == 1, "an input goes up");
	check(XISR(h_xirr(device, 0)) == SOURCE, "the guest takes the interrupt");

	/* The guest reboots while the device still asks for service. */
	reset(device, 0);
	check(get_reg(device, KVM_VINTC_REG_ICP(0)) == 0xffff0000, "reset: the ICP is closed");
	source = get_reg(device, KVM_VINTC_REG_SOURCE(SOURCE));
	check((source >> KVM_VINTC_SOURCE_PRIORITY_SHIFT & 0xff) == 0xff, "the source is masked");
	check(source & KVM_VINTC_SOURCE_LINE, "and its input as it is driven");

	/* Firmware asks for another controller: the device is as it was made. */
	reset(device, KVM_VINTC_RESET_MODEL);
	MUST(set_attr(device, KVM_VINTC_GRP_MODEL,
		      KVM_VINTC_MODEL_GICV2 | KVM_VINTC_MODEL_USERSPACE, NULL));
	check(has_attr(device, KVM_VINTC_GRP_COMMANDS, KVM_VINTC_CMD_ACCESS),
	      "it is a GICv2 now");
	return failures != 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* The groups that every device has, and those of a XICS. */
#include "xics.h"

#define SOURCE	0x1000

/* What this host can do for a guest, before anything is decided. */
static bool host_presents(int device, uint32_t model)
{
	return has_attr(device, KVM_VINTC_GRP_MODEL, model);
}

static void limit_servers(int device, uint32_t limit)
{
	MUST(set_attr(device, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, &limit));
}

/* The tokens that the VMM puts into the device tree: the kernel serves these calls. */
static void serve_rtas(int device)
{
	for (uint32_t service = KVM_VINTC_RTAS_SET_XIVE; service <= KVM_VINTC_RTAS_INT_ON;
	     service++) {
		uint32_t token = 0x2000 + service;

		MUST(set_attr(device, KVM_VINTC_GRP_RTAS, service, &token));
	}
}

/* Turns on what the guest is to have, on this host and on those that it may move to. */
static bool enable_features(int device, uint64_t wanted)
{
	uint64_t supported;

	MUST(get_attr(device, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_SUPPORTED, &supported));
	return !(wanted & ~supported) &&
	       !set_attr(device, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_ENABLED, &wanted);
}

static uint64_t counter(int device, uint64_t which)
{
	uint64_t count;

	MUST(get_attr(device, KVM_VINTC_GRP_COUNTERS, which, &count));
	return count;
}

int main(void)
{
	int vm = new_vm(1);
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VINTC };
	uint32_t value;
	uint64_t source;

	plan(9);
	MUST(ioctl(vm, KVM_CREATE_DEVICE, &create));
	printf("# the host presents: XICS %d, GICv2 %d\n",
	       host_presents(create.fd, KVM_VINTC_MODEL_XICS),
	       host_presents(create.fd, KVM_VINTC_MODEL_GICV2));
	check(has_attr(create.fd, KVM_VINTC_GRP_MODEL,
		       KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE),
	      "userspace can, on any host");
	check(!has_attr(create.fd, KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNT_LINE),
	      "without a model there is no other group");
	MUST(set_attr(create.fd, KVM_VINTC_GRP_MODEL,
		      KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE, NULL));

	limit_servers(create.fd, 64);
	connect_vcpu(create.fd, 0, 8);
	MUST(get_attr(create.fd, KVM_VINTC_GRP_VCPU, 0, &value));
	check(value == 8, "vCPU 0 is server 8");
	check(set_attr(create.fd, KVM_VINTC_GRP_VCPU, 0, &value) && errno == EBUSY,
	      "it is connected once");

	serve_rtas(create.fd);
	MUST(get_attr(create.fd, KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_INT_OFF, &value));
	check(value == 0x2003, "a token is read back");
	check(enable_features(create.fd, 0), "no feature is wanted");
	check(has_attr(create.fd, KVM_VINTC_GRP_COMMANDS, KVM_VINTC_CMD_HYPERCALL),
	      "it takes hypercalls by command");

	add_source(create.fd, SOURCE, 8, 5, 0);
	MUST(get_attr(create.fd, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &source));
	check(source == (8 | 5ULL << KVM_XICS_PRIORITY_SHIFT), "a source is read back");
	irq_line(create.fd, SOURCE, 1);
	check(counter(create.fd, KVM_VINTC_COUNT_LINE) == 1, "one injection was counted");
	return failures != 0;
}

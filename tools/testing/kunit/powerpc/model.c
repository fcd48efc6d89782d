// SPDX-License-Identifier: GPL-2.0-only
/* XICS, for the suites that go for any model. */
#include "../device.h"

#define SOURCE	0x1010

static long make_source(struct vintc_test_device *d)
{
	return set(d, KVM_DEV_XICS_GRP_SOURCES, SOURCE, 5ull << 32 | 5);
}

const struct vintc_test_model vintc_test_model = {
	.model = &vintc_model_xics,
	.wide_group = KVM_DEV_XICS_GRP_SOURCES,
	.numbers = KVM_MAX_VCPU_IDS,
	.gsi = SOURCE,
	.line = SOURCE,
	.make_interrupt = make_source,
	.choose_allocations = 3,	/* the XICS, the VM's bus, and the list of a tracepoint's probes */
	.connect_allocations = 2,	/* the chunk of servers, and the ICP */
};

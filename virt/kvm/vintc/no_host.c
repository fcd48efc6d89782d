// SPDX-License-Identifier: GPL-2.0-only
/*
 * No guest-side port exists for this architecture yet: the module loads, the
 * device can be created, and no model is offered. Nothing below the first three
 * functions is ever reached.
 */
#include <linux/module.h>

#include "core/platform.h"
#include "vintc.h"

static int no_attach(void)
{
	return 0;
}

static void no_detach(void)
{
}

static const char *no_mechanism(void)
{
	return "none";
}

static bool no_offers(const struct vintc_model *model)
{
	return false;
}

static int no_admit(struct kvm *kvm, const struct vintc_model *model)
{
	return -ENXIO;
}

static bool no_vcpu_taken(struct kvm_vcpu *vcpu)
{
	return false;
}

const struct vintc_host vintc_host = {
	.attach = no_attach,
	.detach = no_detach,
	.mechanism = no_mechanism,
	.offers = no_offers,
	.admit = no_admit,
	.vcpu_taken = no_vcpu_taken,
};

void vintc_line_raise(void *cpu, bool self)
{
}

void vintc_line_lower(void *cpu)
{
}

u64 vintc_timebase(void)
{
	return 0;
}

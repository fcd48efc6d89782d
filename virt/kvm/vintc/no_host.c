// SPDX-License-Identifier: GPL-2.0-only
/* For an architecture without a port: all devices are presented by userspace. */
#include <linux/timex.h>

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
	return "presentation by userspace";
}

static bool no_offers(const struct vintc_model *model)
{
	return false;
}

/* What follows is of devices that the host presents, and never called. */
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

void vintc_host_line_raise(struct kvm_vcpu *vcpu, bool self)
{
}

void vintc_host_line_lower(struct kvm_vcpu *vcpu)
{
}

u64 vintc_timebase(void)
{
	return get_cycles();
}

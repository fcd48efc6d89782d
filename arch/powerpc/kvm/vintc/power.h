/* SPDX-License-Identifier: GPL-2.0-only */
/* The POWER host port's own interfaces. */
#ifndef VINTC_POWER_H
#define VINTC_POWER_H

#include "../../../../virt/kvm/vintc/vintc.h"

/*
 * H_RTAS of a connected vCPU, on its own thread, in process context. Returns
 * r3, or VINTC_H_NOT_OURS when the token is none of ours.
 */
long vintc_power_rtas(struct vintc_device *dev, struct kvm_vcpu *vcpu, struct vintc_icp *icp);

#endif /* VINTC_POWER_H */

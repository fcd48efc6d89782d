// SPDX-License-Identifier: GPL-2.0-only
/*
 * XICS' hypercalls in real mode: the core's own, compiled once more. Each of the four is
 * one function without calls, as long as no source is to be delivered.
 */
#include "platform.h"

#include "../../../../../virt/kvm/vintc/core/xics/hypercall.cc"

namespace {

inline long serve(vintc_real_vcpu *vcpu, unsigned long number)
{
	if (__atomic_load_n(vcpu->paused, __ATOMIC_RELAXED))
		return REAL_TOO_HARD;

	vintc_real_vcpu *saved = self;

	self = vcpu;

	long status = vintc_xics_hypercall(vcpu->xics, vcpu->icp, number, vcpu->gprs);

	self = saved;
	if (!vcpu->left)
		return status;
	vcpu->status = status;
	return REAL_TOO_HARD;
}

} // namespace

/* Behind the entries: the guest's r4 to r6, which the core takes from the vCPU, and its record. */
#define HYPERCALL(name, number)                                                                \
	extern "C" [[gnu::flatten]] long vintc_real_##name(                                    \
		void *, unsigned long, unsigned long, unsigned long, vintc_real_vcpu *vcpu)    \
	{                                                                                      \
		return serve(vcpu, number);                                                    \
	}

HYPERCALL(eoi, VINTC_H_EOI)
HYPERCALL(cppr, VINTC_H_CPPR)
HYPERCALL(ipi, VINTC_H_IPI)
HYPERCALL(xirr, VINTC_H_XIRR)

static_assert(__builtin_offsetof(vintc_real_header, original) == REAL_ORIGINAL);
static_assert(sizeof(vintc_real_header) <= REAL_BUCKETS);
static_assert(__builtin_offsetof(vintc_real_vcpu, next) == REAL_NEXT);
static_assert(__builtin_offsetof(vintc_real_vcpu, vcpu) == REAL_VCPU);
static_assert(REAL_BUCKETS + (8ul << REAL_HASH_BITS) <= REAL_CODE);

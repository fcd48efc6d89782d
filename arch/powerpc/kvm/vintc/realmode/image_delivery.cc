// SPDX-License-Identifier: GPL-2.0-only
/* The image's less travelled part: delivering sources, and the lines of other vCPUs. */
#include "platform.h"

#include "../../../../../virt/kvm/vintc/core/xics/delivery.cc"

namespace {

template <class T> T *field(void *vcpu, u64 offset)
{
	return reinterpret_cast<T *>(static_cast<char *>(vcpu) + offset);
}

void leave_kick(vintc_real_vcpu *vcpu, void *other)
{
	if (vcpu->kicks < REAL_KICKS)
		vcpu->kick[vcpu->kicks] = other;
	vcpu->kicks++;
	vcpu->left |= REAL_LEFT_KICKS;
}

} // namespace

/*
 * The other's thread enters the guest in this order: it says where it runs, and then
 * looks at its exceptions. So either it sees the line, or it is seen to run.
 */
void vintc::real::raise_other(vintc_real_vcpu *vcpu, void *other)
{
	const vintc_real_header *header = vcpu->header;

	__atomic_fetch_or(field<unsigned long>(other, header->pending_exceptions), kExternal,
			  __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);

	int runs_on = __atomic_load_n(field<int>(other, header->thread_cpu), __ATOMIC_RELAXED);

	if (runs_on >= 0 && u64(runs_on) < header->cpus)
		header->send_ipi(runs_on);
	else
		leave_kick(vcpu, other);
}

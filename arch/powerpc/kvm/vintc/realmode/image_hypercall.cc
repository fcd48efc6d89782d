// SPDX-License-Identifier: GPL-2.0-only
/*
 * XICS' hypercalls in real mode: the core's own, compiled once more.
 *
 * Most leave no source to be delivered. These are made by functions that need no stack
 * frame, with the core's transitions; they take back nothing, as a transition that would
 * leave more than a line to be driven is not stored. Then the core has the whole call.
 */
#include "platform.h"

#include "../../../../../virt/kvm/vintc/core/xics/hypercall.cc"

namespace {

using namespace vintc::real;

/* The answer, if nothing is left for virtual mode. */
long answer(vintc_real_vcpu *vcpu, long status)
{
	if (!vcpu->left)
		return status;
	vcpu->status = status;
	return REAL_TOO_HARD;
}

/* Calls the core on behalf of this vCPU. */
template <class Call> long by_core(vintc_real_vcpu *vcpu, Call call)
{
	vintc_real_vcpu *saved = self;

	self = vcpu;

	long status = call(*vcpu->xics, *vcpu->icp);

	self = saved;
	return answer(vcpu, status);
}

} // namespace

/* What is not quick. Named as those that may write r30, see check-image. */
extern "C" {

[[gnu::noinline]] long vintc_real_hypercall(vintc_real_vcpu *vcpu, unsigned long number)
{
	return by_core(vcpu, [=](vintc_xics &xics, vintc_icp &icp) {
		return vintc_xics_hypercall(&xics, &icp, number, vcpu->gprs);
	});
}

[[gnu::noinline]] long vintc_real_end_source(vintc_real_vcpu *vcpu, u32 number)
{
	return by_core(vcpu, [=](vintc_xics &xics, vintc_icp &icp) {
		return end_source(xics, icp, number);
	});
}

[[gnu::noinline]] long vintc_real_raise_other(vintc_real_vcpu *vcpu, void *other)
{
	raise_other(vcpu, other);
	return answer(vcpu, VINTC_H_SUCCESS);
}
}

namespace {

struct Quick : IcpOutcome {
	bool done = false;

	explicit operator bool() const { return done; }
};

template <class Transition> Quick quickly(vintc_icp &icp, Transition transition)
{
	return icp.state.try_update([=](IcpState &s) {
		IcpOutcome outcome = transition(s);

		return Quick{ outcome, outcome.displaced == kNoSource && !outcome.resend };
	});
}

/* A transition that can take the vCPU's own line down: as vintc_xics::own_transition(). */
template <class Transition> bool quickly_own(vintc_real_vcpu *vcpu, Transition transition)
{
	lower_own(vcpu);

	Quick quick = quickly(*vcpu->icp, transition);

	if (quick && quick.line)
		raise_own(vcpu);
	return quick.done;
}

/* The second half of an EOI, if the source has nothing more to deliver, and nobody to tell. */
bool quickly_end(vintc_xics &xics, u32 number)
{
	SourceCell *cell = xics.sources.find(number);

	return cell &&
	       cell->try_update([](SourceState &s) { return source::eoi(s) == source::kEnded; });
}

bool paused(const vintc_real_vcpu *vcpu)
{
	return __atomic_load_n(vcpu->paused, __ATOMIC_RELAXED);
}

} // namespace

/* Behind the entries: the guest's r4 to r6, which are read from the vCPU, and its record. */
#define HYPERCALL(name)                                                                          \
	extern "C" [[gnu::flatten]] long vintc_real_##name(void *, unsigned long, unsigned long, \
							   unsigned long, vintc_real_vcpu *vcpu)

HYPERCALL(cppr)
{
	u8 cppr = u8(vcpu->gprs[0]);

	if (paused(vcpu))
		return REAL_TOO_HARD;
	if (!quickly_own(vcpu, [=](IcpState &s) { return icp::set_cppr(s, cppr); }))
		return vintc_real_hypercall(vcpu, VINTC_H_CPPR);
	vcpu->icp->hypercalls.count_alone();
	return VINTC_H_SUCCESS;
}

HYPERCALL(eoi)
{
	u32 xirr = u32(vcpu->gprs[0]), number = xirr & 0xffffff;

	if (paused(vcpu))
		return REAL_TOO_HARD;
	if (!quickly_own(vcpu, [=](IcpState &s) { return icp::lower_priority(s, u8(xirr >> 24)); }))
		return vintc_real_hypercall(vcpu, VINTC_H_EOI);
	vcpu->icp->hypercalls.count_alone();
	if (number == kIpi || quickly_end(*vcpu->xics, number))
		return VINTC_H_SUCCESS;
	return vintc_real_end_source(vcpu, number);
}

HYPERCALL(ipi)
{
	u32 server = u32(vcpu->gprs[0]);
	u8 mfrr = u8(vcpu->gprs[1]);
	auto set_mfrr = [=](IcpState &s) { return icp::set_mfrr(s, mfrr); };

	if (paused(vcpu))
		return REAL_TOO_HARD;
	/* What ends an IPI is for the vCPU itself. */
	if (server == vcpu->icp->server) {
		Quick quick = quickly(*vcpu->icp, set_mfrr);

		if (!quick)
			return vintc_real_hypercall(vcpu, VINTC_H_IPI);
		if (quick.line)
			raise_own(vcpu);
	} else {
		vintc_icp *icp = vcpu->xics->servers.find(server);
		Quick quick = icp ? quickly(*icp, set_mfrr) : Quick{};

		if (!quick)
			return vintc_real_hypercall(vcpu, VINTC_H_IPI);
		if (quick.rose) {
			vcpu->icp->hypercalls.count_alone();
			return vintc_real_raise_other(vcpu, icp->cpu);
		}
	}
	vcpu->icp->hypercalls.count_alone();
	return VINTC_H_SUCCESS;
}

HYPERCALL(xirr)
{
	if (paused(vcpu))
		return REAL_TOO_HARD;
	lower_own(vcpu);
	vcpu->gprs[0] = vcpu->icp->state.update([](IcpState &s) { return icp::accept(s); });
	vcpu->icp->hypercalls.count_alone();
	return VINTC_H_SUCCESS;
}

static_assert(__builtin_offsetof(vintc_real_header, original) == REAL_ORIGINAL);
static_assert(sizeof(vintc_real_header) <= REAL_BUCKETS);
static_assert(__builtin_offsetof(vintc_real_vcpu, next) == REAL_NEXT);
static_assert(__builtin_offsetof(vintc_real_vcpu, vcpu) == REAL_VCPU);
static_assert(REAL_BUCKETS + (8ul << REAL_HASH_BITS) <= REAL_CODE);

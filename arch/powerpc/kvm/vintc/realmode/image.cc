// SPDX-License-Identifier: GPL-2.0-only
/*
 * XICS' hypercalls in real mode: the core, compiled once more for where there is no
 * MMU, no module data and no function of the kernel but one. What the core asks of its
 * platform is done here, or left for virtual mode.
 *
 * Nothing here may need a relocation: see check-image.
 */
#include "../../../../../virt/kvm/vintc/core/controller.h"
#include "../../../../../virt/kvm/vintc/core/platform.h"
#include "layout.h"

/* The vCPU whose hypercall this is. The register is saved for who had it before. */
register vintc_real_vcpu *self asm("r30");

namespace {

constexpr unsigned long kExternal = 1ul << REAL_EXTERNAL;

unsigned long lpcr()
{
	unsigned long value;

	asm volatile("mfspr %0, %1" : "=r"(value) : "n"(REAL_LPCR));
	return value;
}

void set_lpcr(unsigned long value)
{
	asm volatile("mtspr %0, %1" : : "n"(REAL_LPCR), "r"(value) : "memory");
}

template <class T> T *field(void *vcpu, u64 offset)
{
	return reinterpret_cast<T *>(static_cast<char *>(vcpu) + offset);
}

bool pends(unsigned long *exceptions)
{
	return __atomic_load_n(exceptions, __ATOMIC_RELAXED) & kExternal;
}

void leave_kick(void *vcpu)
{
	if (self->kicks < REAL_KICKS)
		self->kick[self->kicks] = vcpu;
	self->kicks++;
	self->left |= REAL_LEFT_KICKS;
}

} // namespace

/*
 * Another vCPU's thread enters the guest in this order: it says where it runs, and
 * then looks at its exceptions. So either it sees the line, or it is seen to run.
 */
void vintc_line_raise(void *cpu, bool is_self)
{
	const vintc_real_header *header = self->header;

	if (is_self) {
		if (!pends(self->pending_exceptions))
			__atomic_fetch_or(self->pending_exceptions, kExternal, __ATOMIC_RELAXED);
		set_lpcr(lpcr() | REAL_MER);
		return;
	}

	__atomic_fetch_or(field<unsigned long>(cpu, header->pending_exceptions), kExternal,
			  __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);

	int runs_on = __atomic_load_n(field<int>(cpu, header->thread_cpu), __ATOMIC_RELAXED);

	if (runs_on >= 0 && u64(runs_on) < header->cpus)
		header->send_ipi(runs_on);
	else
		leave_kick(cpu);
}

void vintc_line_lower(void *)
{
	if (pends(self->pending_exceptions))
		__atomic_fetch_and(self->pending_exceptions, ~kExternal, __ATOMIC_RELAXED);

	/* A reset may have lowered the line while the guest was entered with it up. */
	if (unsigned long now = lpcr(); now & REAL_MER)
		set_lpcr(now & ~(unsigned long)REAL_MER);
}

void vintc_input_ended(void *, u32 input)
{
	self->ended = input;
	self->left |= REAL_LEFT_ENDED;
}

/* For H_XIRR_X, which does not come here. */
u64 vintc_timebase()
{
	return 0;
}

#include "../../../../../virt/kvm/vintc/core/xics/delivery.cc"
#include "../../../../../virt/kvm/vintc/core/xics/hypercall.cc"

namespace {

long serve(vintc_real_vcpu *vcpu, unsigned long number)
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
	extern "C" long vintc_real_##name(void *, unsigned long, unsigned long, unsigned long, \
					  vintc_real_vcpu *vcpu)                               \
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

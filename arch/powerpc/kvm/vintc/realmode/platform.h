/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core asks of its platform, for where there is no MMU, no module data and no
 * function of the kernel but one: it is done at once, or left for virtual mode.
 *
 * Nothing of the image may need a relocation: see check-image.
 */
#ifndef VINTC_REALMODE_PLATFORM_H
#define VINTC_REALMODE_PLATFORM_H

#include "../../../../../virt/kvm/vintc/core/platform.h"
#include "layout.h"

/* The vCPU whose hypercall this is. The register is saved for who had it before. */
register vintc_real_vcpu *self asm("r30");

namespace vintc::real {

constexpr unsigned long kExternal = 1ul << REAL_EXTERNAL;

inline unsigned long lpcr()
{
	unsigned long value;

	asm volatile("mfspr %0, %1" : "=r"(value) : "n"(REAL_LPCR));
	return value;
}

inline void set_lpcr(unsigned long value)
{
	asm volatile("mtspr %0, %1" : : "n"(REAL_LPCR), "r"(value) : "memory");
}

inline bool pends(unsigned long *exceptions)
{
	return __atomic_load_n(exceptions, __ATOMIC_RELAXED) & kExternal;
}

inline void raise_own(vintc_real_vcpu *vcpu)
{
	if (!pends(vcpu->pending_exceptions))
		__atomic_fetch_or(vcpu->pending_exceptions, kExternal, __ATOMIC_RELAXED);
	set_lpcr(lpcr() | REAL_MER);
}

/* The guest may have been entered with its line up, and a reset lowered it since. */
inline void lower_own(vintc_real_vcpu *vcpu)
{
	if (pends(vcpu->pending_exceptions))
		__atomic_fetch_and(vcpu->pending_exceptions, ~kExternal, __ATOMIC_RELAXED);
	if (unsigned long now = lpcr(); now & REAL_MER)
		set_lpcr(now & ~(unsigned long)REAL_MER);
}

/* The line of another vCPU, by this one (image_delivery.cc). */
void raise_other(vintc_real_vcpu *vcpu, void *other);

} // namespace vintc::real

inline void vintc_line_raise(void *cpu, bool is_self)
{
	if (is_self)
		vintc::real::raise_own(self);
	else
		vintc::real::raise_other(self, cpu);
}

inline void vintc_line_lower(void *)
{
	vintc::real::lower_own(self);
}

inline void vintc_input_ended(void *, u32 input)
{
	self->ended = input;
	self->left |= REAL_LEFT_ENDED;
}

/* Whoever watches turns real mode off. */
inline void vintc_rejected(void *, u32) {}
inline void vintc_resent(void *, u32) {}

/* For H_XIRR_X, which does not come here. */
inline u64 vintc_timebase()
{
	return 0;
}

#endif /* VINTC_REALMODE_PLATFORM_H */

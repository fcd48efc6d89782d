// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GICv2 of a VM: its CPU interfaces and interrupts, and what leads from one
 * to the other (delivery.cc). `self`, throughout: the CPU interface of the vCPU
 * whose thread this is, outside the guest; null for everybody else.
 */
#ifndef VINTC_CORE_GICV2_GIC_H
#define VINTC_CORE_GICV2_GIC_H

#include "../atomic.h"
#include "../bounds.h"
#include "../controller.h"
#include "../platform.h"
#include "cpu.h"
#include "irq.h"
#include "pending.h"

namespace vintc::gicv2 {

using IrqCell = Cell<IrqState>;

/* Revisions of this implementation, as GICD_IIDR tells them. */
inline constexpr u32 kFirstRevision = 2, kRevision = 3;

} // namespace vintc::gicv2

/* A CPU interface, and the interrupts that are banked for it. */
struct vintc_gic_cpu {
	vintc_gic_cpu(const vintc_gic_cpu &) = delete;

	vintc::Cell<vintc::gicv2::CpuState> state;
	vintc::gicv2::PendingSet pending;
	vintc::gicv2::IrqCell banked[vintc::gicv2::kPrivate];

	void *vcpu; /* platform.h's name of it */
	u32 number;
	u32 sampled; /* PPIs whose levels sample() tells... */
	u32 (*sample)(void *vcpu);
	u32 levels; /* ...and told last; of the vCPU's own thread */

	vintc::Counter mmio; /* by the vCPU's own thread */
	vintc::Counter ppis; /* likewise */

	u8 bit() const { return u8(1u << number); }
	bool samples(u32 intid) const { return intid < 32 && (sampled >> intid & 1); }
};

struct vintc_gic {
	vintc_gic(const vintc_gic &) = delete;

	using IrqState = vintc::gicv2::IrqState;
	using IrqCell = vintc::gicv2::IrqCell;
	using CpuState = vintc::gicv2::CpuState;

	vintc::Published<vintc_gic_cpu> cpus[VINTC_GIC_CPUS];
	vintc::Word forwarded; /* GICD_CTLR: the groups that are enabled */
	u32 irqs;	       /* SGIs and PPIs among them; constant once it is ready */
	IrqCell *spis;
	void *owner;		/* platform.h's name of whoever holds inputs up */
	u32 revision;		/* of GICD_IIDR; by a VMM only */
	bool groups_restorable; /* a VMM has written it; likewise */

	vintc_gic_cpu *cpu(u32 number) const
	{
		return number < VINTC_GIC_CPUS ? cpus[number % VINTC_GIC_CPUS].get() : nullptr;
	}

	template <class Visit> void for_each_cpu(u32 mask, Visit visit) const
	{
		for (; mask; mask &= mask - 1)
			if (vintc_gic_cpu *c = cpu(u32(__builtin_ctz(mask))))
				visit(*c);
	}

	/* The CPU interfaces that there are. */
	u8 connected() const
	{
		u8 mask = 0;

		for_each_cpu(0xff, [&](const vintc_gic_cpu &c) { mask |= c.bit(); });
		return mask;
	}

	/* Interrupt @intid, as @cpu sees it; null if the GIC has none, or no bank is named. */
	IrqCell *find(vintc_gic_cpu *cpu, u32 intid) const
	{
		using namespace vintc::gicv2;

		if (intid < kPrivate)
			return cpu ? &cpu->banked[intid % kPrivate] : nullptr;
		if (intid >= irqs || intid >= kFirstSpecial)
			return nullptr;
		return &spis[vintc::clamped(intid - kPrivate, irqs - kPrivate)];
	}

	/*
	 * Applies a transition of an interrupt and does what follows at the CPU
	 * interfaces. The outcome converts to bool; false: nothing was changed. If the
	 * guest has let go of what was held up by that, who held it up is told.
	 */
	template <class Transition>
	auto change(IrqCell &cell, u32 intid, vintc_gic_cpu *self, Transition transition)
	{
		IrqState before, after;
		auto outcome = cell.try_update([&](IrqState &s) {
			before = after = s;
			auto result = transition(s);
			after = s;
			return result;
		});

		if (outcome && (before.candidate_at() | after.candidate_at()))
			follow(intid, before, after, self);
		if (self && before.held && !after.held)
			vintc_input_ended(owner, intid);
		return outcome;
	}

	/* An interrupt is no candidate any more at these CPU interfaces. */
	void fall_at(u32 cpus, vintc_gic_cpu *self);

	/* What an interrupt's change of state means to the CPU interfaces. */
	void follow(u32 intid, const IrqState &before, const IrqState &after, vintc_gic_cpu *self);

	/* Takes the levels of the sampled PPIs. By the vCPU's own thread. */
	void take_levels(vintc_gic_cpu &self, u32 levels);
	void sample_levels(vintc_gic_cpu &self)
	{
		if (self.sampled)
			take_levels(self, self.sample(self.vcpu));
	}

	/* A CPU interface has to look anew what it presents. */
	void look(vintc_gic_cpu &cpu, vintc_gic_cpu *self);

	/* GICD_CTLR. */
	void forward(u32 groups, vintc_gic_cpu *self);

	struct Best {
		u32 intid = vintc::gicv2::kSpurious;
		IrqState state;

		bool any() const { return intid != vintc::gicv2::kSpurious; }
	};

	/* The most favoured candidate of these groups. By the vCPU's own thread. */
	Best best(vintc_gic_cpu &self, u32 groups);

	/* GICC_IAR and _AIAR; GICC_HPPIR and _AHPPIR; GICC_EOIR and _AEOIR; GICC_DIR. */
	u32 acknowledge(vintc_gic_cpu &self, bool alias);
	u32 highest_pending(vintc_gic_cpu &self, bool alias);
	void end(vintc_gic_cpu &self, u32 value, bool alias);
	void deactivate(vintc_gic_cpu &self, u32 value);

	/* GICD_SGIR. */
	void send_sgi(vintc_gic_cpu &self, u32 value);

private:
	void present(vintc_gic_cpu &cpu, u32 intid, const IrqState &s, vintc_gic_cpu *self);
	bool forget(vintc_gic_cpu &self, u32 level, u32 intid, const IrqCell &cell, IrqState &s);
};

#endif /* VINTC_CORE_GICV2_GIC_H */

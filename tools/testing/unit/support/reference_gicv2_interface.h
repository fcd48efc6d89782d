// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU interfaces of the reference GICv2. What one presents is found by looking
 * at every interrupt.
 */
#ifndef VINTC_UNIT_REFERENCE_GICV2_INTERFACE_H
#define VINTC_UNIT_REFERENCE_GICV2_INTERFACE_H

#include <bit>

#include "reference_gicv2_distributor.h"

namespace vintc::test {

class ReferenceInterfaces : public ReferenceDistributor {
public:
	static constexpr uint32_t kSpurious = 1023, kOtherGroup = 1022;

	using ReferenceDistributor::ReferenceDistributor;

	struct CpuInterface {
		uint32_t ctlr = 0, apr = 0;
		uint8_t pmr = 0, bpr = 2, abpr = 3;
	};

	CpuInterface interface[8];

	/* May @cpu present it, with these groups (bits) enabled? */
	bool is_candidate(uint32_t cpu, uint32_t intid, uint32_t groups) const
	{
		const Irq &i = irq(cpu, intid);

		return i.enabled && pending(i) && !i.active && groups >> i.group1 & 1 &&
		       (intid < 32 || i.targets >> cpu & 1);
	}

	/* The most favoured of all candidates. */
	uint32_t highest_pending(uint32_t cpu, uint32_t groups) const
	{
		uint32_t best = kSpurious;

		for (uint32_t intid = 0; exists(intid); intid++)
			if (is_candidate(cpu, intid, groups) &&
			    (best == kSpurious ||
			     irq(cpu, intid).priority < irq(cpu, best).priority))
				best = intid;
		return best;
	}

	uint8_t running_priority(uint32_t cpu) const
	{
		uint32_t apr = interface[cpu].apr;

		return apr ? uint8_t(std::countr_zero(apr) << 3) : 0xff;
	}

	uint8_t group_priority(uint32_t cpu, const Irq &i) const
	{
		const CpuInterface &c = interface[cpu];
		bool cbpr = c.ctlr & 1 << 4;
		int shift = i.group1 && !cbpr ? c.abpr : c.bpr + 1;

		return uint8_t(i.priority & 0xff << shift);
	}

	/* The line that would be up if nothing else was pending. */
	uint32_t line_alone(uint32_t cpu, uint32_t intid) const
	{
		const CpuInterface &c = interface[cpu];
		const Irq &i = irq(cpu, intid);

		if (!is_candidate(cpu, intid, gicd_ctlr & c.ctlr) || i.priority >= c.pmr ||
		    group_priority(cpu, i) >= running_priority(cpu))
			return 0;
		return !i.group1 && c.ctlr & 1 << 3 ? VINTC_GIC_LINE_FIQ : VINTC_GIC_LINE_IRQ;
	}

	/* What @cpu signals to its processor; 1023: nothing. */
	uint32_t signalled(uint32_t cpu) const
	{
		uint32_t intid = highest_pending(cpu, gicd_ctlr & interface[cpu].ctlr);

		return intid != kSpurious && line_alone(cpu, intid) ? intid : kSpurious;
	}

	/* The line that is up. Of equals it may be either's: whose is not defined. */
	uint32_t lines(uint32_t cpu) const
	{
		uint32_t best = signalled(cpu), lines = 0;

		if (best != kSpurious)
			for (uint32_t intid = 0; exists(intid); intid++)
				if (irq(cpu, intid).priority == irq(cpu, best).priority)
					lines |= line_alone(cpu, intid);
		return lines;
	}

	/* The lines for which there is any interrupt. */
	uint32_t lines_with_reason(uint32_t cpu) const
	{
		uint32_t lines = 0;

		for (uint32_t intid = 0; exists(intid); intid++)
			lines |= line_alone(cpu, intid);
		return lines;
	}

	/* As IAR and HPPIR show @intid, or, @aliased, AIAR and AHPPIR. */
	uint32_t shown(uint32_t cpu, uint32_t intid, bool aliased) const
	{
		bool ackctl = interface[cpu].ctlr & 1 << 2;

		if (intid == kSpurious)
			return kSpurious;

		const Irq &i = irq(cpu, intid);

		if (aliased && !i.group1)
			return kSpurious;
		if (!aliased && i.group1 && !ackctl)
			return kOtherGroup;
		return intid | (intid < 16 ? uint32_t(std::countr_zero(i.sources)) << 10 : 0);
	}

	uint32_t acknowledge(uint32_t cpu, bool aliased)
	{
		uint32_t intid = signalled(cpu);
		uint32_t iar = shown(cpu, intid, aliased);

		if (iar == kSpurious || iar == kOtherGroup)
			return iar;

		Irq &i = irq(cpu, intid);

		interface[cpu].apr |= 1u << (group_priority(cpu, i) >> 3);
		i.sources &= uint8_t(i.sources - 1);
		i.latch = false;
		i.active = i.undropped = true;
		i.by = int(cpu);
		return iar;
	}

	void end(uint32_t cpu, uint32_t value, bool aliased)
	{
		CpuInterface &c = interface[cpu];
		uint32_t intid = value & 1023;

		if (!exists(intid))
			return;

		Irq &i = irq(cpu, intid);

		if (!i.undropped || (i.by != kAnyone && i.by != int(cpu)) || (aliased && !i.group1))
			return;
		c.apr &= c.apr - 1;
		i.undropped = false;
		if (!split_eoi(cpu))
			deactivate(i, intid);
	}

	void write_dir(uint32_t cpu, uint32_t value)
	{
		if (split_eoi(cpu) && exists(value & 1023))
			deactivate(irq(cpu, value & 1023), value & 1023);
	}

	void reset()
	{
		ReferenceDistributor::reset();
		for (CpuInterface &c : interface)
			c = {};
	}

private:
	bool split_eoi(uint32_t cpu) const { return interface[cpu].ctlr & 1 << 9; }
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_GICV2_INTERFACE_H */

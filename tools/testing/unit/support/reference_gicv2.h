// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv2 once more, to compare the core with: sequential, arrays and plain fields,
 * each rule as one reads it in the architecture (ARM IHI 0048B, no Security
 * Extensions), nothing shared with the core but the numbers of controller.h. What
 * a CPU interface presents is found by looking at every interrupt.
 *
 * Here is what the GIC does; reference_gicv2_registers.h is how it is reached.
 */
#ifndef VINTC_UNIT_REFERENCE_GICV2_H
#define VINTC_UNIT_REFERENCE_GICV2_H

#include <bit>
#include <cstdint>
#include <vector>

#include "core/controller.h"

namespace vintc::test {

class ReferenceGicv2 {
public:
	static constexpr uint32_t kSpurious = 1023, kOtherGroup = 1022, kRealIntids = 1020;

	ReferenceGicv2(uint8_t connected, uint32_t irqs)
		: connected(connected), irqs(irqs), banked_(8, std::vector<Irq>(32)), spis_(irqs)
	{
		for (auto &bank : banked_)
			for (uint32_t sgi = 0; sgi < 16; sgi++)
				bank[sgi].edge = bank[sgi].enabled = true;
	}

	uint8_t connected; /* CPU interfaces, as bits */
	uint32_t irqs;

	struct Irq {
		bool group1 = false, enabled = false, edge = false;
		bool latch = false, line = false; /* not of an SGI: it has sources */
		uint8_t priority = 0, targets = 0, sources = 0;
		bool active = false, undropped = false; /* undropped: owed an EOIR... */
		int by = kAnyone;			/* ...of this CPU */
	};

	struct CpuInterface {
		uint32_t ctlr = 0, apr = 0;
		uint8_t pmr = 0, bpr = 2, abpr = 3;
		uint32_t sampled = 0; /* PPIs, as bits: from vintc_gic_connect() */
	};

	uint32_t gicd_ctlr = 0;
	CpuInterface interface[8];

	/* ---- The distributor ---- */

	bool exists(uint32_t intid) const { return intid < irqs && intid < kRealIntids; }

	Irq &irq(uint32_t cpu, uint32_t intid)
	{
		return intid < 32 ? banked_[cpu][intid] : spis_[intid];
	}
	const Irq &irq(uint32_t cpu, uint32_t intid) const
	{
		return const_cast<ReferenceGicv2 *>(this)->irq(cpu, intid);
	}

	static bool pending(const Irq &i) { return i.sources || i.latch || (!i.edge && i.line); }

	vintc_injected inject(int cpu, uint32_t intid, vintc_gic_input input)
	{
		if (intid < 16 || !exists(intid) || (intid < 32 && cpu < 0))
			return VINTC_UNKNOWN_SOURCE;
		if (intid < 32 && interface[cpu].sampled >> intid & 1)
			return VINTC_COALESCED;

		Irq &i = irq(uint32_t(cpu), intid);
		bool was_pending = pending(i);

		if (input == VINTC_GIC_PULSE) {
			i.latch |= i.edge;
		} else {
			bool high = input == VINTC_GIC_HIGH;

			i.latch |= i.edge && high && !i.line;
			i.line = high;
		}
		if (was_pending || !pending(i))
			return VINTC_COALESCED;
		return i.enabled ? VINTC_DELIVERED : VINTC_MASKED;
	}

	/* The inputs of the sampled PPIs of @cpu. */
	void set_sampled_lines(uint32_t cpu, uint32_t levels)
	{
		for (uint32_t ppi = 16; ppi < 32; ppi++)
			if (interface[cpu].sampled >> ppi & 1)
				irq(cpu, ppi).line = levels >> ppi & 1;
	}

	void send_sgi(uint32_t from, uint32_t sgir)
	{
		uint8_t self = uint8_t(1 << from), targets = uint8_t(sgir >> 16);

		switch (sgir >> 24 & 3) {
		case 1:
			targets = uint8_t(~self);
			break;
		case 2:
			targets = self;
			break;
		case 3:
			return;
		}
		for (uint32_t cpu = 0; cpu < 8; cpu++)
			if (targets & connected & 1 << cpu)
				irq(cpu, sgir & 15).sources |= self;
	}

	/* ---- A CPU interface ---- */

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

	uint32_t lines(uint32_t cpu) const
	{
		uint32_t intid = signalled(cpu);

		return intid == kSpurious ? 0 : line_alone(cpu, intid);
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
		i.active &= split_eoi(cpu);
	}

	void deactivate(uint32_t cpu, uint32_t value)
	{
		if (split_eoi(cpu) && exists(value & 1023))
			irq(cpu, value & 1023).active = false;
	}

	/* GICD_ISACTIVER: whoever likes may end it. */
	static void activate(Irq &i)
	{
		if (!i.active) {
			i.undropped = true;
			i.by = kAnyone;
		}
		i.active = true;
	}

	/* What no register tells. */
	void forget_owners()
	{
		for (uint32_t intid = 32; exists(intid); intid++)
			spis_[intid].by = kAnyone;
	}

private:
	static constexpr int kAnyone = -1;

	bool split_eoi(uint32_t cpu) const { return interface[cpu].ctlr & 1 << 9; }

	std::vector<std::vector<Irq>> banked_;
	std::vector<Irq> spis_;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_GICV2_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv2 once more, to compare the core with: sequential, arrays and plain fields,
 * each rule as one reads it in the architecture (ARM IHI 0048B, no Security
 * Extensions), nothing shared with the core but the numbers of controller.h.
 *
 * Here is the distributor; on top of it come the CPU interfaces
 * (reference_gicv2_interface.h) and the registers (reference_gicv2.h).
 */
#ifndef VINTC_UNIT_REFERENCE_GICV2_DISTRIBUTOR_H
#define VINTC_UNIT_REFERENCE_GICV2_DISTRIBUTOR_H

#include <cstdint>
#include <functional>
#include <vector>

#include "core/controller.h"

namespace vintc::test {

class ReferenceDistributor {
public:
	static constexpr uint32_t kRealIntids = 1020;
	static constexpr int kAnyone = -1;

	ReferenceDistributor(uint8_t connected, uint32_t irqs)
		: connected(connected), irqs(irqs), banked_(8, std::vector<Irq>(32)), spis_(irqs)
	{
		reset();
	}

	/* Inputs are not the GIC's: they stay. */
	void reset()
	{
		auto at_reset = [](Irq &i, bool sgi) {
			Irq before = i;

			i = {};
			i.line = before.line;
			i.held = before.held;
			i.edge = i.enabled = sgi;
		};

		gicd_ctlr = 0;
		for (auto &bank : banked_)
			for (uint32_t intid = 0; intid < 32; intid++)
				at_reset(bank[intid], intid < 16);
		for (Irq &i : spis_)
			at_reset(i, false);
	}

	uint8_t connected; /* CPU interfaces, as bits */
	uint32_t irqs;
	uint32_t gicd_ctlr = 0;
	uint32_t sampled[8] = {}; /* PPIs of each CPU, as bits: from vintc_gic_connect() */
	std::function<void(uint32_t intid)> ended; /* vintc_input_ended() */

	struct Irq {
		bool group1 = false, enabled = false, edge = false;
		bool latch = false;		 /* not of an SGI: it has sources */
		bool line = false, held = false; /* its input: driven high, and held up */
		uint8_t priority = 0, targets = 0, sources = 0;
		bool active = false, undropped = false; /* undropped: owed an EOIR... */
		int by = kAnyone;			/* ...of this CPU */
	};

	bool exists(uint32_t intid) const { return intid < irqs && intid < kRealIntids; }

	Irq &irq(uint32_t cpu, uint32_t intid)
	{
		return intid < 32 ? banked_[cpu][intid] : spis_[intid];
	}
	const Irq &irq(uint32_t cpu, uint32_t intid) const
	{
		return const_cast<ReferenceDistributor *>(this)->irq(cpu, intid);
	}

	static bool high(const Irq &i) { return i.line || i.held; }
	static bool pending(const Irq &i) { return i.sources || i.latch || (!i.edge && high(i)); }

	vintc_injected inject(int cpu, uint32_t intid, vintc_input input)
	{
		if (intid < 16 || !exists(intid) || (intid < 32 && cpu < 0))
			return VINTC_UNKNOWN_SOURCE;
		if (intid < 32 && sampled[cpu] >> intid & 1)
			return VINTC_COALESCED;

		Irq &i = irq(uint32_t(cpu), intid);
		bool was_pending = pending(i), was_high = high(i);

		if (input == VINTC_LOW || input == VINTC_HIGH)
			i.line = input == VINTC_HIGH;
		if (input == VINTC_HOLD || input == VINTC_RELEASE)
			i.held = input == VINTC_HOLD;
		if (i.edge && (input == VINTC_PULSE || (high(i) && !was_high)))
			i.latch = true;
		if (was_pending || !pending(i))
			return VINTC_COALESCED;
		return i.enabled ? VINTC_DELIVERED : VINTC_MASKED;
	}

	/* The inputs of the sampled PPIs of @cpu. */
	void set_sampled_lines(uint32_t cpu, uint32_t levels)
	{
		for (uint32_t ppi = 16; ppi < 32; ppi++)
			if (sampled[cpu] >> ppi & 1)
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

	/* GICD_ISACTIVER: whoever likes may end it, unless a CPU still owes an EOIR. */
	static void activate(Irq &i)
	{
		if (!i.active && !i.undropped) {
			i.undropped = true;
			i.by = kAnyone;
		}
		i.active = true;
	}

	/* The guest is done with it: who holds its input up is told, and may do so again. */
	void deactivate(Irq &i, uint32_t intid)
	{
		bool told = i.active && i.held;

		i.active = false;
		i.held &= !told;
		if (told && ended)
			ended(intid);
	}

	/* What no register tells: who owes a priority drop, and why an input is high. */
	void forget_what_registers_omit()
	{
		auto forget = [](Irq &i) {
			i.by = kAnyone;
			i.line = high(i);
			i.held = false;
		};

		for (auto &bank : banked_)
			for (Irq &i : bank)
				forget(i);
		for (Irq &i : spis_)
			forget(i);
	}

private:
	std::vector<std::vector<Irq>> banked_;
	std::vector<Irq> spis_;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_GICV2_DISTRIBUTOR_H */

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
		for (auto &bank : banked_)
			for (uint32_t sgi = 0; sgi < 16; sgi++)
				bank[sgi].edge = bank[sgi].enabled = true;
	}

	uint8_t connected; /* CPU interfaces, as bits */
	uint32_t irqs;
	uint32_t gicd_ctlr = 0;
	uint32_t sampled[8] = {}; /* PPIs of each CPU, as bits: from vintc_gic_connect() */

	struct Irq {
		bool group1 = false, enabled = false, edge = false;
		bool latch = false, line = false; /* not of an SGI: it has sources */
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

	static bool pending(const Irq &i) { return i.sources || i.latch || (!i.edge && i.line); }

	vintc_injected inject(int cpu, uint32_t intid, vintc_gic_input input)
	{
		if (intid < 16 || !exists(intid) || (intid < 32 && cpu < 0))
			return VINTC_UNKNOWN_SOURCE;
		if (intid < 32 && sampled[cpu] >> intid & 1)
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

	/* What no register tells. */
	void forget_owners()
	{
		for (uint32_t intid = 32; exists(intid); intid++)
			spis_[intid].by = kAnyone;
	}

private:
	std::vector<std::vector<Irq>> banked_;
	std::vector<Irq> spis_;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_GICV2_DISTRIBUTOR_H */

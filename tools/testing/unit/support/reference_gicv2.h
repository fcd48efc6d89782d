// SPDX-License-Identifier: GPL-2.0-only
/* The reference GICv2, with its two frames of registers: what lies at which offset. */
#ifndef VINTC_UNIT_REFERENCE_GICV2_H
#define VINTC_UNIT_REFERENCE_GICV2_H

#include <algorithm>

#include "reference_gicv2_interface.h"

namespace vintc::test {

class ReferenceGicv2 : public ReferenceInterfaces {
public:
	using ReferenceInterfaces::ReferenceInterfaces;

	uint32_t read(uint32_t cpu, vintc_gic_frame frame, uint32_t offset, uint32_t width)
	{
		if (!allowed(frame, offset, width))
			return 0;
		return frame == VINTC_GICD ? read_gicd(cpu, offset, width) : read_gicc(cpu, offset);
	}

	void write(uint32_t cpu, vintc_gic_frame frame, uint32_t offset, uint32_t width,
		   uint64_t value)
	{
		if (!allowed(frame, offset, width))
			return;
		if (frame == VINTC_GICD)
			write_gicd(cpu, offset, width, uint32_t(value));
		else
			write_gicc(cpu, offset, uint32_t(value));
	}

	/* Registers that have a byte per interrupt: IPRIORITYR, ITARGETSR, CPENDSGIR, SPENDSGIR. */
	static bool is_bytewise(uint32_t offset)
	{
		return (offset >= 0x400 && offset < 0xc00) || (offset >= 0xf10 && offset < 0xf30);
	}

private:
	/* What is not listed reads as zero and ignores writes. */
	static bool allowed(vintc_gic_frame frame, uint32_t offset, uint32_t width)
	{
		if (offset >= (frame == VINTC_GICD ? 0x1000 : 0x2000))
			return false;
		return width == 4 ? offset % 4 == 0
				  : width == 1 && frame == VINTC_GICD && is_bytewise(offset);
	}

	/* ---- GICD ---- */

	/* One interrupt's part of a register, by the register's first offset. */
	uint32_t field(uint32_t cpu, uint32_t base, uint32_t intid) const
	{
		const Irq &i = irq(cpu, intid);

		switch (base) {
		case 0x080:
			return i.group1;
		case 0x100:
		case 0x180:
			return i.enabled;
		case 0x200:
		case 0x280:
			return pending(i);
		case 0x300:
		case 0x380:
			return i.active;
		case 0x400:
			return i.priority;
		case 0x800:
			return intid < 32 ? 1u << cpu : i.targets;
		case 0xc00:
			return i.edge ? 2 : 0;
		case 0xf10:
		case 0xf20:
			return i.sources;
		}
		return 0;
	}

	void set_field(uint32_t cpu, uint32_t base, uint32_t intid, uint32_t value)
	{
		Irq &i = irq(cpu, intid);

		switch (base) {
		case 0x080:
			i.group1 = value;
			break;
		case 0x100:
			i.enabled |= value;
			break;
		case 0x180:
			i.enabled &= !value;
			break;
		case 0x200:
			i.latch |= value && intid >= 16;
			break;
		case 0x280:
			i.latch &= !value;
			break;
		case 0x300:
			if (value)
				activate(i);
			break;
		case 0x380:
			if (value)
				deactivate(i, intid);
			break;
		case 0x400:
			i.priority = uint8_t(value & 0xf8);
			break;
		case 0x800:
			i.targets = intid < 32 ? 0 : uint8_t(value & connected);
			break;
		case 0xc00:
			i.edge = intid < 32 ? i.edge : value & 2;
			break;
		case 0xf10:
			i.sources &= uint8_t(~value);
			break;
		case 0xf20:
			i.sources |= uint8_t(value & connected);
			break;
		}
	}

	/* Calls visit(base, intid, bit, bits) for each interrupt in an access. */
	template <class Visit> void each_field(uint32_t offset, uint32_t width, Visit visit) const
	{
		static constexpr struct {
			uint32_t base, end, bits; /* bits: of each interrupt */
		} kRegisters[] = {
			{ 0x080, 0x100, 1 }, { 0x100, 0x180, 1 }, { 0x180, 0x200, 1 },
			{ 0x200, 0x280, 1 }, { 0x280, 0x300, 1 }, { 0x300, 0x380, 1 },
			{ 0x380, 0x400, 1 }, { 0x400, 0x800, 8 }, { 0x800, 0xc00, 8 },
			{ 0xc00, 0xd00, 2 }, { 0xf10, 0xf20, 8 }, { 0xf20, 0xf30, 8 },
		};

		for (auto [base, end, bits] : kRegisters)
			if (offset >= base && offset < end)
				for (uint32_t bit = 0; bit < width * 8; bit += bits) {
					uint32_t intid = ((offset - base) * 8 + bit) / bits;

					if (exists(intid))
						visit(base, intid, bit, bits);
				}
	}

	uint32_t read_gicd(uint32_t cpu, uint32_t offset, uint32_t width) const
	{
		uint32_t value = 0;

		switch (offset) {
		case 0x000:
			return gicd_ctlr;
		case 0x004:
			return (irqs / 32 - 1) | uint32_t(std::bit_width(connected) - 1) << 5;
		case 0x008:
			return 0x4b000000 | 3 << 12 | 0x43b;
		case 0xfe8:
			return 0x2b;
		}
		each_field(offset, width,
			   [&](uint32_t base, uint32_t intid, uint32_t bit, uint32_t) {
				   value |= field(cpu, base, intid) << bit;
			   });
		return value;
	}

	void write_gicd(uint32_t cpu, uint32_t offset, uint32_t width, uint32_t value)
	{
		if (offset == 0x000)
			gicd_ctlr = value & 3;
		else if (offset == 0xf00)
			send_sgi(cpu, value);
		each_field(offset, width,
			   [&](uint32_t base, uint32_t intid, uint32_t bit, uint32_t bits) {
				   set_field(cpu, base, intid, value >> bit & ((1u << bits) - 1));
			   });
	}

	/* ---- GICC ---- */

	uint32_t read_gicc(uint32_t cpu, uint32_t offset)
	{
		const CpuInterface &c = interface[cpu];

		switch (offset) {
		case 0x00:
			return c.ctlr;
		case 0x04:
			return c.pmr;
		case 0x08:
			return c.bpr;
		case 0x0c:
			return acknowledge(cpu, false);
		case 0x14:
			return running_priority(cpu);
		case 0x18:
			return shown(cpu, highest_pending(cpu, gicd_ctlr), false);
		case 0x1c:
			return c.abpr;
		case 0x20:
			return acknowledge(cpu, true);
		case 0x28:
			return shown(cpu, highest_pending(cpu, gicd_ctlr), true);
		case 0xd0:
			return c.apr;
		case 0xfc:
			return 0x4b << 20 | 2 << 16 | 0x43b;
		}
		return 0;
	}

	void write_gicc(uint32_t cpu, uint32_t offset, uint32_t value)
	{
		CpuInterface &c = interface[cpu];

		switch (offset) {
		case 0x00:
			c.ctlr = value & 0x21f;
			break;
		case 0x04:
			c.pmr = uint8_t(value & 0xf8);
			break;
		case 0x08:
			c.bpr = uint8_t(std::max(value & 7, 2u));
			break;
		case 0x10:
			return end(cpu, value, false);
		case 0x1c:
			c.abpr = uint8_t(std::max(value & 7, 3u));
			break;
		case 0x24:
			return end(cpu, value, true);
		case 0xd0:
			c.apr = value;
			break;
		case 0x1000:
			return write_dir(cpu, value);
		}
	}
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_GICV2_H */

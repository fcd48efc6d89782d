// SPDX-License-Identifier: GPL-2.0-only
/* What a processor does: acknowledge, end and deactivate interrupts, send SGIs. */
#include "gic.h"

using namespace vintc::gicv2;

namespace {

constexpr u32 intid_of(u32 value)
{
	return value & 0x3ff;
}

/*
 * What a read of GICC_IAR or GICC_HPPIR shows in place of an interrupt that is
 * the other register's; 0: this one shows it.
 */
constexpr u32 shown_instead(bool group1, bool alias, u32 ctlr)
{
	if (alias)
		return group1 ? 0 : kSpurious;
	return group1 && !(ctlr & ctlr::kAckCtl) ? kOtherGroup : 0;
}

/* The INTID, and for an SGI the CPU that sent it. */
constexpr u32 identified(u32 intid, u8 source)
{
	return intid | (intid < kSgis ? u32(source) << 10 : 0);
}

} // namespace

u32 vintc_gic::acknowledge(vintc_gic_cpu &self, bool alias)
{
	for (bool sampled = false;;) {
		CpuState c = self.state.load();
		u32 groups = forwarded.load();
		Best found = best(self, groups & c.ctlr & ctlr::kEnable);

		if (!found.any() || !c.accepts(found.state.priority, found.state.group1, groups)) {
			/* A line that is up in vain goes down. */
			self.state.update(cpu::look);
			return kSpurious;
		}
		/* A timer that the guest has switched off since it entered does not pend. */
		if (self.samples(found.intid) && !sampled) {
			sampled = true;
			sample_levels(self);
			continue;
		}
		if (u32 instead = shown_instead(found.state.group1, alias, c.ctlr)) {
			self.state.update(cpu::look);
			return instead;
		}

		IrqCell &cell = *find(&self, found.intid);
		IrqState before, after;

		/* Another CPU may have been first, or have configured it anew. */
		auto acknowledged = cell.try_update([&](IrqState &s) -> irq::Acknowledged {
			before = s;
			if (s.priority != found.state.priority || s.group1 != found.state.group1)
				return {};
			return irq::acknowledge(s, u8(self.number));
		});

		if (!acknowledged)
			continue;
		if (u32 others = before.candidate_at() & ~self.bit())
			fall_at(others, &self);
		self.state.update([&](CpuState &s) {
			return cpu::accept(s, found.state.priority, found.state.group1);
		});
		forget(self, before.level(), found.intid, cell, after);
		return identified(found.intid, acknowledged.source);
	}
}

u32 vintc_gic::highest_pending(vintc_gic_cpu &self, bool alias)
{
	Best found = best(self, forwarded.load());

	if (!found.any())
		return kSpurious;
	if (u32 instead = shown_instead(found.state.group1, alias, self.state.load().ctlr))
		return instead;

	u8 sources = found.state.sources;

	return identified(found.intid, sources ? u8(__builtin_ctz(sources)) : u8(0));
}

void vintc_gic::end(vintc_gic_cpu &self, u32 value, bool alias)
{
	u32 intid = intid_of(value);
	IrqCell *cell = find(&self, intid);

	if (!cell)
		return;
	if (self.samples(intid))
		sample_levels(self);

	bool deactivates = !(self.state.load().ctlr & ctlr::kEoiMode);
	bool ended = change(*cell, intid, &self, [&](IrqState &s) {
		return !(alias && !s.group1) && irq::end(s, u8(self.number), deactivates);
	});

	if (ended)
		self.state.update(cpu::drop);
}

void vintc_gic::deactivate(vintc_gic_cpu &self, u32 value)
{
	u32 intid = intid_of(value);
	IrqCell *cell = find(&self, intid);

	if (!cell || !(self.state.load().ctlr & ctlr::kEoiMode))
		return;
	change(*cell, intid, &self, irq::deactivate);
}

void vintc_gic::send_sgi(vintc_gic_cpu &self, u32 value)
{
	enum { kListed, kOthers, kSelf };
	u32 intid = value & (kSgis - 1), targets = 0;

	switch (value >> 24 & 3) {
	case kListed:
		targets = value >> 16 & 0xff;
		break;
	case kOthers:
		targets = 0xffu & ~self.bit();
		break;
	case kSelf:
		targets = self.bit();
		break;
	}
	for_each_cpu(targets, [&](vintc_gic_cpu &target) {
		change(target.banked[intid], intid, &self, [&](IrqState &s) {
			s.sources |= self.bit();
			return true;
		});
	});
}

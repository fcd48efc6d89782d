// SPDX-License-Identifier: GPL-2.0-only
/*
 * Presenting interrupts to CPU interfaces, without a lock.
 *
 * Who makes an interrupt a candidate at a CPU enters it among the CPU's pending
 * ones, and then signals it in the CPU's word. Who changes what the CPU accepts
 * notes in that word that it has to look; vintc_gic_enter() takes the note and
 * the lines away in one step and then searches. Both are read-modify-writes of
 * the CPU's word: either the search comes second and finds the entry, or the
 * signal comes second, sees what the CPU accepts by now, and raises the line.
 *
 * The groups that GICD_CTLR enables are no part of that word. Who enables one
 * stores it and then makes each CPU look; who signals reads it again after the
 * signal. Again one of the two comes second.
 *
 * Only the thread of a CPU searches, and removes entries. An entry that leads to
 * no candidate is removed first and looked at again after; so one that was made
 * a candidate meanwhile is found, by the search or by its own signal.
 *
 * Loops end: a round is repeated only when another processor completed a
 * transition of the same word meanwhile.
 */
#include "gic.h"

using namespace vintc::gicv2;

void vintc_gic::present(vintc_gic_cpu &cpu, u32 intid, const IrqState &s, vintc_gic_cpu *self)
{
	cpu.pending.add(s.level(), intid);

	for (u32 groups = forwarded.load();;) {
		auto signalled = cpu.state.update(
			[&](CpuState &c) { return cpu::signal(c, s.priority, s.group1, groups); });
		u32 now = forwarded.load();

		if (signalled.rose && &cpu != self)
			vintc_line_raise(cpu.vcpu, false);
		if (signalled.up || now == groups)
			return;
		groups = now;
	}
}

void vintc_gic::look(vintc_gic_cpu &cpu, vintc_gic_cpu *self)
{
	if (cpu.state.update(cpu::look) && &cpu != self)
		vintc_line_raise(cpu.vcpu, false);
}

void vintc_gic::fall_at(u32 cpus, vintc_gic_cpu *self)
{
	for_each_cpu(cpus, [&](vintc_gic_cpu &c) {
		if (c.state.try_update(cpu::fall).soon && &c != self)
			vintc_line_raise(c.vcpu, false);
	});
}

void vintc_gic::follow(u32 intid, const IrqState &before, const IrqState &after,
		       vintc_gic_cpu *self)
{
	u32 had = before.candidate_at(), has = after.candidate_at();
	bool moved = before.priority != after.priority || before.group1 != after.group1;

	fall_at(moved ? had : had & ~has, self);
	for_each_cpu(moved ? has : has & ~had,
		     [&](vintc_gic_cpu &c) { present(c, intid, after, self); });
}

void vintc_gic::take_levels(vintc_gic_cpu &self, u32 levels)
{
	u32 changed = (levels ^ self.levels) & self.sampled;

	self.levels ^= changed;
	for (; changed; changed &= changed - 1) {
		u32 intid = u32(__builtin_ctz(changed));
		bool high = levels >> intid & 1;

		if (high)
			self.ppis.count_alone();
		change(self.banked[intid % kPrivate], intid, &self, [=](IrqState &s) {
			irq::drive(s, high);
			return true;
		});
	}
}

void vintc_gic::forward(u32 groups, vintc_gic_cpu *self)
{
	forwarded.store(groups & (kGroup0 | kGroup1));
	for_each_cpu(0xff, [&](vintc_gic_cpu &c) { look(c, self); });
}

/*
 * Removes an entry that does not lead to a candidate. False: it does by now, which
 * is @s, and it stays.
 */
bool vintc_gic::forget(vintc_gic_cpu &self, u32 level, u32 intid, const IrqCell &cell, IrqState &s)
{
	self.pending.remove(level, intid);
	s = cell.load();
	if (!(s.candidate_at() & self.bit()) || s.level() != level)
		return true;
	self.pending.add(level, intid);
	return false;
}

vintc_gic::Best vintc_gic::best(vintc_gic_cpu &self, u32 groups)
{
	Best found;

	self.pending.find([&](u32 level, u32 intid) {
		IrqCell *cell = find(&self, intid);
		IrqState s = cell->load();
		bool stands = (s.candidate_at() & self.bit()) && s.level() == level;

		if (!stands && forget(self, level, intid, *cell, s))
			return false;
		if (!(groups & (s.group1 ? kGroup1 : kGroup0)))
			return false;
		found.intid = intid;
		found.state = s;
		return true;
	});
	return found;
}

u32 vintc_gic_enter(vintc_gic *gic, vintc_gic_cpu *self, u32 levels)
{
	if ((levels ^ self->levels) & self->sampled)
		gic->take_levels(*self, levels);

	CpuState s = self->state.load();

	if (!s.look)
		return s.lines;
	self->state.update(cpu::begin_look);
	if (!self->pending.empty()) {
		u32 groups = gic->forwarded.load();
		auto best = gic->best(*self, groups & s.ctlr & ctlr::kEnable);

		if (best.any())
			self->state.update([&](CpuState &c) {
				return cpu::signal(c, best.state.priority, best.state.group1,
						   groups);
			});
	}
	return self->state.load().lines;
}

bool vintc_gic_wakes(const vintc_gic_cpu *cpu)
{
	CpuState s = cpu->state.load();

	return s.look || s.lines;
}

u32 vintc_gic_levels(const vintc_gic_cpu *cpu)
{
	return cpu->levels;
}

vintc_injected vintc_gic_inject(vintc_gic *gic, vintc_gic_cpu *cpu, u32 intid, vintc_input input)
{
	IrqCell *cell = intid < kSgis ? nullptr : gic->find(cpu, intid);
	IrqState before, after;

	if (!cell)
		return VINTC_UNKNOWN_SOURCE;
	if (intid < kPrivate && cpu->samples(intid))
		return VINTC_COALESCED;
	cell->update([&](IrqState &s) {
		before = s;
		irq::input(s, input);
		after = s;
		return true;
	});
	gic->follow(intid, before, after, nullptr);
	if (before.pending() || !after.pending())
		return VINTC_COALESCED;
	return after.enabled ? VINTC_DELIVERED : VINTC_MASKED;
}

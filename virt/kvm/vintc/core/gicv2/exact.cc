// SPDX-License-Identifier: GPL-2.0-only
/* The whole state of a GIC: as registers, and at power-on (controller.h). */
#include "exact.h"

using namespace vintc::gicv2;

namespace {

constexpr u32 kCpuShift = 16, kIntidMask = (1u << kCpuShift) - 1;

/* Calls visit(cpu, intid, cell) for each interrupt, in the order of the registers. */
template <class Visit> void for_each_irq(const vintc_gic &gic, Visit visit)
{
	for (u32 number = 0; number < VINTC_GIC_CPUS; number++) {
		if (vintc_gic_cpu *cpu = gic.cpu(number))
			for (u32 intid = 0; intid < kPrivate; intid++)
				visit(cpu, intid, cpu->banked[intid]);
		for (u32 intid = kPrivate; !number && intid < gic.irqs; intid++)
			if (IrqCell *cell = gic.find(nullptr, intid))
				visit(nullptr, intid, *cell);
	}
}

/* The interrupt of a register, and whose it is. */
struct Place {
	vintc_gic_cpu *cpu; /* that it is banked for, or null */
	u32 intid;
	IrqCell *cell; /* null: there is none */

	u8 self() const { return cpu ? cpu->bit() : 0; }
	bool sampled() const { return cpu && cpu->samples(intid); }
};

Place place_of(const vintc_gic &gic, u32 index)
{
	u32 number = index >> kCpuShift, intid = index & kIntidMask;
	bool banked = intid < kPrivate;
	vintc_gic_cpu *cpu = banked ? gic.cpu(number) : nullptr;

	return { cpu, intid, banked || !number ? gic.find(cpu, intid) : nullptr };
}

DistState dist_of(const vintc_gic &gic)
{
	return { .forwarded = gic.forwarded.load(), .revision = gic.revision, .irqs = gic.irqs };
}

void set_irq(const Place &place, u64 word)
{
	IrqState s = IrqState::unpack(word);

	if (!place.cell)
		return;
	place.cell->set(s);
	/* The next sample is compared with this. */
	if (place.sampled())
		place.cpu->levels =
			(place.cpu->levels & ~(1u << place.intid)) | u32(s.line) << place.intid;
}

} // namespace

void vintc_gic_visit_regs(const vintc_gic *gic, vintc_visit_reg *visit, void *arg)
{
	auto tell = [=](vintc_reg_kind kind, u32 index, u64 value) {
		vintc_reg reg = { .kind = kind, .index = index, .value = value };

		visit(arg, &reg);
	};

	tell(VINTC_REG_GIC_DIST, 0, dist_of(*gic).pack());
	gic->for_each_cpu(0xff, [=](const vintc_gic_cpu &cpu) {
		tell(VINTC_REG_GIC_CPU, cpu.number, cpu.state.load().pack() & kCpuExact);
	});
	for_each_irq(*gic, [=](const vintc_gic_cpu *cpu, u32 intid, const IrqCell &cell) {
		tell(VINTC_REG_GIC_IRQ, (cpu ? cpu->number << kCpuShift : 0) | intid,
		     cell.load().pack());
	});
}

vintc_result vintc_gic_get_exact(const vintc_gic *gic, vintc_reg *reg)
{
	switch (reg->kind) {
	case VINTC_REG_GIC_DIST:
		if (reg->index)
			break;
		reg->value = dist_of(*gic).pack();
		return VINTC_OK;
	case VINTC_REG_GIC_CPU:
		if (vintc_gic_cpu *cpu = gic->cpu(reg->index)) {
			reg->value = cpu->state.load().pack() & kCpuExact;
			return VINTC_OK;
		}
		break;
	case VINTC_REG_GIC_IRQ:
		if (IrqCell *cell = place_of(*gic, reg->index).cell) {
			reg->value = cell->load().pack();
			return VINTC_OK;
		}
		break;
	default:
		break;
	}
	return VINTC_NOT_FOUND;
}

namespace {

bool valid(const vintc_gic &gic, const vintc_reg &reg)
{
	switch (reg.kind) {
	case VINTC_REG_GIC_DIST:
		return DistState::unpack(reg.value).valid(gic.irqs);
	case VINTC_REG_GIC_CPU:
		return valid_cpu(reg.value);
	default:
		Place place = place_of(gic, reg.index);

		return valid_irq(reg.value, place.intid,
				 { .connected = gic.connected(),
				   .self = place.self(),
				   .sampled = place.sampled() });
	}
}

} // namespace

vintc_result vintc_gic_check_exact(const vintc_gic *gic, const vintc_reg *reg)
{
	vintc_reg present = *reg;
	vintc_result found = vintc_gic_get_exact(gic, &present);

	return found != VINTC_OK ? found : valid(*gic, *reg) ? VINTC_OK : VINTC_INVALID;
}

void vintc_gic_set_exact(vintc_gic *gic, const vintc_reg *reg)
{
	switch (reg->kind) {
	case VINTC_REG_GIC_DIST:
		gic->forwarded.store(DistState::unpack(reg->value).forwarded);
		gic->revision = DistState::unpack(reg->value).revision;
		break;
	case VINTC_REG_GIC_CPU:
		if (vintc_gic_cpu *cpu = gic->cpu(reg->index))
			cpu->state.set(CpuState::unpack(reg->value));
		break;
	case VINTC_REG_GIC_IRQ:
		set_irq(place_of(*gic, reg->index), reg->value);
		break;
	default:
		break;
	}
}

void vintc_gic_settle(vintc_gic *gic)
{
	gic->for_each_cpu(0xff, [](vintc_gic_cpu &cpu) { cpu.pending.clear(); });
	for_each_irq(*gic, [=](const vintc_gic_cpu *, u32 intid, const IrqCell &cell) {
		IrqState s = cell.load();

		gic->for_each_cpu(s.candidate_at(),
				  [&](vintc_gic_cpu &cpu) { cpu.pending.add(s.level(), intid); });
	});
	gic->for_each_cpu(0xff, [](vintc_gic_cpu &cpu) {
		cpu.state.update(cpu::look);
		vintc_line_raise(cpu.vcpu, false);
	});
}

/* The revision stays: it tells what the GIC is, not what state it is in. */
void vintc_gic_reset(vintc_gic *gic)
{
	gic->forwarded.store(0);
	gic->for_each_cpu(0xff, [](vintc_gic_cpu &cpu) { cpu.state.set(CpuState{}); });
	for_each_irq(*gic, [](const vintc_gic_cpu *cpu, u32 intid, IrqCell &cell) {
		IrqState before = cell.load(), s = irq::at_reset(intid, cpu ? cpu->bit() : u8(0));

		s.line = before.line;
		s.held = before.held;
		cell.set(s);
	});
}

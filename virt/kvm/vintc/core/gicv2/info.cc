// SPDX-License-Identifier: GPL-2.0-only
/* What a VMM learns and sets of interrupts beside the registers (controller.h). */
#include "gic.h"

using namespace vintc::gicv2;

namespace {

bool get_info(const IrqState &s, vintc_gic_info what)
{
	switch (what) {
	case VINTC_GIC_INFO_LINE:
		return s.high();
	case VINTC_GIC_INFO_LATCH:
		return s.latch;
	case VINTC_GIC_INFO_DROP:
		return s.undropped;
	}
	return false;
}

/*
 * The level is the input's, whoever makes it. What is set high and is so already is left
 * as it is, driven or held: to set what was read changes nothing. What is set low is
 * neither any more; that is state, and ends nothing.
 */
void set_info(IrqState &s, u32 intid, vintc_gic_info what, bool value)
{
	switch (what) {
	case VINTC_GIC_INFO_LINE:
		s.line = value && (s.line || !s.held);
		s.held = value && s.held;
		break;
	case VINTC_GIC_INFO_LATCH:
		s.latch = value && intid >= kSgis;
		break;
	case VINTC_GIC_INFO_DROP:
		irq::set_undropped(s, value);
		break;
	}
}

} // namespace

vintc_result vintc_gic_get_info(vintc_gic *gic, vintc_gic_cpu *cpu, vintc_gic_info what, u32 intid,
				u32 *bits)
{
	if (what > VINTC_GIC_INFO_DROP || intid % 32 || intid >= gic->irqs)
		return VINTC_INVALID;
	*bits = 0;
	for (u32 i = 0; i < 32; i++)
		if (IrqCell *cell = gic->find(cpu, intid + i))
			*bits |= u32(get_info(cell->load(), what)) << i;
	return VINTC_OK;
}

vintc_result vintc_gic_set_info(vintc_gic *gic, vintc_gic_cpu *cpu, vintc_gic_info what, u32 intid,
				u32 bits)
{
	if (what > VINTC_GIC_INFO_DROP || intid % 32 || intid >= gic->irqs)
		return VINTC_INVALID;
	for (u32 i = 0; i < 32; i++)
		if (IrqCell *cell = gic->find(cpu, intid + i))
			gic->change(*cell, intid + i, nullptr, [=](IrqState &s) {
				set_info(s, intid + i, what, bits >> i & 1);
				return true;
			});
	/* The next sample is compared with this. */
	if (what == VINTC_GIC_INFO_LINE && !intid)
		cpu->levels = bits & cpu->sampled;
	return VINTC_OK;
}

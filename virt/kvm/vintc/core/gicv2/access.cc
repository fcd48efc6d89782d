// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine of the registers: finds what lies at an offset (registers.h, fields.h)
 * and applies an access to it. 32-bit accesses go anywhere, bytes where fields
 * are bytes; all others, and what is not aligned, read as zero and are ignored.
 */
#include "fields.h"
#include "registers.h"

using namespace vintc::gicv2;

namespace {

/* Some fields of one register, beside each other. */
struct Fields {
	const Field *field;
	u32 intid; /* of the first */
	u32 count;
};

/* field is null: there are none at this place, or not in this width. */
Fields fields_at(u32 offset, u32 width)
{
	for (const Field &f : kFields) {
		u32 from = offset - f.offset;

		if (offset < f.offset || from >= f.size())
			continue;
		if (width != 4 && !(f.like & kBytes))
			break;
		return { &f, from * 8 / f.bits, width * 8 / f.bits };
	}
	return { nullptr, 0, 0 };
}

u32 read_fields(vintc_gic &gic, vintc_gic_cpu &cpu, const Fields &at)
{
	u32 value = 0;

	for (u32 i = 0; i < at.count; i++)
		if (IrqCell *cell = gic.find(&cpu, at.intid + i))
			value |= at.field->get(cell->load(), at.intid + i) << i * at.field->bits;
	return value;
}

/* @self: the guest's CPU, or null for a VMM. */
void write_fields(vintc_gic &gic, vintc_gic_cpu &cpu, vintc_gic_cpu *self, const Fields &at,
		  u32 value)
{
	const Field &field = *at.field;
	u32 mask = (1u << field.bits) - 1;
	Writer writer = { .connected = gic.connected(),
			  .groups = self || gic.groups_restorable,
			  .guest = self != nullptr };

	for (u32 i = 0; i < at.count; i++, value >>= field.bits) {
		u32 intid = at.intid + i;
		IrqCell *cell = gic.find(&cpu, intid);

		if (!cell || ((field.like & kOnes) && !(value & mask)))
			continue;
		gic.change(*cell, intid, self, [&](IrqState &s) {
			field.set(s, intid, value & mask, writer);
			return true;
		});
	}
}

bool aligned(u32 offset, u32 width)
{
	return (width == 4 || width == 1) && !(offset % width);
}

} // namespace

u64 vintc_gic_read(vintc_gic *gic, vintc_gic_cpu *self, vintc_gic_frame frame, u32 offset,
		   u32 width)
{
	self->mmio.count_alone();
	if (!aligned(offset, width))
		return 0;
	if (const Register *r = find_register(frame, offset))
		return r->read && width == 4 ? r->read(*gic, *self) : 0;
	if (frame != VINTC_GICD)
		return 0;

	Fields at = fields_at(offset, width);

	if (!at.field)
		return 0;
	if ((at.field->like & kInputs) && at.intid < kPrivate)
		gic->sample_levels(*self);
	return read_fields(*gic, *self, at);
}

void vintc_gic_write(vintc_gic *gic, vintc_gic_cpu *self, vintc_gic_frame frame, u32 offset,
		     u32 width, u64 value)
{
	self->mmio.count_alone();
	if (!aligned(offset, width))
		return;
	if (const Register *r = find_register(frame, offset)) {
		if (r->write && width == 4)
			r->write(*gic, *self, u32(value));
		return;
	}
	if (frame != VINTC_GICD)
		return;

	Fields at = fields_at(offset, width);

	if (at.field)
		write_fields(*gic, *self, self, at, u32(value));
}

bool vintc_gic_has_reg(vintc_gic_frame frame, u32 offset)
{
	if (offset % 4)
		return false;
	if (const Register *r = find_register(frame, offset))
		return r->get;
	return frame == VINTC_GICD && fields_at(offset, 4).field;
}

vintc_result vintc_gic_get_reg(vintc_gic *gic, vintc_gic_cpu *cpu, vintc_gic_frame frame,
			       u32 offset, u32 *value)
{
	if (!vintc_gic_has_reg(frame, offset))
		return VINTC_NOT_FOUND;
	if (const Register *r = find_register(frame, offset))
		*value = r->get(*gic, *cpu);
	else
		*value = read_fields(*gic, *cpu, fields_at(offset, 4));
	return VINTC_OK;
}

vintc_result vintc_gic_set_reg(vintc_gic *gic, vintc_gic_cpu *cpu, vintc_gic_frame frame,
			       u32 offset, u32 value)
{
	if (!vintc_gic_has_reg(frame, offset))
		return VINTC_NOT_FOUND;
	if (const Register *r = find_register(frame, offset))
		return r->set(*gic, *cpu, value);
	write_fields(*gic, *cpu, nullptr, fields_at(offset, 4), value);
	return VINTC_OK;
}

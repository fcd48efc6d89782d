// SPDX-License-Identifier: GPL-2.0-only
/*
 * The distributor's registers that have a field for each interrupt, as a table:
 * what a field reads as, and what writing one does.
 */
#ifndef VINTC_CORE_GICV2_FIELDS_H
#define VINTC_CORE_GICV2_FIELDS_H

#include "irq.h"

namespace vintc::gicv2 {

/* Who writes, and what it may write. */
struct Writer {
	u8 connected; /* CPU interfaces that there are */
	bool groups;  /* may it write GICD_IGROUPR? */
	bool guest;   /* and not a VMM, which sets state and ends nothing by that */
};

/* What a register with fields is like. */
inline constexpr u8 kOnes = 1;	 /* only fields written as 1 mean something */
inline constexpr u8 kBytes = 2;	 /* may be accessed by the byte */
inline constexpr u8 kInputs = 4; /* shows what depends on the levels of inputs */

struct Field {
	u16 offset; /* of the first interrupt's register */
	u16 irqs;   /* how many interrupts have a field */
	u8 bits;    /* of a field */
	u8 like;    /* kOnes... */
	u32 (*get)(const IrqState &s, u32 intid);
	void (*set)(IrqState &s, u32 intid, u32 value, const Writer &writer);

	constexpr u32 size() const { return irqs * bits / 8u; }
};

namespace field {

constexpr bool is_sgi(u32 intid)
{
	return intid < kSgis;
}

constexpr u32 group(const IrqState &s, u32)
{
	return s.group1;
}

constexpr void set_group(IrqState &s, u32, u32 value, const Writer &writer)
{
	if (writer.groups)
		s.group1 = value;
}

constexpr u32 enabled(const IrqState &s, u32)
{
	return s.enabled;
}

constexpr void enable(IrqState &s, u32, u32, const Writer &)
{
	s.enabled = true;
}

constexpr void disable(IrqState &s, u32, u32, const Writer &)
{
	s.enabled = false;
}

constexpr u32 pending(const IrqState &s, u32)
{
	return s.pending();
}

/* An SGI pends for each CPU that sent it: GICD_SPENDSGIR says which. */
constexpr void pend(IrqState &s, u32 intid, u32, const Writer &)
{
	s.latch |= !is_sgi(intid);
}

constexpr void unpend(IrqState &s, u32, u32, const Writer &)
{
	s.latch = false;
}

constexpr u32 active(const IrqState &s, u32)
{
	return s.active;
}

constexpr void activate(IrqState &s, u32, u32, const Writer &)
{
	irq::activate(s);
}

constexpr void deactivate(IrqState &s, u32, u32, const Writer &writer)
{
	if (writer.guest)
		irq::deactivate(s);
	else
		s.active = false;
}

constexpr u32 priority(const IrqState &s, u32)
{
	return s.priority;
}

constexpr void set_priority(IrqState &s, u32, u32 value, const Writer &)
{
	s.priority = value & kPriorityMask;
}

constexpr u32 targets(const IrqState &s, u32)
{
	return s.targets;
}

/* A banked interrupt has its own CPU as target. */
constexpr void set_targets(IrqState &s, u32 intid, u32 value, const Writer &writer)
{
	if (intid >= kPrivate)
		s.targets = value & writer.connected;
}

constexpr u32 config(const IrqState &s, u32)
{
	return s.edge ? 2 : 0;
}

/* SGIs are edge-triggered, and PPIs here level-sensitive. */
constexpr void set_config(IrqState &s, u32 intid, u32 value, const Writer &)
{
	if (intid >= kPrivate)
		s.edge = value & 2;
}

constexpr u32 sources(const IrqState &s, u32)
{
	return s.sources;
}

constexpr void add_sources(IrqState &s, u32, u32 value, const Writer &writer)
{
	s.sources |= value & writer.connected;
}

constexpr void remove_sources(IrqState &s, u32, u32 value, const Writer &)
{
	s.sources &= ~value;
}

} // namespace field

// clang-format off
inline constexpr Field kFields[] = {
	/* offset  irqs bits  like             get               set */
	{ 0x080, 1024, 1,  0,               field::group,    field::set_group },    /* GICD_IGROUPR */
	{ 0x100, 1024, 1,  kOnes,           field::enabled,  field::enable },       /* GICD_ISENABLER */
	{ 0x180, 1024, 1,  kOnes,           field::enabled,  field::disable },      /* GICD_ICENABLER */
	{ 0x200, 1024, 1,  kOnes | kInputs, field::pending,  field::pend },         /* GICD_ISPENDR */
	{ 0x280, 1024, 1,  kOnes | kInputs, field::pending,  field::unpend },       /* GICD_ICPENDR */
	{ 0x300, 1024, 1,  kOnes,           field::active,   field::activate },     /* GICD_ISACTIVER */
	{ 0x380, 1024, 1,  kOnes,           field::active,   field::deactivate },   /* GICD_ICACTIVER */
	{ 0x400, 1024, 8,  kBytes,          field::priority, field::set_priority }, /* GICD_IPRIORITYR */
	{ 0x800, 1024, 8,  kBytes,          field::targets,  field::set_targets },  /* GICD_ITARGETSR */
	{ 0xc00, 1024, 2,  0,               field::config,   field::set_config },   /* GICD_ICFGR */
	{ 0xf10,   16, 8,  kOnes | kBytes,  field::sources,  field::remove_sources }, /* GICD_CPENDSGIR */
	{ 0xf20,   16, 8,  kOnes | kBytes,  field::sources,  field::add_sources },  /* GICD_SPENDSGIR */
};
// clang-format on

} // namespace vintc::gicv2

#endif /* VINTC_CORE_GICV2_FIELDS_H */

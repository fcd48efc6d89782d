// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of an interrupt and its transitions.
 *
 * SGIs and PPIs are banked: each CPU has its own word for them, with itself as
 * the only target. An SGI pends once for each CPU that sent it.
 *
 * An interrupt is a candidate at its targets while it is enabled and pending but
 * not active. GICv2 lets an active interrupt pend again, and presents it when it
 * has been deactivated.
 */
#ifndef VINTC_CORE_GICV2_IRQ_H
#define VINTC_CORE_GICV2_IRQ_H

#include "../types.h"

namespace vintc::gicv2 {

inline constexpr u32 kSgis = 16;
inline constexpr u32 kPrivate = 32;	   /* SGIs and PPIs */
inline constexpr u32 kFirstSpecial = 1020; /* INTIDs from here on are no interrupts */
inline constexpr u32 kOtherGroup = 1022;
inline constexpr u32 kSpurious = 1023;

inline constexpr unsigned kPriorityShift = 3; /* 5 of 8 bits are implemented */
inline constexpr u32 kLevels = 32;
inline constexpr u8 kPriorityMask = 0xf8;

/* The word's layout is the struct's: taking it apart costs an instruction a field. */
struct alignas(u64) IrqState {
	u8 priority = 0;
	u8 targets = 0;	   /* CPU interfaces */
	u8 sources = 0;	   /* SGI: the CPUs that sent it, not yet acknowledged */
	u8 source : 4 = 0; /* SGI: the CPU that sent the active one */
	u8 owner : 4 = 0;  /* the CPU interface that owes its priority drop, or kAnyone */
	bool enabled : 1 = false;
	bool group1 : 1 = false;
	bool edge : 1 = false;	/* edge-triggered, else level-sensitive */
	bool latch : 1 = false; /* pends by an edge or by software */
	bool line : 1 = false;	/* its input */
	bool active : 1 = false;
	bool undropped : 1 = false; /* acknowledged, its priority not dropped yet */
	bool unused : 1 = false;
	u8 rest[3] = {};

	static constexpr u8 kAnyone = 8;

	static IrqState unpack(u64 word) { return __builtin_bit_cast(IrqState, word); }
	u64 pack() const { return __builtin_bit_cast(u64, *this); }

	constexpr bool pending() const { return latch || (line && !edge) || sources; }

	/* The CPU interfaces that may present it. */
	constexpr u8 candidate_at() const { return enabled && pending() && !active ? targets : 0; }

	constexpr u32 level() const { return priority >> kPriorityShift; }

	constexpr bool operator==(const IrqState &) const = default;
};

static_assert(sizeof(IrqState) == sizeof(u64));

namespace irq {

/* The input goes high, or low. */
constexpr void input(IrqState &s, bool high)
{
	s.latch |= high && !s.line && s.edge;
	s.line = high;
}

/* High and low again, in one: means something to an edge-triggered input only. */
constexpr void pulse(IrqState &s)
{
	s.latch |= s.edge;
}

struct Acknowledged {
	bool done = false;
	u8 source = 0;

	constexpr explicit operator bool() const { return done; }
};

/* CPU interface @cpu acknowledges it: of an SGI, what the lowest CPU sent. */
constexpr Acknowledged acknowledge(IrqState &s, u8 cpu)
{
	if (!(s.candidate_at() >> cpu & 1))
		return {};
	if (s.sources) {
		s.source = u8(__builtin_ctz(s.sources));
		s.sources = u8(s.sources & (s.sources - 1));
	}
	s.latch = false;
	s.active = s.undropped = true;
	s.owner = cpu;
	return { .done = true, .source = s.source };
}

/* The priority drop of an EOI, which may deactivate it too. False: nothing to end. */
constexpr bool end(IrqState &s, u8 cpu, bool deactivate)
{
	if (!s.undropped || (s.owner != cpu && s.owner != IrqState::kAnyone))
		return false;
	s.undropped = false;
	if (deactivate)
		s.active = false;
	return true;
}

/* Any CPU may drop its priority: nobody knows which acknowledged it. */
constexpr void set_undropped(IrqState &s, bool undropped)
{
	if (undropped && !s.undropped)
		s.owner = IrqState::kAnyone;
	s.undropped = undropped;
}

/* GICD_ISACTIVER. Whoever makes it active is owed an EOI for it. */
constexpr void activate(IrqState &s)
{
	if (!s.active)
		set_undropped(s, true);
	s.active = true;
}

} // namespace irq
} // namespace vintc::gicv2

#endif /* VINTC_CORE_GICV2_IRQ_H */

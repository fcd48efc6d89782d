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
 *
 * Its input is high while it is driven high, by its line, or held up. What is held
 * is let go by the guest that deactivates the interrupt, in the same transition: so
 * whoever holds it up comes before, and is told, or after, and is presented.
 */
#ifndef VINTC_CORE_GICV2_IRQ_H
#define VINTC_CORE_GICV2_IRQ_H

#include "../controller.h"

namespace vintc::gicv2 {

inline constexpr u32 kSgis = 16;
inline constexpr u32 kPrivate = 32;	   /* SGIs and PPIs */
inline constexpr u32 kFirstSpecial = 1020; /* INTIDs from here on are no interrupts */
inline constexpr u32 kOtherGroup = 1022;
inline constexpr u32 kSpurious = 1023;

inline constexpr unsigned kPriorityShift = 3; /* 5 of 8 bits are implemented */
inline constexpr u32 kLevels = 32;
inline constexpr u8 kPriorityMask = 0xf8;

/*
 * The word's layout is the struct's: taking it apart costs an instruction a field. It is
 * that of KVM_VINTC_REG_GIC_IRQ, too.
 */
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
	bool line : 1 = false;	/* its input: driven high... */
	bool active : 1 = false;
	bool undropped : 1 = false; /* acknowledged, its priority not dropped yet */
	bool held : 1 = false;	    /* ...and held up */
	u8 rest[3] = {};

	static constexpr u8 kAnyone = 8;

	static constexpr IrqState unpack(u64 word) { return __builtin_bit_cast(IrqState, word); }
	u64 pack() const { return __builtin_bit_cast(u64, *this); }

	/* The level of its input. */
	constexpr bool high() const { return line || held; }
	constexpr bool pending() const { return latch || (high() && !edge) || sources; }

	/* The CPU interfaces that may present it. */
	constexpr u8 candidate_at() const { return enabled && pending() && !active ? targets : 0; }

	constexpr u32 level() const { return priority >> kPriorityShift; }

	constexpr bool operator==(const IrqState &) const = default;
};

static_assert(sizeof(IrqState) == sizeof(u64));
static_assert(IrqState::unpack(0xff) == IrqState{ .priority = 0xff });
static_assert(IrqState::unpack(0xff << 8) == IrqState{ .targets = 0xff });
static_assert(IrqState::unpack(0xff << 16) == IrqState{ .sources = 0xff });
static_assert(IrqState::unpack(15ull << 24) == IrqState{ .source = 15 });
static_assert(IrqState::unpack(15ull << 28) == IrqState{ .owner = 15 });
static_assert(IrqState::unpack(1ull << 32) == IrqState{ .enabled = true });
static_assert(IrqState::unpack(1ull << 33) == IrqState{ .group1 = true });
static_assert(IrqState::unpack(1ull << 34) == IrqState{ .edge = true });
static_assert(IrqState::unpack(1ull << 35) == IrqState{ .latch = true });
static_assert(IrqState::unpack(1ull << 36) == IrqState{ .line = true });
static_assert(IrqState::unpack(1ull << 37) == IrqState{ .active = true });
static_assert(IrqState::unpack(1ull << 38) == IrqState{ .undropped = true });
static_assert(IrqState::unpack(1ull << 39) == IrqState{ .held = true });

namespace irq {

/* At power-on. @self: the CPU interface that it is banked for, as a bit; else 0. */
constexpr IrqState at_reset(u32 intid, u8 self)
{
	bool sgi = intid < kSgis;

	return { .targets = self, .enabled = sgi, .edge = sgi };
}

/* Whoever moves the input: an edge-triggered interrupt pends when it rises. */
constexpr void set_input(IrqState &s, bool line, bool held)
{
	s.latch |= s.edge && !s.high() && (line || held);
	s.line = line;
	s.held = held;
}

constexpr void drive(IrqState &s, bool high)
{
	set_input(s, high, s.held);
}

constexpr void hold(IrqState &s, bool held)
{
	set_input(s, s.line, held);
}

/* High and low again, in one: means something to an edge-triggered input only. */
constexpr void pulse(IrqState &s)
{
	s.latch |= s.edge;
}

constexpr void input(IrqState &s, vintc_input what)
{
	switch (what) {
	case VINTC_LOW:
	case VINTC_HIGH:
		return drive(s, what == VINTC_HIGH);
	case VINTC_PULSE:
		return pulse(s);
	case VINTC_HOLD:
	case VINTC_RELEASE:
		return hold(s, what == VINTC_HOLD);
	}
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

/* A guest deactivates it. False: it is not active. */
constexpr bool deactivate(IrqState &s)
{
	if (!s.active)
		return false;
	s.active = s.held = false;
	return true;
}

/* The priority drop of an EOI, which may deactivate it too. False: nothing to end. */
constexpr bool end(IrqState &s, u8 cpu, bool deactivates)
{
	if (!s.undropped || (s.owner != cpu && s.owner != IrqState::kAnyone))
		return false;
	s.undropped = false;
	if (deactivates)
		deactivate(s);
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a CPU interface and its transitions.
 *
 * The lines are what the processor sees: they are raised by whoever presents an
 * interrupt, and computed anew by the processor's own thread when it has to
 * `look`, which ends in vintc_gic_enter(). A line may be up in vain, and is then
 * an acknowledgement of 1023; it is never missing.
 */
#ifndef VINTC_CORE_GICV2_CPU_H
#define VINTC_CORE_GICV2_CPU_H

#include "irq.h"

namespace vintc::gicv2 {

inline constexpr u32 kGroup0 = 1, kGroup1 = 2; /* sets of groups, as in GICD_CTLR */
inline constexpr u32 kIdlePriority = 0xff;

/* GICC_CTLR, of a GIC without the Security Extensions. */
namespace ctlr {
inline constexpr u32 kEnable = kGroup0 | kGroup1;
inline constexpr u32 kAckCtl = 1u << 2, kFiqEn = 1u << 3, kCbpr = 1u << 4, kEoiMode = 1u << 9;
inline constexpr u32 kMask = kEnable | kAckCtl | kFiqEn | kCbpr | kEoiMode;
} // namespace ctlr

/* The least binary points with 5 bits of priority. */
inline constexpr u8 kLeastBpr = 2, kLeastAbpr = 3;

struct alignas(u64) CpuState {
	u32 apr = 0; /* a bit for each group priority that is active */
	u32 ctlr : 10 = 0;
	u32 pmr : 8 = 0;
	u32 bpr : 3 = kLeastBpr;
	u32 abpr : 3 = kLeastAbpr;
	u32 lines : 2 = 0; /* VINTC_GIC_LINE_*: one at most */
	u32 level : 5 = 0; /* while one is up: the priority that it stands for */
	u32 look : 1 = false;

	static constexpr CpuState unpack(u64 word) { return __builtin_bit_cast(CpuState, word); }
	u64 pack() const { return __builtin_bit_cast(u64, *this); }

	/* The part of a priority that preemption goes by. */
	constexpr u8 group_priority(u8 priority, bool group1) const
	{
		unsigned low_bits = group1 && !(ctlr & ctlr::kCbpr) ? abpr : bpr + 1u;

		return u8(priority & (0xffu << low_bits));
	}

	/* Both groups are enabled, and not alike. */
	constexpr bool groups_differ() const
	{
		return (ctlr & ctlr::kEnable) == ctlr::kEnable &&
		       ((ctlr & ctlr::kFiqEn) || (!(ctlr & ctlr::kCbpr) && abpr != bpr + 1));
	}

	/* GICC_RPR: the most favoured of what is active. */
	constexpr u32 running() const
	{
		return apr ? u32(__builtin_ctz(apr)) << kPriorityShift : kIdlePriority;
	}

	/* Is such an interrupt signalled? @forwarded: the groups enabled in GICD_CTLR. */
	constexpr bool accepts(u8 priority, bool group1, u32 forwarded) const
	{
		u32 group = group1 ? kGroup1 : kGroup0;

		return (ctlr & forwarded & group) && priority < pmr &&
		       (!apr || group_priority(priority, group1) < running());
	}

	constexpr bool operator==(const CpuState &) const = default;
};

static_assert(sizeof(CpuState) == sizeof(u64));

namespace cpu {

inline constexpr u8 kIrq = 1, kFiq = 2; /* VINTC_GIC_LINE_* */

/* Something rose or fell that no single interrupt tells. True: for the first time. */
constexpr bool look(CpuState &s)
{
	bool first = !s.look;

	s.look = true;
	return first;
}

struct Signalled {
	bool up = false;   /* a line is up */
	bool rose = false; /* ...and the CPU does not know yet */
};

/*
 * An interrupt pends for this CPU. It is signalled unless a more favoured one is.
 * That one's line goes up instead of the other: the GIC signals one interrupt.
 */
constexpr Signalled signal(CpuState &s, u8 priority, bool group1, u32 forwarded)
{
	if (!s.accepts(priority, group1, forwarded))
		return {};

	u32 level = priority >> kPriorityShift;
	u32 line = !group1 && (s.ctlr & ctlr::kFiqEn) ? kFiq : kIrq;

	/* The other line may be up in vain: the CPU looks, and finds out. */
	if (s.lines && s.level <= level)
		return { .up = true, .rose = s.lines != line && look(s) };

	bool rose = s.lines != line;

	s.lines = line;
	s.level = level;
	return { .up = true, .rose = rose };
}

struct Fallen {
	bool looks = false; /* the CPU has to look... */
	bool soon = false;  /* ...and is to be told so, as something may rise */

	constexpr explicit operator bool() const { return looks; }
};

/*
 * An interrupt is no candidate any more. The line that it may have raised need
 * not fall at once. But where the groups differ in what they preempt, or in their
 * line, it may have covered a less favoured one, which rises by that.
 */
constexpr Fallen fall(CpuState &s)
{
	bool uncovers = s.groups_differ();

	if (!s.lines && !uncovers)
		return {};

	bool first = look(s);

	return { .looks = true, .soon = first && uncovers };
}

/* The look begins: lines that ought to be up are raised again, by signal(). */
constexpr bool begin_look(CpuState &s)
{
	bool due = s.look;

	s.look = false;
	s.lines = 0;
	return due;
}

/*
 * An interrupt was acknowledged: its group priority is active. It was the most
 * favoured one. What is left is signalled only if a more favoured one came since, or
 * if a less favoured one of the other group preempts it.
 */
constexpr bool accept(CpuState &s, u8 priority, bool group1)
{
	u32 level = priority >> kPriorityShift;
	bool more = s.groups_differ() || (s.lines && s.level < level);

	s.apr |= 1u << (s.group_priority(priority, group1) >> kPriorityShift);
	s.lines = 0;
	return more && look(s);
}

/* The priority drop of an EOI. */
constexpr bool drop(CpuState &s)
{
	s.apr &= s.apr - 1;
	return look(s);
}

} // namespace cpu
} // namespace vintc::gicv2

#endif /* VINTC_CORE_GICV2_CPU_H */

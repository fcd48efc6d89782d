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

struct CpuState {
	u32 apr = 0;  /* a bit for each group priority that is active */
	u32 ctlr = 0; /* 10 bits */
	u8 pmr = 0;
	u8 bpr = kLeastBpr;   /* 3 bits */
	u8 abpr = kLeastAbpr; /* 3 bits */
	u8 lines = 0;	      /* 2 bits: VINTC_GIC_LINE_* */
	bool look = false;

	static constexpr unsigned kCtlr = 32, kPmr = 42, kBpr = 50, kAbpr = 53, kLines = 56,
				  kLook = 58;

	static constexpr CpuState unpack(u64 word)
	{
		return { .apr = u32(word),
			 .ctlr = u32(word >> kCtlr) & 0x3ff,
			 .pmr = u8(word >> kPmr),
			 .bpr = u8(word >> kBpr & 7),
			 .abpr = u8(word >> kAbpr & 7),
			 .lines = u8(word >> kLines & 3),
			 .look = (word >> kLook & 1) != 0 };
	}

	constexpr u64 pack() const
	{
		return apr | u64(ctlr) << kCtlr | u64(pmr) << kPmr | u64(bpr) << kBpr |
		       u64(abpr) << kAbpr | u64(lines) << kLines | u64(look) << kLook;
	}

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

static_assert(CpuState::unpack(CpuState{}.pack()) == CpuState{});

namespace cpu {

inline constexpr u8 kIrq = 1, kFiq = 2; /* VINTC_GIC_LINE_* */

struct Signalled {
	bool up = false;   /* the line is up */
	bool rose = false; /* ...and was down before */
};

/* An interrupt pends for this CPU. It is signalled, or is not the one to be. */
constexpr Signalled signal(CpuState &s, u8 priority, bool group1, u32 forwarded)
{
	if (!s.accepts(priority, group1, forwarded))
		return {};

	u8 line = !group1 && (s.ctlr & ctlr::kFiqEn) ? kFiq : kIrq;
	bool rose = !(s.lines & line);

	s.lines |= line;
	return { .up = true, .rose = rose };
}

/* Something rose or fell that no single interrupt tells. True: for the first time. */
constexpr bool look(CpuState &s)
{
	bool first = !s.look;

	s.look = true;
	return first;
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

/* An interrupt was acknowledged: its group priority is active. */
constexpr bool accept(CpuState &s, u8 priority, bool group1)
{
	s.apr |= 1u << (s.group_priority(priority, group1) >> kPriorityShift);
	s.lines = 0;
	return look(s);
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

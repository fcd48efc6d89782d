// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a GIC as words, in the encodings of KVM_VINTC_REG_GIC_*: which values
 * are a state that it can be in. An interrupt's is IrqState's own layout.
 */
#ifndef VINTC_CORE_GICV2_EXACT_H
#define VINTC_CORE_GICV2_EXACT_H

#include "gic.h"

namespace vintc::gicv2 {

/* KVM_VINTC_REG_GIC_DIST. */
struct alignas(u64) DistState {
	u32 forwarded : 2 = 0; /* GICD_CTLR */
	u32 reserved0 : 10 = 0;
	u32 revision : 4 = 0;
	u32 reserved1 : 16 = 0;
	u32 irqs : 11 = 0;
	u32 reserved2 : 21 = 0;

	static constexpr DistState unpack(u64 word) { return __builtin_bit_cast(DistState, word); }
	u64 pack() const { return __builtin_bit_cast(u64, *this); }

	constexpr bool operator==(const DistState &) const = default;

	constexpr bool valid(u32 of_irqs) const
	{
		return !reserved0 && !reserved1 && !reserved2 && irqs == of_irqs &&
		       revision >= kFirstRevision && revision <= kRevision;
	}
};

static_assert(DistState::unpack(3) == DistState{ .forwarded = 3 });
static_assert(DistState::unpack(15 << 12) == DistState{ .revision = 15 });
static_assert(DistState::unpack(2047ull << 32) == DistState{ .irqs = 2047 });

/* KVM_VINTC_REG_GIC_CPU is CpuState without what follows from the rest: lines, level, look. */
inline constexpr u64 kCpuExact = (1ull << 56) - 1;

static_assert(CpuState::unpack(~0u) == CpuState{ .apr = ~0u, .bpr = 0, .abpr = 0 });
static_assert(CpuState::unpack(1ull << 32) == CpuState{ .ctlr = 1, .bpr = 0, .abpr = 0 });
static_assert(CpuState::unpack(1ull << 42) == CpuState{ .pmr = 1, .bpr = 0, .abpr = 0 });
static_assert(CpuState::unpack(1ull << 50) == CpuState{ .bpr = 1, .abpr = 0 });
static_assert(CpuState::unpack(1ull << 53) == CpuState{ .bpr = 0, .abpr = 1 });
static_assert(CpuState::unpack(kCpuExact + 1) == CpuState{ .bpr = 0, .abpr = 0, .lines = 1 });

constexpr bool valid_cpu(u64 word)
{
	CpuState s = CpuState::unpack(word);

	return !(word & ~kCpuExact) && !(s.ctlr & ~ctlr::kMask) && !(s.pmr & ~u32(kPriorityMask)) &&
	       s.bpr >= kLeastBpr && s.abpr >= kLeastAbpr;
}

/* What there is around an interrupt. */
struct Surroundings {
	u8 connected; /* CPU interfaces */
	u8 self;      /* the one it is banked for, or 0 */
	bool sampled; /* its level is that of the vCPU's own device */
};

/* A CPU that is @stale or one of @cpus: who is not needed any more is 0 at first. */
constexpr bool names_cpu(u32 number, u8 cpus, bool stale)
{
	return cpus >> number & 1 || (stale && !number);
}

constexpr bool valid_irq(u64 word, u32 intid, const Surroundings &around)
{
	IrqState s = IrqState::unpack(word);
	bool sgi = intid < kSgis, banked = intid < kPrivate;
	u8 owners = banked ? around.self : around.connected;

	if (word >> 40 || s.priority & ~kPriorityMask)
		return false;
	if (banked ? s.targets != around.self || s.edge != sgi : s.targets & ~around.connected)
		return false;
	if (sgi ? s.latch || s.high() || s.sources & ~around.connected ||
			    !names_cpu(s.source, around.connected, true)
		: s.sources || s.source)
		return false;
	return !(s.held && around.sampled) &&
	       (s.owner == IrqState::kAnyone || names_cpu(s.owner, owners, !s.undropped));
}

} // namespace vintc::gicv2

#endif /* VINTC_CORE_GICV2_EXACT_H */

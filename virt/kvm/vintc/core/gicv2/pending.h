// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts that a CPU interface may have to present, by priority: so the
 * most favoured one is found with three loads, whatever their number.
 *
 * The entries are hints: one may be there in vain, but none is missing once
 * whoever made the interrupt a candidate is through add(). Anybody adds; only the
 * thread of the CPU itself removes.
 *
 * Three levels of bits: of the priorities that have entries, of each priority's
 * words that have, and the entries. add() goes upwards, remove() as well, and
 * looks below again after it took a bit away: either it sees what was added
 * meanwhile, or the adding comes second and sets the bit again.
 */
#ifndef VINTC_CORE_GICV2_PENDING_H
#define VINTC_CORE_GICV2_PENDING_H

#include "../atomic.h"
#include "../platform.h"
#include "irq.h"

namespace vintc::gicv2 {

class PendingSet {
public:
	/* False: no memory. */
	bool create(u32 irqs)
	{
		words_ = (irqs + kBits - 1) / kBits;
		entries_ = static_cast<Bits *>(vintc_alloc(kLevels * words_ * sizeof(Bits)));
		return entries_ != nullptr;
	}

	void destroy()
	{
		vintc_free(entries_);
		entries_ = nullptr;
	}

	void add(u32 level, u32 intid)
	{
		u32 word = intid / kBits;

		entry(level, word).set(1ull << intid % kBits);
		filled_[level].set(1ull << word);
		levels_.set(1ull << level);
	}

	void remove(u32 level, u32 intid)
	{
		u32 word = intid / kBits;

		entry(level, word).clear(1ull << intid % kBits);
		if (entry(level, word).load())
			return;
		filled_[level].clear(1ull << word);
		if (entry(level, word).load())
			filled_[level].set(1ull << word);
		if (filled_[level].load())
			return;
		levels_.clear(1ull << level);
		if (filled_[level].load())
			levels_.set(1ull << level);
	}

	/* Nobody adds or removes meanwhile. */
	void clear()
	{
		find([this](u32 level, u32 intid) {
			remove(level, intid);
			return false;
		});
	}

	bool empty() const { return !levels_.load(); }

	/*
	 * visit(level, intid) -> bool: until one returns true; by priority, of
	 * equals the lowest INTID first. It may remove the entry that it visits.
	 */
	template <class Visit> void find(Visit visit)
	{
		for (u64 levels = levels_.load(); levels; levels &= levels - 1) {
			u32 level = u32(__builtin_ctzll(levels));

			for (u64 filled = filled_[level].load(); filled; filled &= filled - 1) {
				u32 word = u32(__builtin_ctzll(filled));

				for (u64 bits = entry(level, word).load(); bits; bits &= bits - 1)
					if (visit(level, word * kBits + u32(__builtin_ctzll(bits))))
						return;
			}
		}
	}

private:
	static constexpr u32 kBits = 64;

	Bits &entry(u32 level, u32 word) { return entries_[level * words_ + word]; }

	Bits levels_;
	Bits filled_[kLevels];
	Bits *entries_;
	u32 words_;
};

} // namespace vintc::gicv2

#endif /* VINTC_CORE_GICV2_PENDING_H */

// SPDX-License-Identifier: GPL-2.0-only
/* Sources of 512 neighbouring numbers, and a hint for each that waits (source_table.h). */
#ifndef VINTC_CORE_XICS_SOURCE_BLOCK_H
#define VINTC_CORE_XICS_SOURCE_BLOCK_H

#include "../atomic.h"
#include "../platform.h"
#include "source.h"

namespace vintc::xics {

using SourceCell = Cell<SourceState>;

class SourceBlock {
public:
	static constexpr u32 kSources = 512;

	static SourceBlock *create(u32 base)
	{
		auto *block = static_cast<SourceBlock *>(vintc_alloc(sizeof(SourceBlock)));

		if (!block)
			return nullptr;
		block->base_ = base;
		block->cells_ =
			static_cast<SourceCell *>(vintc_alloc(kSources * sizeof(SourceCell)));
		if (!block->cells_) {
			vintc_free(block);
			return nullptr;
		}
		return block;
	}

	static void destroy(SourceBlock *block)
	{
		if (block)
			vintc_free(block->cells_);
		vintc_free(block);
	}

	SourceCell &cell(u32 source) { return cells_[source % kSources]; }

	void hint(u32 source) { waiting_[word(source)].set(bit(source)); }

	/*
	 * Calls visit(source, state) for every source that waits for an ICP, by number.
	 * claim(source): a hint led to nothing and was cleared, and just then the
	 * source came to wait; it is the caller's now, to deliver.
	 */
	template <class Visit, class Claim> void for_each_waiting(Visit visit, Claim claim)
	{
		for (u32 i = 0; i < kWords; i++) {
			const SourceCell *cells = cells_ + i * 64;
			u32 base = base_ + i * 64;

			for (u64 hints = waiting_[i].load(); hints; hints &= hints - 1) {
				u32 at = u32(__builtin_ctzll(hints));
				SourceState state = cells[at].peek();

				if (state.waiting) [[likely]]
					visit(base + at, state);
				else
					clean_up(base + at, claim);
			}
		}
	}

	/* Calls visit(source, cell) for every source that exists, by number. */
	template <class Visit> void for_each(Visit visit)
	{
		for (u32 source = base_; source < base_ + kSources; source++)
			if (cell(source).load().exists)
				visit(source, cell(source));
	}

	/* No source of this block waits. Nobody else is here. */
	void forget_hints()
	{
		for (Bits &word : waiting_)
			word.take_all();
	}

	SourceBlock *next_in_bucket = nullptr;

private:
	static constexpr u32 kWords = kSources / 64;

	static constexpr u32 word(u32 source) { return source % kSources / 64; }
	static constexpr u64 bit(u32 source) { return 1ull << source % 64; }

	/*
	 * Another server's resend may look here while the hint is gone, and miss
	 * the source. So who clears a hint takes what it may have led to.
	 */
	template <class Claim> [[gnu::noinline]] void clean_up(u32 source, Claim claim)
	{
		waiting_[word(source)].clear(bit(source));
		if (cell(source).try_update(source::stop_waiting))
			claim(source);
	}

	SourceCell *cells_;
	u32 base_;
	Bits waiting_[kWords];
};

} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_SOURCE_BLOCK_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sources of a VM: up to 2^24, found by number with four loads, allocated
 * in blocks of 512 when the first of a block is set, eight bytes and one hint
 * bit each. Blocks stay until the controller goes, so readers need no reference.
 *
 * It also answers the question of a resend: which source, of those that wait
 * for this server, is the most favoured? Two levels of hints lead there, so
 * that only sources that wait are looked at: an ICP knows in which of 64
 * buckets of blocks sources wait for it, and a block which of its sources wait
 * for anybody. A hint may be stale and is then removed on the way; it is never
 * missing:
 *
 *	to wait:	source.waiting = 1; set the block's hint; set the ICP's hint;
 *			only then leave the note in the ICP that promises a resend.
 *	to clean up:	clear the hint; then turn source.waiting off, and if it
 *			was on after all, deliver the source.
 */
#ifndef VINTC_CORE_XICS_SOURCE_TABLE_H
#define VINTC_CORE_XICS_SOURCE_TABLE_H

#include "server.h"
#include "source_block.h"

namespace vintc::xics {

class SourceTable {
public:
	/* Is this a number that a source can have? */
	static constexpr bool valid(u64 source)
	{
		return source >= kFirstSource && source < kSourceLimit;
	}

	SourceBlock *block(u32 source) const
	{
		if (!valid(source))
			return nullptr;

		Leaf *leaf = leaves_[source / kLeafSources % kLeaves].get();

		return leaf ? leaf->blocks[source / SourceBlock::kSources % kLeafBlocks].get()
			    : nullptr;
	}

	SourceCell *find(u32 source) const
	{
		SourceBlock *b = block(source);

		return b ? &b->cell(source) : nullptr;
	}

	/* The block of a valid number, made if need be. The caller serialises. */
	SourceBlock *make_block(u32 source)
	{
		auto &leaf_slot = leaves_[source / kLeafSources % kLeaves];
		Leaf *leaf = leaf_slot.get();

		if (!leaf) {
			leaf = static_cast<Leaf *>(vintc_alloc(sizeof(Leaf)));
			if (!leaf)
				return nullptr;
			leaf_slot.publish(leaf);
		}

		auto &slot = leaf->blocks[source / SourceBlock::kSources % kLeafBlocks];
		SourceBlock *made = slot.get();

		if (!made) {
			made = SourceBlock::create(source & ~(SourceBlock::kSources - 1));
			if (!made)
				return nullptr;

			auto &bucket = buckets_[bucket_of(source)];

			made->next_in_bucket = bucket.get();
			bucket.publish(made);
			slot.publish(made);
		}
		return made;
	}

	/* This source waits for that server: leaves the hints. */
	void hint(SourceBlock &block, u32 source, vintc_icp &icp)
	{
		block.hint(source);
		icp.buckets.set(1ull << bucket_of(source));
	}

	/*
	 * The most favoured source that waits for a server, of equals the one with
	 * the lowest number; and the priority of the most favoured of the others.
	 */
	class Waiting {
	public:
		bool any() const { return priority_of(best_) != kNobodys; }
		u32 source() const { return u32(best_); }
		u8 priority() const { return u8(priority_of(best_)); }

		bool more() const { return next_priority_ != kNobodys; }
		u8 next_priority() const { return u8(next_priority_); }

		void consider(u32 source, u8 priority)
		{
			u64 rank = u64(priority) << 32 | source;

			if (rank < best_) {
				next_priority_ = priority_of(best_);
				best_ = rank;
			} else if (priority < next_priority_) {
				next_priority_ = priority;
			}
		}

	private:
		static constexpr u32 kNobodys = 0x100;

		static constexpr u32 priority_of(u64 rank) { return u32(rank >> 32); }

		u64 best_ = u64(kNobodys) << 32;
		u32 next_priority_ = kNobodys;
	};

	/* claim(): see for_each_waiting(). */
	template <class Claim> Waiting most_favoured_waiting(vintc_icp &icp, Claim claim) const
	{
		Waiting best;
		u32 server = icp.server;
		u64 keep = 0;

		for (u64 hints = icp.buckets.take_all(); hints; hints &= hints - 1) {
			u64 bucket = hints & -hints;
			auto visit = [&](u32 source, const SourceState &s) {
				if (s.server != server)
					return;
				keep |= bucket;
				best.consider(source, s.priority);
			};

			for (SourceBlock *b = buckets_[__builtin_ctzll(bucket)].get(); b;
			     b = b->next_in_bucket)
				b->for_each_waiting(visit, claim);
		}
		if (keep)
			icp.buckets.set(keep);
		return best;
	}

	/* Calls visit(block) for every block, by number. */
	template <class Visit> void for_each_block(Visit visit) const
	{
		for (auto &slot : leaves_)
			if (Leaf *leaf = slot.get())
				for (auto &block : leaf->blocks)
					if (block.get())
						visit(*block.get());
	}

	/* Calls visit(block, source, cell) for every source that exists, by number. */
	template <class Visit> void for_each(Visit visit) const
	{
		for_each_block([&](SourceBlock &block) {
			block.for_each(
				[&](u32 source, SourceCell &cell) { visit(block, source, cell); });
		});
	}

	void destroy()
	{
		for (auto &bucket : buckets_)
			for (SourceBlock *b = bucket.get(); b;) {
				SourceBlock *next = b->next_in_bucket;

				SourceBlock::destroy(b);
				b = next;
			}
		for (auto &leaf : leaves_)
			vintc_free(leaf.get());
	}

private:
	static constexpr u32 kBuckets = 64;
	static constexpr u32 kLeafBlocks = 256;
	static constexpr u32 kLeafSources = kLeafBlocks * SourceBlock::kSources;
	static constexpr u32 kLeaves = kSourceLimit / kLeafSources;

	struct Leaf {
		Published<SourceBlock> blocks[kLeafBlocks];
	};

	static constexpr u32 bucket_of(u32 source)
	{
		return source / SourceBlock::kSources % kBuckets;
	}

	Published<Leaf> leaves_[kLeaves];
	Published<SourceBlock> buckets_[kBuckets];
};

} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_SOURCE_TABLE_H */

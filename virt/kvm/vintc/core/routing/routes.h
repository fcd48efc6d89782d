// SPDX-License-Identifier: GPL-2.0-only
/*
 * A GSI routing table: GSIs are found in three nodes of 256 slots, by eight bits of
 * the number each, and lead to a list of targets. Nodes are made when the first GSI
 * below them is, targets in chunks as they are added; no piece is larger than 8 KiB.
 *
 * One caller fills it, and the module publishes it when it is full: nothing here
 * is atomic.
 */
#ifndef VINTC_CORE_ROUTING_ROUTES_H
#define VINTC_CORE_ROUTING_ROUTES_H

#include "../controller.h"
#include "../platform.h"

namespace vintc::routing {

inline constexpr u32 kPiece = 8192; /* bytes, the largest allocation */

struct Target {
	vintc_route route; /* the first member: what a caller has of it */
	Target *next;	   /* of the same GSI */
};

template <class To> struct Node {
	static constexpr u32 kSlots = 256;

	To *slots[kSlots];
};

using Leaf = Node<Target>;
using Middle = Node<Leaf>;
using Root = Node<Middle>;

static_assert(Root::kSlots * Middle::kSlots * Leaf::kSlots == VINTC_GSI_LIMIT);
static_assert(sizeof(Leaf) <= kPiece);

} // namespace vintc::routing

struct vintc_routes {
	using Target = vintc::routing::Target;

	static constexpr u32 kChunk = vintc::routing::kPiece / sizeof(Target);
	static constexpr u32 kChunks = (VINTC_ROUTES_MOST + kChunk - 1) / kChunk;

	vintc::routing::Root root;
	Target **chunks; /* in the order of adding; room for all of them */
	u32 count, room;

	/*
	 * The first target of a GSI. Each index is masked: a GSI that only seems to be
	 * below the limit leads to another one, or nowhere.
	 */
	const Target *find(u32 gsi) const
	{
		if (gsi >= VINTC_GSI_LIMIT)
			return nullptr;

		const auto *middle = root.slots[gsi >> 16 & 0xff];
		const auto *leaf = middle ? middle->slots[gsi >> 8 & 0xff] : nullptr;

		return leaf ? leaf->slots[gsi & 0xff] : nullptr;
	}

	/* Where find() looks for the first target, made if need be. Null: no memory. */
	Target **slot(u32 gsi);

	/* The next target that is free, made if need be. Null: no memory. */
	Target *vacant();
};

static_assert(vintc_routes::kChunks * sizeof(void *) <= vintc::routing::kPiece);

#endif /* VINTC_CORE_ROUTING_ROUTES_H */

// SPDX-License-Identifier: GPL-2.0-only
/* A GSI routing table is made, filled, read and freed (controller.h). */
#include "routes.h"

using namespace vintc::routing;

namespace {

template <class To> To *make_slot(Node<To> &node, u32 index)
{
	To *&slot = node.slots[index & 0xff];

	if (!slot)
		slot = static_cast<To *>(vintc_alloc(sizeof(To)));
	return slot;
}

/* The target that a caller knows by its route. */
const Target *target_of(const vintc_route *route)
{
	return reinterpret_cast<const Target *>(route);
}

const vintc_route *route_of(const Target *target)
{
	return target ? &target->route : nullptr;
}

} // namespace

Target **vintc_routes::slot(u32 gsi)
{
	Middle *middle = make_slot(root, gsi >> 16);
	Leaf *leaf = middle ? make_slot(*middle, gsi >> 8) : nullptr;

	return leaf ? &leaf->slots[gsi & 0xff] : nullptr;
}

Target *vintc_routes::vacant()
{
	Target *&chunk = chunks[count / kChunk];

	if (!chunk) {
		u32 left = room - count;
		u32 targets = left < kChunk ? left : kChunk;

		chunk = static_cast<Target *>(vintc_alloc(targets * sizeof(Target)));
	}
	return chunk ? &chunk[count % kChunk] : nullptr;
}

vintc_routes *vintc_routes_create(u32 count)
{
	if (count > VINTC_ROUTES_MOST)
		count = VINTC_ROUTES_MOST;

	auto *routes = static_cast<vintc_routes *>(vintc_alloc(sizeof(vintc_routes)));
	u32 chunks = (count + vintc_routes::kChunk - 1) / vintc_routes::kChunk;

	if (!routes || !count)
		return routes;
	routes->chunks = static_cast<Target **>(vintc_alloc(chunks * sizeof(Target *)));
	if (!routes->chunks) {
		vintc_free(routes);
		return nullptr;
	}
	routes->room = count;
	return routes;
}

void vintc_routes_destroy(vintc_routes *routes)
{
	if (!routes)
		return;
	for (Middle *middle : routes->root.slots) {
		if (!middle)
			continue;
		for (Leaf *leaf : middle->slots)
			vintc_free(leaf);
		vintc_free(middle);
	}
	/* Also the chunk that was made for a target which then was not added. */
	for (u32 i = 0; i * vintc_routes::kChunk < routes->room; i++)
		vintc_free(routes->chunks[i]);
	vintc_free(routes->chunks);
	vintc_free(routes);
}

vintc_result vintc_routes_add(vintc_routes *routes, u32 gsi, const vintc_route *route)
{
	if (gsi >= VINTC_GSI_LIMIT)
		return VINTC_INVALID;
	if (routes->count == routes->room)
		return VINTC_TOO_MANY;

	Target **end = routes->slot(gsi);

	if (!end)
		return VINTC_NO_MEMORY;
	for (u32 targets = 0; *end; end = &(*end)->next)
		if (++targets == VINTC_ROUTE_TARGETS)
			return VINTC_TOO_MANY;

	Target *target = routes->vacant();

	if (!target)
		return VINTC_NO_MEMORY;
	target->route = *route;
	routes->count++;
	*end = target;
	return VINTC_OK;
}

const vintc_route *vintc_routes_first(const vintc_routes *routes, u32 gsi)
{
	return route_of(routes->find(gsi));
}

const vintc_route *vintc_routes_next(const vintc_routes *, const vintc_route *route)
{
	return route_of(target_of(route)->next);
}

const vintc_route *vintc_routes_at(const vintc_routes *routes, u32 index)
{
	if (index >= routes->count)
		return nullptr;
	return &routes->chunks[index / vintc_routes::kChunk][index % vintc_routes::kChunk].route;
}

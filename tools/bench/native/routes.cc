// SPDX-License-Identifier: GPL-2.0-only
/* The routing table: where a GSI leads. */
#include "rows.h"

#include <array>
#include <memory>

namespace vintc::native {

namespace {

/* Eight GSIs of the table take turns, the first and the last among them. */
template <u32 kSize> Repeat lookup()
{
	std::shared_ptr<vintc_routes> routes(vintc_routes_create(kSize), vintc_routes_destroy);
	std::array<u32, 8> turns;

	expect(routes != nullptr, "vintc_routes_create");
	for (u32 gsi = 0; gsi < kSize; gsi++) {
		vintc_route route = { nullptr, gsi, VINTC_ROUTE_PIN };

		expect(vintc_routes_add(routes.get(), gsi, &route) == VINTC_OK, "vintc_routes_add");
	}
	for (u32 i = 0; i < turns.size(); i++)
		turns[i] = u32(u64(kSize - 1) * i / (turns.size() - 1));
	return [=](u64 times) {
		while (times--) {
			u32 gsi = turns[times % turns.size()];

			expect(vintc_routes_first(routes.get(), gsi)->number == gsi, "a route");
		}
	};
}

} // namespace

std::vector<Row> route_rows()
{
	return {
		{ "route-lookup-1", lookup<1> },
		{ "route-lookup-1000", lookup<1000> },
		{ "route-lookup-65536", lookup<65536> },
	};
}

} // namespace vintc::native

// SPDX-License-Identifier: GPL-2.0-only
/* A GSI routing table, as a test fills and reads it. */
#ifndef VINTC_UNIT_ROUTING_TABLE_H
#define VINTC_UNIT_ROUTING_TABLE_H

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "core/controller.h"
#include "support/test_platform.h"

namespace vintc::test {

struct Destroy {
	void operator()(vintc_routes *routes) const { vintc_routes_destroy(routes); }
};
using Table = std::unique_ptr<vintc_routes, Destroy>;
using Route = std::pair<u32, u32>; /* kind, number */

inline Table table(u32 count)
{
	return Table(vintc_routes_create(count));
}

inline vintc_result add(const Table &t, u32 gsi, u32 number, u32 kind = VINTC_ROUTE_PIN)
{
	vintc_route route = { nullptr, number, kind };

	return vintc_routes_add(t.get(), gsi, &route);
}

inline std::vector<Route> targets(const Table &t, u32 gsi)
{
	std::vector<Route> all;

	for (auto *r = vintc_routes_first(t.get(), gsi); r; r = vintc_routes_next(t.get(), r))
		all.emplace_back(r->kind, r->number);
	return all;
}

inline std::vector<Route> everything(const Table &t)
{
	std::vector<Route> all;

	while (auto *r = vintc_routes_at(t.get(), u32(all.size())))
		all.emplace_back(r->kind, r->number);
	return all;
}

class Routes : public testing::Test {
protected:
	~Routes() override { EXPECT_EQ(Memory::in_use, in_use_before) << "leaked"; }

private:
	const long in_use_before = Memory::in_use;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_ROUTING_TABLE_H */

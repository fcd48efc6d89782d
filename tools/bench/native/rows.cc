// SPDX-License-Identifier: GPL-2.0-only
#include "rows.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace vintc::native {

namespace {

std::vector<Row> all_rows()
{
	std::vector<Row> all;

	for (const auto &rows : { xics_rows(), gicv2_rows(), route_rows() })
		all.insert(all.end(), rows.begin(), rows.end());
	return all;
}

Row find(const std::vector<Row> &rows, std::string_view name)
{
	for (const Row &row : rows)
		if (row.name == name)
			return row;
	wrong("there is no such row");
}

} // namespace

std::vector<Row> chosen_rows(int names, char **name)
{
	std::vector<Row> all = all_rows(), chosen;

	for (int i = 0; i < names; i++)
		chosen.push_back(find(all, name[i]));
	return names ? chosen : all;
}

void wrong(const char *answer)
{
	std::fprintf(stderr, "native: %s\n", answer);
	std::exit(1);
}

} // namespace vintc::native

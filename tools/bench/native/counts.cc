// SPDX-License-Identifier: GPL-2.0-only
/*
 * Under callgrind: a dump for each row, with the instructions of so many operations.
 * Its name is the row and their number.
 */
#include <valgrind/callgrind.h>

#include <string>

#include "rows.h"

using namespace vintc::native;

/* Enough for what a row costs once, and the client requests, not to show. */
static constexpr u64 kOperations = 2000;

int main(int argc, char **argv)
{
	expect(RUNNING_ON_VALGRIND, "this runs under callgrind only");
	for (const Row &row : chosen_rows(argc - 1, argv + 1)) {
		Repeat repeat = row.make();
		std::string name = row.name + (" " + std::to_string(kOperations));

		repeat(kOperations);
		CALLGRIND_ZERO_STATS;
		repeat(kOperations);
		CALLGRIND_DUMP_STATS_AT(name.c_str());
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/* What is measured: a row makes a machine of its own, and repeats one operation on it. */
#ifndef VINTC_NATIVE_ROWS_H
#define VINTC_NATIVE_ROWS_H

#include <functional>
#include <vector>

#include "core/controller.h"

namespace vintc::native {

using Repeat = std::function<void(u64 times)>;

struct Row {
	const char *name; /* as tools/bench/rows.py has it */
	Repeat (*make)();
};

std::vector<Row> xics_rows();
std::vector<Row> gicv2_rows();
std::vector<Row> route_rows();

/* The rows that are named, in that order; all of them if none is. Exits on a name that is none. */
std::vector<Row> chosen_rows(int names, char **name);

/* What platform.h calls a vCPU. */
struct Cpu {
	bool line;
};

/* An answer of the core is not what it has to be: there is no figure. */
[[noreturn]] void wrong(const char *answer);

inline void expect(bool right, const char *answer)
{
	if (!right) [[unlikely]]
		wrong(answer);
}

} // namespace vintc::native

#endif /* VINTC_NATIVE_ROWS_H */

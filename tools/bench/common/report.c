// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "common/report.h"

void report(const char *peer, const char *row, u64 total, u64 number)
{
	printf("bench %s %s %lu %lu\n", peer, row, total, number);
	fflush(stdout);
}

bool is_wanted(const char *row, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, row))
			return true;
	return false;
}

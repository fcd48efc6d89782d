// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

static int fail_nth_fd;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written;

	if (fd < 0)
		return false;
	written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return written;
}

bool faults_begin(void)
{
	fail_nth_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (fail_nth_fd < 0 || !write_file(FAILSLAB "ignore-gfp-wait", "N"))
		return false;
	write_file(FAILSLAB "verbose", "0");
	return true;
}

void fault_allocation(int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_nth_fd, text, length, 0) != length)
		fatal("cannot write " FAIL_NTH);
}

bool fault_happened(void)
{
	char text[16] = {};

	if (pread(fail_nth_fd, text, sizeof(text) - 1, 0) <= 0)
		fatal("cannot read " FAIL_NTH);
	fault_allocation(0);
	return !atoi(text);
}

bool leaks_begin(void)
{
	return write_file(KMEMLEAK, "clear");
}

bool leaks_of_ours(void)
{
	static char report[1 << 20];
	size_t length = 0;
	ssize_t got;
	int fd;

	/* What was just freed may look leaked to the first scan. */
	write_file(KMEMLEAK, "scan");
	sleep(6);
	write_file(KMEMLEAK, "scan");
	fd = must(neg_errno(open(KMEMLEAK, O_RDONLY | O_CLOEXEC)));
	while ((got = read(fd, report + length, sizeof(report) - 1 - length)) > 0)
		length += got;
	close(fd);
	report[length] = 0;
	return strstr(report, "vintc");
}

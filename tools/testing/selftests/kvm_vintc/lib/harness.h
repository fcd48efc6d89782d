/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's harness, and what every test has of it. */
#ifndef VINTC_HARNESS_H
#define VINTC_HARNESS_H

#include <kselftest_harness.h>

#include "util.h"

#define BAD_ADDRESS	((void *)8)	/* nobody's memory */

/* Seconds; for debug kernels on emulated processors of a shared machine. */
#define TIMEOUT		300

/* A test with neither fixture nor the harness's short timeout. */
FIXTURE(plain) {
	int unused;
};
FIXTURE_SETUP(plain)
{
}
FIXTURE_TEARDOWN(plain)
{
}
#define PLAIN_TEST(name)	TEST_F_TIMEOUT(plain, name, TIMEOUT)

#endif /* VINTC_HARNESS_H */

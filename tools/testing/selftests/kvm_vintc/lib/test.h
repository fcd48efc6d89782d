/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's harness, and the fixtures that most tests want.
 */
#ifndef VINTC_TEST_H
#define VINTC_TEST_H

#include <kselftest_harness.h>

#include "device.h"
#include "util.h"
#include "vm.h"

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

/* For what the in-tree controller does otherwise, or does not have; why is a string. */
#define VINTC_ONLY(why)							\
do {									\
	if (irqchip_under_test() != &vintc_irqchip)			\
		SKIP(return, "kvm-vintc only: " why);			\
} while (0)

/* Ends a file of tests that have no meaning for the in-tree controller. */
#define VINTC_ONLY_MAIN							\
int main(int argc, char **argv)						\
{									\
	if (irqchip_under_test() != &vintc_irqchip) {			\
		ksft_print_header();					\
		puts("1..0 # SKIP kvm-vintc only");			\
		return KSFT_SKIP;					\
	}								\
	return test_harness_run(argc, argv);				\
}

#include "lib/fixtures.h"	/* those of the architecture */

#endif /* VINTC_TEST_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's harness, and the fixtures that most tests want.
 */
#ifndef VINTC_TEST_H
#define VINTC_TEST_H

#include "device.h"
#include "harness.h"
#include "util.h"
#include "vm.h"

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

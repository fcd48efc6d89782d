/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of devices that userspace presents: they need no guest, so that they run on
 * every host.
 */
#ifndef VINTC_COMMON_TEST_H
#define VINTC_COMMON_TEST_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#include "command.h"
#include "image.h"
#include "machine.h"
#include "routes.h"

/* A machine of two vCPUs, and a XICS with open ICPs. */
FIXTURE(xics) {
	struct machine machine;
	int dev;
};
FIXTURE_SETUP(xics)
{
	machine_create(&self->machine, 2);
	self->dev = new_xics(&self->machine);
}
FIXTURE_TEARDOWN(xics)
{
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define XICS_TEST(name)		TEST_F_TIMEOUT(xics, name, TIMEOUT)

/* The same with a GICv2, open to group 0. */
FIXTURE(gicv2) {
	struct machine machine;
	int dev;
};
FIXTURE_SETUP(gicv2)
{
	machine_create(&self->machine, 2);
	self->dev = new_gicv2(&self->machine);
}
FIXTURE_TEARDOWN(gicv2)
{
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define GICV2_TEST(name)	TEST_F_TIMEOUT(gicv2, name, TIMEOUT)

/* A machine without a device. */
FIXTURE(machine) {
	struct machine machine;
};
FIXTURE_SETUP(machine)
{
	machine_create(&self->machine, 2);
}
FIXTURE_TEARDOWN(machine)
{
	machine_destroy(&self->machine);
}
#define MACHINE_TEST(name)	TEST_F_TIMEOUT(machine, name, TIMEOUT)

/* Ends each file: in-tree controllers have nothing of the kind. */
#define COMMON_TEST_MAIN						\
int main(int argc, char **argv)						\
{									\
	const char *irqchip = getenv("VINTC_IRQCHIP");			\
									\
	if (irqchip && strcmp(irqchip, "kvm-vintc")) {			\
		ksft_print_header();					\
		puts("1..0 # SKIP kvm-vintc only");			\
		return KSFT_SKIP;					\
	}								\
	return test_harness_run(argc, argv);				\
}

#endif /* VINTC_COMMON_TEST_H */

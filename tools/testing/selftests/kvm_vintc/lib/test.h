/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's harness, and the fixtures that most tests want.
 */
#ifndef VINTC_TEST_H
#define VINTC_TEST_H

#include <kselftest_harness.h>

#include "hcall.h"
#include "irqchip.h"
#include "rtas.h"
#include "util.h"
#include "vm.h"
#include "xics.h"

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

/* A VM of two vCPUs with the controller under test, its ICPs open. */
FIXTURE(xics) {
	struct vm vm;
	struct vcpu *cpu;	/* the first; the other is peer */
	struct vcpu *peer;
};
FIXTURE_SETUP(xics)
{
	vm_create_with_irqchip(&self->vm, 2);
	self->cpu = &self->vm.cpu[0];
	self->peer = &self->vm.cpu[1];
}
FIXTURE_TEARDOWN(xics)
{
	vm_destroy(&self->vm);
}
#define XICS_TEST(name)		TEST_F_TIMEOUT(xics, name, TIMEOUT)

/* A kvm-vintc device with the model chosen, and one vCPU, not connected. */
FIXTURE(device) {
	struct vm vm;
	int fd;
};
FIXTURE_SETUP(device)
{
	vm_create(&self->vm, 1);
	self->vm.irqchip = &vintc_irqchip;
	self->fd = self->vm.irqchip_fd = must(vintc_irqchip.create(&self->vm));
}
FIXTURE_TEARDOWN(device)
{
	vm_destroy(&self->vm);
}
#define DEVICE_TEST(name)	TEST_F_TIMEOUT(device, name, TIMEOUT)

/* For what in-tree XICS does otherwise, or does not have; why is a string. */
#define VINTC_ONLY(why)							\
do {									\
	if (irqchip_under_test() != &vintc_irqchip)			\
		SKIP(return, "kvm-vintc only: " why);			\
} while (0)

/* Ends a file of tests that have no meaning for in-tree XICS. */
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

#endif /* VINTC_TEST_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* VMs with a GICv2, for tests. */
#ifndef VINTC_FIXTURES_H
#define VINTC_FIXTURES_H

#include "gic.h"
#include "irqchip.h"

/* A VM of two vCPUs with the controller under test, open to interrupts of group 0. */
FIXTURE(gic) {
	struct vm vm;
	struct vcpu *cpu;	/* the first; the other is peer */
	struct vcpu *peer;
};
FIXTURE_SETUP(gic)
{
	vm_create_with_irqchip(&self->vm, 2);
	self->cpu = &self->vm.cpu[0];
	self->peer = &self->vm.cpu[1];
}
FIXTURE_TEARDOWN(gic)
{
	vm_destroy(&self->vm);
}
#define GIC_TEST(name)		TEST_F_TIMEOUT(gic, name, TIMEOUT)

/* A device under test with its model chosen, not initialised, and one vCPU. */
FIXTURE(device) {
	struct vm vm;
	int fd;
};
FIXTURE_SETUP(device)
{
	vm_create(&self->vm, 1);
	irqchip_create(&self->vm, irqchip_under_test());
	self->fd = self->vm.irqchip_fd;
}
FIXTURE_TEARDOWN(device)
{
	vm_destroy(&self->vm);
}
#define DEVICE_TEST(name)	TEST_F_TIMEOUT(device, name, TIMEOUT)

/* For what ours decides otherwise: what to expect of each. */
#define OURS_OR_IN_TREE(ours, in_tree)					\
	(irqchip_under_test() == &vintc_irqchip ? (ours) : (in_tree))

/* Ends a file of tests that run on either controller. */
#define GIC_TEST_MAIN							\
int main(int argc, char **argv)						\
{									\
	const char *why_not = irqchip_under_test() == &in_tree_irqchip ?	\
			      why_no_in_tree_gicv2() : NULL;		\
									\
	if (why_not) {							\
		ksft_print_header();					\
		printf("1..0 # SKIP %s\n", why_not);			\
		return KSFT_SKIP;					\
	}								\
	return test_harness_run(argc, argv);				\
}

#endif /* VINTC_FIXTURES_H */

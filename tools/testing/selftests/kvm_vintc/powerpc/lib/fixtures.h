/* SPDX-License-Identifier: GPL-2.0-only */
/* VMs with a XICS, for tests. */
#ifndef VINTC_FIXTURES_H
#define VINTC_FIXTURES_H

#include "hcall.h"
#include "irqchip.h"
#include "rtas.h"
#include "lib/xics.h"

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

#endif /* VINTC_FIXTURES_H */

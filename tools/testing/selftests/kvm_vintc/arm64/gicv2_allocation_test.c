// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is not there, and memory that is not given back. These need a
 * debug kernel: fault injection (fail-nth) and kmemleak.
 */
#include <linux/kvm_vintc.h>
#include <sys/resource.h>

#include "lib/eventfd.h"
#include "lib/faults.h"
#include "lib/test.h"

#define SPI	40u

/* hazard 5: each allocation of each step of setup fails once. */

static int event_fd;

static int step_create(struct vm *vm)
{
	return device_create(vm, KVM_DEV_TYPE_VINTC, 0, &vm->irqchip_fd);
}

static int step_model(struct vm *vm)
{
	return device_set(vm->irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
}

static int step_irqs(struct vm *vm)
{
	return gic_set_irqs(vm, 1024);
}

static int step_connect(struct vm *vm)
{
	u32 number = 1;

	return device_set(vm->irqchip_fd, KVM_VINTC_GRP_VCPU, 1, &number);
}

static int step_distributor(struct vm *vm)
{
	return gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD);
}

static int step_init(struct vm *vm)
{
	return gic_init(vm);
}

/* The device is complete with this: the frames are put on the bus. */
static int step_interface(struct vm *vm)
{
	return gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC);
}

static int step_irqfd(struct vm *vm)
{
	return assign(vm, event_fd, gsi_of_spi(SPI));
}

static int step_line(struct vm *vm)
{
	return irq_line(vm, spi(1019), 1);
}

static int step_register(struct vm *vm)
{
	return gic_set_reg(vm, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0, GICD_CTLR, 1);
}

static int step_deassign(struct vm *vm)
{
	return deassign(vm, event_fd, gsi_of_spi(SPI));
}

static int (*const steps[])(struct vm *vm) = {
	step_create, step_model, step_irqs, step_connect, step_distributor, step_init,
	step_interface, step_irqfd, step_line, step_register, step_deassign,
};

/* Fails the nth allocation of a step; false when the step has no nth. */
static bool step_survives(struct __test_metadata *_metadata, int step, int nth)
{
	struct vm vm;
	bool failed;
	int error;

	vm_create(&vm, 2);
	vm.irqchip = &vintc_irqchip;
	for (int i = 0; i < step; i++)
		must(steps[i](&vm));
	fault_allocation(nth);
	error = steps[step](&vm);
	failed = fault_happened();

	EXPECT_TRUE(error == 0 || (failed && error == -ENOMEM)) {
		TH_LOG("step %d, allocation %d: %s", step, nth, error_name(-error));
	}
	/* What could not be had then can be had now, and all that is to follow. */
	for (int i = error ? step : step + 1; i < ARRAY_SIZE(steps); i++) {
		EXPECT_EQ(0, steps[i](&vm)) {
			TH_LOG("step %d after allocation %d of step %d", i, nth, step);
		}
	}
	gic_open(&vm);
	gicd_write(&vm.cpu[0], GICD_SGIR, SGIR_SELF(3));
	EXPECT_EQ(3, gic_accept(&vm.cpu[0]));
	vm_destroy(&vm);
	return failed;
}

PLAIN_TEST(hazard05_every_allocation_fails_in_turn)
{
	if (!faults_begin())
		SKIP(return, "this kernel injects no faults");
	event_fd = new_eventfd();
	for (int step = 0; step < ARRAY_SIZE(steps); step++) {
		int nth = 1;

		while (step_survives(_metadata, step, nth))
			nth++;
		TH_LOG("step %d: %d allocations", step, nth - 1);
	}
	close(event_fd);
}

/* hazard 6: what is set again and again, or refused, leaks nothing. */

static void set_everything(struct vm *vm, int event)
{
	for (int i = 0; i < 20; i++) {
		u32 number = i;

		gic_set_irqs(vm, 64);
		gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD + 0x100000);
		gic_init(vm);
		device_set(vm->irqchip_fd, KVM_VINTC_GRP_VCPU, 0, &number);
		device_set(vm->irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
		assign(vm, event, i);
		assign(vm, event, i);
		assign(vm, -1, i);
		deassign(vm, event, i);
	}
}

PLAIN_TEST(hazard06_nothing_leaks)
{
	struct rlimit limit, few;
	int event;

	if (!leaks_begin())
		SKIP(return, "this kernel has no kmemleak");
	event = new_eventfd();
	must(neg_errno(getrlimit(RLIMIT_NOFILE, &limit)));
	for (u64 i = 0; i < soak(2); i++) {
		struct vm vm;

		vm_create_with_irqchip(&vm, 2);
		set_everything(&vm, event);
		few = limit;
		few.rlim_cur = 3;
		must(neg_errno(setrlimit(RLIMIT_NOFILE, &few)));
		device_create(&vm, KVM_DEV_TYPE_VINTC, 0, NULL);
		must(neg_errno(setrlimit(RLIMIT_NOFILE, &limit)));
		vm_destroy(&vm);
	}
	close(event);
	EXPECT_FALSE(leaks_of_ours());
}

VINTC_ONLY_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is not there, and memory that is not given back. These need a
 * debug kernel: fault injection (fail-nth) and kmemleak.
 */
#include <linux/kvm_vintc.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "lib/faults.h"
#include "lib/test.h"

#define SOURCE		0x1000u

/* hazard 5: each allocation of each step of setup fails once. */

static int event_fd;

static int step_create(struct vm *vm)
{
	return device_create(vm, KVM_DEV_TYPE_VINTC, 0, &vm->irqchip_fd);
}

static int step_model(struct vm *vm)
{
	return device_set(vm->irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, NULL);
}

static int step_connect(struct vm *vm)
{
	return vm->irqchip->connect(&vm->cpu[0], server_of(0));
}

static int step_connect_far(struct vm *vm)
{
	return vm->irqchip->connect(&vm->cpu[1], 2000);
}

static int step_rtas(struct vm *vm)
{
	return vm->irqchip->define_rtas(vm, RTAS_INT_ON, rtas_token(RTAS_INT_ON));
}

static int step_source(struct vm *vm)
{
	return source_set(vm, SOURCE, source_state(server_of(0), 5, SOURCE_MSI));
}

static int step_source_far(struct vm *vm)
{
	return source_set(vm, SOURCE_LAST, source_state(server_of(0), 6, SOURCE_LEVEL));
}

static int step_irqfd(struct vm *vm)
{
	return irqfd(vm, event_fd, SOURCE, 0);
}

static int step_line(struct vm *vm)
{
	return irq_line(vm, SOURCE_LAST, 1);
}

static int step_deassign(struct vm *vm)
{
	return irqfd(vm, event_fd, SOURCE, KVM_IRQFD_FLAG_DEASSIGN);
}

static int (*const steps[])(struct vm *vm) = {
	step_create, step_model, step_connect, step_connect_far, step_rtas, step_source,
	step_source_far, step_irqfd, step_line, step_deassign,
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
	/* What could not be had then can be had now. */
	if (error)
		EXPECT_EQ(0, steps[step](&vm));
	vm_destroy(&vm);
	return failed;
}

PLAIN_TEST(hazard05_every_allocation_fails_in_turn)
{
	if (!faults_begin())
		SKIP(return, "this kernel injects no faults");
	event_fd = must(neg_errno(eventfd(0, EFD_CLOEXEC)));

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
	u64 bad = 1ull << 63;

	for (int i = 0; i < 20; i++) {
		must(source_set(vm, SOURCE + i, source_state(server_of(0), 5, SOURCE_MSI)));
		device_set(vm->irqchip_fd, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &bad);
		vm->irqchip->define_rtas(vm, RTAS_INT_ON, 7);
		vm->irqchip->connect(&vm->cpu[0], server_of(0));
		vm->irqchip->connect(&vm->cpu[0], server_of(1));
		irqfd(vm, event, SOURCE + i, 0);
		irqfd(vm, event, SOURCE + i, 0);
		irqfd(vm, -1, SOURCE + i, 0);
		irqfd(vm, event, SOURCE + i, KVM_IRQFD_FLAG_DEASSIGN);
	}
}

PLAIN_TEST(hazard06_nothing_leaks)
{
	struct rlimit limit, few;
	int event;

	if (!leaks_begin())
		SKIP(return, "this kernel has no kmemleak");
	event = must(neg_errno(eventfd(0, EFD_CLOEXEC)));
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

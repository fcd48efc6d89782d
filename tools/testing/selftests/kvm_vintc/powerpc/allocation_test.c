// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is not there, and memory that is not given back. These need a
 * debug kernel: fault injection (fail-nth) and kmemleak.
 */
#include <fcntl.h>
#include <linux/kvm_vintc.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "lib/test.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

#define SOURCE		0x1000u

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

/* hazard 5: each allocation of each step of setup fails once. */

static int fail_nth_fd;

static void fail_allocation(int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_nth_fd, text, length, 0) != length)
		fatal("cannot write " FAIL_NTH);
}

/* Did one fail since? None does from here on. */
static bool allocation_failed(void)
{
	char text[16] = {};

	if (pread(fail_nth_fd, text, sizeof(text) - 1, 0) <= 0)
		fatal("cannot read " FAIL_NTH);
	fail_allocation(0);
	return !atoi(text);
}

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
	fail_allocation(nth);
	error = steps[step](&vm);
	failed = allocation_failed();

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
	fail_nth_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (fail_nth_fd < 0 || !write_file(FAILSLAB "ignore-gfp-wait", "N"))
		SKIP(return, "this kernel injects no faults");
	write_file(FAILSLAB "verbose", "0");
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

/* What kmemleak has to say of the module, if anything. */
static bool leaks_of_ours(void)
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

PLAIN_TEST(hazard06_nothing_leaks)
{
	struct rlimit limit, few;
	int event;

	if (!write_file(KMEMLEAK, "clear"))
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

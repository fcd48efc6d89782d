// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts by eventfd: assigning, deassigning, and that every event arrives. */
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "lib/test.h"

#define SOURCE		0x1000u
#define LAST		0x1fffu		/* ends OP_SERVE and OP_SPIN */
#define FLAG_UNKNOWN	(1u << 4)

static int new_eventfd(void)
{
	return must(neg_errno(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
}

static void signal_event(int fd)
{
	must(neg_errno(eventfd_write(fd, 1)));
}

static int assign(struct vm *vm, int fd, u32 source)
{
	return irqfd(vm, fd, source, 0);
}

static int deassign(struct vm *vm, int fd, u32 source)
{
	return irqfd(vm, fd, source, KVM_IRQFD_FLAG_DEASSIGN);
}

static void add_source(struct vcpu *cpu, u32 source, u8 priority)
{
	must(source_set(cpu->vm, source, source_state(cpu->server, priority, SOURCE_MSI)));
}

static bool has(struct vcpu *cpu, u64 icp)
{
	return icp_of(cpu) == icp;
}

static bool source_has(struct vm *vm, u32 source, u64 flags)
{
	return (source_of(vm, source) & flags) == flags;
}

/* Injection need not be complete when eventfd_write() returns; wait until it is. */
#define EXPECT_SOON(condition)	EXPECT_TRUE(wait_for(condition))

/* Refusals */

XICS_TEST(assign_and_deassign)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	close(fd);
}

XICS_TEST(bad_descriptors)
{
	int pipes[2], closed;

	add_source(self->cpu, SOURCE, 5);
	must(neg_errno(pipe(pipes)));
	closed = new_eventfd();
	close(closed);
	EXPECT_EQ(-EBADF, assign(&self->vm, closed, SOURCE));
	EXPECT_EQ(-EBADF, assign(&self->vm, -1, SOURCE));
	EXPECT_EQ(-EBADF, deassign(&self->vm, closed, SOURCE));
	EXPECT_EQ(-EINVAL, assign(&self->vm, pipes[0], SOURCE));
	EXPECT_EQ(-EINVAL, assign(&self->vm, self->vm.fd, SOURCE));
	EXPECT_EQ(-EINVAL, assign(&self->vm, self->vm.irqchip_fd, SOURCE));
	EXPECT_EQ(-EINVAL, deassign(&self->vm, pipes[0], SOURCE));
	close(pipes[0]);
	close(pipes[1]);
}

XICS_TEST(an_eventfd_is_assigned_once)
{
	int fd = new_eventfd(), duplicate = must(neg_errno(dup(fd)));

	add_source(self->cpu, SOURCE, 5);
	add_source(self->cpu, SOURCE + 1, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(-EBUSY, assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(-EBUSY, assign(&self->vm, fd, SOURCE + 1));
	EXPECT_EQ(-EBUSY, assign(&self->vm, duplicate, SOURCE + 1));
	/* By either name it is the same eventfd. */
	EXPECT_EQ(0, deassign(&self->vm, duplicate, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE + 1));
	close(duplicate);
	close(fd);
}

XICS_TEST(deassigning_what_was_not_assigned_is_no_error)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	/* Another source: nothing happens to this one. */
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE + 1));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

XICS_TEST(flags_that_are_not_offered_are_einval)
{
	int fd = new_eventfd();
	u32 flags[] = { KVM_IRQFD_FLAG_RESAMPLE, FLAG_UNKNOWN, 1u << 31,
			KVM_IRQFD_FLAG_DEASSIGN | FLAG_UNKNOWN };

	VINTC_ONLY("in-tree offers resampling");

	add_source(self->cpu, SOURCE, 5);
	for (unsigned int i = 0; i < ARRAY_SIZE(flags); i++) {
		EXPECT_EQ(-EINVAL, irqfd(&self->vm, fd, SOURCE, flags[i])) {
			TH_LOG("flags %#x", flags[i]);
		}
	}
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	close(fd);
}

/* hazard 13: a GSI out of range (CVE-2017-1000252). */
XICS_TEST(hazard13_numbers_that_are_no_sources_are_einval)
{
	static const u32 bad[] = {
		0, 1, 2, 15, 0x1000000, 0x1001000, 0x7fffffff, 0x80000000, 0xffffffff,
	};
	int fd = new_eventfd();

	VINTC_ONLY("in-tree takes any number");

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, assign(&self->vm, fd, bad[i])) {
			TH_LOG("source %#x", bad[i]);
		}
	}
	add_source(self->cpu, SOURCE_LAST, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE_LAST));
	close(fd);
}

XICS_TEST(unreadable_memory_is_efault)
{
	EXPECT_EQ(-EFAULT, xioctl(self->vm.irqchip->ioctl_fd(&self->vm), KVM_IRQFD, 8));
}

/* Delivery */

XICS_TEST(event_reaches_a_guest_at_rest)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	EXPECT_TRUE(line_is_up(self->cpu));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	close(fd);
}

static void each_event_is_one_interrupt(struct __test_metadata *_metadata,
					struct vcpu *cpu, u64 operation)
{
	u64 events = soak(100);
	int fd = new_eventfd();

	add_source(cpu, SOURCE, 5);
	add_source(cpu, LAST, 6);
	must(assign(cpu->vm, fd, SOURCE));
	vcpu_start(cpu, operation, LAST);
	for (u64 i = 0; i < events; i++) {
		signal_event(fd);
		ASSERT_TRUE(wait_briefly(cpu->box->accepted == i + 1));
	}
	raise_source(cpu->vm, LAST);
	vcpu_join(cpu);
	EXPECT_EQ(events + 1, cpu->box->accepted);
	EXPECT_EQ(0, cpu->box->rescued);
	EXPECT_EQ(0, cpu->box->refused);
	close(fd);
}

XICS_TEST(events_wake_a_sleeping_guest)
{
	each_event_is_one_interrupt(_metadata, self->cpu, OP_SERVE);
}

XICS_TEST(events_interrupt_a_running_guest)
{
	each_event_is_one_interrupt(_metadata, self->cpu, OP_SPIN);
}

XICS_TEST(event_for_a_masked_source_waits_for_int_on)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	signal_event(fd);
	EXPECT_SOON(source_has(&self->vm, SOURCE, KVM_XICS_PENDING));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
	close(fd);
}

XICS_TEST(second_event_is_queued_and_a_third_coalesced)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	signal_event(fd);
	EXPECT_SOON(source_has(&self->vm, SOURCE, KVM_XICS_QUEUED));
	signal_event(fd);
	for (int i = 0; i < 2; i++) {
		EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
		EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
		h_eoi(self->cpu, xirr(0xff, SOURCE));
	}
	close(fd);
}

XICS_TEST(event_from_before_the_assignment_is_delivered)
{
	int fd = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	signal_event(fd);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

XICS_TEST(events_before_the_source_exists_do_no_harm)
{
	int fd = new_eventfd();

	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_EQ(0, deassign(&self->vm, fd, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	/* Whether the early event counts is open; the next one does. */
	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, assign(&self->vm, fd, SOURCE));
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

XICS_TEST(two_eventfds_may_raise_one_source)
{
	int first = new_eventfd(), second = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	EXPECT_EQ(0, assign(&self->vm, first, SOURCE));
	EXPECT_EQ(0, assign(&self->vm, second, SOURCE));
	signal_event(second);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	signal_event(first);
	EXPECT_SOON(source_has(&self->vm, SOURCE, KVM_XICS_QUEUED));
	close(first);
	close(second);
}

XICS_TEST(deassigned_eventfd_raises_nothing)
{
	int fd = new_eventfd(), other = new_eventfd();

	add_source(self->cpu, SOURCE, 5);
	add_source(self->cpu, SOURCE + 1, 6);
	must(assign(&self->vm, fd, SOURCE));
	must(assign(&self->vm, other, SOURCE + 1));
	must(deassign(&self->vm, fd, SOURCE));
	signal_event(fd);
	/* The other one, sent later, has arrived: so the first is not on its way. */
	signal_event(other);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE + 1, 0xff, 6)));
	EXPECT_FALSE(source_has(&self->vm, SOURCE, KVM_XICS_PRESENTED));
	close(other);
	close(fd);
}

XICS_TEST(closing_the_eventfd_ends_the_assignment)
{
	add_source(self->cpu, SOURCE, 5);
	for (int i = 0; i < 100; i++) {
		int fd = new_eventfd();

		ASSERT_EQ(0, assign(&self->vm, fd, SOURCE));
		if (i & 1)
			signal_event(fd);
		close(fd);
	}
	EXPECT_TRUE(source_has(&self->vm, SOURCE, 0));
}

XICS_TEST(closing_the_device_descriptor_keeps_the_assignment)
{
	int fd = new_eventfd();

	VINTC_ONLY("in-tree dies with its descriptor");

	add_source(self->cpu, SOURCE, 5);
	must(assign(&self->vm, fd, SOURCE));
	close(self->vm.irqchip_fd);
	self->vm.irqchip_fd = -1;
	signal_event(fd);
	EXPECT_SOON(has(self->cpu, icp_state(0xff, SOURCE, 0xff, 5)));
	close(fd);
}

/* hazard 7: the eventfd outlives the VM. */
PLAIN_TEST(hazard07_event_after_the_vm_is_gone)
{
	struct vm vm;
	int fd = new_eventfd();

	for (int i = 0; i < 20; i++) {
		vm_create_with_irqchip(&vm, 1);
		add_source(&vm.cpu[0], SOURCE, 5);
		must(assign(&vm, fd, SOURCE));
		signal_event(fd);
		vm_destroy(&vm);
		signal_event(fd);
	}
	close(fd);
}

/* Concurrency */

struct writer {
	pthread_t thread;
	int fd;
	volatile bool stop;
	volatile u64 events;
};

static void *write_events(void *argument)
{
	struct writer *writer = argument;

	while (!writer->stop) {
		eventfd_write(writer->fd, 1);
		writer->events++;
	}
	return NULL;
}

static void start_writer(struct writer *writer)
{
	writer->fd = new_eventfd();
	writer->stop = false;
	writer->events = 0;
	if (pthread_create(&writer->thread, NULL, write_events, writer))
		fatal("no thread to write events");
}

static void stop_writer(struct writer *writer)
{
	writer->stop = true;
	pthread_join(writer->thread, NULL);
}

XICS_TEST(storm_of_events_ends_with_every_source_at_rest)
{
	struct writer writers[4];
	u64 wanted = soak(300);

	for (int i = 0; i < ARRAY_SIZE(writers); i++) {
		add_source(self->cpu, SOURCE + i, 5);
		start_writer(&writers[i]);
		must(assign(&self->vm, writers[i].fd, SOURCE + i));
	}
	add_source(self->cpu, LAST, 6);
	vcpu_start(self->cpu, OP_SERVE, LAST);
	EXPECT_SOON(self->cpu->box->accepted >= wanted);
	for (int i = 0; i < ARRAY_SIZE(writers); i++) {
		stop_writer(&writers[i]);
		/* The last event, when the source is known to be at rest. */
		EXPECT_SOON(!source_has(&self->vm, SOURCE + i, KVM_XICS_PRESENTED));
	}
	raise_source(&self->vm, LAST);
	vcpu_join(self->cpu);
	EXPECT_EQ(0, self->cpu->box->refused);
	EXPECT_EQ(0, self->cpu->box->rescued);
	for (int i = 0; i < ARRAY_SIZE(writers); i++)
		close(writers[i].fd);
}

/* hazard 3: inject against remove. */
XICS_TEST(hazard03_deassign_under_fire)
{
	struct writer writers[2];
	u64 rounds = soak(20);

	add_source(self->cpu, SOURCE, 5);
	add_source(self->cpu, LAST, 6);
	for (int i = 0; i < ARRAY_SIZE(writers); i++)
		start_writer(&writers[i]);
	vcpu_start(self->cpu, OP_SERVE, LAST);
	for (u64 round = 0; round < rounds; round++) {
		for (int i = 0; i < ARRAY_SIZE(writers); i++) {
			u64 before = writers[i].events;

			ASSERT_EQ(0, assign(&self->vm, writers[i].fd, SOURCE));
			ASSERT_TRUE(wait_briefly(writers[i].events != before));
			ASSERT_EQ(0, deassign(&self->vm, writers[i].fd, SOURCE));
		}
	}
	/* All are deassigned, though events go on: the source comes to rest. */
	EXPECT_SOON(!source_has(&self->vm, SOURCE, KVM_XICS_PRESENTED));
	for (int i = 0; i < ARRAY_SIZE(writers); i++) {
		stop_writer(&writers[i]);
		close(writers[i].fd);
	}
	raise_source(&self->vm, LAST);
	vcpu_join(self->cpu);
	EXPECT_LT(0, self->cpu->box->accepted);
	EXPECT_EQ(0, self->cpu->box->refused);
}

TEST_HARNESS_MAIN

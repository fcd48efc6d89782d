// SPDX-License-Identifier: GPL-2.0-only
/* Events while guests run and irqfds come and go: each arrives, none too late. */
#include "lib/events.h"
#include "lib/test.h"

#define SOURCE		0x1000u
#define LAST		0x1fffu		/* ends OP_SERVE and OP_SPIN */

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

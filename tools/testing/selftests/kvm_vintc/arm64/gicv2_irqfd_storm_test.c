// SPDX-License-Identifier: GPL-2.0-only
/* Events while guests run and irqfds come and go: each arrives, none too late. */
#include "lib/eventfd.h"
#include "lib/test.h"

#define SPI	40u
#define LAST	60u		/* ends OP_SERVE and OP_SPIN */

static void add(struct vcpu *cpu, u32 intid, u8 priority)
{
	gic_set_trigger(cpu, intid, EDGE);
	gic_enable(cpu, intid, priority);
}

static void each_event_is_one_interrupt(struct __test_metadata *_metadata, struct vcpu *cpu,
					u64 operation)
{
	u64 events = soak(500);
	int fd = new_eventfd();

	add(cpu, SPI, 0x80);
	add(cpu, LAST, 0x90);
	must(assign(cpu->vm, fd, gsi_of_spi(SPI)));
	vcpu_start(cpu, operation, LAST);
	for (u64 i = 0; i < events; i++) {
		signal_event(fd);
		ASSERT_TRUE(wait_briefly(cpu->box->accepted == i + 1));
	}
	pulse_irq(cpu->vm, spi(LAST));
	vcpu_join(cpu);
	EXPECT_EQ(events + 1, cpu->box->accepted);
	EXPECT_EQ(0, cpu->box->spurious);
	EXPECT_EQ(0, cpu->exit.mmio);
	close(fd);
}

GIC_TEST(events_wake_a_sleeping_guest)
{
	each_event_is_one_interrupt(_metadata, self->cpu, OP_SERVE);
}

GIC_TEST(events_interrupt_a_running_guest)
{
	each_event_is_one_interrupt(_metadata, self->cpu, OP_SPIN);
}

/* hazard 7: the eventfd outlives the VM. */
PLAIN_TEST(hazard07_event_after_the_vm_is_gone)
{
	int fd = new_eventfd();

	for (int i = 0; i < 20; i++) {
		struct vm vm;

		vm_create_with_irqchip(&vm, 1);
		add(&vm.cpu[0], SPI, 0x80);
		must(assign(&vm, fd, gsi_of_spi(SPI)));
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

static bool is_at_rest(struct vcpu *observer, u32 intid)
{
	return !gicd_bit(observer, GICD_ISPENDR, intid) && !gicd_bit(observer, GICD_ISACTIVER, intid);
}

GIC_TEST(storm_of_events_ends_with_every_interrupt_at_rest)
{
	struct writer writers[4];
	u64 wanted = soak(500);

	for (int i = 0; i < ARRAY_SIZE(writers); i++) {
		add(self->cpu, SPI + i, 0x80);
		start_writer(&writers[i]);
		must(assign(&self->vm, writers[i].fd, gsi_of_spi(SPI + i)));
	}
	add(self->cpu, LAST, 0x90);
	vcpu_start(self->cpu, OP_SERVE, LAST);
	EXPECT_SOON(self->cpu->box->accepted >= wanted);
	for (int i = 0; i < ARRAY_SIZE(writers); i++) {
		stop_writer(&writers[i]);
		EXPECT_SOON(is_at_rest(self->peer, SPI + i));
	}
	pulse_irq(&self->vm, spi(LAST));
	vcpu_join(self->cpu);
	for (int i = 0; i < ARRAY_SIZE(writers); i++)
		close(writers[i].fd);
}

/* The target moves between the CPUs meanwhile. */
GIC_TEST(events_while_the_target_moves)
{
	struct writer writer;
	u64 moves = soak(200);

	add(self->cpu, SPI, 0x80);
	add(self->cpu, LAST, 0x90);
	start_writer(&writer);
	must(assign(&self->vm, writer.fd, gsi_of_spi(SPI)));
	vcpu_start(self->cpu, OP_SERVE, LAST);
	for (u64 i = 0; i < moves; i++) {
		gicd_set_byte(self->peer, GICD_ITARGETSR, SPI, 1 + i % 3);
		vcpu_do(self->peer, OP_TAKE);
	}
	stop_writer(&writer);
	gicd_set_byte(self->peer, GICD_ITARGETSR, SPI, 1);
	EXPECT_SOON(is_at_rest(self->peer, SPI));
	pulse_irq(&self->vm, spi(LAST));
	vcpu_join(self->cpu);
	close(writer.fd);
}

/* hazards 3 and 26: inject against remove, assign against deassign. */
GIC_TEST(hazard03_deassign_under_fire)
{
	struct writer writers[2];
	u64 rounds = soak(40);

	add(self->cpu, SPI, 0x80);
	add(self->cpu, LAST, 0x90);
	for (int i = 0; i < ARRAY_SIZE(writers); i++)
		start_writer(&writers[i]);
	vcpu_start(self->cpu, OP_SERVE, LAST);
	for (u64 round = 0; round < rounds; round++) {
		for (int i = 0; i < ARRAY_SIZE(writers); i++) {
			u64 before = writers[i].events;

			ASSERT_EQ(0, assign(&self->vm, writers[i].fd, gsi_of_spi(SPI)));
			ASSERT_TRUE(wait_briefly(writers[i].events != before));
			ASSERT_EQ(0, deassign(&self->vm, writers[i].fd, gsi_of_spi(SPI)));
		}
	}
	/* All are deassigned, though events go on: the interrupt comes to rest. */
	EXPECT_SOON(is_at_rest(self->peer, SPI));
	for (int i = 0; i < ARRAY_SIZE(writers); i++) {
		stop_writer(&writers[i]);
		close(writers[i].fd);
	}
	pulse_irq(&self->vm, spi(LAST));
	vcpu_join(self->cpu);
	EXPECT_LT(0, self->cpu->box->accepted);
}

struct assigner {
	pthread_t thread;
	struct vm *vm;
	int fd;
	volatile bool stop;
};

static void *assign_and_deassign(void *argument)
{
	struct assigner *assigner = argument;

	while (!assigner->stop) {
		assign(assigner->vm, assigner->fd, gsi_of_spi(SPI));
		deassign(assigner->vm, assigner->fd, gsi_of_spi(SPI));
	}
	return NULL;
}

GIC_TEST(hazard26_assign_against_deassign)
{
	struct assigner assigners[2];
	struct writer writer;
	u64 wanted = soak(20000);

	start_writer(&writer);
	for (int i = 0; i < ARRAY_SIZE(assigners); i++) {
		assigners[i] = (struct assigner){ .vm = &self->vm, .fd = writer.fd };
		ASSERT_EQ(0, pthread_create(&assigners[i].thread, NULL, assign_and_deassign,
					    &assigners[i]));
	}
	EXPECT_SOON(writer.events >= wanted);
	for (int i = 0; i < ARRAY_SIZE(assigners); i++) {
		assigners[i].stop = true;
		pthread_join(assigners[i].thread, NULL);
	}
	stop_writer(&writer);
	deassign(&self->vm, writer.fd, gsi_of_spi(SPI));
	EXPECT_EQ(0, assign(&self->vm, writer.fd, gsi_of_spi(SPI)));
	close(writer.fd);
}

GIC_TEST_MAIN

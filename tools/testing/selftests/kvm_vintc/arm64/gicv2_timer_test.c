// SPDX-License-Identifier: GPL-2.0-only
/*
 * The architected timers: their interrupts end sleep and spinning alike, and in
 * the modes in which the kernel knows the timers no KVM_RUN ends for one.
 */
#include "lib/test.h"

#define DEADLINES	1500	/* by the way of the most surprises, fewer by the others */
#define FEWER		400
#define CLOSE		40	/* ticks of the guest's counter, and up to ... */
#define SPREAD		3000	/* ... so many more: from passed already to far enough to sleep */

static const u32 intid_of[] = { [TIMER_VIRTUAL] = PPI_VTIMER, [TIMER_PHYSICAL] = PPI_PTIMER };

static void enable_timers(struct vcpu *cpu)
{
	for (int timer = 0; timer < GUEST_TIMERS; timer++)
		gic_enable(cpu, intid_of[timer], 0x80);
}

static bool exits_are_possible(void)
{
	/* The tracepoint sees a change after KVM has decided to leave. */
	return strcmp(timer_mode(), "hook") && strcmp(timer_mode(), "in-tree");
}

static void expect_no_exits(struct __test_metadata *_metadata, struct vcpu *cpu)
{
	EXPECT_EQ(0, cpu->exit.mmio);
	if (!exits_are_possible())
		EXPECT_EQ(0, cpu->exit.interrupted);
}

static void sweep_deadlines(struct __test_metadata *_metadata, struct vcpu *cpu,
			    enum guest_timer timer, u64 number, bool sleep)
{
	enable_timers(cpu);
	vcpu_do(cpu, OP_DEADLINES, timer, number, CLOSE, SPREAD, sleep);
	EXPECT_EQ(number, cpu->box->timer[timer]);
	EXPECT_EQ(number, cpu->box->accepted);
	EXPECT_EQ(0, cpu->box->spurious);
	EXPECT_EQ(0, cpu->box->early);
	expect_no_exits(_metadata, cpu);
}

GIC_TEST(virtual_timer_while_spinning)
{
	sweep_deadlines(_metadata, self->cpu, TIMER_VIRTUAL, soak(DEADLINES), false);
}

GIC_TEST(virtual_timer_while_asleep)
{
	sweep_deadlines(_metadata, self->cpu, TIMER_VIRTUAL, soak(FEWER), true);
}

GIC_TEST(physical_timer_while_spinning)
{
	sweep_deadlines(_metadata, self->cpu, TIMER_PHYSICAL, soak(FEWER), false);
}

GIC_TEST(physical_timer_while_asleep)
{
	sweep_deadlines(_metadata, self->cpu, TIMER_PHYSICAL, soak(FEWER), true);
}

/* Two CPUs: a timer is its own CPU's. */
GIC_TEST(timers_are_banked)
{
	u64 number = soak(300);

	enable_timers(self->cpu);
	enable_timers(self->peer);
	vcpu_start(self->cpu, OP_DEADLINES, TIMER_VIRTUAL, number, CLOSE, SPREAD, true);
	vcpu_start(self->peer, OP_DEADLINES, TIMER_PHYSICAL, number, CLOSE, SPREAD, false);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(number, self->cpu->box->timer[TIMER_VIRTUAL]);
	EXPECT_EQ(0, self->cpu->box->timer[TIMER_PHYSICAL]);
	EXPECT_EQ(number, self->peer->box->timer[TIMER_PHYSICAL]);
	EXPECT_EQ(0, self->peer->box->timer[TIMER_VIRTUAL]);
	EXPECT_EQ(0, self->cpu->box->spurious + self->peer->box->spurious);
}

/* A level: while the guest leaves the timer's output up, its interrupt comes again. */
GIC_TEST(output_held_through_the_end)
{
	enable_timers(self->cpu);
	for (int timer = 0; timer < GUEST_TIMERS; timer++) {
		u64 before = self->cpu->box->accepted;

		vcpu_do(self->cpu, OP_DEADLINES, timer, 10, CLOSE, 100, false, 3);
		EXPECT_EQ(40, self->cpu->box->timer[timer]);
		EXPECT_EQ(40, self->cpu->box->accepted - before);
	}
	EXPECT_EQ(0, self->cpu->box->spurious);
	expect_no_exits(_metadata, self->cpu);
}

/* Stopped before the interrupt is taken: none comes, and no spurious one. */
GIC_TEST(timer_that_is_stopped_in_time)
{
	VINTC_ONLY("in-tree it is in a list register by then");

	enable_timers(self->cpu);
	for (int i = 0; i < 50; i++) {
		vcpu_do(self->cpu, OP_RETRACT, i % GUEST_TIMERS);
		EXPECT_EQ(LINE_IRQ, self->cpu->box->arg[RETRACT_LINES]);
	}
	EXPECT_EQ(0, self->cpu->box->accepted);
	EXPECT_EQ(0, self->cpu->box->spurious);
}

/* The pending registers show the timer's output as it is, enabled or not. */
GIC_TEST(pending_shows_the_output)
{
	for (int i = 0; i < 50; i++) {
		vcpu_do(self->cpu, OP_RETRACT, i % GUEST_TIMERS);
		EXPECT_EQ(1, self->cpu->box->arg[RETRACT_PENDING]);
		EXPECT_EQ(0, self->cpu->box->arg[RETRACT_LINES]);
		EXPECT_EQ(0, self->cpu->box->arg[RETRACT_STILL_PENDING]);
	}
	EXPECT_EQ(0, self->cpu->box->irqs);
}

/* Masked by priority: it pends, and comes when it may. */
GIC_TEST(timer_behind_the_priority_mask)
{
	VINTC_ONLY("in-tree it is in a list register by then");

	enable_timers(self->cpu);
	gicc_write(self->cpu, GICC_PMR, 0x80);
	vcpu_do(self->cpu, OP_RETRACT, TIMER_VIRTUAL);
	EXPECT_EQ(1, self->cpu->box->arg[RETRACT_PENDING]);
	EXPECT_EQ(0, self->cpu->box->arg[RETRACT_LINES]);
	EXPECT_EQ(0, self->cpu->box->irqs);
	gicc_write(self->cpu, GICC_PMR, PRIORITY_LOWEST);
	vcpu_do(self->cpu, OP_DEADLINES, TIMER_VIRTUAL, 1, CLOSE, 0, true);
	EXPECT_EQ(1, self->cpu->box->accepted);
}

/* The lines of what the kernel samples are not the VMM's: accepted, and ignored. */
GIC_TEST(lines_of_timers_are_the_kernels)
{
	VINTC_ONLY("in-tree refuses them");
	if (timers_by_vmm())
		SKIP(return, "timer=userspace: they are the VMM's");

	enable_timers(self->cpu);
	for (int timer = 0; timer < GUEST_TIMERS; timer++)
		EXPECT_EQ(0, irq_line(&self->vm, ppi(0, intid_of[timer]), 1));
	EXPECT_EQ(0, irq_line(&self->vm, ppi(0, PPI_PMU), 1));
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_ISPENDR));
	EXPECT_EQ(0, lines_up(self->cpu));
}

/* Timer, SGIs and lines together, on two CPUs. */
GIC_TEST(timers_amid_other_interrupts)
{
	u64 number = soak(300), pulses = 0;

	enable_timers(self->cpu);
	gic_set_trigger(self->cpu, 40, EDGE);
	gic_enable(self->cpu, 40, 0x70);
	vcpu_start(self->cpu, OP_DEADLINES, TIMER_VIRTUAL, number, CLOSE, SPREAD, true);
	vcpu_start(self->peer, OP_SEND, 0, 0, number);
	while (!self->cpu->finished && pulses++ < 100000)
		pulse_irq(&self->vm, spi(40));
	vcpu_join(self->peer);
	vcpu_join(self->cpu);
	vcpu_do(self->cpu, OP_RECEIVE, number);
	EXPECT_EQ(number, self->cpu->box->timer[TIMER_VIRTUAL]);
	EXPECT_EQ(number, self->cpu->box->messages);
	EXPECT_EQ(0, self->cpu->box->spurious);
}

GIC_TEST_MAIN

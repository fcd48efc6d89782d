// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest that measures. Each row is a tight loop between two readings of the
 * counter, and what says whether the controller works is checked in that loop:
 * one that does not work fails, it is not fast.
 */
#include "guest_gic.h"

#define PSCI_VERSION	0x84000000
#define TIMER_ON	1
#define TIMER_MASKED	3

register volatile struct guest_mailbox *box asm("x18");

void guest_main(void);
void guest_interrupt(void);
void guest_fault(uint64_t syndrome, uint64_t address, uint64_t memory);

static volatile uint64_t handler_entered;

static inline uint64_t counter(void)
{
	uint64_t ticks;

	asm volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

/* The host's own counter, which no offset is taken from. */
static inline uint64_t physical_counter(void)
{
	uint64_t ticks;

	asm volatile("isb; mrs %0, cntpct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

static inline void set_interrupts(int on)
{
	if (on)
		asm volatile("msr daifclr, #2; isb" : : : "memory");
	else
		asm volatile("msr daifset, #2; isb" : : : "memory");
}

static inline void wait_for_interrupt(void)
{
	asm volatile("dsb sy; wfi" : : : "memory");
}

static __attribute__((noinline, noreturn)) void failed(uint64_t seen)
{
	box->where = (uint64_t)__builtin_return_address(0);
	box->seen = seen;
	for (;;)
		write64(BENCH_FAILED, 0);
}

void guest_fault(uint64_t syndrome, uint64_t address, uint64_t memory)
{
	(void)memory;
	box->where = address;
	box->seen = syndrome;
	for (;;)
		write64(BENCH_FAILED, 1);
}

#define expect(condition, seen)			\
do {						\
	if (!(condition))			\
		failed(seen);			\
} while (0)

static void answer(uint64_t ticks, uint64_t operations)
{
	box->arg[0] = ticks;
	box->arg[1] = operations;
}

void guest_interrupt(void)
{
	uint64_t now = physical_counter();
	int gicv3 = is_gicv3(box);
	uint32_t interrupt = gic_acknowledge(gicv3);

	switch (interrupt & INTID) {
	case BENCH_VTIMER:
		write_register("cntv_ctl_el0", TIMER_MASKED);
		break;
	case BENCH_SGI:
	case BENCH_SPI:
		break;
	default:
		failed(interrupt);
	}
	gic_end(gicv3, interrupt);
	handler_entered = now;
	box->accepted++;
}

/* What no row's loop looks at: the priority mask, and the running priority. */
static void check_controller(void)
{
	int gicv3 = is_gicv3(box);
	uint32_t interrupt;

	set_interrupts(0);
	gic_set_mask(gicv3, 0);
	gic_send_sgi(gicv3, box->index);
	interrupt = gic_acknowledge(gicv3);
	expect(interrupt == NO_INTERRUPT, interrupt);
	gic_set_mask(gicv3, BENCH_OPEN);
	interrupt = gic_acknowledge(gicv3);
	expect((interrupt & INTID) == BENCH_SGI, interrupt);
	expect(gic_running_priority(gicv3) == BENCH_PRIORITY, gic_running_priority(gicv3));
	gic_end(gicv3, interrupt);
	expect(gic_running_priority(gicv3) == 0xff, gic_running_priority(gicv3));
	interrupt = gic_acknowledge(gicv3);
	expect(interrupt == NO_INTERRUPT, interrupt);
}

/* The rows whose operation can simply be repeated. */
static inline __attribute__((always_inline)) void repeat(void (*operation)(void))
{
	uint64_t operations = box->arg[0], begin;

	for (int i = 0; i < BENCH_WARM_UP; i++)
		operation();
	begin = counter();
	for (uint64_t i = 0; i < operations; i++)
		operation();
	answer(counter() - begin, operations);
}

/* The same with interrupts, each of which is handled before the next is asked for. */
static inline __attribute__((always_inline)) void repeat_interrupt(void (*operation)(void))
{
	uint64_t accepted = box->accepted + BENCH_WARM_UP + box->arg[0];

	set_interrupts(1);
	repeat(operation);
	set_interrupts(0);
	expect(box->accepted == accepted, box->accepted);
}

static inline void null_exit(void)
{
	register uint64_t x0 asm("x0") = PSCI_VERSION;

	asm volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
	expect(x0 >= 2, x0);
}

/* The fastest of many parts: what the host's own timer does is in some, but not in all. */
static void null_exit_alone(void)
{
	uint64_t parts = box->arg[0] / BENCH_PART, best = -1;

	while (parts--) {
		box->arg[0] = BENCH_PART;
		repeat(null_exit);
		if (box->arg[0] < best)
			best = box->arg[0];
	}
	answer(best, BENCH_PART);
}

static inline void mmio_read(void)
{
	uint32_t mask = read32(GICV2_CPU_INTERFACE + GICC_PMR);

	expect(mask == BENCH_OPEN, mask);
}

static inline void mmio_write(void)
{
	write32(GICV2_CPU_INTERFACE + GICC_PMR, BENCH_OPEN);
}

static inline void distributor_read(void)
{
	uint32_t enabled = read32(GIC_DISTRIBUTOR + GICD_ISENABLER + 4 * SPI_WORD);

	expect(enabled == 1u << BENCH_SPI % 32, enabled);
}

static inline void sgi_self(void)
{
	uint64_t accepted = box->accepted;

	gic_send_sgi(is_gicv3(box), box->index);
	while (box->accepted == accepted)
		;
}

/* The deadline is now. The handler masks the timer, so that its level falls before the EOI. */
static inline void timer_cycle(void)
{
	uint64_t accepted = box->accepted;

	write_register("cntv_cval_el0", counter());
	write_register("cntv_ctl_el0", TIMER_ON);
	while (box->accepted == accepted)
		;
}

static void sleep_until_accepted(uint64_t number)
{
	while (box->accepted < number) {
		wait_for_interrupt();
		set_interrupts(1);
		set_interrupts(0);
	}
	expect(box->accepted == number, box->accepted);
}

static void ping(int gicv3, uint32_t other, uint64_t rounds)
{
	uint64_t accepted = box->accepted;

	while (rounds--) {
		gic_send_sgi(gicv3, other);
		sleep_until_accepted(++accepted);
	}
}

static volatile struct guest_mailbox *mailbox_of(uint64_t cpu)
{
	return (void *)(GUEST_MAILBOXES + GUEST_MAILBOX_SIZE * cpu);
}

static void ping_row(void)
{
	uint64_t rounds = box->arg[0], other = box->arg[1], begin;
	int gicv3 = is_gicv3(box);

	while (!mailbox_of(other)->ready)
		;
	ping(gicv3, other, BENCH_WARM_UP);
	begin = counter();
	ping(gicv3, other, rounds);
	answer(counter() - begin, rounds);
}

static void pong_row(void)
{
	uint64_t rounds = BENCH_WARM_UP + box->arg[0];
	int gicv3 = is_gicv3(box);

	box->ready = 1;
	while (rounds--) {
		sleep_until_accepted(box->accepted + 1);
		gic_send_sgi(gicv3, box->arg[1]);
	}
}

/*
 * From the VMM's signal to the first line of the handler. The signal may do its
 * work in the host's own time, so that the guest has to wait for it.
 */
static void to_handler(void)
{
	uint64_t operations = box->arg[0], ticks = 0;

	for (uint64_t i = 0; i < BENCH_WARM_UP + operations; i++) {
		uint64_t accepted = box->accepted, signalled;

		set_interrupts(1);
		signalled = read64(BENCH_SIGNAL);
		set_interrupts(0);
		sleep_until_accepted(accepted + 1);
		write64(BENCH_LOWER, 0);
		if (i >= BENCH_WARM_UP)
			ticks += handler_entered - signalled;
	}
	answer(ticks, operations);
}

void guest_main(void)
{
	if (box->gic) {
		gic_init(is_gicv3(box), box->index);
		/* A second vCPU is silent until the first sends to it. */
		if (!box->index)
			check_controller();
	}
	switch (box->op) {
	case BENCH_NULL_EXIT:		repeat(null_exit); break;
	case BENCH_NULL_EXIT_ALONE:	null_exit_alone(); break;
	case BENCH_MMIO_READ:		repeat(mmio_read); break;
	case BENCH_MMIO_WRITE:		repeat(mmio_write); break;
	case BENCH_DISTRIBUTOR_READ:	repeat(distributor_read); break;
	case BENCH_SGI_SELF:		repeat_interrupt(sgi_self); break;
	case BENCH_PING:		ping_row(); break;
	case BENCH_PONG:		pong_row(); break;
	case BENCH_TIMER_CYCLE:		repeat_interrupt(timer_cycle); break;
	case BENCH_TO_HANDLER:		to_handler(); break;
	default:			failed(box->op);
	}
	if (box->gic && !box->index)
		check_controller();
	for (;;)
		write64(BENCH_DONE, 0);
}

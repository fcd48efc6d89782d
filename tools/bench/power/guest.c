// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest that measures. Each row is a tight loop of hypercalls between two
 * readings of the timebase, and every answer that says whether the controller
 * works is checked in that loop: one that does not work fails, it is not fast.
 */
#include <stdint.h>

#include "guest/layout.h"
#include "ops.h"

#define H_EOI		0x64
#define H_CPPR		0x68
#define H_IPI		0x6c
#define H_XIRR		0x74
#define H_CEDE		0xe0
#define H_CONFER	0xe4

#define XISR_IPI	2u
#define XISR_MASK	0xffffffu
#define CPPR_ALL	0xffu
#define NO_IPI		0xffu

#define MSR_EE		0x8000ul
#define MSR_RI		0x2ul
#define FOREVER		0x7fffffff	/* in ticks of the decrementer */

register volatile struct guest_mailbox *box asm("r13");

void guest_main(void);
void external_interrupt(void);
void decrementer_interrupt(void);

static volatile uint64_t handler_entered;

static inline uint64_t timebase(void)
{
	uint64_t ticks;

	asm volatile("mfspr %0, 268" : "=r"(ticks) : : "memory");
	return ticks;
}

static inline uint64_t hcall(uint64_t number, uint64_t *first, uint64_t second)
{
	register uint64_t r3 asm("r3") = number;
	register uint64_t r4 asm("r4") = *first;
	register uint64_t r5 asm("r5") = second;

	asm volatile("sc 1"
		     : "+r"(r3), "+r"(r4), "+r"(r5)
		     :
		     : "r0", "r6", "r7", "r8", "r9", "r10", "r11", "r12",
		       "ctr", "xer", "cr0", "cr1", "cr5", "cr6", "cr7", "memory");
	*first = r4;
	return r3;
}

static __attribute__((noinline, noreturn)) void failed(uint64_t seen)
{
	uint64_t where = (uint64_t)__builtin_return_address(0);

	for (;;)
		hcall(BENCH_HCALL_FAILED, &where, seen);
}

#define expect(condition, seen)			\
do {						\
	if (!(condition))			\
		failed(seen);			\
} while (0)

/* A hypercall that must succeed; answers r4. */
#define must(number, first, second)				\
({								\
	uint64_t r4_ = (first), status_ = hcall(number, &r4_, second);	\
								\
	expect(!status_, status_);				\
	r4_;							\
})

static inline uint32_t h_xirr(void)
{
	return must(H_XIRR, 0, 0);
}

static inline void h_cppr(uint32_t priority)
{
	must(H_CPPR, priority, 0);
}

static inline void h_eoi(uint32_t xirr)
{
	must(H_EOI, xirr, 0);
}

static inline void h_ipi(uint64_t server, uint32_t priority)
{
	must(H_IPI, server, priority);
}

static inline void expect_xirr(uint32_t cppr, uint32_t source)
{
	uint32_t xirr = h_xirr();

	expect(xirr == (cppr << 24 | source), xirr);
}

static inline uint32_t accept(uint32_t cppr, uint32_t source)
{
	expect_xirr(cppr, source);
	return cppr << 24 | source;
}

static void answer(uint64_t ticks, uint64_t operations)
{
	box->arg[0] = ticks;
	box->arg[1] = operations;
}

/* What no row's loop looks at: the CPPR while an interrupt is in service. */
static void check_controller(void)
{
	uint32_t xirr;

	h_cppr(BENCH_MSI_PRIORITY);
	expect_xirr(BENCH_MSI_PRIORITY, 0);
	h_cppr(CPPR_ALL);
	h_ipi(box->server, BENCH_IPI_PRIORITY);
	xirr = accept(CPPR_ALL, XISR_IPI);
	expect_xirr(BENCH_IPI_PRIORITY, 0);
	h_ipi(box->server, NO_IPI);
	h_eoi(xirr);
	expect_xirr(CPPR_ALL, 0);
}

/* The rows whose operation can simply be repeated. */
static inline __attribute__((always_inline)) void repeat(void (*operation)(void))
{
	uint64_t operations = box->arg[0], begin;

	check_controller();
	for (int i = 0; i < BENCH_WARM_UP; i++)
		operation();
	begin = timebase();
	for (uint64_t i = 0; i < operations; i++)
		operation();
	answer(timebase() - begin, operations);
	check_controller();
}

static void confer(void)
{
	must(H_CONFER, -1, 0);		/* to nobody: KVM does nothing for it */
}

/* Without h_cppr(): there may be no controller. */
static void null_hcall(void)
{
	uint64_t operations = box->arg[0], begin;

	for (int i = 0; i < BENCH_WARM_UP; i++)
		confer();
	begin = timebase();
	for (uint64_t i = 0; i < operations; i++)
		confer();
	answer(timebase() - begin, operations);
}

static void ipi_none(void)
{
	h_ipi(box->server, NO_IPI);
}

static void xirr_empty(void)
{
	expect_xirr(CPPR_ALL, 0);
}

/* One of each kind: two operations of the row. */
static void cppr_both(void)
{
	h_cppr(BENCH_MSI_PRIORITY);
	h_cppr(CPPR_ALL);
}

static void ipi_cycle(void)
{
	uint32_t xirr;

	h_ipi(box->server, BENCH_IPI_PRIORITY);
	xirr = accept(CPPR_ALL, XISR_IPI);
	h_ipi(box->server, NO_IPI);
	h_eoi(xirr);
}

static void msi_cycle(void)
{
	uint32_t source = box->arg[1];

	must(BENCH_HCALL_RAISE, source, 0);
	h_eoi(accept(CPPR_ALL, source));
}

/*
 * MSIs of better and better priority interrupt each other's service, and are
 * then ended one by one: each EOI gives the CPPR back that was before.
 */
static uint64_t end_nested(uint32_t source)
{
	uint32_t xirr[BENCH_NESTED], cppr = CPPR_ALL;
	uint64_t begin;

	for (int i = 0; i < BENCH_NESTED; i++) {
		must(BENCH_HCALL_RAISE, source + i, 0);
		xirr[i] = accept(cppr, source + i);
		cppr = BENCH_NESTED_PRIORITY - i;
	}
	begin = timebase();
	for (int i = BENCH_NESTED - 1; i >= 0; i--)
		h_eoi(xirr[i]);
	return timebase() - begin;
}

static void h_eoi_row(void)
{
	uint64_t operations = box->arg[0], ticks = 0, done = 0;
	uint32_t source = box->arg[1];

	h_cppr(CPPR_ALL);
	end_nested(source);
	for (; done < operations; done += BENCH_NESTED) {
		ticks += end_nested(source);
		expect_xirr(CPPR_ALL, 0);
	}
	answer(ticks, done);
}

/*
 * IPIs to a vCPU that does not run, each more favoured than the one before, so
 * that each is presented. The VMM looks at that vCPU's ICP in between.
 */
static uint64_t send_better_and_better(uint64_t server)
{
	uint64_t begin = timebase();

	for (int i = 0; i < BENCH_IDLE_PRIORITIES; i++)
		h_ipi(server, BENCH_IDLE_PRIORITIES - i);
	begin = timebase() - begin;
	must(BENCH_HCALL_REOPEN, 0, 0);
	return begin;
}

static void ipi_other(void)
{
	uint64_t operations = box->arg[0], server = box->arg[1], ticks = 0, done = 0;

	send_better_and_better(server);
	for (; done < operations; done += BENCH_IDLE_PRIORITIES)
		ticks += send_better_and_better(server);
	answer(ticks, done);
}

/* Every source that still waits gets through once, and none twice. */
static void drain(uint32_t first, uint64_t waiting)
{
	uint8_t *seen = (uint8_t *)GUEST_TEST_AREA;
	uint32_t xirr;

	while ((xirr = h_xirr()) & XISR_MASK) {
		uint32_t source = xirr & XISR_MASK;

		expect(!seen[source - first], xirr);
		seen[source - first] = 1;
		h_eoi(xirr);
		waiting--;
	}
	expect(!waiting, waiting);
}

/*
 * While one source is in service the others wait behind the CPPR. The EOI lets
 * one of them through; the source that was served is raised again and waits.
 */
static void resend(void)
{
	uint64_t operations = box->arg[0], ticks = 0, begin;
	uint32_t first = box->arg[1], xirr;
	uint64_t waiting = box->arg[2];

	h_cppr(BENCH_MSI_PRIORITY);
	must(BENCH_HCALL_RAISE_ALL, 0, 0);
	expect_xirr(BENCH_MSI_PRIORITY, 0);
	h_cppr(CPPR_ALL);
	for (uint64_t i = 0; i < operations; i++) {
		xirr = h_xirr();
		expect(xirr >> 24 == CPPR_ALL && (xirr & XISR_MASK) >= first, xirr);
		begin = timebase();
		h_eoi(xirr);
		ticks += timebase() - begin;
		must(BENCH_HCALL_RAISE, xirr & XISR_MASK, 0);
	}
	answer(ticks, operations);
	drain(first, waiting + 1);
}

static void set_ee(int on)
{
	asm volatile("mtmsrd %0, 1" : : "r"(on ? MSR_EE | MSR_RI : MSR_RI) : "memory");
}

static void set_decrementer(uint64_t ticks)
{
	asm volatile("mtdec %0" : : "r"(ticks));
}

void external_interrupt(void)
{
	uint64_t now = timebase();
	uint32_t xirr = h_xirr();

	expect(xirr & XISR_MASK, xirr);
	if ((xirr & XISR_MASK) == XISR_IPI)
		h_ipi(box->server, NO_IPI);
	h_eoi(xirr);
	handler_entered = now;
	box->accepted++;
}

void decrementer_interrupt(void)
{
	set_decrementer(FOREVER);
}

static void sleep_until_accepted(uint64_t number)
{
	while (box->accepted < number) {
		must(H_CEDE, 0, 0);	/* sets EE */
		set_ee(0);
	}
}

static void ping(uint64_t other, uint64_t rounds)
{
	uint64_t accepted = box->accepted;

	while (rounds--) {
		h_ipi(other, BENCH_IPI_PRIORITY);
		sleep_until_accepted(++accepted);
	}
}

static void pong(uint64_t other, uint64_t rounds)
{
	while (rounds--) {
		sleep_until_accepted(box->accepted + 1);
		h_ipi(other, BENCH_IPI_PRIORITY);
	}
}

static void ping_row(void)
{
	uint64_t rounds = box->arg[0], begin;

	h_cppr(CPPR_ALL);
	ping(box->arg[1], BENCH_WARM_UP);
	begin = timebase();
	ping(box->arg[1], rounds);
	answer(timebase() - begin, rounds);
}

/* One interrupt at most is under way, so that it cannot be missed. */
static void pong_row(void)
{
	h_cppr(CPPR_ALL);
	pong(box->arg[1], BENCH_WARM_UP + box->arg[0]);
}

/* In order, the least first. */
static void insert(uint64_t *samples, uint64_t number, uint64_t sample)
{
	for (; number && samples[number - 1] > sample; number--)
		samples[number] = samples[number - 1];
	samples[number] = sample;
}

static uint64_t send_to_running(uint64_t other)
{
	uint64_t accepted = box->accepted, begin = timebase();

	h_ipi(other, BENCH_IPI_PRIORITY);
	begin = timebase() - begin;
	sleep_until_accepted(accepted + 1);
	return begin;
}

/*
 * While this vCPU sleeps the other one answers, and is in its loop again. The emulator
 * lets one processor run at a time, so a sample may have the other's turn in it, or an
 * interrupt of the host's: hence the median.
 */
static void ipi_running(void)
{
	uint64_t operations = box->arg[0], other = box->arg[1];
	uint64_t *samples = (uint64_t *)GUEST_TEST_AREA;

	h_cppr(CPPR_ALL);
	for (int i = 0; i < BENCH_RUNNING_WARM_UP; i++)
		send_to_running(other);
	for (uint64_t i = 0; i < operations; i++)
		insert(samples, i, send_to_running(other));
	answer(samples[operations / 2], 1);
}

/* Never leaves the guest by itself while it waits. */
static void spin(void)
{
	uint64_t rounds = BENCH_RUNNING_WARM_UP + box->arg[0], other = box->arg[1];

	h_cppr(CPPR_ALL);
	while (rounds--) {
		uint64_t accepted = box->accepted;

		while (box->accepted == accepted) {
			set_ee(1);	/* an interrupt's return clears it */
			for (int i = 0; i < 10000 && box->accepted == accepted; i++)
				;
		}
		set_ee(0);
		expect(box->accepted == accepted + 1, box->accepted);
		h_ipi(other, BENCH_IPI_PRIORITY);
	}
}

/*
 * From the VMM's signal to the first line of the handler. The signal may do its
 * work in the host's own time, so that the guest has to wait for it.
 */
static void to_handler(void)
{
	uint64_t operations = box->arg[0], ticks = 0;

	h_cppr(CPPR_ALL);
	for (uint64_t i = 0; i < BENCH_WARM_UP + operations; i++) {
		uint64_t accepted = box->accepted, signalled;

		set_ee(1);
		signalled = must(BENCH_HCALL_SIGNAL, 0, 0);
		set_ee(0);
		sleep_until_accepted(accepted + 1);
		expect(box->accepted == accepted + 1, box->accepted);
		if (i >= BENCH_WARM_UP)
			ticks += handler_entered - signalled;
	}
	answer(ticks, operations);
}

static void cppr_row(void)
{
	box->arg[0] /= 2;
	repeat(cppr_both);
	box->arg[1] *= 2;
}

void guest_main(void)
{
	uint64_t nothing = 0;

	set_decrementer(FOREVER);
	switch (box->op) {
	case BENCH_NULL_HCALL:	null_hcall(); break;
	case BENCH_H_IPI:	repeat(ipi_none); break;
	case BENCH_H_XIRR:	repeat(xirr_empty); break;
	case BENCH_H_CPPR:	cppr_row(); break;
	case BENCH_H_EOI:	h_eoi_row(); break;
	case BENCH_IPI_CYCLE:	repeat(ipi_cycle); break;
	case BENCH_PING:	ping_row(); break;
	case BENCH_PONG:	pong_row(); break;
	case BENCH_MSI_CYCLE:	repeat(msi_cycle); break;
	case BENCH_TO_HANDLER:	to_handler(); break;
	case BENCH_IPI_OTHER:	ipi_other(); break;
	case BENCH_RESEND:	resend(); break;
	case BENCH_IPI_RUNNING:	ipi_running(); break;
	case BENCH_SPIN:	spin(); break;
	default:		failed(box->op);
	}
	for (;;)
		hcall(GUEST_HCALL_DONE, &nothing, 0);
}

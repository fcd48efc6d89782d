// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest: each vCPU does the operations it finds in its mailbox, one by one,
 * and says when each is done. What they mean is in layout.h.
 */
#include <stdint.h>
#include "layout.h"

#define H_EOI		0x64
#define H_CPPR		0x68
#define H_IPI		0x6c
#define H_XIRR		0x74
#define H_CEDE		0xe0
#define H_PROD		0xe8

#define XISR_IPI	2
#define XISR_MASK	0xffffffu
#define IPI_PRIORITY	4
#define LONGEST_SLEEP	0x7fffffff	/* in ticks of the decrementer */

#define MSR_EE		0x8000ul
#define MSR_RI		0x2ul

/* What an external interrupt is for. */
enum mode { MODE_TAKE, MODE_PROBE };

register volatile struct guest_mailbox *box asm("r13");

void guest_main(void);
void external_interrupt(void);
void decrementer_interrupt(void);
void hypercall_registers(volatile uint64_t *registers);

static volatile uint64_t *message_counter(uint64_t index)
{
	return (volatile uint64_t *)(GUEST_MESSAGES + 0x80 * index);
}

static uint64_t hcall(uint64_t number, uint64_t *first, uint64_t second)
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

/* A hypercall whose failure the VMM shall hear of. */
static uint64_t must(uint64_t number, uint64_t first, uint64_t second)
{
	if (hcall(number, &first, second))
		box->refused++;
	return first;
}

static void set_ee(int on)
{
	asm volatile("mtmsrd %0, 1" : : "r"(on ? MSR_EE | MSR_RI : MSR_RI) : "memory");
}

static void set_decrementer(uint64_t ticks)
{
	asm volatile("mtdec %0" : : "r"(ticks));
}

static void full_barrier(void)
{
	asm volatile("sync" : : : "memory");
}

void external_interrupt(void)
{
	uint32_t xirr;

	if (box->mode == MODE_PROBE) {
		box->probed++;
		return;
	}
	xirr = must(H_XIRR, 0, 0);
	if (!(xirr & XISR_MASK)) {
		box->empty++;
		return;
	}
	box->log[box->accepted % GUEST_LOG_ENTRIES] = xirr;
	if ((xirr & XISR_MASK) == XISR_IPI) {
		must(H_IPI, box->server, 0xff);
		full_barrier();
		box->messages = *message_counter(box->index);
		box->ipis++;
	}
	must(H_EOI, xirr, 0);
	box->accepted++;
}

void decrementer_interrupt(void)
{
	set_decrementer(LONGEST_SLEEP);
	box->decrementer++;
}

/*
 * Sleeps until an interrupt was taken. Should the decrementer end the sleep and
 * an external interrupt be there as well, then the latter's wakeup was lost.
 */
static void sleep_for_interrupt(void)
{
	uint64_t accepted = box->accepted, ticks = box->decrementer;

	set_decrementer(LONGEST_SLEEP);
	must(H_CEDE, 0, 0);	/* sets EE */
	set_ee(0);
	if (box->decrementer != ticks && box->accepted != accepted)
		box->rescued++;
}

static void poll_for_interrupt(void)
{
	set_decrementer(LONGEST_SLEEP);
	set_ee(1);
	for (int i = 0; i < 100; i++)
		asm volatile("" : : : "memory");
	set_ee(0);
}

static void probe_line(void)
{
	uint64_t before = box->probed, nobody = -1;

	/*
	 * KVM looks at the line when it enters a guest whose EE is on. To prod nobody
	 * is an error that leaves the guest for certain; POWER8 answers H_CONFER
	 * without, where 10 microseconds were too short for it.
	 */
	box->mode = MODE_PROBE;
	set_decrementer(LONGEST_SLEEP);
	set_ee(1);
	hcall(H_PROD, &nobody, 0);
	set_ee(0);
	box->mode = MODE_TAKE;
	box->arg[0] = box->probed - before;
}

static int was_accepted(uint64_t *seen, uint32_t source)
{
	for (; *seen < box->accepted; ++*seen)
		if ((box->log[*seen % GUEST_LOG_ENTRIES] & XISR_MASK) == source)
			return 1;
	return 0;
}

static void take_until(uint32_t last, void (*wait)(void))
{
	uint64_t seen = box->accepted;

	while (!was_accepted(&seen, last))
		wait();
}

static void ping_pong(uint64_t other, uint64_t rounds, uint64_t begin)
{
	uint64_t start = box->ipis;

	for (uint64_t round = 1; round <= rounds; round++) {
		if (begin)
			must(H_IPI, other, IPI_PRIORITY);
		while (box->ipis < start + round)
			sleep_for_interrupt();
		if (!begin)
			must(H_IPI, other, IPI_PRIORITY);
	}
}

static void send(uint64_t index, uint64_t server, uint64_t count)
{
	while (count--) {
		++*message_counter(index);
		full_barrier();
		must(H_IPI, server, IPI_PRIORITY);
	}
}

static void receive(uint64_t count)
{
	while (box->messages < count)
		sleep_for_interrupt();
}

void guest_main(void)
{
	uint64_t nothing;

	set_decrementer(LONGEST_SLEEP);
	for (;;) {
		nothing = 0;
		hcall(GUEST_HCALL_DONE, &nothing, 0);
		if (box->op == OP_HCALL)
			hypercall_registers(box->arg);
		else if (box->op == OP_LINE)
			probe_line();
		else if (box->op == OP_SERVE)
			take_until(box->arg[0], sleep_for_interrupt);
		else if (box->op == OP_SPIN)
			take_until(box->arg[0], poll_for_interrupt);
		else if (box->op == OP_PINGPONG)
			ping_pong(box->arg[0], box->arg[1], box->arg[2]);
		else if (box->op == OP_SEND)
			send(box->arg[0], box->arg[1], box->arg[2]);
		else if (box->op == OP_RECEIVE)
			receive(box->arg[0]);
	}
}

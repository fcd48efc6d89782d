// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest: each vCPU does the operations it finds in its mailbox, one by one,
 * and says when each is done. What they mean is in layout.h.
 */
#include "guest.h"

#define ISR_FIQ		(1u << 6)
#define ISR_IRQ		(1u << 7)

void guest_main(void);
uint64_t big_endian_access(uint64_t address, uint64_t kind, uint64_t value);

static uint64_t access(uint64_t address, uint64_t width, uint64_t write, uint64_t value)
{
	if (!write)
		return load(address, width);
	store(address, width, value);
	return 0;
}

static void one_access(void)
{
	uint64_t address = box->arg[ACCESS_ADDRESS], width = box->arg[ACCESS_WIDTH];
	uint64_t write = box->arg[ACCESS_WRITE], value = box->arg[ACCESS_VALUE];

	skip_aborts(1);
	if (box->arg[ACCESS_BIG_ENDIAN])
		value = big_endian_access(address, __builtin_ctz(width) + (write ? 4 : 0), value);
	else
		value = access(address, width, write, value);
	skip_aborts(0);
	box->arg[0] = value;
}

static void sweep(void)
{
	uint64_t address = box->arg[SWEEP_ADDRESS], end = address + box->arg[SWEEP_BYTES];
	uint64_t step = box->arg[SWEEP_STEP], width = box->arg[SWEEP_WIDTH];
	uint64_t write = box->arg[SWEEP_WRITE], value = box->arg[SWEEP_VALUE];
	uint64_t *results = (uint64_t *)box->arg[SWEEP_RESULTS];

	skip_aborts(1);
	for (; address < end; address += step, results++)
		*results = access(address, width, write, value);
	skip_aborts(0);
}

static void lines(void)
{
	uint64_t isr = read_sysreg(isr_el1);

	box->arg[0] = (isr & ISR_IRQ ? 1 : 0) | (isr & ISR_FIQ ? 2 : 0);
}

static int was_accepted(uint64_t *seen, uint32_t intid)
{
	for (; *seen < box->accepted; ++*seen)
		if (INTID(box->log[*seen % GUEST_LOG_ENTRIES]) == intid)
			return 1;
	return 0;
}

static void take_until(uint32_t last, void (*wait)(void))
{
	uint64_t seen = box->accepted;

	while (!was_accepted(&seen, last))
		wait();
}

static void send_sgi(uint64_t interface)
{
	asm volatile("dmb sy" : : : "memory");
	store(box->gicd + GICD_SGIR, 4, 1ul << (16 + interface) | SGI_MESSAGE);
}

static void ping_pong(uint64_t other, uint64_t rounds, uint64_t begin)
{
	uint64_t start = box->sgis;

	for (uint64_t round = 1; round <= rounds; round++) {
		if (begin)
			send_sgi(other);
		while (box->sgis < start + round)
			sleep_for_interrupt();
		if (!begin)
			send_sgi(other);
	}
}

static void send(uint64_t index, uint64_t interface, uint64_t count)
{
	while (count--) {
		++*message_counter(index);
		send_sgi(interface);
	}
}

static void receive(uint64_t count)
{
	while (box->messages < count)
		sleep_for_interrupt();
}

static void deadlines(void)
{
	uint64_t timer = box->arg[DEADLINE_TIMER], number = box->arg[DEADLINE_NUMBER];
	uint64_t ticks = box->arg[DEADLINE_TICKS], wrap = box->arg[DEADLINE_WRAP];
	void (*wait)(void) = box->arg[DEADLINE_SLEEP] ? sleep_for_interrupt : poll_for_interrupt;

	for (uint64_t i = 0; i < number; i++) {
		uint64_t wanted = box->timer[timer] + 1 + box->arg[DEADLINE_HELD];

		box->hold = box->arg[DEADLINE_HELD];
		timer_start(timer, timer_now(timer) + ticks + (wrap ? i % wrap : 0));
		while (box->timer[timer] < wanted)
			wait();
	}
}

static uint64_t is_pending(uint64_t timer)
{
	uint32_t intid = timer == TIMER_VIRTUAL ? PPI_VTIMER : PPI_PTIMER;

	return load(box->gicd + GICD_ISPENDR, 4) >> intid & 1;
}

/*
 * The hypervisor need not hear of a timer that stops. It looks at the next exit:
 * before the access that made it, or, if the VMM drives the PPI, after it.
 */
static void retract(uint64_t timer)
{
	timer_start(timer, timer_now(timer));
	while (!(timer_status(timer) & TIMER_STATUS))
		;
	box->arg[RETRACT_PENDING] = is_pending(timer);
	lines();
	box->arg[RETRACT_LINES] = box->arg[0];
	timer_stop(timer);
	is_pending(timer);
	box->arg[RETRACT_STILL_PENDING] = is_pending(timer);
	poll_for_interrupt();
}

/*
 * arg[0] = the interrupt came. A second without an overflow, by the PMU's own
 * account, means that this PMU does not count.
 */
static void overflow(void)
{
	uint64_t wanted = box->pmu + 1, start, second = read_sysreg(cntfrq_el0);

	write_sysreg(pmovsclr_el0, ~0u);
	write_sysreg(pmccfiltr_el0, 0);
	write_sysreg(pmccntr_el0, -0x10000l);
	write_sysreg(pmintenset_el1, PMU_CYCLES);
	write_sysreg(pmcntenset_el0, PMU_CYCLES);
	write_sysreg(pmcr_el0, PMCR_ENABLE | PMCR_LONG_CYCLES);
	start = timer_now(TIMER_VIRTUAL);
	while (box->pmu < wanted) {
		poll_for_interrupt();
		if (timer_now(TIMER_VIRTUAL) - start > second &&
		    !(read_sysreg(pmovsset_el0) & PMU_CYCLES))
			break;
	}
	write_sysreg(pmcntenclr_el0, PMU_CYCLES);
	write_sysreg(pmintenclr_el1, PMU_CYCLES);
	box->arg[1] = read_sysreg(pmccntr_el0);
	box->arg[0] = box->pmu >= wanted;
}

static void do_operation(void)
{
	switch (box->op) {
	case OP_ACCESS:
		return one_access();
	case OP_LINES:
		return lines();
	case OP_SERVE:
		return take_until(box->arg[0], sleep_for_interrupt);
	case OP_SPIN:
		return take_until(box->arg[0], poll_for_interrupt);
	case OP_PINGPONG:
		return ping_pong(box->arg[0], box->arg[1], box->arg[2]);
	case OP_SEND:
		return send(box->arg[0], box->arg[1], box->arg[2]);
	case OP_RECEIVE:
		return receive(box->arg[0]);
	case OP_DEADLINES:
		return deadlines();
	case OP_RETRACT:
		return retract(box->arg[0]);
	case OP_OVERFLOW:
		return overflow();
	case OP_SWEEP:
		return sweep();
	case OP_TAKE:
		return poll_for_interrupt();
	}
}

void guest_main(void)
{
	for (;;) {
		ring(GUEST_DONE);
		asm volatile("dsb sy" : : : "memory");
		do_operation();
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest: each vCPU does the operations it finds in its mailbox, one by one,
 * and says when each is done. What they mean is in layout.h.
 */
#include "layout.h"

#define GICC_IAR	0x0c
#define GICC_EOIR	0x10
#define GICC_AIAR	0x20
#define GICC_AEOIR	0x24
#define GICC_DIR	0x1000
#define GICD_ISPENDR	0x200
#define GICD_SGIR	0xf00
#define INTID(iar)	((iar) & 0x3ff)

#define VECTOR_SYNC	4	/* of EL1, on its own stack pointer */
#define VECTOR_IRQ	5
#define VECTOR_FIQ	6

#define ISR_FIQ		(1u << 6)
#define ISR_IRQ		(1u << 7)

#define TIMER_ENABLE	1u
#define TIMER_STATUS	4u

#define PMU_CYCLES	(1ul << 31)

register volatile struct guest_mailbox *box asm("x18");

void guest_main(void);
void guest_exception(uint64_t vector, uint64_t *elr);
uint64_t big_endian_access(uint64_t address, uint64_t kind, uint64_t value);

#define read_sysreg(name)						\
({									\
	uint64_t value_;						\
									\
	asm volatile("mrs %0, " #name : "=r"(value_) : : "memory");	\
	value_;								\
})
#define write_sysreg(name, value)					\
	asm volatile("msr " #name ", %0; isb" : : "r"((uint64_t)(value)) : "memory")

/* ---- accesses: by instructions that tell a hypervisor all it must know --------- */

static uint64_t load(uint64_t address, uint64_t width)
{
	uint64_t value;

	if (width == 1)
		asm volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	else if (width == 2)
		asm volatile("ldrh %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	else if (width == 4)
		asm volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	else
		asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static void store(uint64_t address, uint64_t width, uint64_t value)
{
	if (width == 1)
		asm volatile("strb %w0, [%1]" : : "r"(value), "r"(address) : "memory");
	else if (width == 2)
		asm volatile("strh %w0, [%1]" : : "r"(value), "r"(address) : "memory");
	else if (width == 4)
		asm volatile("str %w0, [%1]" : : "r"(value), "r"(address) : "memory");
	else
		asm volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
}

static uint64_t access(uint64_t address, uint64_t width, uint64_t write, uint64_t value)
{
	if (!write)
		return load(address, width);
	store(address, width, value);
	return 0;
}

static uint32_t gicc_read(uint64_t offset)
{
	return load(box->gicc + offset, 4);
}

static void gicc_write(uint64_t offset, uint32_t value)
{
	store(box->gicc + offset, 4, value);
}

static void ring(uint32_t what)
{
	asm volatile("dsb sy" : : : "memory");
	store(GUEST_DOORBELL, 4, what);
}

/* ---- interrupts ------------------------------------------------------------------ */

static volatile uint64_t *message_counter(uint64_t index)
{
	return (volatile uint64_t *)(GUEST_MESSAGES + 0x80 * index);
}

static uint64_t timer_now(uint64_t timer)
{
	asm volatile("isb" : : : "memory");
	return timer == TIMER_VIRTUAL ? read_sysreg(cntvct_el0) : read_sysreg(cntpct_el0);
}

static void timer_start(uint64_t timer, uint64_t deadline)
{
	if (timer == TIMER_VIRTUAL) {
		write_sysreg(cntv_cval_el0, deadline);
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	} else {
		write_sysreg(cntp_cval_el0, deadline);
		write_sysreg(cntp_ctl_el0, TIMER_ENABLE);
	}
}

static void timer_stop(uint64_t timer)
{
	if (timer == TIMER_VIRTUAL)
		write_sysreg(cntv_ctl_el0, 0);
	else
		write_sysreg(cntp_ctl_el0, 0);
}

static uint64_t timer_status(uint64_t timer)
{
	return timer == TIMER_VIRTUAL ? read_sysreg(cntv_ctl_el0) : read_sysreg(cntp_ctl_el0);
}

static void timer_interrupt(uint64_t timer)
{
	if ((timer_status(timer) & (TIMER_ENABLE | TIMER_STATUS)) != (TIMER_ENABLE | TIMER_STATUS))
		box->early++;
	box->timer[timer]++;
	if (box->hold)
		box->hold--;
	else
		timer_stop(timer);
}

static void pmu_interrupt(void)
{
	write_sysreg(pmovsclr_el0, PMU_CYCLES);
	box->pmu++;
}

static void handle(uint32_t iar)
{
	uint32_t intid = INTID(iar);

	box->log[box->accepted % GUEST_LOG_ENTRIES] = iar;
	if (intid < 16)
		box->sgis++;
	if (intid == SGI_MESSAGE) {
		asm volatile("dmb sy" : : : "memory");
		box->messages = *message_counter(box->index);
	}
	if (intid == PPI_VTIMER)
		timer_interrupt(TIMER_VIRTUAL);
	if (intid == PPI_PTIMER)
		timer_interrupt(TIMER_PHYSICAL);
	if (intid == PPI_PMU)
		pmu_interrupt();
}

static void take_interrupt(void)
{
	uint32_t iar = gicc_read(GICC_IAR), end = GICC_EOIR;

	if (INTID(iar) == INTID_GROUP1) {
		iar = gicc_read(GICC_AIAR);
		end = GICC_AEOIR;
	}
	if (INTID(iar) >= 1020) {
		box->spurious++;
		return;
	}
	handle(iar);
	gicc_write(end, iar);
	if (box->deactivate)
		gicc_write(GICC_DIR, iar);
	box->accepted++;
}

static volatile uint64_t skip_aborts[GUEST_MAX_CPUS];

void guest_exception(uint64_t vector, uint64_t *elr)
{
	if (vector == VECTOR_IRQ || vector == VECTOR_FIQ) {
		if (vector == VECTOR_FIQ)
			box->fiqs++;
		else
			box->irqs++;
		take_interrupt();
	} else if (vector == VECTOR_SYNC && skip_aborts[box->index]) {
		box->aborts++;
		*elr += 4;
	} else {
		box->fault[0] = vector;
		box->fault[1] = read_sysreg(esr_el1);
		box->fault[2] = *elr;
		box->fault[3] = read_sysreg(far_el1);
		for (;;)
			ring(GUEST_FAULT);
	}
}

static void unmask(void)
{
	asm volatile("msr daifclr, #3; isb" : : : "memory");
}

static void mask(void)
{
	asm volatile("msr daifset, #3; isb" : : : "memory");
}

/* WFI ends when a line is up, masked or not: no interrupt can slip in before it. */
static void sleep_for_interrupt(void)
{
	asm volatile("dsb sy; wfi" : : : "memory");
	unmask();
	mask();
}

static void poll_for_interrupt(void)
{
	unmask();
	for (int i = 0; i < 100; i++)
		asm volatile("" : : : "memory");
	mask();
}

/* ---- operations ------------------------------------------------------------------ */

static void one_access(void)
{
	uint64_t address = box->arg[ACCESS_ADDRESS], width = box->arg[ACCESS_WIDTH];
	uint64_t write = box->arg[ACCESS_WRITE], value = box->arg[ACCESS_VALUE];

	skip_aborts[box->index] = 1;
	if (box->arg[ACCESS_BIG_ENDIAN])
		value = big_endian_access(address, __builtin_ctz(width) + (write ? 4 : 0), value);
	else
		value = access(address, width, write, value);
	skip_aborts[box->index] = 0;
	box->arg[0] = value;
}

static void sweep(void)
{
	uint64_t address = box->arg[SWEEP_ADDRESS], end = address + box->arg[SWEEP_BYTES];
	uint64_t step = box->arg[SWEEP_STEP], width = box->arg[SWEEP_WIDTH];
	uint64_t write = box->arg[SWEEP_WRITE], value = box->arg[SWEEP_VALUE];
	uint64_t *results = (uint64_t *)box->arg[SWEEP_RESULTS];

	skip_aborts[box->index] = 1;
	for (; address < end; address += step, results++)
		*results = access(address, width, write, value);
	skip_aborts[box->index] = 0;
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
	write_sysreg(pmccntr_el0, 0xffff0000);
	write_sysreg(pmintenset_el1, PMU_CYCLES);
	write_sysreg(pmcntenset_el0, PMU_CYCLES);
	write_sysreg(pmcr_el0, 1);
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

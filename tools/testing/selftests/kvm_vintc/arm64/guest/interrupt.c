// SPDX-License-Identifier: GPL-2.0-only
/* The guest's exceptions: what it does about interrupts, and about aborts. */
#include "guest.h"

#define VECTOR_SYNC	4	/* of EL1, on its own stack pointer */
#define VECTOR_IRQ	5
#define VECTOR_FIQ	6

void guest_exception(uint64_t vector, uint64_t *elr);

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

static volatile int aborts_skipped[GUEST_MAX_CPUS];

void skip_aborts(int skip)
{
	aborts_skipped[box->index] = skip;
}

void guest_exception(uint64_t vector, uint64_t *elr)
{
	if (vector == VECTOR_IRQ || vector == VECTOR_FIQ) {
		if (vector == VECTOR_FIQ)
			box->fiqs++;
		else
			box->irqs++;
		take_interrupt();
	} else if (vector == VECTOR_SYNC && aborts_skipped[box->index]) {
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
void sleep_for_interrupt(void)
{
	asm volatile("dsb sy; wfi" : : : "memory");
	unmask();
	mask();
}

void poll_for_interrupt(void)
{
	unmask();
	for (int i = 0; i < 100; i++)
		asm volatile("" : : : "memory");
	mask();
}

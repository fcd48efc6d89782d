/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guest's parts share: registers, accesses, timers. */
#ifndef GUEST_H
#define GUEST_H

#include "layout.h"

#define GICC_IAR	0x0c
#define GICC_EOIR	0x10
#define GICC_AIAR	0x20
#define GICC_AEOIR	0x24
#define GICC_DIR	0x1000
#define GICD_ISPENDR	0x200
#define GICD_SGIR	0xf00
#define INTID(iar)	((iar) & 0x3ff)

#define TIMER_ENABLE	1u
#define TIMER_STATUS	4u

#define PMU_CYCLES	(1ul << 31)
#define PMCR_ENABLE	1u
#define PMCR_LONG_CYCLES (1u << 6)

register volatile struct guest_mailbox *box asm("x18");

#define read_sysreg(name)						\
({									\
	uint64_t value_;						\
									\
	asm volatile("mrs %0, " #name : "=r"(value_) : : "memory");	\
	value_;								\
})
#define write_sysreg(name, value)					\
	asm volatile("msr " #name ", %0; isb" : : "r"((uint64_t)(value)) : "memory")

/* Accesses by instructions that tell a hypervisor all it must know. */

static inline uint64_t load(uint64_t address, uint64_t width)
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

static inline void store(uint64_t address, uint64_t width, uint64_t value)
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

static inline uint32_t gicc_read(uint64_t offset)
{
	return load(box->gicc + offset, 4);
}

static inline void gicc_write(uint64_t offset, uint32_t value)
{
	store(box->gicc + offset, 4, value);
}

static inline void ring(uint32_t what)
{
	asm volatile("dsb sy" : : : "memory");
	store(GUEST_DOORBELL, 4, what);
}

static inline volatile uint64_t *message_counter(uint64_t index)
{
	return (volatile uint64_t *)(GUEST_MESSAGES + 0x80 * index);
}

static inline uint64_t timer_now(uint64_t timer)
{
	asm volatile("isb" : : : "memory");
	return timer == TIMER_VIRTUAL ? read_sysreg(cntvct_el0) : read_sysreg(cntpct_el0);
}

static inline void timer_start(uint64_t timer, uint64_t deadline)
{
	if (timer == TIMER_VIRTUAL) {
		write_sysreg(cntv_cval_el0, deadline);
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	} else {
		write_sysreg(cntp_cval_el0, deadline);
		write_sysreg(cntp_ctl_el0, TIMER_ENABLE);
	}
}

static inline void timer_stop(uint64_t timer)
{
	if (timer == TIMER_VIRTUAL)
		write_sysreg(cntv_ctl_el0, 0);
	else
		write_sysreg(cntp_ctl_el0, 0);
}

static inline uint64_t timer_status(uint64_t timer)
{
	return timer == TIMER_VIRTUAL ? read_sysreg(cntv_ctl_el0) : read_sysreg(cntp_ctl_el0);
}

/* interrupt.c */

/* Data aborts of this vCPU are counted and skipped. */
void skip_aborts(int skip);

/* Each lets interrupts in for a moment, the first when it has slept. */
void sleep_for_interrupt(void);
void poll_for_interrupt(void);

#endif /* GUEST_H */

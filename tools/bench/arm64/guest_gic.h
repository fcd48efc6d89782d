/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's side of both kinds of controller. A GICv2's CPU interface is
 * memory, a GICv3's is system registers; SGIs and PPIs are in a GICv3's
 * redistributors.
 */
#ifndef BENCH_GUEST_GIC_H
#define BENCH_GUEST_GIC_H

#include "layout.h"

#define GICD_CTLR		0x000
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_IPRIORITYR		0x400
#define GICD_ITARGETSR		0x800
#define GICD_ICFGR		0xc00
#define GICD_SGIR		0xf00

#define GICC_CTLR		0x00
#define GICC_PMR		0x04
#define GICC_IAR		0x0c
#define GICC_EOIR		0x10
#define GICC_RPR		0x14

#define GICR_WAKER		0x00014
#define GICR_SGI_FRAME		0x10000	/* laid out as a distributor */
#define GICV3_CTLR		0x12	/* affinity routing, group 1 */

#define ICC_PMR_EL1		"s3_0_c4_c6_0"
#define ICC_IAR1_EL1		"s3_0_c12_c12_0"
#define ICC_EOIR1_EL1		"s3_0_c12_c12_1"
#define ICC_RPR_EL1		"s3_0_c12_c11_3"
#define ICC_SGI1R_EL1		"s3_0_c12_c11_5"
#define ICC_IGRPEN1_EL1		"s3_0_c12_c12_7"
#define ICC_SRE_EL1		"s3_0_c12_c12_5"

#define INTID			0x3ff
#define NO_INTERRUPT		1023

#define read_register(name)						\
({									\
	uint64_t value_;						\
									\
	asm volatile("mrs %0, " name : "=r"(value_) : : "memory");	\
	value_;								\
})
#define write_register(name, value)					\
	asm volatile("msr " name ", %0; isb" : : "r"((uint64_t)(value)) : "memory")

/* One instruction with a plain address: what KVM can decode. */
static inline uint32_t read32(uint64_t address)
{
	uint32_t value;

	asm volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void write32(uint64_t address, uint32_t value)
{
	asm volatile("str %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}

static inline uint64_t read64(uint64_t address)
{
	uint64_t value;

	asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void write64(uint64_t address, uint64_t value)
{
	asm volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
}

static inline int is_gicv3(const volatile struct guest_mailbox *box)
{
	return box->gic == 3;
}

static inline uint32_t gic_acknowledge(int gicv3)
{
	return gicv3 ? read_register(ICC_IAR1_EL1) : read32(GICV2_CPU_INTERFACE + GICC_IAR);
}

static inline void gic_end(int gicv3, uint32_t interrupt)
{
	if (gicv3)
		write_register(ICC_EOIR1_EL1, interrupt);
	else
		write32(GICV2_CPU_INTERFACE + GICC_EOIR, interrupt);
}

static inline void gic_send_sgi(int gicv3, uint32_t cpu)
{
	if (gicv3)
		write_register(ICC_SGI1R_EL1, (uint64_t)BENCH_SGI << 24 | 1u << cpu);
	else
		write32(GIC_DISTRIBUTOR + GICD_SGIR, 1u << (16 + cpu) | BENCH_SGI);
}

static inline void gic_set_mask(int gicv3, uint32_t priority)
{
	if (gicv3)
		write_register(ICC_PMR_EL1, priority);
	else
		write32(GICV2_CPU_INTERFACE + GICC_PMR, priority);
}

static inline uint32_t gic_running_priority(int gicv3)
{
	return gicv3 ? read_register(ICC_RPR_EL1) : read32(GICV2_CPU_INTERFACE + GICC_RPR);
}

/* 32 interrupts of a frame: their priorities, and those enabled that are wanted. */
static inline void gic_enable(uint64_t frame, uint32_t word, uint32_t interrupts)
{
	for (uint32_t i = 0; i < 32; i += 4)
		write32(frame + GICD_IPRIORITYR + 32 * word + i, BENCH_PRIORITY * 0x01010101u);
	write32(frame + GICD_ISENABLER + 4 * word, interrupts);
}

#define PRIVATE_INTERRUPTS	(1u << BENCH_SGI | 1u << BENCH_VTIMER)
#define SPI_WORD		(BENCH_SPI / 32)

static inline void gicv3_init_cpu(uint32_t cpu)
{
	uint64_t redistributor = GICV3_REDISTRIBUTORS + GICV3_REDISTRIBUTOR_SIZE * cpu;

	write32(redistributor + GICR_WAKER, 0);
	write32(redistributor + GICR_SGI_FRAME + GICD_IGROUPR, -1);
	gic_enable(redistributor + GICR_SGI_FRAME, 0, PRIVATE_INTERRUPTS);
	write_register(ICC_SRE_EL1, 7);
	write_register(ICC_IGRPEN1_EL1, 1);
}

static inline void gicv2_init_cpu(void)
{
	gic_enable(GIC_DISTRIBUTOR, 0, PRIVATE_INTERRUPTS);
	write32(GICV2_CPU_INTERFACE + GICC_CTLR, 1);
}

/* The SPI is an edge, and goes to the first CPU (GICv3: where it goes at reset). */
static inline void gic_init_spi(int gicv3)
{
	uint32_t shift = BENCH_SPI % 16 * 2;

	write32(GIC_DISTRIBUTOR + GICD_ICFGR + BENCH_SPI / 16 * 4, 2u << shift);
	if (gicv3)
		write32(GIC_DISTRIBUTOR + GICD_IGROUPR + 4 * SPI_WORD, -1);
	else
		write32(GIC_DISTRIBUTOR + GICD_ITARGETSR + BENCH_SPI / 4 * 4, 0x01010101);
	gic_enable(GIC_DISTRIBUTOR, SPI_WORD, 1u << BENCH_SPI % 32);
}

static inline void gic_init(int gicv3, uint32_t cpu)
{
	if (!cpu) {
		write32(GIC_DISTRIBUTOR + GICD_CTLR, gicv3 ? GICV3_CTLR : 1);
		gic_init_spi(gicv3);
	}
	if (gicv3)
		gicv3_init_cpu(cpu);
	else
		gicv2_init_cpu();
	gic_set_mask(gicv3, BENCH_OPEN);
}

#endif /* BENCH_GUEST_GIC_H */

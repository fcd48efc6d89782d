/* SPDX-License-Identifier: GPL-2.0-only */
/* The GICv2 as its architecture numbers it (ARM IHI 0048B). */
#ifndef VINTC_GICV2_H
#define VINTC_GICV2_H

#include <linux/kvm_vintc.h>

#include "util.h"

enum gicd_register {
	GICD_CTLR	= 0x000,
	GICD_TYPER	= 0x004,
	GICD_IIDR	= 0x008,
	GICD_IGROUPR	= 0x080,
	GICD_ISENABLER	= 0x100,
	GICD_ICENABLER	= 0x180,
	GICD_ISPENDR	= 0x200,
	GICD_ICPENDR	= 0x280,
	GICD_ISACTIVER	= 0x300,
	GICD_ICACTIVER	= 0x380,
	GICD_IPRIORITYR	= 0x400,
	GICD_ITARGETSR	= 0x800,
	GICD_ICFGR	= 0xc00,
	GICD_SGIR	= 0xf00,
	GICD_CPENDSGIR	= 0xf10,
	GICD_SPENDSGIR	= 0xf20,
};

enum gicc_register {
	GICC_CTLR	= 0x00,
	GICC_PMR	= 0x04,
	GICC_BPR	= 0x08,
	GICC_IAR	= 0x0c,
	GICC_EOIR	= 0x10,
	GICC_RPR	= 0x14,
	GICC_HPPIR	= 0x18,
	GICC_ABPR	= 0x1c,
	GICC_AIAR	= 0x20,
	GICC_AEOIR	= 0x24,
	GICC_AHPPIR	= 0x28,
	GICC_APR	= 0xd0,
	GICC_IIDR	= 0xfc,
	GICC_DIR	= 0x1000,
};

#define GICD_SIZE		0x1000
#define GICC_SIZE		0x2000

#define GICD_ENABLE_GROUP0	1u
#define GICD_ENABLE_GROUP1	2u

#define GICC_ENABLE_GROUP0	(1u << 0)
#define GICC_ENABLE_GROUP1	(1u << 1)
#define GICC_ACKCTL		(1u << 2)
#define GICC_FIQEN		(1u << 3)
#define GICC_CBPR		(1u << 4)
#define GICC_EOIMODE		(1u << 9)

#define PRIORITY_LOWEST		0xf8u	/* of a mask: everything more favoured goes through */
#define PRIORITY_IDLE		0xffu	/* GICC_RPR with nothing active */

#define LINE_IRQ		1u
#define LINE_FIQ		2u

/* GICD_SGIR: to the CPU interfaces in a mask; to all but oneself; to oneself. */
static inline u32 sgir_to(u32 mask, u32 sgi)
{
	return mask << 16 | sgi;
}

#define SGIR_OTHERS(sgi)	(1u << 24 | (sgi))
#define SGIR_SELF(sgi)		(2u << 24 | (sgi))
#define SGIR_RESERVED(sgi)	(3u << 24 | (sgi))

/* GICC_IAR of an SGI: who sent it. */
static inline u32 iar_sgi(u32 sender, u32 sgi)
{
	return sender << 10 | sgi;
}

#endif /* VINTC_GICV2_H */

// SPDX-License-Identifier: GPL-2.0-only
/* The state of a GIC as in-tree devices have it: an attribute for each word of a register. */
#include <stdlib.h>

#include "common/report.h"
#include "common/timing.h"
#include "lib/device.h"
#include "lib/gicv2.h"
#include "state.h"

#define OPERATIONS	5
#define MAX_WORDS	8192

#define GICD_IROUTER	0x6000
#define GICR_WAKER	0x0014
#define GICR_SGI	0x10000		/* private interrupts, laid out as in a distributor */

/* ICC_*_EL1, as KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS numbers them. */
#define CPU_REGISTER(crn, crm, op2)	(3u << 14 | 0u << 11 | (crn) << 7 | (crm) << 3 | (op2))

/* A register with a bit, or several, for each interrupt. */
struct field {
	u32 offset;
	u32 bits;
	u32 clear;	/* where ones clear it, before it is set; 0: nowhere */
};

static const struct field shared_fields[] = {
	{ GICD_IGROUPR, 1, 0 },
	{ GICD_ICFGR, 2, 0 },
	{ GICD_ISENABLER, 1, GICD_ICENABLER },
	{ GICD_ISPENDR, 1, GICD_ICPENDR },
	{ GICD_ISACTIVER, 1, GICD_ICACTIVER },
	{ GICD_IPRIORITYR, 8, 0 },
};
static const struct field gicv2_targets = { GICD_ITARGETSR, 8, 0 };
static const struct field gicv3_routes = { GICD_IROUTER, 64, 0 };
static const struct field gicv2_sgis = { GICD_SPENDSGIR, 4, GICD_CPENDSGIR };	/* 16 bytes */

struct word {
	u32 group;
	u64 attribute;
	u64 clear;	/* an attribute, or 0 */
	u64 saved, read;
};

struct registers {
	int fd;
	u32 words;
	struct word *word;
};

static void add(struct registers *registers, u32 group, u64 attribute, u64 clear)
{
	if (registers->words == MAX_WORDS)
		fatal("too many registers");
	registers->word[registers->words++] = (struct word){ group, attribute, clear, 0, 0 };
}

/* A field of the interrupts in a frame; base has the CPU, and where the frame begins. */
static void add_field(struct registers *registers, u32 group, u64 base, const struct field *field,
		      u32 from, u32 to)
{
	for (u32 at = from * field->bits / 8; at < to * field->bits / 8; at += 4)
		add(registers, group, base + field->offset + at,
		    field->clear ? base + field->clear + at : 0);
}

static void add_fields(struct registers *registers, u32 group, u64 base, u32 from, u32 to)
{
	for (u32 i = 0; i < ARRAY_SIZE(shared_fields); i++)
		add_field(registers, group, base, &shared_fields[i], from, to);
}

static void list_gicv2(struct registers *registers, u32 cpus, u32 interrupts)
{
	static const u32 interface[] = {
		GICC_CTLR, GICC_PMR, GICC_BPR, GICC_ABPR, GICC_APR, GICC_APR + 4, GICC_APR + 8,
		GICC_APR + 12,
	};
	const u32 distributor = KVM_DEV_ARM_VGIC_GRP_DIST_REGS;

	add(registers, distributor, GICD_CTLR, 0);
	add_field(registers, distributor, 0, &gicv2_targets, 32, interrupts);
	add_fields(registers, distributor, 0, 32, interrupts);
	for (u64 cpu = 0; cpu < cpus; cpu++) {
		u64 base = cpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT;

		add_fields(registers, distributor, base, 0, 32);
		add_field(registers, distributor, base, &gicv2_sgis, 0, 32);
		for (u32 i = 0; i < ARRAY_SIZE(interface); i++)
			add(registers, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, base + interface[i], 0);
	}
}

static void add_levels(struct registers *registers, u64 base, u32 from, u32 to)
{
	for (u32 intid = from; intid < to; intid += 32)
		add(registers, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, base | intid, 0);
}

static void list_gicv3(struct registers *registers, u32 cpus, u32 interrupts)
{
	static const u32 interface[] = {
		CPU_REGISTER(4, 6, 0),		/* ICC_PMR */
		CPU_REGISTER(12, 8, 3),	/* ICC_BPR0 */
		CPU_REGISTER(12, 8, 4),	/* ICC_AP0R0 */
		CPU_REGISTER(12, 9, 0),	/* ICC_AP1R0 */
		CPU_REGISTER(12, 12, 3),	/* ICC_BPR1 */
		CPU_REGISTER(12, 12, 4),	/* ICC_CTLR */
		CPU_REGISTER(12, 12, 5),	/* ICC_SRE */
		CPU_REGISTER(12, 12, 6),	/* ICC_IGRPEN0 */
		CPU_REGISTER(12, 12, 7),	/* ICC_IGRPEN1 */
	};
	const u32 distributor = KVM_DEV_ARM_VGIC_GRP_DIST_REGS;
	const u32 redistributor = KVM_DEV_ARM_VGIC_GRP_REDIST_REGS;

	add(registers, distributor, GICD_CTLR, 0);
	add_fields(registers, distributor, 0, 32, interrupts);
	add_field(registers, distributor, 0, &gicv3_routes, 32, interrupts);
	add_levels(registers, 0, 32, interrupts);
	for (u64 cpu = 0; cpu < cpus; cpu++) {
		u64 base = cpu << KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT;

		add(registers, redistributor, base, 0);		/* GICR_CTLR */
		add(registers, redistributor, base + GICR_WAKER, 0);
		add_fields(registers, redistributor, base + GICR_SGI, 0, 32);
		add_levels(registers, base, 0, 32);
		for (u32 i = 0; i < ARRAY_SIZE(interface); i++)
			add(registers, KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, base | interface[i], 0);
	}
}

static void save(void *context)
{
	struct registers *registers = context;

	for (u32 i = 0; i < registers->words; i++) {
		struct word *word = &registers->word[i];

		must(device_get(registers->fd, word->group, word->attribute, &word->read));
	}
}

static void restore(void *context)
{
	static const u32 ones = -1;
	struct registers *registers = context;

	for (u32 i = 0; i < registers->words; i++) {
		struct word *word = &registers->word[i];

		if (word->clear)
			must(device_set(registers->fd, word->group, word->clear, &ones));
		must(device_set(registers->fd, word->group, word->attribute, &word->saved));
	}
}

static void forget(void *context)
{
	struct registers *registers = context;

	for (u32 i = 0; i < registers->words; i++)
		registers->word[i].read = 0;
}

static void check(void *context)
{
	struct registers *registers = context;

	for (u32 i = 0; i < registers->words; i++) {
		struct word *word = &registers->word[i];

		if (word->read != word->saved)
			fatal("attribute %u, %#lx is %#lx, not %#lx", word->group, word->attribute,
			      word->read, word->saved);
	}
}

static void check_restored(void *context)
{
	forget(context);
	save(context);
	check(context);
}

static void measure(const struct vm *vm, const struct peer *peer, u32 interrupts,
		    const char *who, const char *row, const struct timed *timed)
{
	struct registers registers = {
		.fd = vm->irqchip_fd, .word = calloc(MAX_WORDS, sizeof(struct word)),
	};

	if (!registers.word)
		fatal("no memory for a state");
	(peer->gic == 2 ? list_gicv2 : list_gicv3)(&registers, vm->cpus, interrupts);
	save(&registers);
	for (u32 i = 0; i < registers.words; i++)
		registers.word[i].saved = registers.word[i].read;
	report(who, row, ticks_of(timed, &registers, OPERATIONS), OPERATIONS);
	free(registers.word);
}

void measure_attribute_save(const struct vm *vm, const struct peer *peer, u32 interrupts,
			    const char *who, const char *row)
{
	static const struct timed timed = { forget, save, check };

	measure(vm, peer, interrupts, who, row, &timed);
}

void measure_attribute_restore(const struct vm *vm, const struct peer *peer, u32 interrupts,
			       const char *who, const char *row)
{
	static const struct timed timed = { NULL, restore, check_restored };

	measure(vm, peer, interrupts, who, row, &timed);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazard 19: saving and restoring, while interrupts pend and are active. What was
 * read can be set and is read back the same; the guest goes on with no interrupt
 * lost and none twice.
 */
#include "lib/state.h"
#include "lib/test.h"

#define CPUS		2
#define SPIS		6
#define NESTING		32

/* What the guest's CPUs accepted and have not ended. */
struct service {
	u32 iar[CPUS][NESTING];
	int depth[CPUS];
};

static u32 spi_number(int i)
{
	return 33 + 17 * i;
}

static void set_up(struct vm *vm, const struct irqchip_ops *ops)
{
	vm_create(vm, CPUS);
	irqchip_create_ready(vm, ops);
	gic_open(vm);
	for (int i = 0; i < SPIS; i++) {
		gic_set_trigger(&vm->cpu[0], spi_number(i), i & 1 ? EDGE : LEVEL);
		gic_enable(&vm->cpu[i / 2 % CPUS], spi_number(i), 0x40 + 0x18 * i);
	}
	for (int i = 0; i < CPUS; i++) {
		gic_enable(&vm->cpu[i], 20, 0x60);
		gicd_write(&vm->cpu[i], GICD_IPRIORITYR, 0x58302010);
	}
}

static void accept(struct vcpu *cpu, struct service *service)
{
	int c = cpu->index;
	u32 iar = service->depth[c] < NESTING ? gic_accept(cpu) : INTID_SPURIOUS;

	if (iar != INTID_SPURIOUS)
		service->iar[c][service->depth[c]++] = iar;
}

static void end(struct vcpu *cpu, struct service *service)
{
	int c = cpu->index;

	if (service->depth[c])
		gic_end(cpu, service->iar[c][--service->depth[c]]);
}

/* Something that a VMM or a guest does. */
static void step(struct vm *vm, struct service *service, struct random *random)
{
	struct vcpu *cpu = &vm->cpu[random_below(random, CPUS)];
	u32 intid = spi_number(random_below(random, SPIS));

	switch (random_below(random, 9)) {
	case 0:
		return raise_irq(vm, spi(intid));
	case 1:
		return lower_irq(vm, spi(intid));
	case 2:
		return raise_irq(vm, ppi(cpu->server, 20));
	case 3:
		return gicd_write(cpu, GICD_SGIR, sgir_to(1 + random_below(random, 3),
							  random_below(random, 4)));
	case 4:
	case 5:
		return accept(cpu, service);
	case 6:
		return end(cpu, service);
	case 7:
		return gicd_set_byte(cpu, GICD_IPRIORITYR, intid, random_below(random, 31) * 8);
	case 8:
		return gicd_set_bit(cpu, random_below(random, 4) ? GICD_ISENABLER : GICD_ICENABLER,
				    intid);
	}
}

static void run_steps(struct vm *vm, struct service *service, u64 seed, int steps)
{
	struct random random;

	random_seed(&random, seed);
	while (steps--)
		step(vm, service, &random);
}

static void expect_equal(struct __test_metadata *_metadata, const struct gic_state *before,
			 const struct gic_state *after, u64 seed)
{
	const struct gic_value *value = gic_state_difference(before, after);

	EXPECT_EQ(NULL, value) {
		TH_LOG("seed %lu: group %u, CPU %u, %#x: %#x, then %#x", seed, value->group,
		       value->cpu, value->attribute, value->value,
		       after->value[value - before->value].value);
	}
}

static void lower_all(struct vm *vm)
{
	for (int i = 0; i < SPIS; i++)
		lower_irq(vm, spi(spi_number(i)));
	for (int c = 0; c < CPUS; c++)
		lower_irq(vm, ppi(c, 20));
}

/* Ends what is active, then takes what comes: every IAR, in order. */
static int drain(struct vm *vm, const struct service *service, u32 *taken, int most)
{
	struct service rest = *service;
	int n = 0;

	lower_all(vm);
	for (int c = 0; c < CPUS; c++) {
		struct vcpu *cpu = &vm->cpu[c];
		u32 iar;

		while (rest.depth[c])
			end(cpu, &rest);
		for (int i = 0; i < SPIS; i++)
			gicd_set_bit(cpu, GICD_ISENABLER, spi_number(i));
		while (n < most && (iar = gic_accept(cpu)) != INTID_SPURIOUS) {
			taken[n++] = iar;
			gic_end(cpu, iar);
		}
		if (gicc_read(cpu, GICC_RPR) != PRIORITY_IDLE)
			fatal("CPU %d has a priority that nobody ends", c);
	}
	return n;
}

/* get, set in a new VM, get; and both guests go on alike. */
static void round_trips(struct __test_metadata *_metadata, const struct irqchip_ops *from,
			const struct irqchip_ops *to, bool registers_only, u64 number)
{
	for (u64 seed = 1; seed <= number; seed++) {
		static struct gic_state before, after;
		struct service service = {};
		u32 expected[64], taken[64];
		struct vm origin, target;
		int n;

		set_up(&origin, from);
		run_steps(&origin, &service, seed, 20 + 3 * seed);
		if (registers_only)	/* they do not tell a level from what pends beside it */
			lower_all(&origin);
		gic_get_state(&origin, &before, registers_only);

		vm_create(&target, CPUS);
		irqchip_create_ready(&target, to);
		gic_set_state(&target, &before);
		gic_get_state(&target, &after, registers_only);
		if (from == to)
			expect_equal(_metadata, &before, &after, seed);
		for (int c = 0; c < CPUS; c++)
			EXPECT_EQ(lines_up(&origin.cpu[c]), lines_up(&target.cpu[c]));

		n = drain(&origin, &service, expected, ARRAY_SIZE(expected));
		ASSERT_EQ(n, drain(&target, &service, taken, ARRAY_SIZE(taken))) {
			TH_LOG("seed %lu", seed);
		}
		for (int i = 0; i < n; i++)
			EXPECT_EQ(expected[i], taken[i]);
		vm_destroy(&target);
		vm_destroy(&origin);
	}
}

PLAIN_TEST(hazard19_round_trip)
{
	VINTC_ONLY("in-tree has no LEVEL_INFO for a GICv2");
	round_trips(_metadata, &vintc_irqchip, &vintc_irqchip, false, soak(15));
}

PLAIN_TEST(hazard19_round_trip_of_the_registers)
{
	VINTC_ONLY("in-tree presents equals in the order of their arrival");
	round_trips(_metadata, &vintc_irqchip, &vintc_irqchip, true, soak(10));
}

/* A VMM that stops, looks, sets what it saw and goes on. */
PLAIN_TEST(hazard19_setting_what_is_there_changes_nothing)
{
	static struct gic_state before, after;
	struct service service = {};
	struct vm vm;

	VINTC_ONLY("in-tree has no LEVEL_INFO for a GICv2");
	set_up(&vm, &vintc_irqchip);
	for (u64 round = 0; round < soak(15); round++) {
		run_steps(&vm, &service, 100 + round, 10);
		gic_get_state(&vm, &before, false);
		gic_set_state(&vm, &before);
		gic_get_state(&vm, &after, false);
		expect_equal(_metadata, &before, &after, round);
	}
	vm_destroy(&vm);
}

/* Between the in-tree GICv2 and ours, both ways: one interrupt active, some pending. */
static void move(struct __test_metadata *_metadata, const struct irqchip_ops *from,
		 const struct irqchip_ops *to)
{
	static struct gic_state state;
	struct vm origin, target;

	set_up(&origin, from);
	pulse_irq(&origin, spi(spi_number(1)));
	EXPECT_EQ(spi_number(1), gic_accept(&origin.cpu[0]));
	gicd_write(&origin.cpu[1], GICD_SGIR, sgir_to(1, 2));
	gicd_write(&origin.cpu[0], GICD_SGIR, sgir_to(2, 3));
	gic_get_state(&origin, &state, true);

	vm_create(&target, CPUS);
	irqchip_create_ready(&target, to);
	gic_set_state(&target, &state);
	EXPECT_EQ(LINE_IRQ, lines_up(&target.cpu[0]));
	EXPECT_EQ(iar_sgi(1, 2), gic_accept(&target.cpu[0]));
	gic_end(&target.cpu[0], iar_sgi(1, 2));
	EXPECT_EQ(0x58, gicc_read(&target.cpu[0], GICC_RPR));
	gic_end(&target.cpu[0], spi_number(1));
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(&target.cpu[0], GICC_RPR));
	EXPECT_FALSE(gicd_bit(&target.cpu[0], GICD_ISACTIVER, spi_number(1)));
	EXPECT_EQ(iar_sgi(0, 3), gic_accept(&target.cpu[1]));
	vm_destroy(&target);
	vm_destroy(&origin);
}

PLAIN_TEST(moves_between_in_tree_and_ours)
{
	const char *why_not = why_no_in_tree_gicv2();

	VINTC_ONLY("both are here, whichever is tested");
	if (why_not)
		SKIP(return, "%s", why_not);
	move(_metadata, &in_tree_irqchip, &in_tree_irqchip);
	move(_metadata, &in_tree_irqchip, &vintc_irqchip);
	move(_metadata, &vintc_irqchip, &in_tree_irqchip);
}

GIC_TEST_MAIN

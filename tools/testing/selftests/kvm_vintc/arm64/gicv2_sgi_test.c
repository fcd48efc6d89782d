// SPDX-License-Identifier: GPL-2.0-only
/* Software generated interrupts: from and to every CPU, one by one. */
#include "lib/test.h"

#define ALL_CPUS	GUEST_MAX_CPUS

static u8 pending_from(struct vcpu *cpu, u32 sgi)
{
	return gicd_byte(cpu, GICD_SPENDSGIR, sgi);
}

GIC_TEST(to_oneself)
{
	EXPECT_EQ(0, lines_up(self->cpu));
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(5));
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(0, lines_up(self->peer));
	EXPECT_EQ(iar_sgi(0, 5), gic_accept(self->cpu));
	EXPECT_EQ(0, lines_up(self->cpu));
	gic_end(self->cpu, iar_sgi(0, 5));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
}

/* Every SGI number, both ways. */
GIC_TEST(all_sixteen)
{
	for (u32 sgi = 0; sgi < 16; sgi++) {
		gicd_write(self->cpu, GICD_SGIR, sgir_to(2, sgi));
		EXPECT_EQ(iar_sgi(0, sgi), gic_accept(self->peer));
		gic_end(self->peer, iar_sgi(0, sgi));
		gicd_write(self->peer, GICD_SGIR, sgir_to(1, sgi));
		EXPECT_EQ(iar_sgi(1, sgi), gic_accept(self->cpu));
		gic_end(self->cpu, iar_sgi(1, sgi));
	}
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->peer));
}

/* An interrupt per sender, each with its name; the lowest first. */
GIC_TEST(two_senders_are_two_interrupts)
{
	gicd_write(self->peer, GICD_SGIR, sgir_to(1, 3));
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(3));
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(3));
	EXPECT_EQ(3, pending_from(self->cpu, 3));

	EXPECT_EQ(iar_sgi(0, 3), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(0, 3));
	EXPECT_EQ(LINE_IRQ, lines_up(self->cpu));
	EXPECT_EQ(iar_sgi(1, 3), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(1, 3));
	EXPECT_EQ(0, lines_up(self->cpu));
}

GIC_TEST(sent_again_while_active_comes_again)
{
	gicd_write(self->peer, GICD_SGIR, sgir_to(1, 3));
	EXPECT_EQ(iar_sgi(1, 3), gic_accept(self->cpu));
	gicd_write(self->peer, GICD_SGIR, sgir_to(1, 3));
	EXPECT_EQ(0, lines_up(self->cpu));
	gic_end(self->cpu, iar_sgi(1, 3));
	EXPECT_EQ(iar_sgi(1, 3), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(1, 3));
}

GIC_TEST(reserved_filter_sends_nothing)
{
	gicd_write(self->cpu, GICD_SGIR, SGIR_RESERVED(3) | sgir_to(0xff, 0));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->peer));
}

/* hazard 12: SGIs to CPU interfaces that nobody has (CVE-2021-20221 in QEMU). */
GIC_TEST(hazard12_absent_cpus_are_ignored)
{
	gicd_write(self->cpu, GICD_SGIR, sgir_to(0xfc, 3));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->peer));
	gicd_write(self->cpu, GICD_SGIR, sgir_to(0xfe, 3));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	EXPECT_EQ(iar_sgi(0, 3), gic_accept(self->peer));
	/* All of the register's other bits set. */
	gicd_write(self->cpu, GICD_SGIR, 0xfc007ff0 | SGIR_SELF(4));
	EXPECT_EQ(iar_sgi(0, 4), gic_accept(self->cpu));
}

/* GICD_SPENDSGIR and GICD_CPENDSGIR: pending by hand, for each sender alone. */
GIC_TEST(pending_by_register)
{
	guest_write(self->cpu, GUEST_GICD + GICD_SPENDSGIR + 6, 1, 3);
	EXPECT_EQ(3, pending_from(self->cpu, 6));
	EXPECT_EQ(3, gicd_byte(self->cpu, GICD_CPENDSGIR, 6));
	EXPECT_EQ(0, pending_from(self->peer, 6));
	EXPECT_TRUE(gicd_bit(self->cpu, GICD_ISPENDR, 6));

	guest_write(self->cpu, GUEST_GICD + GICD_CPENDSGIR + 6, 1, 1);
	EXPECT_EQ(2, pending_from(self->cpu, 6));
	EXPECT_EQ(iar_sgi(1, 6), gic_accept(self->cpu));
	EXPECT_EQ(0, pending_from(self->cpu, 6));
	gic_end(self->cpu, iar_sgi(1, 6));

	/* Four at once. */
	gicd_write(self->cpu, GICD_SPENDSGIR + 8, 0x00020001);
	EXPECT_EQ(0x00020001, gicd_read(self->cpu, GICD_CPENDSGIR + 8));
	EXPECT_EQ(iar_sgi(0, 8), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(0, 8));
	EXPECT_EQ(iar_sgi(1, 10), gic_accept(self->cpu));
	gic_end(self->cpu, iar_sgi(1, 10));
}

/* GICD_ISPENDR and GICD_ICPENDR are read-only for SGIs. */
GIC_TEST(pending_bits_cannot_be_written)
{
	gicd_write(self->cpu, GICD_ISPENDR, 0xffff);
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_ISPENDR) & 0xffff);
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(2));
	gicd_write(self->cpu, GICD_ICPENDR, 0xffff);
	EXPECT_EQ(1u << 2, gicd_read(self->cpu, GICD_ISPENDR) & 0xffff);
	EXPECT_EQ(iar_sgi(0, 2), gic_accept(self->cpu));
}

GIC_TEST(enabled_at_reset)
{
	EXPECT_EQ(0xffff, gicd_read(self->cpu, GICD_ISENABLER) & 0xffff);
	EXPECT_EQ(0xaaaaaaaa, gicd_read(self->cpu, GICD_ICFGR));
}

/* Eight CPUs: from each to each, to all others, and to oneself. */

FIXTURE(eight) {
	struct vm vm;
};
FIXTURE_SETUP(eight)
{
	vm_create_with_irqchip(&self->vm, ALL_CPUS);
}
FIXTURE_TEARDOWN(eight)
{
	vm_destroy(&self->vm);
}
#define EIGHT_TEST(name)	TEST_F_TIMEOUT(eight, name, TIMEOUT)

EIGHT_TEST(from_each_to_each)
{
	for (int from = 0; from < ALL_CPUS; from++) {
		struct vcpu *sender = &self->vm.cpu[from];

		for (int to = 0; to < ALL_CPUS; to++)
			gicd_write(sender, GICD_SGIR, sgir_to(1u << to, to));
	}
	for (int to = 0; to < ALL_CPUS; to++) {
		struct vcpu *cpu = &self->vm.cpu[to];

		EXPECT_EQ(0xff, pending_from(cpu, to));
		for (int from = 0; from < ALL_CPUS; from++) {
			EXPECT_EQ(iar_sgi(from, to), gic_accept(cpu));
			gic_end(cpu, iar_sgi(from, to));
		}
		EXPECT_EQ(INTID_SPURIOUS, gic_accept(cpu));
	}
}

EIGHT_TEST(to_all_others)
{
	for (int from = 0; from < ALL_CPUS; from++) {
		gicd_write(&self->vm.cpu[from], GICD_SGIR, SGIR_OTHERS(9));
		for (int to = 0; to < ALL_CPUS; to++) {
			struct vcpu *cpu = &self->vm.cpu[to];

			if (to == from) {
				EXPECT_EQ(INTID_SPURIOUS, gic_accept(cpu));
				continue;
			}
			EXPECT_EQ(iar_sgi(from, 9), gic_accept(cpu));
			gic_end(cpu, iar_sgi(from, 9));
		}
	}
}

EIGHT_TEST(to_a_list)
{
	gicd_write(&self->vm.cpu[3], GICD_SGIR, sgir_to(0xa5, 15));
	for (int to = 0; to < ALL_CPUS; to++)
		EXPECT_EQ(0xa5 >> to & 1 ? iar_sgi(3, 15) : INTID_SPURIOUS,
			  gic_accept(&self->vm.cpu[to]));
}

EIGHT_TEST(typer_and_targets_tell_the_cpus)
{
	EXPECT_EQ(ALL_CPUS - 1, gicd_read(&self->vm.cpu[0], GICD_TYPER) >> 5 & 7);
	for (int i = 0; i < ALL_CPUS; i++)
		EXPECT_EQ(0x01010101u << i, gicd_read(&self->vm.cpu[i], GICD_ITARGETSR));
}

GIC_TEST_MAIN

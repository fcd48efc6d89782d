// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazard 12: the guest's accesses of any offset, width, alignment and value. What
 * is not defined reads as zero and ignores writes; nothing is left to the VMM,
 * and no access aborts.
 */
#include "lib/test.h"

#define RESULTS		GUEST_TEST_AREA
#define CHUNK		0x100u		/* offsets of one operation */

static const u64 values[] = { 0, ~0ull, 0x5555555555555555, 0x8000000180000001, 0x0123456789abcdef };
static const u32 widths[] = { 1, 2, 4, 8 };

/* Accesses at every offset of a range, whatever its alignment. */
static void sweep(struct vcpu *cpu, u64 base, u32 first, u32 bytes, u32 step, u32 width,
		  bool write, u64 value)
{
	vcpu_do(cpu, OP_SWEEP, base + first + GUEST_UNALIGNED, bytes, step, width, write, value,
		RESULTS);
}

static u64 result(struct vcpu *cpu, int index)
{
	return ((u64 *)(cpu->vm->memory + RESULTS))[index];
}

static void expect_all_answered(struct __test_metadata *_metadata, struct vcpu *cpu)
{
	EXPECT_EQ(0, cpu->box->aborts);
	EXPECT_EQ(0, cpu->exit.mmio) {
		TH_LOG("%s of %u bytes at %#lx", cpu->exit.write ? "store" : "load",
		       cpu->exit.width, cpu->exit.address);
	}
}

/* Every offset with every width, each value class at every alignment. */
static void write_everything(struct __test_metadata *_metadata, struct vcpu *cpu, u64 base,
			     u32 first, u32 end)
{
	for (int w = 0; w < ARRAY_SIZE(widths); w++) {
		for (int v = 0; v < ARRAY_SIZE(values); v++) {
			u32 begin = first + v;

			sweep(cpu, base, begin, end - begin - widths[w] + 1, ARRAY_SIZE(values),
			      widths[w], true, values[v]);
			expect_all_answered(_metadata, cpu);
		}
	}
}

/* Every register with every value. */
static void write_words(struct __test_metadata *_metadata, struct vcpu *cpu, u64 base, u32 first,
			u32 end)
{
	for (int v = 0; v < ARRAY_SIZE(values); v++) {
		sweep(cpu, base, first, end - first, 4, 4, true, values[v]);
		expect_all_answered(_metadata, cpu);
	}
}

static void read_everything(struct __test_metadata *_metadata, struct vcpu *cpu, u64 base,
			    u32 first, u32 end)
{
	for (int w = 0; w < ARRAY_SIZE(widths); w++) {
		sweep(cpu, base, first, end - first - widths[w] + 1, 3, widths[w], false, 0);
		expect_all_answered(_metadata, cpu);
	}
}

/* ... after which the GIC still works for so many CPUs, once it is set up again. */
static void expect_it_works(struct __test_metadata *_metadata, struct vm *vm, int cpus)
{
	int all = vm->cpus;

	vm->cpus = cpus;
	for (int i = 0; i < cpus; i++) {
		gicc_write(&vm->cpu[i], GICC_CTLR, 0);
		for (int n = 0; n < 32; n++)
			gicc_write(&vm->cpu[i], GICC_EOIR, gicc_read(&vm->cpu[i], GICC_IAR));
		gicc_write(&vm->cpu[i], GICC_APR, 0);
		gicd_write(&vm->cpu[i], GICD_CPENDSGIR, 0xffffffff);
		gicd_write(&vm->cpu[i], GICD_IGROUPR, 0);
		gicd_write(&vm->cpu[i], GICD_ICENABLER, 0xfffffffe);
		gicd_write(&vm->cpu[i], GICD_ISENABLER, 2);
		gicd_write(&vm->cpu[i], GICD_ICACTIVER, 0xffffffff);
	}
	for (u32 n = 4; n < GIC_IRQS / 8; n += 4)
		gicd_write(&vm->cpu[0], GICD_ICENABLER + n, 0xffffffff);
	gic_open(vm);
	vm->cpus = all;
	for (int i = 0; i < cpus; i++) {
		gicd_write(&vm->cpu[i], GICD_SGIR, SGIR_SELF(1));
		EXPECT_EQ(iar_sgi(i, 1), gic_accept(&vm->cpu[i]));
		gic_end(&vm->cpu[i], iar_sgi(i, 1));
	}
}

GIC_TEST(hazard12_distributor)
{
	VINTC_ONLY("in-tree is asked for its answers by the tests below");

	write_everything(_metadata, self->cpu, GUEST_GICD, 0, GICD_SIZE);
	read_everything(_metadata, self->peer, GUEST_GICD, 0, GICD_SIZE);
	expect_it_works(_metadata, &self->vm, 2);
}

GIC_TEST(hazard12_cpu_interface)
{
	static const struct {
		u32 first, end;
	} ranges[] = { { 0, 0x110 }, { 0xff0, 0x1020 }, { GICC_SIZE - 0x20, GICC_SIZE } };

	VINTC_ONLY("an in-tree CPU interface is the host's hardware");

	for (int i = 0; i < ARRAY_SIZE(ranges); i++) {
		u32 first = ranges[i].first, end = ranges[i].end;

		write_everything(_metadata, self->cpu, GUEST_GICC, first, end);
		write_words(_metadata, self->cpu, GUEST_GICC, first, end);
		read_everything(_metadata, self->cpu, GUEST_GICC, first, end);
	}
	expect_it_works(_metadata, &self->vm, 2);
}

/* Other vCPUs take interrupts meanwhile, as far as the registers let them. */
GIC_TEST(hazard12_while_another_cpu_runs)
{
	VINTC_ONLY("an in-tree CPU interface is the host's hardware");

	vcpu_start(self->peer, OP_SPIN, INTID_SPURIOUS);
	write_words(_metadata, self->cpu, GUEST_GICD, 0, GICD_SIZE);
	for (u32 intid = 32; intid < GIC_IRQS; intid++)
		pulse_irq(&self->vm, spi(intid));
	vcpu_stop(self->peer);
	EXPECT_EQ(0, self->peer->exit.mmio);
	expect_it_works(_metadata, &self->vm, 1);
}

/* An access that ends beyond the frame is nobody's: it is left to the VMM. */
GIC_TEST(accesses_across_the_end)
{
	u64 end = 0ull + GUEST_GICC + GICC_SIZE + GUEST_UNALIGNED;

	EXPECT_EQ(0, guest_read(self->cpu, end - 4, 4));
	EXPECT_EQ(0, self->cpu->exit.mmio);
	EXPECT_EQ(0, guest_read(self->cpu, end, 4));
	EXPECT_EQ(1, self->cpu->exit.mmio);
	EXPECT_EQ(GUEST_GICC + GICC_SIZE, self->cpu->exit.address);
}

/* Bytes only of the registers that the architecture lets have them. */

static bool has_bytes(u32 offset)
{
	return (offset >= GICD_IPRIORITYR && offset < GICD_ICFGR) ||
	       (offset >= GICD_CPENDSGIR && offset < GICD_SPENDSGIR + 0x10);
}

/* A distributor with something in every register. */
static void fill_distributor(struct vcpu *cpu)
{
	for (u32 n = 0; n < GIC_IRQS; n += 4) {
		gicd_write(cpu, GICD_IPRIORITYR + n, 0x08101820 + n * 0x08080808u);
		gicd_write(cpu, GICD_ITARGETSR + n, 0x03020103);
	}
	for (u32 n = 4; n < GIC_IRQS / 8; n += 4) {
		gicd_write(cpu, GICD_ISENABLER + n, 0x87654321);
		gicd_write(cpu, GICD_IGROUPR + n, 0x12345678);
		gicd_write(cpu, GICD_ISACTIVER + n, 0x0ff00ff0);
	}
	gicd_write(cpu, GICD_SPENDSGIR + 4, 0x01020302);
}

GIC_TEST(narrow_reads)
{
	fill_distributor(self->cpu);
	for (u32 first = 0; first < GICD_SIZE; first += CHUNK) {
		u32 words[CHUNK / 4];

		sweep(self->cpu, GUEST_GICD, first, CHUNK, 4, 4, false, 0);
		for (int i = 0; i < CHUNK / 4; i++)
			words[i] = result(self->cpu, i);
		sweep(self->cpu, GUEST_GICD, first, CHUNK, 1, 1, false, 0);
		for (u32 i = 0; i < CHUNK; i++) {
			u8 byte = has_bytes(first + i) ? words[i / 4] >> i % 4 * 8 : 0;

			EXPECT_EQ(byte, result(self->cpu, i)) {
				TH_LOG("byte at %#x", first + i);
			}
		}
		sweep(self->cpu, GUEST_GICD, first, CHUNK, 2, 2, false, 0);
		for (u32 i = 0; i < CHUNK / 2; i++) {
			EXPECT_EQ(0, result(self->cpu, i)) {
				TH_LOG("half-word at %#x", first + 2 * i);
			}
		}
	}
	expect_all_answered(_metadata, self->cpu);
}

GIC_TEST(narrow_writes)
{
	gicd_write(self->cpu, GICD_IPRIORITYR + 40, 0);
	guest_write(self->cpu, GUEST_GICD + GICD_IPRIORITYR + 42, 1, 0xa0);
	EXPECT_EQ(0x00a00000, gicd_read(self->cpu, GICD_IPRIORITYR + 40));
	guest_write(self->cpu, GUEST_GICD + GICD_IPRIORITYR + 40, 2, 0x5050);
	EXPECT_EQ(0x00a00000, gicd_read(self->cpu, GICD_IPRIORITYR + 40));
	guest_write(self->cpu, GUEST_GICD + GICD_ISENABLER + 4, 1, 0xff);
	guest_write(self->cpu, GUEST_GICD + GICD_ISENABLER + 4, 2, 0xffff);
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_ISENABLER + 4));
	guest_write(self->cpu, GUEST_GICD + GICD_IGROUPR + 4, 1, 0xff);
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_IGROUPR + 4));
}

/* SCTLR_EL1.EE: the GIC is little-endian whatever the guest is. */

static u64 big_endian_read(struct vcpu *cpu, u64 address, u32 width)
{
	vcpu_do(cpu, OP_ACCESS, address, width, false, true);
	return cpu->box->arg[0];
}

static void big_endian_write(struct vcpu *cpu, u64 address, u32 width, u64 value)
{
	vcpu_do(cpu, OP_ACCESS, address, width, true, true, value);
}

GIC_TEST(big_endian_guest)
{
	u64 priorities = GUEST_GICD + GICD_IPRIORITYR + 40;

	guest_write(self->cpu, priorities, 4, 0x08101820);
	EXPECT_EQ(0x20181008, big_endian_read(self->cpu, priorities, 4));
	EXPECT_EQ(0x20, big_endian_read(self->cpu, priorities, 1));
	EXPECT_EQ(0x08, big_endian_read(self->cpu, priorities + 3, 1));
	big_endian_write(self->cpu, priorities, 4, 0x11223344 & 0xf8f8f8f8);
	EXPECT_EQ(0x44332211 & 0xf8f8f8f8, guest_read(self->cpu, priorities, 4));
	big_endian_write(self->cpu, priorities + 1, 1, 0xa8);
	EXPECT_EQ(0xa8, guest_read(self->cpu, priorities + 1, 1));

	big_endian_write(self->cpu, GUEST_GICD + GICD_SGIR, 4, __builtin_bswap32(SGIR_SELF(6)));
	EXPECT_EQ(iar_sgi(0, 6), __builtin_bswap32(big_endian_read(self->cpu,
								 GUEST_GICC + GICC_IAR, 4)));
	big_endian_write(self->cpu, GUEST_GICC + GICC_EOIR, 4, __builtin_bswap32(6));
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
	expect_all_answered(_metadata, self->cpu);
}

GIC_TEST_MAIN

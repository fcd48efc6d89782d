// SPDX-License-Identifier: GPL-2.0-only
/*
 * DIST_REGS, CPU_REGS and LEVEL_INFO: registers as state, asked of the in-tree
 * GICv2 and of ours; and every refusal.
 */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

#define DIST	KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CPU	KVM_DEV_ARM_VGIC_GRP_CPU_REGS
#define LEVEL	KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO

#define SPI	40u

static u64 attribute(u64 cpu, u32 offset)
{
	return cpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT | offset;
}

GIC_TEST(reset_values)
{
	u32 irqs = GIC_IRQS / 32 - 1;

	EXPECT_EQ(1u << 5 | irqs, dist_reg(&self->vm, 0, GICD_TYPER));
	/* Product 'K', by ARM; of our revision and of in-tree's. */
	EXPECT_EQ(0x4b00343b, dist_reg(&self->vm, 0, GICD_IIDR));
	EXPECT_EQ(0x04b2043b, cpu_reg(&self->vm, 1, GICC_IIDR));
	EXPECT_EQ(0xffff, dist_reg(&self->vm, 1, GICD_ISENABLER));
	EXPECT_EQ(0, dist_reg(&self->vm, 0, GICD_ISENABLER + 4));
	EXPECT_EQ(0xaaaaaaaa, dist_reg(&self->vm, 0, GICD_ICFGR));
	EXPECT_EQ(0, dist_reg(&self->vm, 0, GICD_ICFGR + 4));
	EXPECT_EQ(0x02020202, dist_reg(&self->vm, 1, GICD_ITARGETSR + 4));
	EXPECT_EQ(0, dist_reg(&self->vm, 1, GICD_ITARGETSR + 32));
	for (u32 n = 0; n < 16; n += 4)
		EXPECT_EQ(0, cpu_reg(&self->vm, 0, GICC_APR + n));
}

/* What the guest wrote is what the VMM reads, and the other way round. */
GIC_TEST(guest_and_vmm_see_the_same)
{
	gicd_write(self->cpu, GICD_IPRIORITYR + SPI, 0x18283848);
	EXPECT_EQ(0x18283848, dist_reg(&self->vm, 1, GICD_IPRIORITYR + SPI));
	EXPECT_EQ(0, gic_set_reg(&self->vm, DIST, 0, GICD_IPRIORITYR + SPI, 0x80808080));
	EXPECT_EQ(0x80808080, gicd_read(self->peer, GICD_IPRIORITYR + SPI));
	EXPECT_EQ(0, gic_set_reg(&self->vm, DIST, 1, GICD_IPRIORITYR + 16, 0x10101010));
	EXPECT_EQ(0x10101010, gicd_read(self->peer, GICD_IPRIORITYR + 16));
	EXPECT_EQ(0, gicd_read(self->cpu, GICD_IPRIORITYR + 16));
	gicc_write(self->peer, GICC_CTLR, GICC_ENABLE_GROUP0 | GICC_EOIMODE);
	EXPECT_EQ(GICC_ENABLE_GROUP0 | GICC_EOIMODE, cpu_reg(&self->vm, 1, GICC_CTLR));
	EXPECT_EQ(0, gic_set_reg(&self->vm, CPU, 1, GICC_CTLR, GICC_ENABLE_GROUP1));
	EXPECT_EQ(GICC_ENABLE_GROUP1, gicc_read(self->peer, GICC_CTLR));
}

/* "For historical reasons": the upper five bits, in the lower five. */
GIC_TEST(priority_mask_is_five_bits)
{
	gicc_write(self->cpu, GICC_PMR, 0xa8);
	EXPECT_EQ(0xa8 >> 3, cpu_reg(&self->vm, 0, GICC_PMR));
	EXPECT_EQ(0, gic_set_reg(&self->vm, CPU, 0, GICC_PMR, 0x1f));
	EXPECT_EQ(0xf8, gicc_read(self->cpu, GICC_PMR));
}

/* A bit for each preemption level that is active, of 32. */
GIC_TEST(active_priorities)
{
	gic_set_trigger(self->cpu, SPI, EDGE);
	gic_enable(self->cpu, SPI, 0x58);
	pulse_irq(&self->vm, spi(SPI));
	EXPECT_EQ(SPI, gic_accept(self->cpu));
	EXPECT_EQ(1u << (0x58 >> 3), cpu_reg(&self->vm, 0, GICC_APR));
	EXPECT_EQ(0, cpu_reg(&self->vm, 1, GICC_APR));
	gic_end(self->cpu, SPI);
	EXPECT_EQ(0, cpu_reg(&self->vm, 0, GICC_APR));
	EXPECT_EQ(0, gic_set_reg(&self->vm, CPU, 0, GICC_APR, 1u << 4));
	EXPECT_EQ(0x20, gicc_read(self->cpu, GICC_RPR));
}

/* GICD_IIDR is to be set first: until then groups cannot be restored. */
GIC_TEST(groups_need_the_iidr)
{
	EXPECT_EQ(0, gic_set_reg(&self->vm, DIST, 0, GICD_IGROUPR + 4, 0xff));
	EXPECT_EQ(0, dist_reg(&self->vm, 0, GICD_IGROUPR + 4));
	EXPECT_EQ(-EINVAL, gic_set_reg(&self->vm, DIST, 0, GICD_IIDR, 0x4b00343a));
	EXPECT_EQ(-EINVAL, gic_set_reg(&self->vm, DIST, 0, GICD_IIDR, 0x4b00f43b));
	EXPECT_EQ(0, gic_set_reg(&self->vm, DIST, 0, GICD_IIDR, dist_reg(&self->vm, 0, GICD_IIDR)));
	EXPECT_EQ(0, gic_set_reg(&self->vm, DIST, 0, GICD_IGROUPR + 4, 0xff));
	EXPECT_EQ(0xff, dist_reg(&self->vm, 0, GICD_IGROUPR + 4));
}

GIC_TEST(reading_has_no_effect)
{
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(3));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(1u << 3, dist_reg(&self->vm, 0, GICD_ISPENDR));
		EXPECT_EQ(1u << 24, dist_reg(&self->vm, 0, GICD_SPENDSGIR));
	}
	EXPECT_EQ(3, gic_accept(self->cpu));
}

#define IN_TREE_ANSWERS	"in-tree answers any offset, though HAS_ATTR tells the truth"

/* Which registers are state: what HAS_ATTR says is what get and set do. */
GIC_TEST(has_attr_tells_the_truth)
{
	VINTC_ONLY(IN_TREE_ANSWERS);

	for (u32 group = DIST; group <= CPU; group++) {
		for (u32 offset = 0; offset < 0x1100; offset += 4) {
			int has = device_has(self->vm.irqchip_fd, group, offset);
			u32 value;

			ASSERT_TRUE(has == 0 || has == -ENXIO);
			EXPECT_EQ(has, gic_get_reg(&self->vm, group, 0, offset, &value)) {
				TH_LOG("group %u offset %#x", group, offset);
			}
		}
	}
}

GIC_TEST(hazard12_offsets_that_are_no_registers_are_enxio)
{
	static const u32 bad[] = { 1, 2, 3, 0x0c, 0x101, 0xf30, 0xffc, 0x1004, 0x10000, ~0u };
	u32 value = 0;

	for (int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-ENXIO, device_has(self->vm.irqchip_fd, DIST, bad[i]));
		EXPECT_EQ(-ENXIO, device_has(self->vm.irqchip_fd, CPU, bad[i]));
	}
	VINTC_ONLY(IN_TREE_ANSWERS);
	for (int i = 0; i < ARRAY_SIZE(bad); i++)
		for (u32 group = DIST; group <= CPU; group++) {
			EXPECT_EQ(-ENXIO, gic_get_reg(&self->vm, group, 0, bad[i], &value)) {
				TH_LOG("group %u offset %#x", group, bad[i]);
			}
			EXPECT_EQ(-ENXIO, gic_set_reg(&self->vm, group, 0, bad[i], value));
		}
	/* Commands, and what accepts an interrupt, are no state. */
	EXPECT_EQ(-ENXIO, gic_get_reg(&self->vm, CPU, 0, GICC_IAR, &value));
	EXPECT_EQ(-ENXIO, gic_set_reg(&self->vm, CPU, 0, GICC_EOIR, value));
	EXPECT_EQ(-ENXIO, gic_set_reg(&self->vm, CPU, 0, GICC_DIR, value));
}

GIC_TEST(hazard10_absent_cpus_are_einval)
{
	u32 value = 0;

	for (u32 cpu = 2; cpu < 256; cpu++) {
		EXPECT_EQ(-EINVAL, gic_get_reg(&self->vm, DIST, cpu, GICD_CTLR, &value));
		EXPECT_EQ(-EINVAL, gic_set_reg(&self->vm, CPU, cpu, GICC_CTLR, value));
		EXPECT_EQ(-EINVAL, device_has(self->vm.irqchip_fd, CPU, attribute(cpu, GICC_CTLR)));
	}
}

GIC_TEST(unreadable_memory_is_efault)
{
	EXPECT_EQ(-EFAULT, device_get(self->vm.irqchip_fd, DIST, GICD_CTLR, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_set(self->vm.irqchip_fd, CPU, GICC_CTLR, BAD_ADDRESS));
}

GIC_TEST(while_a_vcpu_runs_is_ebusy)
{
	u32 value;

	vcpu_start(self->peer, OP_SPIN, INTID_SPURIOUS);
	EXPECT_TRUE(wait_for(gic_get_reg(&self->vm, DIST, 0, GICD_CTLR, &value) == -EBUSY));
	EXPECT_TRUE(wait_for(gic_set_reg(&self->vm, CPU, 0, GICC_PMR, 0) == -EBUSY));
	vcpu_stop(self->peer);
	EXPECT_EQ(0, gic_get_reg(&self->vm, CPU, 0, GICC_PMR, &value));
	EXPECT_EQ(PRIORITY_LOWEST >> 3, value);
}

/* In-tree a GICv2 initialises itself. */
DEVICE_TEST(before_init_is_enxio)
{
	u32 value = 0;

	VINTC_ONLY("in-tree initialises itself");
	EXPECT_EQ(-ENXIO, gic_get_reg(&self->vm, DIST, 0, GICD_CTLR, &value));
	EXPECT_EQ(-ENXIO, gic_set_reg(&self->vm, CPU, 0, GICC_CTLR, value));
	EXPECT_EQ(-ENXIO, gic_get_reg(&self->vm, LEVEL, 0, 0, &value));
	must(gic_init(&self->vm));
	EXPECT_EQ(0, gic_get_reg(&self->vm, DIST, 0, GICD_CTLR, &value));
}

GIC_TEST(levels_of_the_lines)
{
	u32 value = 0;

	VINTC_ONLY("in-tree has no LEVEL_INFO for a GICv2");
	gic_set_trigger(self->cpu, SPI, LEVEL);
	raise_irq(&self->vm, spi(SPI));
	raise_irq(&self->vm, ppi(1, 20));
	EXPECT_EQ(0, gic_get_reg(&self->vm, LEVEL, 0, 32, &value));
	EXPECT_EQ(1u << SPI % 32, value);
	EXPECT_EQ(0, gic_get_reg(&self->vm, LEVEL, 1, 0, &value));
	EXPECT_EQ(1u << 20, value);
	EXPECT_EQ(0, gic_get_reg(&self->vm, LEVEL, 0, 0, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, gic_set_reg(&self->vm, LEVEL, 0, 32, 0));
	EXPECT_FALSE(gicd_bit(self->cpu, GICD_ISPENDR, SPI));

	EXPECT_EQ(-EINVAL, gic_get_reg(&self->vm, LEVEL, 0, 1, &value));
	EXPECT_EQ(-EINVAL, gic_get_reg(&self->vm, LEVEL, 0, GIC_IRQS, &value));
	EXPECT_EQ(-EINVAL, gic_get_reg(&self->vm, LEVEL, 0, 3 << 10, &value));
	EXPECT_EQ(-EINVAL, gic_get_reg(&self->vm, LEVEL, 2, 0, &value));
}

GIC_TEST_MAIN

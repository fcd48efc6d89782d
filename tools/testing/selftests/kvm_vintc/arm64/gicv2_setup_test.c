// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel documents of the in-tree GICv2's attributes for setting it up
 * (arm-vgic.rst), asked of either device; and where ours decides otherwise.
 */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

#define UNDEFINED	~0ull
#define DIST		KVM_VGIC_V2_ADDR_TYPE_DIST
#define CPU		KVM_VGIC_V2_ADDR_TYPE_CPU

static u64 address_of(struct vm *vm, u64 type)
{
	u64 address = 0;

	must(gic_get_address(vm, type, &address));
	return address;
}

static u32 irqs_of(struct vm *vm)
{
	u32 irqs = 0;

	must(device_get(vm->irqchip_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &irqs));
	return irqs;
}

/* KVM_DEV_ARM_VGIC_GRP_NR_IRQS */

DEVICE_TEST(nr_irqs_out_of_range_is_einval)
{
	static const u32 bad[] = { 0, 1, 32, 63, 65, 96 + 1, 1023, 1025, 1056, 0x80000000, ~0u };

	for (int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, gic_set_irqs(&self->vm, bad[i])) {
			TH_LOG("%u interrupts", bad[i]);
		}
	}
	EXPECT_EQ(-EFAULT, device_set(self->fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_get(self->fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, BAD_ADDRESS));
	EXPECT_EQ(0, gic_set_irqs(&self->vm, 64));
}

DEVICE_TEST(nr_irqs_is_set_once)
{
	EXPECT_EQ(32, irqs_of(&self->vm));
	EXPECT_EQ(0, gic_set_irqs(&self->vm, 96));
	EXPECT_EQ(96, irqs_of(&self->vm));
	EXPECT_EQ(-EBUSY, gic_set_irqs(&self->vm, 96));
	EXPECT_EQ(-EBUSY, gic_set_irqs(&self->vm, 64));
	EXPECT_EQ(-EINVAL, gic_set_irqs(&self->vm, 65));
	EXPECT_EQ(96, irqs_of(&self->vm));
}

DEVICE_TEST(nr_irqs_after_init_is_ebusy)
{
	EXPECT_EQ(0, gic_init(&self->vm));
	EXPECT_EQ(256, irqs_of(&self->vm));
	EXPECT_EQ(-EBUSY, gic_set_irqs(&self->vm, 64));
	EXPECT_EQ(256, irqs_of(&self->vm));
}

/*
 * As the guest sees it. 1020 to 1023 are no interrupts. In-tree refuses 1024, which
 * is documented.
 */
PLAIN_TEST(numbers_of_irqs)
{
	for (u32 irqs = 64; irqs <= OURS_OR_IN_TREE(1024, 992); irqs += 160) {
		struct vm vm;
		u32 last = irqs == 1024 ? 1019 : irqs - 1;

		vm_create(&vm, 1);
		irqchip_create(&vm, irqchip_under_test());
		must(gic_set_irqs(&vm, irqs));
		must(gic_set_address(&vm, DIST, GUEST_GICD));
		must(gic_set_address(&vm, CPU, GUEST_GICC));
		must(gic_init(&vm));
		gic_open(&vm);
		EXPECT_EQ(irqs / 32 - 1, gicd_read(&vm.cpu[0], GICD_TYPER) & 0x1f);
		gic_set_trigger(&vm.cpu[0], last, EDGE);
		gic_enable(&vm.cpu[0], last, 0x80);
		pulse_irq(&vm, spi(last));
		EXPECT_EQ(last, gic_accept(&vm.cpu[0]));
		EXPECT_EQ(-EINVAL, irq_line(&vm, spi(last + 1), 1));
		vm_destroy(&vm);
	}
}

/* KVM_DEV_ARM_VGIC_GRP_ADDR */

DEVICE_TEST(addresses_are_undefined_at_first)
{
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, DIST));
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, CPU));
}

DEVICE_TEST(addresses_are_set_once)
{
	EXPECT_EQ(0, gic_set_address(&self->vm, DIST, GUEST_GICD));
	EXPECT_EQ(GUEST_GICD, address_of(&self->vm, DIST));
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, CPU));
	EXPECT_EQ(-EEXIST, gic_set_address(&self->vm, DIST, GUEST_GICD));
	EXPECT_EQ(-EEXIST, gic_set_address(&self->vm, DIST, GUEST_GICD + 0x10000));
	EXPECT_EQ(-EEXIST, gic_set_address(&self->vm, DIST, 1));
	EXPECT_EQ(0, gic_set_address(&self->vm, CPU, GUEST_GICC));
	EXPECT_EQ(-EEXIST, gic_set_address(&self->vm, CPU, GUEST_GICC));
	EXPECT_EQ(GUEST_GICC, address_of(&self->vm, CPU));
}

DEVICE_TEST(misaligned_addresses_are_einval)
{
	static const u64 offsets[] = { 1, 4, 0x800, 0xfff };

	for (int i = 0; i < ARRAY_SIZE(offsets); i++)
		for (u64 type = DIST; type <= CPU; type++)
			EXPECT_EQ(-EINVAL, gic_set_address(&self->vm, type, GUEST_GICD + offsets[i]));
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, DIST));
}

DEVICE_TEST(addresses_beyond_the_vm_are_e2big)
{
	u64 limit = 1ull << 40;		/* of a VM that asks for no other size */

	EXPECT_EQ(-E2BIG, gic_set_address(&self->vm, DIST, limit));
	EXPECT_EQ(-E2BIG, gic_set_address(&self->vm, CPU, limit - 0x1000));
	EXPECT_EQ(-E2BIG, gic_set_address(&self->vm, DIST, 1ull << 63));
	/* The window would end beyond the last address of all. */
	EXPECT_EQ(-EINVAL, gic_set_address(&self->vm, CPU, UNDEFINED - 0xfff));
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, CPU));
	EXPECT_EQ(0, gic_set_address(&self->vm, DIST, limit - 0x1000));
	EXPECT_EQ(0, gic_set_address(&self->vm, CPU, limit - 0x3000));
}

DEVICE_TEST(addresses_refuse)
{
	u64 address;

	EXPECT_EQ(-ENXIO, gic_set_address(&self->vm, KVM_VGIC_V3_ADDR_TYPE_DIST, GUEST_GICD));
	EXPECT_EQ(-ENXIO, gic_get_address(&self->vm, KVM_VGIC_V3_ADDR_TYPE_REDIST, &address));
	EXPECT_EQ(-ENXIO, gic_set_address(&self->vm, 100, GUEST_GICD));
	EXPECT_EQ(-EFAULT, device_set(self->fd, KVM_DEV_ARM_VGIC_GRP_ADDR, DIST, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_get(self->fd, KVM_DEV_ARM_VGIC_GRP_ADDR, DIST, BAD_ADDRESS));
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, DIST));
}

/* In-tree finds out at the first KVM_RUN. */
DEVICE_TEST(windows_that_overlap_are_einval)
{
	static const s64 cpu[] = { 0, -0x1000 };	/* from the distributor's on */

	VINTC_ONLY("in-tree finds out at the first KVM_RUN");
	EXPECT_EQ(0, gic_set_address(&self->vm, DIST, GUEST_GICD));
	for (int i = 0; i < ARRAY_SIZE(cpu); i++)
		EXPECT_EQ(-EINVAL, gic_set_address(&self->vm, CPU, GUEST_GICD + cpu[i]));
	EXPECT_EQ(UNDEFINED, address_of(&self->vm, CPU));
	/* Next to each other is fine. */
	EXPECT_EQ(0, gic_set_address(&self->vm, CPU, GUEST_GICD - 0x2000));
}

/* KVM_DEV_ARM_VGIC_GRP_CTRL */

DEVICE_TEST(init_twice_is_no_error)
{
	EXPECT_EQ(0, gic_init(&self->vm));
	EXPECT_EQ(0, gic_init(&self->vm));
	EXPECT_EQ(-ENXIO, device_set(self->fd, KVM_DEV_ARM_VGIC_GRP_CTRL, 77, NULL));
	EXPECT_EQ(-ENXIO, device_get(self->fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
				     KVM_DEV_ARM_VGIC_CTRL_INIT, NULL));
}

PLAIN_TEST(init_without_vcpus_is_enodev)
{
	struct vm vm;

	VINTC_ONLY("documented, but in-tree does not check");
	vm_create(&vm, 0);
	irqchip_create(&vm, irqchip_under_test());
	EXPECT_EQ(-ENODEV, gic_init(&vm));
	vm_add_vcpu(&vm, 0);
	vm.cpus = 1;
	EXPECT_EQ(0, gic_init(&vm));
	vm_destroy(&vm);
}

/* On a host that has a GICv2 KVM lets a VM have no more vCPUs than that. */
PLAIN_TEST(init_with_nine_vcpus_is_enxio)
{
	struct vm vm;
	int ninth;

	vm_create(&vm, 8);
	ninth = xioctl(vm.fd, KVM_CREATE_VCPU, 8);
	if (ninth < 0) {
		vm_destroy(&vm);
		SKIP(return, "this host's VMs have no ninth vCPU");
	}
	irqchip_create(&vm, irqchip_under_test());
	EXPECT_EQ(-ENXIO, gic_init(&vm));
	EXPECT_EQ(-ENXIO, gic_init(&vm));
	close(ninth);
	vm_destroy(&vm);
}

PLAIN_TEST(addresses_may_come_after_init)
{
	struct vm vm;

	vm_create(&vm, 1);
	irqchip_create(&vm, irqchip_under_test());
	must(gic_init(&vm));
	EXPECT_EQ(0, gic_set_address(&vm, CPU, GUEST_GICC));
	EXPECT_EQ(0, gic_set_address(&vm, DIST, GUEST_GICD));
	gic_open(&vm);
	gicd_write(&vm.cpu[0], GICD_SGIR, SGIR_SELF(1));
	EXPECT_EQ(1, gic_accept(&vm.cpu[0]));
	vm_destroy(&vm);
}

GIC_TEST_MAIN

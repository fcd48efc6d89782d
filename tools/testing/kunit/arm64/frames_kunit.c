// SPDX-License-Identifier: GPL-2.0-only
/* The GICv2's frames on KVM's buses: accesses, mappings that fail, and the buses' end. */
#include <linux/eventfd.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <kvm/iodev.h>

#include "gicv2.h"

static typeof(kvm_io_bus_read) *bus_read;

static int frames_up(struct kunit_suite *suite)
{
	bus_read = vintc_test_symbol("kvm_io_bus_read");
	return bus_read ? vintc_test_up(suite) : -ENOENT;
}

static int guest_read(struct kvm_vcpu *vcpu, gpa_t addr, int width, void *bytes)
{
	int idx = srcu_read_lock(&vcpu->kvm->srcu), r;

	r = bus_read(vcpu, KVM_MMIO_BUS, addr, width, bytes);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return r;
}

static int guest_write(struct kvm_vcpu *vcpu, gpa_t addr, int width, const void *bytes)
{
	int idx = srcu_read_lock(&vcpu->kvm->srcu), r;

	r = kvm_io_bus_write(vcpu, KVM_MMIO_BUS, addr, width, bytes);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return r;
}

static bool is_mapped(struct vintc_test_device *d, gpa_t addr)
{
	u32 value;

	return !guest_read(vcpu_of(d, 0), addr, 4, &value);
}

/* Registers have their width; others read as zero and are not written. */
static void accesses_of_every_width(struct kunit *test)
{
	static const u8 ones[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);
	u8 bytes[8];
	int width;

	make_gicv2(test, d);
	for (width = 1; width <= 8; width *= 2) {
		u32 expected = width == 4 ? 0xf8 : 0;

		KUNIT_EXPECT_EQ(test, guest_write(vcpu, GICC_BASE + GICC_PMR, width, ones), 0);
		memset(bytes, 0xa5, sizeof(bytes));
		KUNIT_EXPECT_EQ(test, guest_read(vcpu, GICC_BASE + GICC_PMR, 4, bytes), 0);
		KUNIT_EXPECT_EQ_MSG(test, (u32)bytes[0], expected, "%d", width);
		KUNIT_EXPECT_EQ(test, (u32)bytes[4], 0xa5u);
		memset(bytes, 0, 4);
		KUNIT_EXPECT_EQ(test, guest_write(vcpu, GICC_BASE + GICC_PMR, 4, bytes), 0);
	}
	/* Priorities are bytes: in a word the first is the lowest. */
	KUNIT_EXPECT_EQ(test, guest_write(vcpu, GICD_BASE + GICD_IPRIORITYR + 41, 1, "\x48"), 0);
	KUNIT_EXPECT_EQ(test, guest_read(vcpu, GICD_BASE + GICD_IPRIORITYR + 40, 4, bytes), 0);
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "\0\x48\0\0", 4), 0);
}

/* No access, however wide, however far, touches anything but its own bytes. */
static void sweep_of_both_frames_hazard12(struct kunit *test)
{
	static const int widths[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);
	gpa_t addr;
	u32 i;

	make_gicv2(test, d);
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		/* Its end is where KASAN looks. */
		u8 *bytes = kunit_kzalloc(test, widths[i], GFP_KERNEL);
		bool ours = !(widths[i] & (widths[i] - 1));

		KUNIT_ASSERT_NOT_NULL(test, bytes);
		for (addr = GICD_BASE; addr < GICC_BASE + SZ_8K; addr += 3) {
			int r;

			if (addr >= GICD_BASE + SZ_4K && addr < GICC_BASE)
				addr = GICC_BASE;
			memset(bytes, addr, widths[i]);
			r = guest_write(vcpu, addr, widths[i], bytes);
			r = guest_read(vcpu, addr, widths[i], bytes) ?: r;
			if ((addr & (SZ_4K - 1)) + widths[i] <= SZ_4K && r != (ours ? 0 : -EOPNOTSUPP))
				KUNIT_FAIL(test, "%d bytes at %llx: %d", widths[i], addr, r);
		}
		cond_resched();
	}
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE - 4));
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE + SZ_4K));
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICC_BASE + SZ_8K));
}

/* A vCPU without a CPU interface reads zero, and changes nothing. */
static void accesses_of_a_stranger_hazard15(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *stranger;
	u32 value = 1;

	make_gicv2(test, d);
	vintc_test_put(d->vcpu[1]);
	d->vcpu[1] = vintc_test_vm_vcpu(test, &d->vm, 9);
	KUNIT_ASSERT_NOT_NULL(test, d->vcpu[1]);
	stranger = vcpu_of(d, 1);
	KUNIT_EXPECT_EQ(test, guest_write(stranger, GICD_BASE + GICD_CTLR, 4, &value), 0);
	KUNIT_EXPECT_EQ(test, guest_read(stranger, GICD_BASE + GICD_TYPER, 4, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0u);
	KUNIT_EXPECT_EQ(test, guest_read(vcpu_of(d, 0), GICD_BASE + GICD_CTLR, 4, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0u);
}

/* The address that completes the device, with each allocation failing in turn. */
static bool complete_failing(struct kunit *test, unsigned long base, unsigned int nth,
			     unsigned int *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	long r;

	vintc_test_device_anew(test, d);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, init(d), 0l);
	KUNIT_EXPECT_EQ(test, place(d, KVM_VGIC_V2_ADDR_TYPE_DIST, GICD_BASE), 0l);
	failed = vintc_test_set_failing(test, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, base,
					nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE));
		KUNIT_EXPECT_FALSE(test, is_mapped(d, GICC_BASE));
		KUNIT_EXPECT_EQ(test, run(d, 0), -ENXIO);
		KUNIT_EXPECT_EQ(test, place(d, KVM_VGIC_V2_ADDR_TYPE_CPU, GICC_BASE), 0l);
	}
	KUNIT_EXPECT_TRUE(test, is_mapped(d, GICD_BASE));
	KUNIT_EXPECT_TRUE(test, is_mapped(d, GICC_BASE));
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	return failed;
}

static void mapping_without_memory_hazard04(struct kunit *test)
{
	unsigned long base = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	unsigned int nth = 1, refused = 0;

	KUNIT_ASSERT_EQ(test, put_user(GICC_BASE, (u64 __user *)base), 0);
	while (complete_failing(test, base, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 2u, "a bus for each frame");
}

/* CTRL_INIT: the pending sets and the SPIs, and then the same two. */
static bool init_failing(struct kunit *test, unsigned int nth, unsigned int *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	long r;

	vintc_test_device_anew(test, d);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 0, 0) ?: connect(d, 5, 1), 0l);
	KUNIT_EXPECT_EQ(test, place_frames(d), 0l);
	failed = vintc_test_set_failing(test, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0,
					nth, &r);
	if (r) {
		++*refused;
		KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE));
		KUNIT_EXPECT_EQ(test, run(d, 0), -ENXIO);
		KUNIT_EXPECT_EQ(test, init(d), 0l);
	}
	KUNIT_EXPECT_TRUE(test, is_mapped(d, GICD_BASE));
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	return failed;
}

static void init_without_memory_hazard05(struct kunit *test)
{
	unsigned int nth = 1, refused = 0;

	while (init_failing(test, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 5u, "2 pending sets, the SPIs, a bus for each frame");
}

/* ---- the end of a bus ---- */

static const struct kvm_io_device_ops no_ops;

/* KVM gives up a bus that it has no memory to shrink, while the VM lives. */
static void give_up_bus(struct kunit *test, struct kvm *kvm, enum kvm_bus bus)
{
	struct kvm_io_device io;

	kvm_iodevice_init(&io, &no_ops);
	mutex_lock(&kvm->slots_lock);
	KUNIT_EXPECT_EQ(test, vintc_io_bus_register(kvm, bus, 0x100, 1, &io), 0);
	vintc_test_fail_nth(1);
	vintc_io_bus_unregister(kvm, bus, &io);
	KUNIT_EXPECT_TRUE(test, vintc_test_fail_over());
	mutex_unlock(&kvm->slots_lock);
}

static void giving_up_the_watched_bus_ends_irqfds_hazard04(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_device *dev = vintc_test_device_of(d->file);
	struct vintc_test_eventfd e;

	vintc_test_eventfd_open(test, &e);
	make_gicv2(test, d);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, 3, 0), 0l);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(dev), 1ull);
	give_up_bus(test, d->vm.kvm, KVM_VIRTIO_CCW_NOTIFY_BUS);
	eventfd_signal(e.ctx, 1);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(dev), 1ull);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, e.fd, 3, 0), -EIO);
	KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(35), 1), 0l);
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	/* It ends without another word: the eventfd outlives it. */
	vintc_test_device_put(d);
	eventfd_signal(e.ctx, 1);
	vintc_test_eventfd_close(&e);
}

static void giving_up_the_mmio_bus_hazard04(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;

	make_gicv2(test, d);
	give_up_bus(test, d->vm.kvm, KVM_MMIO_BUS);
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE));
	KUNIT_EXPECT_EQ(test, inject(d, line_of_spi(35), 1), 0l);
	KUNIT_EXPECT_EQ(test, init(d), 0l);
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE));
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
}

/* ---- a device without a model again ---- */

static void no_model_no_frames(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	gpa_t shift;

	for (shift = 0; shift < 3 * SZ_1M; shift += SZ_1M) {
		KUNIT_ASSERT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
		KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE));
		KUNIT_EXPECT_EQ(test, place(d, KVM_VGIC_V2_ADDR_TYPE_DIST, GICD_BASE + shift), 0l);
		KUNIT_EXPECT_EQ(test, place(d, KVM_VGIC_V2_ADDR_TYPE_CPU, GICC_BASE + shift), 0l);
		/* Half-way, too. */
		if (shift == SZ_1M)
			KUNIT_EXPECT_EQ(test, reset_model(d) ?: choose(d, KVM_VINTC_MODEL_GICV2), 0l);
		else
			KUNIT_EXPECT_EQ(test, init(d), 0l);
		KUNIT_EXPECT_EQ(test, is_mapped(d, GICD_BASE + shift), shift != SZ_1M);
		KUNIT_EXPECT_EQ(test, is_mapped(d, GICC_BASE + shift), shift != SZ_1M);
		KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
		KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE + shift));
		KUNIT_EXPECT_FALSE(test, is_mapped(d, GICC_BASE + shift));
	}
	make_gicv2(test, d);
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
}

/* It cannot fail. The VM has no MMIO bus any more then, and no other device gets on it. */
static bool unmap_failing(struct kunit *test, unsigned int nth, unsigned int *gone)
{
	struct vintc_test_device *d = test->priv;
	bool failed, has_bus;

	vintc_test_device_anew(test, d);
	make_gicv2(test, d);
	vintc_test_fail_nth(nth);
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	failed = vintc_test_fail_over();
	has_bus = rcu_access_pointer(d->vm.kvm->buses[KVM_MMIO_BUS]);
	*gone += !has_bus;
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICD_BASE));
	KUNIT_EXPECT_FALSE(test, is_mapped(d, GICC_BASE));
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, place_frames(d), 0l);
	KUNIT_EXPECT_EQ(test, init(d), has_bus ? 0l : -ENOMEM);
	KUNIT_EXPECT_EQ(test, is_mapped(d, GICD_BASE), has_bus);
	return failed;
}

static void unmapping_without_memory_hazard04(struct kunit *test)
{
	unsigned int nth = 1, gone = 0;

	while (unmap_failing(test, nth, &gone))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, gone, 2u, "a smaller bus for each frame");
}

static struct kunit_case frames_cases[] = {
	KUNIT_CASE(accesses_of_every_width),
	KUNIT_CASE(sweep_of_both_frames_hazard12),
	KUNIT_CASE(accesses_of_a_stranger_hazard15),
	KUNIT_CASE(mapping_without_memory_hazard04),
	KUNIT_CASE(init_without_memory_hazard05),
	KUNIT_CASE(giving_up_the_watched_bus_ends_irqfds_hazard04),
	KUNIT_CASE(giving_up_the_mmio_bus_hazard04),
	KUNIT_CASE(no_model_no_frames),
	KUNIT_CASE(unmapping_without_memory_hazard04),
	{}
};

static struct kunit_suite frames_suite = {
	.name = "vintc_frames",
	.suite_init = frames_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = frames_cases,
};

kunit_test_suite(frames_suite);

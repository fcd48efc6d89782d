// SPDX-License-Identifier: GPL-2.0-only
/* KVM_SET_GSI_ROUTING and KVM_SIGNAL_MSI, on the fd of a device. */
#include <sys/mman.h>

#include "common/lib/test.h"

#define SOURCE		0x1000u
#define MANY		65536u
#define GSI_LIMIT	(1u << 24)
#define PRESENTED(dev, source)	(!!(source_of(dev, source) & KVM_XICS_PRESENTED))

/* Sources that nobody takes: what arrived is seen by their P. */
static void add_sources(int dev, u32 count)
{
	for (u32 i = 0; i < count; i++)
		must(set_source(dev, SOURCE + i, source_state(server_of(0), 5 + i % 8, 0)));
}

/* A mask of the sources that were signalled since; all are at rest again. */
static u64 arrived(int dev)
{
	u64 mask = 0;
	u32 taken;

	while (XIRR_XISR(taken = h_xirr(dev, 0))) {
		u32 source = XIRR_XISR(taken) - SOURCE;

		if (source >= 64 || mask >> source & 1)
			fatal("interrupt %#x is not one that was expected", XIRR_XISR(taken));
		mask |= 1ull << source;
		h_eoi(dev, 0, taken);
	}
	return mask;
}

static u64 signalled(int dev, u32 gsi)
{
	pulse(dev, gsi);
	return arrived(dev);
}

/* ---- what leads where ---- */

XICS_TEST(without_a_table_each_gsi_is_its_source)
{
	add_sources(self->dev, 2);
	EXPECT_EQ(1, signalled(self->dev, SOURCE));
	EXPECT_EQ(2, signalled(self->dev, SOURCE + 1));
	EXPECT_EQ(-EINVAL, inject(self->dev, SOURCE + 2, 2, NULL));
}

GICV2_TEST(without_a_table_each_gsi_is_its_spi)
{
	enable_spi(self->dev, 0, 32, 0x20, true);
	enable_spi(self->dev, 0, GIC_IRQS - 1, 0x20, true);
	pulse(self->dev, 0);
	EXPECT_EQ(32, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, 32);
	pulse(self->dev, GIC_SPIS - 1);
	EXPECT_EQ(GIC_IRQS - 1, gicc_read(self->dev, 0, GICC_IAR));
}

XICS_TEST(pins_and_messages)
{
	add_sources(self->dev, 4);
	must(set_table(self->dev, to_pin(7, SOURCE + 1), to_msi(9, SOURCE + 2),
		       to_pin(GSI_LIMIT - 1, SOURCE + 3)));
	EXPECT_EQ(1 << 1, signalled(self->dev, 7));
	EXPECT_EQ(1 << 2, signalled(self->dev, 9));
	EXPECT_EQ(1 << 3, signalled(self->dev, GSI_LIMIT - 1));
	/* What no entry names leads nowhere, a source's own number too. */
	EXPECT_EQ(-EINVAL, inject(self->dev, 8, 2, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, SOURCE, 2, NULL));
}

XICS_TEST(line_ioctls_go_by_the_table)
{
	add_sources(self->dev, 2);
	must(set_table(self->dev, to_pin(7, SOURCE + 1)));
	must(device_line(self->dev, 7, 1));
	EXPECT_EQ(1 << 1, arrived(self->dev));
	EXPECT_EQ(-EINVAL, device_line(self->dev, SOURCE, 1));
}

GICV2_TEST(pins_and_messages)
{
	enable_spi(self->dev, 0, 40, 0x20, true);
	enable_spi(self->dev, 0, 41, 0x20, true);
	must(set_table(self->dev, to_pin(1000, 40 - 32), to_msi(2000, 41)));
	pulse(self->dev, 1000);
	EXPECT_EQ(40, gicc_read(self->dev, 0, GICC_IAR));
	gicc_write(self->dev, 0, GICC_EOIR, 40);
	pulse(self->dev, 2000);
	EXPECT_EQ(41, gicc_read(self->dev, 0, GICC_IAR));
	EXPECT_EQ(-EINVAL, inject(self->dev, 8, 1, NULL));
}

XICS_TEST(a_level_goes_by_the_table_both_ways)
{
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_LEVEL)));
	must(set_table(self->dev, to_pin(3, SOURCE)));
	must(inject(self->dev, 3, 1, NULL));
	EXPECT_TRUE(reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE)) & KVM_VINTC_SOURCE_LINE);
	must(inject(self->dev, 3, 0, NULL));
	EXPECT_FALSE(reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE)) & KVM_VINTC_SOURCE_LINE);
}

XICS_TEST(several_targets_of_one_gsi)
{
	struct kvm_irq_routing_entry table[KVM_VINTC_ROUTE_TARGETS];

	add_sources(self->dev, KVM_VINTC_ROUTE_TARGETS);
	for (u32 i = 0; i < ARRAY_SIZE(table); i++)
		table[i] = i & 1 ? to_msi(5, SOURCE + i) : to_pin(5, SOURCE + i);
	EXPECT_EQ(0, set_routes(self->dev, table, ARRAY_SIZE(table)));
	EXPECT_EQ((1 << KVM_VINTC_ROUTE_TARGETS) - 1, signalled(self->dev, 5));
}

XICS_TEST(targets_of_a_gsi_stand_anywhere_in_the_table)
{
	add_sources(self->dev, 4);
	must(set_table(self->dev, to_pin(5, SOURCE), to_pin(6, SOURCE + 1), to_pin(5, SOURCE + 2),
		       to_pin(6, SOURCE + 3)));
	EXPECT_EQ(1 << 0 | 1 << 2, signalled(self->dev, 5));
	EXPECT_EQ(1 << 1 | 1 << 3, signalled(self->dev, 6));
}

XICS_TEST(several_gsis_of_one_target)
{
	add_sources(self->dev, 1);
	must(set_table(self->dev, to_pin(5, SOURCE), to_pin(6, SOURCE)));
	EXPECT_EQ(1, signalled(self->dev, 5));
	EXPECT_EQ(1, signalled(self->dev, 6));
}

XICS_TEST(status_of_several_targets)
{
	int status = -7;

	add_sources(self->dev, 2);
	must(set_table(self->dev, to_pin(5, SOURCE), to_pin(5, SOURCE + 1)));
	EXPECT_EQ(0, inject(self->dev, 5, 1, &status));
	EXPECT_LE(1, status);
	EXPECT_EQ(3, arrived(self->dev));
}

XICS_TEST(a_table_replaces_the_whole_of_the_old_one)
{
	add_sources(self->dev, 2);
	must(set_table(self->dev, to_pin(5, SOURCE), to_pin(6, SOURCE)));
	must(set_table(self->dev, to_pin(5, SOURCE + 1)));
	EXPECT_EQ(2, signalled(self->dev, 5));
	EXPECT_EQ(-EINVAL, inject(self->dev, 6, 2, NULL));
	/* Without entries: as at first. */
	EXPECT_EQ(0, set_routes(self->dev, NULL, 0));
	EXPECT_EQ(1, signalled(self->dev, SOURCE));
	EXPECT_EQ(-EINVAL, inject(self->dev, 5, 2, NULL));
}

XICS_TEST(irqfds_follow_the_table)
{
	int fd = new_eventfd();

	add_sources(self->dev, 3);
	must(set_table(self->dev, to_pin(5, SOURCE)));
	must(assign_to(self->dev, fd, 5));
	signal_event(fd);
	EXPECT_SOON(arrived(self->dev) == 1);
	must(set_table(self->dev, to_pin(5, SOURCE + 1), to_pin(5, SOURCE + 2)));
	signal_event(fd);
	EXPECT_SOON(PRESENTED(self->dev, SOURCE + 1) && PRESENTED(self->dev, SOURCE + 2));
	EXPECT_EQ(6, arrived(self->dev));
	/* Nowhere: the event is consumed, and the next table does not bring it. */
	must(set_table(self->dev, to_pin(6, SOURCE)));
	signal_event(fd);
	EXPECT_SOON(!can_be_read(fd));
	must(set_table(self->dev, to_pin(5, SOURCE)));
	EXPECT_EQ(0, arrived(self->dev));
	close(fd);
}

/* ---- large tables ---- */

static struct kvm_irq_routing_entry *large_table(u32 count)
{
	struct kvm_irq_routing_entry *table = calloc(count, sizeof(*table));

	if (!table)
		fatal("no memory");
	/* Some GSIs next to each other, some far; all lead to the same few sources. */
	for (u32 i = 0; i < count; i++)
		table[i] = to_pin(i & 1 ? i : GSI_LIMIT - 1 - i, SOURCE + i % 8);
	return table;
}

XICS_TEST(sixty_five_thousand_entries)
{
	struct kvm_irq_routing_entry *table = large_table(MANY);

	add_sources(self->dev, 8);
	EXPECT_EQ(0, set_routes(self->dev, table, MANY));
	for (u32 i = 0; i < MANY; i += 4999) {
		ASSERT_EQ(1u << i % 8, signalled(self->dev, table[i].gsi)) {
			TH_LOG("entry %u", i);
		}
	}
	EXPECT_EQ(1u << (MANY - 1) % 8, signalled(self->dev, table[MANY - 1].gsi));
	EXPECT_EQ(-EINVAL, inject(self->dev, GSI_LIMIT / 2, 2, NULL));
	free(table);
}

XICS_TEST(as_many_entries_as_there_may_be)
{
	struct kvm_irq_routing_entry *table = large_table(KVM_VINTC_ROUTES + 1);
	u32 last = KVM_VINTC_ROUTES - 1;

	add_sources(self->dev, 8);
	EXPECT_EQ(0, set_routes(self->dev, table, KVM_VINTC_ROUTES));
	EXPECT_EQ(1u << last % 8, signalled(self->dev, table[last].gsi));
	EXPECT_EQ(-E2BIG, set_routes(self->dev, table, KVM_VINTC_ROUTES + 1));
	EXPECT_EQ(1u << last % 8, signalled(self->dev, table[last].gsi));
	free(table);
}

/* ---- refused tables leave the old one ---- */

#define REFUSED(error, ...)							\
do {										\
	EXPECT_EQ(-(error), set_table(self->dev, __VA_ARGS__));			\
	EXPECT_EQ(1, signalled(self->dev, 5));					\
} while (0)

FIXTURE(routed) {
	struct machine machine;
	int dev;
};
FIXTURE_SETUP(routed)
{
	machine_create(&self->machine, 1);
	self->dev = new_xics(&self->machine);
	add_sources(self->dev, 16);
	must(set_table(self->dev, to_pin(5, SOURCE)));
}
FIXTURE_TEARDOWN(routed)
{
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define ROUTED_TEST(name)	TEST_F_TIMEOUT(routed, name, TIMEOUT)

ROUTED_TEST(one_target_too_many)
{
	struct kvm_irq_routing_entry table[KVM_VINTC_ROUTE_TARGETS + 1];

	for (u32 i = 0; i < ARRAY_SIZE(table); i++)
		table[i] = to_pin(5, SOURCE + i);
	EXPECT_EQ(-E2BIG, set_routes(self->dev, table, ARRAY_SIZE(table)));
	EXPECT_EQ(1, signalled(self->dev, 5));
}

ROUTED_TEST(reserved_fields)
{
	struct kvm_irq_routing_entry good = to_pin(5, SOURCE + 1), bad;
	struct {
		struct kvm_irq_routing head;
		struct kvm_irq_routing_entry entry;
	} table = { .head = { .nr = 1, .flags = 1 }, .entry = good };

	EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_SET_GSI_ROUTING, &table));
	table.head.nr = 0;
	EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_SET_GSI_ROUTING, &table));
	EXPECT_EQ(1, signalled(self->dev, 5));
	for (int bit = 0; bit < 32; bit++) {
		bad = good;
		bad.flags = 1u << bit;
		REFUSED(EINVAL, bad);
		bad = good;
		bad.pad = 1u << bit;
		REFUSED(EINVAL, bad);
	}
	bad = to_msi(5, SOURCE + 1);
	bad.flags = KVM_MSI_VALID_DEVID;
	REFUSED(EINVAL, bad);
	bad = to_msi(5, SOURCE + 1);
	bad.u.msi.pad = 1;
	REFUSED(EINVAL, bad);
}

ROUTED_TEST(entries_that_lead_nowhere)
{
	struct kvm_irq_routing_entry bad = to_pin(5, SOURCE + 1);

	bad.u.irqchip.irqchip = 1;
	REFUSED(EINVAL, bad);
	REFUSED(EINVAL, to_pin(5, 1u << 24));
	REFUSED(EINVAL, to_pin(5, -1u));
	REFUSED(EINVAL, to_msi(5, 1u << 24));
	REFUSED(EINVAL, to_msi(5, 0));
	REFUSED(EINVAL, to_pin(GSI_LIMIT, SOURCE));
	REFUSED(EINVAL, to_pin(-1u, SOURCE));
	/* The last of several. */
	REFUSED(EINVAL, to_pin(5, SOURCE + 1), to_pin(6, SOURCE + 2), to_pin(7, 0));
}

ROUTED_TEST(types_that_do_not_exist)
{
	u32 types[] = { 0, KVM_IRQ_ROUTING_S390_ADAPTER, KVM_IRQ_ROUTING_HV_SINT, 5, 6, 77,
			KVM_VINTC_ROUTING_DEVICE + 1, -1u };

	for (int i = 0; i < ARRAY_SIZE(types); i++) {
		struct kvm_irq_routing_entry bad = to_pin(5, SOURCE + 1);

		bad.type = types[i];
		REFUSED(EINVAL, bad);
	}
}

ROUTED_TEST(bad_pointers)
{
	struct kvm_irq_routing *table;
	long page = sysconf(_SC_PAGESIZE);
	u8 *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_SET_GSI_ROUTING, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_SIGNAL_MSI, BAD_ADDRESS));

	/* Entries that begin where they can be read, and end where they cannot. */
	ASSERT_NE(MAP_FAILED, pages);
	must(neg_errno(munmap(pages + page, page)));
	table = (void *)(pages + page - sizeof(*table) - sizeof(table->entries[0]));
	*table = (struct kvm_irq_routing){ .nr = 2 };
	table->entries[0] = to_pin(5, SOURCE + 1);
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_SET_GSI_ROUTING, table));
	table->nr = KVM_VINTC_ROUTES;
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_SET_GSI_ROUTING, table));
	EXPECT_EQ(1, signalled(self->dev, 5));
	table->nr = 1;
	EXPECT_EQ(0, xioctl(self->dev, KVM_SET_GSI_ROUTING, table));
	EXPECT_EQ(2, signalled(self->dev, 5));
}

GICV2_TEST(spis_that_do_not_exist)
{
	enable_spi(self->dev, 0, 40, 0x20, true);
	must(set_table(self->dev, to_pin(5, 8)));
	EXPECT_EQ(-EINVAL, set_table(self->dev, to_pin(5, GIC_SPIS)));
	EXPECT_EQ(-EINVAL, set_table(self->dev, to_pin(5, -1u)));
	EXPECT_EQ(-EINVAL, set_table(self->dev, to_pin(5, -32u)));
	EXPECT_EQ(-EINVAL, set_table(self->dev, to_msi(5, GIC_IRQS)));
	EXPECT_EQ(-EINVAL, set_table(self->dev, to_msi(5, 31)));
	EXPECT_EQ(-EINVAL, set_table(self->dev, to_msi(5, 0)));
	pulse(self->dev, 5);
	EXPECT_EQ(40, gicc_read(self->dev, 0, GICC_IAR));
}

/* ---- messages without a route ---- */

XICS_TEST(signal_msi)
{
	add_sources(self->dev, 2);
	must(set_table(self->dev, to_pin(SOURCE, SOURCE + 1)));
	/* The message names the source: no table is asked. */
	EXPECT_EQ(1, signal_msi(self->dev, SOURCE));
	EXPECT_EQ(0, signal_msi(self->dev, SOURCE));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
	EXPECT_EQ(-EINVAL, signal_msi(self->dev, SOURCE + 2));
	EXPECT_EQ(-EINVAL, signal_msi(self->dev, 0));
	EXPECT_EQ(-EINVAL, signal_msi(self->dev, -1u));
}

XICS_TEST(reserved_fields_of_a_message)
{
	struct kvm_msi bad;

	add_sources(self->dev, 1);
	for (int bit = 0; bit < 32; bit++) {
		bad = (struct kvm_msi){ .data = SOURCE, .flags = 1u << bit };
		EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_SIGNAL_MSI, &bad));
	}
	for (int i = 0; i < ARRAY_SIZE(bad.pad); i++) {
		bad = (struct kvm_msi){ .data = SOURCE };
		bad.pad[i] = 1;
		EXPECT_EQ(-EINVAL, xioctl(self->dev, KVM_SIGNAL_MSI, &bad));
	}
	EXPECT_EQ(0, arrived(self->dev));
}

GICV2_TEST(signal_msi)
{
	enable_spi(self->dev, 0, 40, 0x20, true);
	EXPECT_EQ(1, signal_msi(self->dev, 40));
	EXPECT_EQ(40, gicc_read(self->dev, 0, GICC_IAR));
	EXPECT_EQ(-EINVAL, signal_msi(self->dev, 31));
	EXPECT_EQ(-EINVAL, signal_msi(self->dev, GIC_IRQS));
}

COMMON_TEST_MAIN

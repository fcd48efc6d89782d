// SPDX-License-Identifier: GPL-2.0-only
/* XICS devices that userspace presents. */
#include <linux/slab.h>

#include "presented.h"

#define PRIORITY(priority)	((u64)(priority) << 32)
#define LEVEL_SENSITIVE		(1ull << 40)

static void open_icp(struct kunit *test, struct vintc_test_device *d)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_HYPERCALL,
				       .hypercall = { .number = VINTC_H_CPPR, .regs = { 0xff } } };

	KUNIT_ASSERT_EQ(test, command(d, &c), 0l);
	KUNIT_ASSERT_EQ(test, c.hypercall.status, (s64)VINTC_H_SUCCESS);
}

void make_xics(struct kunit *test, struct vintc_test_device *d)
{
	u32 i;

	KUNIT_ASSERT_EQ(test, choose(d, PRESENTED_XICS), 0l);
	KUNIT_ASSERT_EQ(test, connect(d, 0, 0) ?: connect(d, 5, 5), 0l);
	open_icp(test, d);
	for (i = 0; i < XICS_SOURCES; i++)
		KUNIT_ASSERT_EQ(test, set_source(d, MSI + i, PRIORITY(5) |
						 (MSI + i < LEVEL ? 0 : LEVEL_SENSITIVE)), 0l);
}

int make_xics_init(struct kunit *test)
{
	int r = vintc_test_device_init(test);

	if (!r)
		make_xics(test, test->priv);
	return r;
}

struct vintc_test_device another_device(struct kunit *test, struct vintc_test_device *d)
{
	struct vintc_test_device other = *d;

	other.file = vintc_test_vm_device(&d->vm);
	KUNIT_ASSERT_FALSE(test, IS_ERR(other.file));
	return other;
}

struct kvm_irq_routing_entry to_pin(u32 gsi, u32 pin)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi,
		.type = KVM_IRQ_ROUTING_IRQCHIP,
		.u.irqchip.pin = pin,
	};
}

struct kvm_irq_routing_entry to_device(u32 gsi, int fd, u32 pin)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi,
		.type = KVM_VINTC_ROUTING_DEVICE,
		.u.irqchip = { .irqchip = fd, .pin = pin },
	};
}

long set_routes(struct vintc_test_device *d, const struct kvm_irq_routing_entry *entries, u32 count)
{
	struct kvm_irq_routing *table = kzalloc(struct_size(table, entries, count), GFP_KERNEL);
	long r = -ENOMEM;

	if (table) {
		table->nr = count;
		memcpy(table->entries, entries, count * sizeof(*entries));
		r = vintc_test_ioctl(d->file, KVM_SET_GSI_ROUTING, table,
				     struct_size(table, entries, count));
	}
	kfree(table);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_SET_GSI_ROUTING: GSIs that lead to inputs, to messages, and to another device; a
 * GICv2 whose interrupts are inputs of a XICS.
 */
#include "gicv2.h"
#include "xics.h"

#define SOURCE	0x1000
#define SPI	40

static void set_table(int device, const struct kvm_irq_routing_entry *entries, uint32_t count)
{
	size_t size = count * sizeof(*entries);
	struct kvm_irq_routing *table = calloc(1, sizeof(*table) + size);

	table->nr = count;
	memcpy(table->entries, entries, size);
	MUST(ioctl(device, KVM_SET_GSI_ROUTING, table));
	free(table);
}

static struct kvm_irq_routing_entry to_pin(uint32_t gsi, uint32_t pin)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi, .type = KVM_IRQ_ROUTING_IRQCHIP, .u.irqchip = { .pin = pin },
	};
}

static struct kvm_irq_routing_entry to_message(uint32_t gsi, uint32_t data)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi, .type = KVM_IRQ_ROUTING_MSI, .u.msi = { .data = data },
	};
}

static struct kvm_irq_routing_entry to_device(uint32_t gsi, int device, uint32_t its_gsi)
{
	return (struct kvm_irq_routing_entry){
		.gsi = gsi, .type = KVM_VINTC_ROUTING_DEVICE,
		.u.irqchip = { .irqchip = device, .pin = its_gsi },
	};
}

static int signal_msi(int device, uint32_t data)
{
	struct kvm_msi msi = { .data = data };

	return MUST(ioctl(device, KVM_SIGNAL_MSI, &msi));
}

/* The next interrupt of vCPU 0, which is ended at once. */
static uint32_t take(int xics)
{
	uint32_t xirr = h_xirr(xics, 0);

	if (XISR(xirr))
		h_eoi(xics, 0, xirr);
	return XISR(xirr);
}

static int new_gicv2(int vm)
{
	int gicv2 = new_device(vm, KVM_VINTC_MODEL_GICV2 | KVM_VINTC_MODEL_USERSPACE);

	MUST(set_attr(gicv2, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL));
	gicd_write(gicv2, 0, GICD_CTLR, 1);
	gicd_write(gicv2, 0, GICD_ICFGR + SPI / 16 * 4, 2u << SPI % 16 * 2);
	gicd_write(gicv2, 0, GICD_ITARGETSR + SPI, 1 << 0);
	gicd_write(gicv2, 0, GICD_ISENABLER + SPI / 32 * 4, 1u << SPI % 32);
	gicc_write(gicv2, 0, GICC_PMR, 0xff);
	gicc_write(gicv2, 0, GICC_CTLR, 1);
	return gicv2;
}

int main(void)
{
	int vm = new_vm(1), xics = new_xics(vm, 1), gicv2 = new_gicv2(vm);

	plan(7);
	for (int i = 0; i < 3; i++)
		add_source(xics, SOURCE + i, 0, 5, 0);

	irq_line(xics, SOURCE, 1);
	check(take(xics) == SOURCE, "without a table a GSI is the input of its number");
	check(signal_msi(xics, SOURCE + 1) == 1 && take(xics) == SOURCE + 1,
	      "KVM_SIGNAL_MSI needs no table");

	set_table(xics, (struct kvm_irq_routing_entry[]){
		to_pin(7, SOURCE), to_message(8, SOURCE + 1),
		to_pin(9, SOURCE), to_pin(9, SOURCE + 2),
		to_device(10, gicv2, SPI - 32),
	}, 5);
	irq_line(xics, 7, 1);
	check(take(xics) == SOURCE, "GSI 7 leads to an input");
	irq_line(xics, 8, 1);
	check(take(xics) == SOURCE + 1, "GSI 8 is a message");
	irq_line(xics, 9, 1);
	check(take(xics) == SOURCE && take(xics) == SOURCE + 2, "GSI 9 leads to two inputs");
	irq_line(xics, 10, 1);
	check(gicc_read(gicv2, 0, GICC_IAR) == SPI, "GSI 10 leads to the GICv2");

	set_table(xics, NULL, 0);
	irq_line(xics, SOURCE + 2, 1);
	check(take(xics) == SOURCE + 2, "without entries there is no table");
	return failures != 0;
}

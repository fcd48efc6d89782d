// SPDX-License-Identifier: GPL-2.0-only
/* The distributor as a VMM writes it: alike for every kind of GIC, and for ours. */
#include "lib/device.h"
#include "lib/gicv2.h"
#include "state.h"

#define PRIORITIES	0xa0a0a0a0u

static void set_distributor(const struct vm *vm, u32 offset, u32 value)
{
	must(device_set(vm->irqchip_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, offset, &value));
}

void state_make_edges(const struct vm *vm, u32 interrupts)
{
	for (u32 i = 32; i < interrupts; i += 16)
		set_distributor(vm, GICD_ICFGR + i / 4, 0xaaaaaaaa);
}

bool state_pends(int device, u32 pin)
{
	u32 intid = pin + 32, word;

	must(device_get(device, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_ISPENDR + intid / 32 * 4,
			&word));
	return word >> intid % 32 & 1;
}

/* A CPU of each SPI in turn, as a GICv2 has it. */
static void set_targets(const struct vm *vm, u32 interrupts)
{
	for (u32 i = 32; i < interrupts; i += 4)
		set_distributor(vm, GICD_ITARGETSR + i, i % 8 ? 0x80402010 : 0x08040201);
}

/* Half of the SPIs are enabled, every eighth one pends. */
void state_fill(const struct vm *vm, const struct peer *peer, u32 interrupts)
{
	state_make_edges(vm, interrupts);
	if (peer->gic == 2)
		set_targets(vm, interrupts);
	for (u32 i = 32; i < interrupts; i += 4)
		set_distributor(vm, GICD_IPRIORITYR + i, PRIORITIES);
	for (u32 i = 32; i < interrupts; i += 32) {
		set_distributor(vm, GICD_ISENABLER + i / 8, 0x33333333);
		set_distributor(vm, GICD_ISPENDR + i / 8, 0x01010101);
	}
}

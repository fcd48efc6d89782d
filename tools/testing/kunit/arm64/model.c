// SPDX-License-Identifier: GPL-2.0-only
/* GICv2, for the suites that go for any model. */
#include "gicv2.h"

static long make_spi(struct vintc_test_device *d)
{
	return place_frames(d) ?: init(d);
}

const struct vintc_test_model vintc_test_model = {
	.model = &vintc_model_gicv2,
	.wide_group = KVM_DEV_ARM_VGIC_GRP_ADDR,
	.numbers = VINTC_GIC_CPUS,
	.gsi = 3,
	.line = line_of_spi(VINTC_GIC_SPI_FIRST + 3),
	.make_interrupt = make_spi,
	.choose_allocations = 3,	/* the model, its GIC, and the VM's bus */
	.connect_allocations = 1,
};

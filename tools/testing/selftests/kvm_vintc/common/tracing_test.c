// SPDX-License-Identifier: GPL-2.0-only
/* Trace events: what happens is told once, in its order, and with the right numbers. */
#include "common/lib/test.h"
#include "lib/module.h"
#include "lib/tracing_fixture.h"

#define SOURCE	0x1000u		/* 4096 */
#define SPI	40u

TRACING_TEST(a_xics_tells_what_becomes_of_an_interrupt)
{
	struct machine machine;
	int dev;

	NEEDS_EVENTS();
	machine_create(&machine, 2);
	dev = new_xics(&machine);
	must(set_source(dev, SOURCE, source_state(server_of(0), 9, SOURCE_MSI)));
	must(set_source(dev, SOURCE + 1, source_state(server_of(0), 3, SOURCE_MSI)));
	EXPECT_EVENT("");

	pulse(dev, SOURCE);
	EXPECT_EVENT("vintc_deliver: vcpu=0");
	EXPECT_EVENT("vintc_inject: device=0 gsi=4096 input=pulse status=delivered");
	pulse(dev, SOURCE + 1);
	EXPECT_EVENT("vintc_reject: vcpu=0 source=4096");
	EXPECT_EVENT("vintc_inject: device=0 gsi=4097 input=pulse status=delivered");
	EXPECT_EQ(xirr(0xff, SOURCE + 1), h_xirr(dev, 0));
	EXPECT_EVENT("vintc_accept: vcpu=0 interrupt=4097 value=0xff001001");
	h_eoi(dev, 0, xirr(0xff, SOURCE + 1));
	EXPECT_EVENT("vintc_eoi: vcpu=0 interrupt=4097 value=0xff001001");
	EXPECT_EVENT("vintc_resend: vcpu=0 source=4096");
	EXPECT_EVENT("vintc_deliver: vcpu=0");
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(dev, 0));
	EXPECT_EVENT("vintc_accept: vcpu=0 interrupt=4096 value=0xff001000");

	h_ipi(dev, 0, server_of(1), 4);
	EXPECT_EVENT("vintc_ipi: vcpu=0 target=0x7 value=4");
	EXPECT_EVENT("vintc_deliver: vcpu=1");
	must(device_line(dev, SOURCE + 2, 1) == -EINVAL ? 0 : -1);
	EXPECT_EVENT("vintc_inject: device=0 gsi=4098 input=high status=unknown");
	must(reset(dev, 0));
	EXPECT_EVENT("vintc_reset: device=0 model=0");
	must(reset(dev, KVM_VINTC_RESET_MODEL));
	EXPECT_EVENT("vintc_reset: device=0 model=1");
	EXPECT_EVENT("");
	close(dev);
	machine_destroy(&machine);
}

TRACING_TEST(a_gicv2_tells_what_becomes_of_an_interrupt)
{
	struct machine machine;
	int dev;

	NEEDS_EVENTS();
	machine_create(&machine, 2);
	dev = new_gicv2(&machine);
	enable_spi(dev, 1, SPI, 0x80, true);
	/* CPUs are made to look while they are set up. */
	while (tracing_next(&self->tracing)[0])
		;

	pulse(dev, SPI - 32);
	EXPECT_EVENT("vintc_deliver: vcpu=1");
	EXPECT_EVENT("vintc_inject: device=0 gsi=8 input=pulse status=delivered");
	EXPECT_EQ(SPI, gicc_read(dev, 1, GICC_IAR));
	EXPECT_EVENT("vintc_accept: vcpu=1 interrupt=40 value=0x28");
	gicc_write(dev, 1, GICC_EOIR, SPI);
	EXPECT_EVENT("vintc_eoi: vcpu=1 interrupt=40 value=0x28");
	EXPECT_EQ(INTID_SPURIOUS, gicc_read(dev, 1, GICC_IAR));
	EXPECT_EVENT("vintc_accept: vcpu=1 interrupt=1023 value=0x3ff");

	must(device_line(dev, spi_line(SPI + 1), 1));
	EXPECT_EVENT("vintc_line: device=0 irq=0x1000029 level=1 status=masked");

	gicd_write(dev, 1, GICD_ISENABLER, 1u << 5);
	gicd_write(dev, 0, GICD_ISENABLER, 1u << 5);
	gicd_write(dev, 1, GICD_SGIR, 1u << 16 | 5);
	EXPECT_EVENT("vintc_ipi: vcpu=1 target=0x1 value=5");
	EXPECT_EVENT("vintc_deliver: vcpu=0");
	EXPECT_EQ(1u << 10 | 5, gicc_read(dev, 0, GICC_IAR));
	EXPECT_EVENT("vintc_accept: vcpu=0 interrupt=5 value=0x405");
	EXPECT_EVENT("");
	close(dev);
	machine_destroy(&machine);
}

TRACING_TEST(nothing_is_told_while_events_are_off)
{
	struct machine machine;
	int dev;

	NEEDS_EVENTS();
	machine_create(&machine, 1);
	dev = new_xics(&machine);
	for (int on = 0; on < 2; on++) {
		tracing_set(&self->tracing, on);
		h_ipi(dev, 0, server_of(0), 4);
		EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(dev, 0));
		h_ipi(dev, 0, server_of(0), 0xff);
		h_eoi(dev, 0, xirr(0xff, XISR_IPI));
	}
	EXPECT_EVENT("vintc_ipi: vcpu=0 target=0x4 value=4");
	EXPECT_EVENT("vintc_deliver: vcpu=0");
	EXPECT_EVENT("vintc_accept: vcpu=0 interrupt=2 value=0xff000002");
	EXPECT_EVENT("vintc_ipi: vcpu=0 target=0x4 value=255");
	EXPECT_EVENT("vintc_eoi: vcpu=0 interrupt=2 value=0xff000002");
	EXPECT_EVENT("");
	close(dev);
	machine_destroy(&machine);
}

/* The events are the module's memory. */
TRACING_TEST(the_module_goes_while_they_are_on)
{
	NEEDS_EVENTS();
	if (!module_path())
		SKIP(return, "KVM_VINTC_KO does not say where the module is");
	ASSERT_TRUE(module_unload_patiently());
	must(module_load());
	EXPECT_EVENT("");
	tracing_set(&self->tracing, true);
}

COMMON_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Trace events of what a guest does, and of its own line, which rises on the way in. */
#include "lib/test.h"
#include "lib/tracing_fixture.h"

TRACING_TEST(each_access_is_seen)
{
	struct vm vm;

	NEEDS_EVENTS();
	tracing_set(&self->tracing, false);
	vm_create_with_irqchip(&vm, 2);
	for (int on = 0; on < 3; on++) {
		tracing_set(&self->tracing, on == 1);
		gicd_write(&vm.cpu[0], GICD_SGIR, sgir_to(2, 5));
		ASSERT_EQ(iar_sgi(0, 5), gic_accept(&vm.cpu[1]));
		gic_end(&vm.cpu[1], iar_sgi(0, 5));
		gicd_write(&vm.cpu[0], GICD_SGIR, SGIR_SELF(6));
		ASSERT_EQ(iar_sgi(0, 6), gic_accept(&vm.cpu[0]));
		gic_end(&vm.cpu[0], iar_sgi(0, 6));
	}
	EXPECT_EVENT("vintc_ipi: vcpu=0 target=0x2 value=5");
	EXPECT_EVENT("vintc_deliver: vcpu=1");
	EXPECT_EVENT("vintc_accept: vcpu=1 interrupt=5 value=0x5");
	EXPECT_EVENT("vintc_eoi: vcpu=1 interrupt=5 value=0x5");
	EXPECT_EVENT("vintc_ipi: vcpu=0 target=0x200 value=6");
	EXPECT_EVENT("vintc_deliver: vcpu=0");
	EXPECT_EVENT("vintc_accept: vcpu=0 interrupt=6 value=0x6");
	EXPECT_EVENT("vintc_eoi: vcpu=0 interrupt=6 value=0x6");
	EXPECT_EVENT("");
	vm_destroy(&vm);
}

VINTC_ONLY_MAIN

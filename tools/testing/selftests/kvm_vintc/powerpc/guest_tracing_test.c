// SPDX-License-Identifier: GPL-2.0-only
/* Trace events of a guest's hypercalls, whichever way they are answered. */
#include "lib/test.h"
#include "lib/tracing_fixture.h"

/* On from the middle on, in real mode as well. */
TRACING_TEST(each_hypercall_is_seen)
{
	struct vm vm;

	NEEDS_EVENTS();
	tracing_set(&self->tracing, false);
	vm_create_with_irqchip(&vm, 2);
	for (int on = 0; on < 3; on++) {
		tracing_set(&self->tracing, on == 1);
		h_ipi(&vm.cpu[0], server_of(1), 4);
		ASSERT_EQ(xirr(0xff, XISR_IPI), h_xirr(&vm.cpu[1]));
		h_ipi(&vm.cpu[1], server_of(1), 0xff);
		h_eoi(&vm.cpu[1], xirr(0xff, XISR_IPI));
	}
	EXPECT_EVENT("vintc_ipi: vcpu=0 target=0x7 value=4");
	EXPECT_EVENT("vintc_deliver: vcpu=1");
	EXPECT_EVENT("vintc_accept: vcpu=1 interrupt=2 value=0xff000002");
	EXPECT_EVENT("vintc_ipi: vcpu=1 target=0x7 value=255");
	EXPECT_EVENT("vintc_eoi: vcpu=1 interrupt=2 value=0xff000002");
	EXPECT_EVENT("");
	vm_destroy(&vm);
}

VINTC_ONLY_MAIN

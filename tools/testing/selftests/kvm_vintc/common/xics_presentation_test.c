// SPDX-License-Identifier: GPL-2.0-only
/*
 * A XICS that userspace presents: what a vCPU does, by commands, with the answers
 * that a guest gets. The controller itself is tested at length elsewhere: this is the way
 * there.
 */
#include "common/lib/test.h"

#define SOURCE		0x1000u
#define MSI(cpu, p)	source_state(server_of(cpu), p, SOURCE_MSI)
#define LEVEL(cpu, p)	source_state(server_of(cpu), p, SOURCE_LEVEL)

static u64 icp(int dev, int cpu)
{
	return reg(dev, KVM_VINTC_REG_ICP(server_of(cpu)));
}

MACHINE_TEST(an_icp_is_connected_in_reset_state)
{
	int dev = new_device_of(&self->machine, KVM_VINTC_MODEL_XICS);

	EXPECT_EQ(ICP_RESET, icp(dev, 0));
	EXPECT_EQ(0, lines_of(dev, 0));
	must(set_source(dev, SOURCE, MSI(0, 5)));
	pulse(dev, SOURCE);
	EXPECT_EQ(0, lines_of(dev, 0));
	h_cppr(dev, 0, 6);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(dev, 0));
	close(dev);
}

XICS_TEST(an_interrupt_from_its_source_to_its_end)
{
	struct kvm_vintc_command answer;

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	pulse(self->dev, SOURCE);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_EQ(0, lines_of(self->dev, 1));
	must(hypercall(self->dev, 0, H_XIRR, 0, 0, &answer));
	EXPECT_EQ(xirr(0xff, SOURCE), answer.hypercall.regs[0]);
	EXPECT_EQ(0, answer.lines);
	EXPECT_EQ(icp_state(5, 0, 0xff, 0xff), icp(self->dev, 0));

	/* A second one waits for the first to end: the command finds the line up. */
	pulse(self->dev, SOURCE);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	must(hypercall(self->dev, 0, H_EOI, xirr(0xff, SOURCE), 0, &answer));
	EXPECT_EQ(H_SUCCESS, answer.hypercall.status);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, answer.lines);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
	h_eoi(self->dev, 0, xirr(0xff, SOURCE));
	EXPECT_EQ(MSI(0, 5), source_of(self->dev, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp(self->dev, 0));
}

XICS_TEST(a_level_comes_again_until_it_goes)
{
	must(set_source(self->dev, SOURCE, LEVEL(0, 5)));
	must(device_line(self->dev, SOURCE, 1));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
		if (i == 2)
			must(device_line(self->dev, SOURCE, 0));
		h_eoi(self->dev, 0, xirr(0xff, SOURCE));
	}
	EXPECT_EQ(xirr(0xff, 0), h_xirr(self->dev, 0));
}

XICS_TEST(h_cppr_takes_back_what_it_masks)
{
	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	pulse(self->dev, SOURCE);
	h_cppr(self->dev, 0, 5);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_EQ(xirr(5, 0), h_xirr(self->dev, 0));
	h_cppr(self->dev, 0, 6);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_EQ(xirr(6, SOURCE), h_xirr(self->dev, 0));
}

XICS_TEST(h_ipi_from_one_vcpu_to_the_other)
{
	h_ipi(self->dev, 0, server_of(1), 4);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 1));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->dev, 1));
	h_ipi(self->dev, 1, server_of(1), 0xff);
	h_eoi(self->dev, 1, xirr(0xff, XISR_IPI));
	EXPECT_EQ(ICP_OPEN, icp(self->dev, 1));
}

XICS_TEST(h_ipoll_looks_and_takes_nothing)
{
	struct kvm_vintc_command answer;

	h_ipi(self->dev, 0, server_of(1), 4);
	for (int i = 0; i < 2; i++) {
		must(hypercall(self->dev, 0, H_IPOLL, server_of(1), 0, &answer));
		EXPECT_EQ(H_SUCCESS, answer.hypercall.status);
		EXPECT_EQ(xirr(0xff, XISR_IPI), answer.hypercall.regs[0]);
		EXPECT_EQ(4, answer.hypercall.regs[1]);
	}
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 1));
}

XICS_TEST(h_xirr_x_takes_as_h_xirr_does)
{
	struct kvm_vintc_command answer;

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	pulse(self->dev, SOURCE);
	must(hypercall(self->dev, 0, H_XIRR_X, 0, 0, &answer));
	EXPECT_EQ(H_SUCCESS, answer.hypercall.status);
	EXPECT_EQ(xirr(0xff, SOURCE), answer.hypercall.regs[0]);
	EXPECT_EQ(icp_state(5, 0, 0xff, 0xff), icp(self->dev, 0));
}

XICS_TEST(a_more_favoured_source_displaces_and_none_is_lost)
{
	must(set_source(self->dev, SOURCE, MSI(0, 9)));
	must(set_source(self->dev, SOURCE + 1, MSI(0, 3)));
	pulse(self->dev, SOURCE);
	pulse(self->dev, SOURCE + 1);
	EXPECT_EQ(xirr(0xff, SOURCE + 1), h_xirr(self->dev, 0));
	EXPECT_EQ(xirr(3, 0), h_xirr(self->dev, 0));
	h_eoi(self->dev, 0, xirr(0xff, SOURCE + 1));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
}

/* ---- RTAS: needs no token of userspace's own calls ---- */

XICS_TEST(rtas_set_and_get_xive)
{
	u32 rets[2];

	must(set_source(self->dev, SOURCE, MSI(0, 0xff)));
	EXPECT_EQ(0, rtas(self->dev, 0, KVM_VINTC_RTAS_SET_XIVE, SOURCE, server_of(1), 7, NULL));
	EXPECT_EQ(0, rtas(self->dev, 1, KVM_VINTC_RTAS_GET_XIVE, SOURCE, 0, 0, rets));
	EXPECT_EQ(server_of(1), rets[0]);
	EXPECT_EQ(7, rets[1]);
	pulse(self->dev, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 1));
}

XICS_TEST(rtas_int_off_and_int_on)
{
	int status;

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	EXPECT_EQ(0, rtas(self->dev, 1, KVM_VINTC_RTAS_INT_OFF, SOURCE, 0, 0, NULL));
	EXPECT_EQ(0, inject(self->dev, SOURCE, KVM_VINTC_INJECT_PULSE, &status));
	EXPECT_GE(0, status);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	EXPECT_EQ(0, rtas(self->dev, 1, KVM_VINTC_RTAS_INT_ON, SOURCE, 0, 0, NULL));
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(self->dev, 0));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
}

/* ---- what an injection says ---- */

XICS_TEST(status_of_an_injection)
{
	int status = -7;

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	EXPECT_EQ(0, inject(self->dev, SOURCE, 1, &status));
	EXPECT_EQ(1, status);
	EXPECT_EQ(0, inject(self->dev, SOURCE, 1, &status));
	EXPECT_EQ(0, status);	/* coalesced */
}

XICS_TEST(line_status_of_the_device_fd)
{
	struct kvm_irq_level line = { .irq = SOURCE, .level = 1 };

	must(set_source(self->dev, SOURCE, MSI(0, 5)));
	EXPECT_EQ(0, xioctl(self->dev, KVM_IRQ_LINE_STATUS, &line));
	EXPECT_EQ(1, line.status);
	line.irq = SOURCE;
	EXPECT_EQ(0, xioctl(self->dev, KVM_IRQ_LINE_STATUS, &line));
	EXPECT_EQ(0, line.status);
	EXPECT_EQ(-EINVAL, device_line(self->dev, SOURCE + 1, 1));
	EXPECT_EQ(-EFAULT, xioctl(self->dev, KVM_IRQ_LINE, BAD_ADDRESS));
}

COMMON_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* The six hypercalls of a XICS guest, with good and bad arguments. */
#include "lib/test.h"

#define NOBODY		1000000u	/* a server number that no vCPU has */
#define GARBAGE		0xdeadbeefcafef00dull

/* r4..r12 of a call, to see what it leaves alone. */
#define GARBAGE_6	GARBAGE, GARBAGE + 1, GARBAGE + 2, GARBAGE + 3, GARBAGE + 4, \
			GARBAGE + 5, GARBAGE + 6

/* Makes the ICP of a vCPU this, whatever it was. */
static void set_icp(struct vcpu *cpu, u8 cppr, u32 xisr, u8 mfrr, u8 pending)
{
	must(icp_set(cpu, icp_state(cppr, xisr, mfrr, pending)));
}

XICS_TEST(reset_state_takes_nothing)
{
	must(icp_set(self->cpu, ICP_RESET));
	h_ipi(self->cpu, self->cpu->server, 0);
	EXPECT_EQ(icp_state(0, XISR_NONE, 0, 0xff), icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	EXPECT_EQ(xirr(0, XISR_NONE), h_xirr(self->cpu));
}

XICS_TEST(xirr_of_nothing)
{
	EXPECT_EQ(xirr(0xff, XISR_NONE), h_xirr(self->cpu));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(xirr_accepts)
{
	h_ipi(self->cpu, self->cpu->server, 5);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 5, 5), icp_of(self->cpu));
	EXPECT_TRUE(line_is_up(self->cpu));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
	EXPECT_EQ(icp_state(5, XISR_NONE, 5, 0xff), icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	/* Accepted once only. */
	EXPECT_EQ(xirr(5, XISR_NONE), h_xirr(self->cpu));
}

XICS_TEST(xirr_answers_32_bits_of_r4)
{
	struct hcall h = hcall(self->cpu, H_XIRR, GARBAGE, GARBAGE);

	EXPECT_EQ(H_SUCCESS, h.r[3]);
	EXPECT_EQ(0xff000000, h.r[4]);
	EXPECT_EQ(GARBAGE, h.r[5]);
}

XICS_TEST(xirr_x_adds_the_timebase)
{
	struct hcall first, second;

	h_ipi(self->cpu, self->cpu->server, 5);
	first = hcall(self->cpu, H_XIRR_X);
	second = hcall(self->cpu, H_XIRR_X);
	EXPECT_EQ(H_SUCCESS, first.r[3]);
	EXPECT_EQ(xirr(0xff, XISR_IPI), first.r[4]);
	EXPECT_EQ(xirr(5, XISR_NONE), second.r[4]);
	EXPECT_NE(0, first.r[5]);
	EXPECT_LT(first.r[5], second.r[5]);
}

XICS_TEST(cppr_more_favoured_withdraws_an_ipi)
{
	h_ipi(self->cpu, self->cpu->server, 5);
	h_cppr(self->cpu, 6);
	EXPECT_EQ(icp_state(6, XISR_IPI, 5, 5), icp_of(self->cpu));
	h_cppr(self->cpu, 5);
	EXPECT_EQ(icp_state(5, XISR_NONE, 5, 0xff), icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	/* MFRR remembers it. */
	h_cppr(self->cpu, 6);
	EXPECT_EQ(icp_state(6, XISR_IPI, 5, 5), icp_of(self->cpu));
	EXPECT_TRUE(line_is_up(self->cpu));
}

XICS_TEST(cppr_of_the_same_value_changes_nothing)
{
	h_ipi(self->cpu, self->cpu->server, 5);
	h_cppr(self->cpu, 0xff);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 5, 5), icp_of(self->cpu));
}

XICS_TEST(cppr_and_eoi_leave_registers_alone)
{
	struct hcall h = hcall(self->cpu, H_CPPR, 0x80, GARBAGE_6);

	EXPECT_EQ(H_SUCCESS, h.r[3]);
	EXPECT_EQ(0x80, h.r[4]);
	EXPECT_EQ(GARBAGE, h.r[5]);

	h = hcall(self->cpu, H_EOI, xirr(0xff, XISR_IPI), GARBAGE_6);
	EXPECT_EQ(H_SUCCESS, h.r[3]);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h.r[4]);
	EXPECT_EQ(GARBAGE, h.r[5]);
}

XICS_TEST(eoi_of_ipi_sets_cppr)
{
	h_ipi(self->cpu, self->cpu->server, 5);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
	h_ipi(self->cpu, self->cpu->server, 0xff);
	h_eoi(self->cpu, xirr(0xff, XISR_IPI));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(eoi_of_uncleared_ipi_presents_it_again)
{
	h_ipi(self->cpu, self->cpu->server, 5);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, XISR_IPI));
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 5, 5), icp_of(self->cpu));
	EXPECT_TRUE(line_is_up(self->cpu));
}

XICS_TEST(eoi_of_unknown_source_is_h_parameter_but_sets_cppr)
{
	static const u32 unknown[] = { 0, 1, 3, 15, 0x12345, XISR_MASK };

	VINTC_ONLY("in-tree in POWER8's real mode answers H_SUCCESS");

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		set_icp(self->cpu, 4, XISR_NONE, 0xff, 0xff);
		EXPECT_EQ(H_PARAMETER,
			  hcall_status(self->cpu, H_EOI, xirr(0x70 + i, unknown[i])));
		EXPECT_EQ(0x70 + i, icp_cppr(icp_of(self->cpu)));
	}
}

XICS_TEST(eoi_of_a_number_nobody_set_near_one_that_is)
{
	VINTC_ONLY("in-tree takes any number of a block of 1,024");

	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	EXPECT_EQ(H_PARAMETER, hcall_status(self->cpu, H_EOI, xirr(0xff, 0x1001)));
	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_EOI, xirr(0xff, 0x1000)));
}

XICS_TEST(eoi_that_raises_cppr_loses_no_source)
{
	u64 state;

	VINTC_ONLY("in-tree loses the source, and logs a warning");

	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	raise_source(&self->vm, 0x1000);
	EXPECT_EQ(icp_state(0xff, 0x1000, 0xff, 5), icp_of(self->cpu));

	/* The guest's error: an EOI to a CPPR that excludes what is pending. */
	h_eoi(self->cpu, xirr(3, XISR_IPI));
	state = icp_of(self->cpu);
	EXPECT_EQ(icp_state(3, XISR_NONE, 0xff, 0xff), state);
	h_ipi(self->cpu, self->cpu->server, 2);
	EXPECT_EQ(xirr(3, XISR_IPI), h_xirr(self->cpu));
	h_ipi(self->cpu, self->cpu->server, 0xff);
	h_eoi(self->cpu, xirr(0xff, XISR_IPI));
	EXPECT_EQ(xirr(0xff, 0x1000), h_xirr(self->cpu));
}

XICS_TEST(ipi_to_the_other)
{
	struct hcall h = hcall(self->cpu, H_IPI, self->peer->server, 7, GARBAGE_6);

	EXPECT_EQ(H_SUCCESS, h.r[3]);
	EXPECT_EQ(self->peer->server, h.r[4]);
	EXPECT_EQ(7, h.r[5]);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 7, 7), icp_of(self->peer));
	EXPECT_FALSE(line_is_up(self->cpu));
	EXPECT_TRUE(line_is_up(self->peer));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->peer));
}

XICS_TEST(ipi_cleared_before_it_was_accepted_stays_presented)
{
	h_ipi(self->cpu, self->peer->server, 7);
	h_ipi(self->cpu, self->peer->server, 0xff);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 0xff, 7), icp_of(self->peer));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->peer));
}

/* hazard 18: the edges of the comparison between MFRR and CPPR. */
XICS_TEST(hazard18_ipi_priority_boundaries)
{
	static const struct {
		u8 cppr, mfrr;
		bool presented;
	} cases[] = {
		{ 0x00, 0x00, false }, { 0x01, 0x00, true },  { 0x01, 0x01, false },
		{ 0x02, 0x01, true },  { 0xfe, 0xfe, false }, { 0xff, 0xfe, true },
		{ 0xff, 0xff, false }, { 0xff, 0x00, true },  { 0x00, 0xff, false },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 mfrr = cases[i].mfrr;
		u64 expected = cases[i].presented ?
			icp_state(cases[i].cppr, XISR_IPI, mfrr, mfrr) :
			icp_state(cases[i].cppr, XISR_NONE, mfrr, 0xff);

		set_icp(self->cpu, cases[i].cppr, XISR_NONE, 0xff, 0xff);
		h_ipi(self->cpu, self->cpu->server, mfrr);
		EXPECT_EQ(expected, icp_of(self->cpu)) {
			TH_LOG("CPPR %#x MFRR %#x", cases[i].cppr, mfrr);
		}
		EXPECT_EQ(cases[i].presented, line_is_up(self->cpu));
	}
}

XICS_TEST(ipi_more_favoured_replaces_ipi)
{
	h_ipi(self->cpu, self->cpu->server, 9);
	h_ipi(self->cpu, self->cpu->server, 3);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 3, 3), icp_of(self->cpu));
	/* Less favoured: what is presented stays as it was. */
	h_ipi(self->cpu, self->cpu->server, 6);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 6, 3), icp_of(self->cpu));
}

XICS_TEST(ipi_displaces_a_source_of_the_same_priority)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	raise_source(&self->vm, 0x1000);
	h_ipi(self->cpu, self->cpu->server, 5);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 5, 5), icp_of(self->cpu));
	EXPECT_EQ(source_state(self->cpu->server, 5, KVM_XICS_PENDING | KVM_XICS_PRESENTED),
		  source_of(&self->vm, 0x1000));
	/* It comes back when the IPI is gone. */
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
	h_ipi(self->cpu, self->cpu->server, 0xff);
	h_eoi(self->cpu, xirr(0xff, XISR_IPI));
	EXPECT_EQ(xirr(0xff, 0x1000), h_xirr(self->cpu));
}

XICS_TEST(servers_that_nobody_has_are_h_parameter)
{
	static const u64 nobody[] = {
		0, 1, 5, 255, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(nobody); i++) {
		EXPECT_EQ(H_PARAMETER, hcall_status(self->cpu, H_IPI, nobody[i], 5));
		EXPECT_EQ(H_PARAMETER, hcall_status(self->cpu, H_IPOLL, nobody[i]));
	}
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
}

XICS_TEST(failed_calls_leave_registers_alone)
{
	struct hcall h = hcall(self->cpu, H_IPOLL, NOBODY, GARBAGE_6);

	EXPECT_EQ(H_PARAMETER, (s64)h.r[3]);
	EXPECT_EQ(NOBODY, h.r[4]);
	EXPECT_EQ(GARBAGE, h.r[5]);
}

/* Whoever looked at it first, and however often it changed hands. */
XICS_TEST(each_call_is_executed_once)
{
	const u64 calls[][3] = {
		{ H_EOI, 0x1234 }, { H_IPI, NOBODY, 4 }, { H_IPOLL, NOBODY }, { H_CPPR, 0xff },
		{ H_XIRR }, { H_XIRR_X }, { H_IPI, server_of(1), 4 }, { H_EOI, XISR_IPI },
	};
	u64 before;

	VINTC_ONLY("in-tree has no counters");
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++) {
		before = device_count(self->vm.irqchip_fd, KVM_VINTC_COUNT_HYPERCALL);
		hcall(self->cpu, calls[i][0], calls[i][1], calls[i][2]);
		EXPECT_EQ(before + 1, device_count(self->vm.irqchip_fd, KVM_VINTC_COUNT_HYPERCALL)) {
			TH_LOG("hypercall %#lx", calls[i][0]);
		}
	}
}

/* PAPR has no such number. */
XICS_TEST(a_number_of_all_ones_executes_nothing)
{
	h_ipi(self->cpu, self->cpu->server, 4);
	hcall(self->cpu, ~0ull, 0xff, 0xff);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
}

XICS_TEST(ipoll_of_self_and_of_the_other)
{
	struct hcall h;

	h_ipi(self->cpu, self->peer->server, 7);
	h = hcall(self->cpu, H_IPOLL, self->peer->server, GARBAGE);
	EXPECT_EQ(H_SUCCESS, h.r[3]);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h.r[4]);
	EXPECT_EQ(7, h.r[5]);
	/* It only looks. */
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 7, 7), icp_of(self->peer));

	h = hcall(self->cpu, H_IPOLL, self->cpu->server, GARBAGE);
	EXPECT_EQ(H_SUCCESS, h.r[3]);
	EXPECT_EQ(xirr(0xff, XISR_NONE), h.r[4]);
	EXPECT_EQ(0xff, h.r[5]);
}

/* All four fields of an ICP differ, so that none can stand in for another. */
XICS_TEST(ipoll_shows_mfrr_not_the_pending_priority)
{
	struct hcall h;

	must(source_set(&self->vm, 0x1000, source_state(self->peer->server, 5, SOURCE_MSI)));
	set_icp(self->peer, 0x80, 0x1000, 0x20, 5);
	h = hcall(self->cpu, H_IPOLL, self->peer->server);
	EXPECT_EQ(xirr(0x80, 0x1000), h.r[4]);
	EXPECT_EQ(0x20, h.r[5]);
}

/* Only a VMM can set MFRR without an IPI in XISR; taking it back counts all the same. */
XICS_TEST(ipi_to_a_less_favoured_mfrr_tries_what_waits)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	set_icp(self->cpu, 0xff, XISR_NONE, 4, 0xff);
	raise_source(&self->vm, 0x1000);
	EXPECT_EQ(icp_state(0xff, XISR_NONE, 4, 0xff), icp_of(self->cpu));
	h_ipi(self->peer, self->cpu->server, 0xff);
	EXPECT_EQ(icp_state(0xff, 0x1000, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(priorities_are_8_bits_wide)
{
	VINTC_ONLY("in-tree compares 64 bits and stores 8");

	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_IPI, self->cpu->server,
					  0xffffffffffffff05));
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 5, 5), icp_of(self->cpu));
	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_CPPR, 0x104));
	EXPECT_EQ(icp_state(4, XISR_NONE, 5, 0xff), icp_of(self->cpu));
	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_CPPR, 0x100));
	EXPECT_EQ(icp_state(0, XISR_NONE, 5, 0xff), icp_of(self->cpu));
}

XICS_TEST(servers_and_xirrs_are_32_bits_wide)
{
	VINTC_ONLY("in-tree looks at all 64 bits of a server number");

	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_IPI,
					  0xabcd00000000ull | self->peer->server, 7));
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 7, 7), icp_of(self->peer));
	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_EOI, 0xabcd30000002ull));
	EXPECT_EQ(0x30, icp_cppr(icp_of(self->cpu)));
}

XICS_TEST(hcalls_that_are_not_ours_leave_with_their_arguments)
{
	struct hcall h = hcall(self->cpu, 0xf100, 1, 2, 3, 4, 5, 6, 7, 8, 9);

	ASSERT_TRUE(h.left_to_userspace);
	EXPECT_EQ(0xf100, self->cpu->exit.number);
	for (int i = 0; i < 9; i++)
		EXPECT_EQ(i + 1, self->cpu->exit.args[i]);
	EXPECT_EQ(H_FUNCTION, (s64)h.r[3]);
	EXPECT_EQ(1, h.r[4]);
	EXPECT_EQ(9, h.r[12]);
}

XICS_TEST(hcalls_of_kvm_itself_still_work)
{
	struct hcall h = hcall(self->cpu, H_CONFER, -1);

	EXPECT_FALSE(h.left_to_userspace);
	EXPECT_EQ(H_SUCCESS, h.r[3]);
}

/* hazards 15 and 18: no device, no model, not connected. */
static const u64 xics_calls[] = { H_CPPR, H_EOI, H_IPI, H_IPOLL, H_XIRR, H_XIRR_X };

PLAIN_TEST(hazard15_hypercalls_without_a_device_leave_to_userspace)
{
	struct vm vm;

	vm_create(&vm, 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(xics_calls); i++) {
		EXPECT_TRUE(hcall(&vm.cpu[0], xics_calls[i], 0x11, 0x22).left_to_userspace);
		EXPECT_EQ(xics_calls[i], vm.cpu[0].exit.number);
		EXPECT_EQ(0x11, vm.cpu[0].exit.args[0]);
		/* H_XIRR_X has no second argument, and KVM on POWER8 writes there. */
		if (xics_calls[i] != H_XIRR_X)
			EXPECT_EQ(0x22, vm.cpu[0].exit.args[1]);
	}
	vm_destroy(&vm);
}

PLAIN_TEST(hazard15_hypercalls_before_connect_leave_to_userspace)
{
	struct vm vm;

	VINTC_ONLY("in-tree answers some of them H_HARDWARE");

	vm_create(&vm, 2);
	vm.irqchip = irqchip_under_test();
	vm.irqchip_fd = must(vm.irqchip->create(&vm));
	must(vm.irqchip->connect(&vm.cpu[1], vm.cpu[1].server));
	for (unsigned int i = 0; i < ARRAY_SIZE(xics_calls); i++) {
		struct hcall h = hcall(&vm.cpu[0], xics_calls[i], server_of(1), 0x22);

		EXPECT_TRUE(h.left_to_userspace);
		EXPECT_EQ(xics_calls[i], vm.cpu[0].exit.number);
		EXPECT_EQ(server_of(1), vm.cpu[0].exit.args[0]);
	}
	EXPECT_EQ(ICP_RESET, icp_of(&vm.cpu[1]));
	vm_destroy(&vm);
}

XICS_TEST(garbage_in_every_register_is_answered)
{
	struct random random;
	u64 state;

	random_seed(&random, 18);
	for (u64 i = 0; i < soak(300); i++) {
		u64 r[10] = { xics_calls[random_below(&random, ARRAY_SIZE(xics_calls))] };

		for (int n = 1; n < 10; n++)
			r[n] = random_below(&random, 2) ? random_below(&random, 16) :
				random_below(&random, 1ull << 31) * 0x100000001ull << 7;
		if (irqchip_under_test() != &vintc_irqchip)
			r[2] &= 0xff;
		hcall_registers(self->cpu, r);
		EXPECT_FALSE(self->cpu->exit.seen);
	}
	/* What is left is still a state that can be set. */
	state = icp_of(self->cpu);
	EXPECT_EQ(0, icp_set(self->cpu, state));
	EXPECT_EQ(state, icp_of(self->cpu));
}

TEST_HARNESS_MAIN

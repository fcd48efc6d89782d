// SPDX-License-Identifier: GPL-2.0-only
/* Sources by line: P and Q, masks, levels, rejection and resend. */
#include "lib/test.h"

#define SOURCE		0x1000u
#define LAST		0x800u		/* ends OP_SERVE */

static void add(struct vcpu *cpu, u32 source, u8 priority, u64 kind)
{
	must(source_set(cpu->vm, source, source_state(cpu->server, priority, kind)));
}

static u64 flags_of(struct vm *vm, u32 source)
{
	return source_of(vm, source) >> 40;
}

#define LEVEL		(KVM_XICS_LEVEL_SENSITIVE >> 40)
#define MASKED		(KVM_XICS_MASKED >> 40)
#define PENDING		(KVM_XICS_PENDING >> 40)
#define PRESENTED	(KVM_XICS_PRESENTED >> 40)
#define QUEUED		(KVM_XICS_QUEUED >> 40)

/* MSI */

XICS_TEST(msi_from_raise_to_eoi)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(PRESENTED, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
	EXPECT_TRUE(line_is_up(self->cpu));
	EXPECT_FALSE(line_is_up(self->peer));

	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	EXPECT_EQ(icp_state(5, XISR_NONE, 0xff, 0xff), icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	EXPECT_EQ(PRESENTED, flags_of(&self->vm, SOURCE));

	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(0, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(msi_lower_is_nothing)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	lower_source(&self->vm, SOURCE);
	EXPECT_EQ(0, flags_of(&self->vm, SOURCE));
	raise_source(&self->vm, SOURCE);
	lower_source(&self->vm, SOURCE);
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(msi_raised_again_is_queued_once)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	for (int i = 0; i < 5; i++)
		raise_source(&self->vm, SOURCE);
	EXPECT_EQ(PRESENTED | QUEUED, flags_of(&self->vm, SOURCE));
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
		h_eoi(self->cpu, xirr(0xff, SOURCE));
	}
	EXPECT_EQ(0, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(msi_raised_while_in_service_comes_after_eoi)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(icp_state(5, XISR_NONE, 0xff, 0xff), icp_of(self->cpu));
	EXPECT_EQ(PRESENTED | QUEUED, flags_of(&self->vm, SOURCE));
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(PRESENTED, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
}

/* Masks */

XICS_TEST(masked_msi_is_kept)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	for (int i = 0; i < 3; i++)
		raise_source(&self->vm, SOURCE);
	EXPECT_EQ(MASKED | PENDING | PRESENTED | QUEUED, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(PRESENTED | QUEUED, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(masking_does_not_withdraw_what_is_presented)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	raise_source(&self->vm, SOURCE);
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(MASKED | PENDING | PRESENTED, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

/* Levels */

XICS_TEST(level_held_is_presented_again_after_eoi)
{
	add(self->cpu, SOURCE, 5, SOURCE_LEVEL);
	raise_source(&self->vm, SOURCE);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(LEVEL | PENDING | PRESENTED, flags_of(&self->vm, SOURCE));
		EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
		raise_source(&self->vm, SOURCE);	/* it is up already */
		h_eoi(self->cpu, xirr(0xff, SOURCE));
	}
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(level_lowered_in_service_is_not_presented_again)
{
	add(self->cpu, SOURCE, 5, SOURCE_LEVEL);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	lower_source(&self->vm, SOURCE);
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(LEVEL, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(level_lowered_when_presented_stays_in_the_icp)
{
	add(self->cpu, SOURCE, 5, SOURCE_LEVEL);
	raise_source(&self->vm, SOURCE);
	lower_source(&self->vm, SOURCE);
	EXPECT_EQ(LEVEL, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

/* hazard 21: the level is looked at again when it is unmasked. */
XICS_TEST(hazard21_level_held_through_mask_eoi_unmask)
{
	add(self->cpu, SOURCE, 5, SOURCE_LEVEL);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
}

/* Rejection and resend */

XICS_TEST(more_favoured_source_displaces)
{
	add(self->cpu, SOURCE, 7, SOURCE_MSI);
	add(self->cpu, SOURCE + 1, 5, SOURCE_MSI);
	raise_source(&self->vm, SOURCE);
	raise_source(&self->vm, SOURCE + 1);
	EXPECT_EQ(icp_state(0xff, SOURCE + 1, 0xff, 5), icp_of(self->cpu));
	EXPECT_EQ(PENDING | PRESENTED, flags_of(&self->vm, SOURCE));
	EXPECT_EQ(xirr(0xff, SOURCE + 1), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, SOURCE + 1));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 7), icp_of(self->cpu));
	EXPECT_EQ(PRESENTED, flags_of(&self->vm, SOURCE));
}

/* hazard 20: two sources, one target: neither is presented twice. */
XICS_TEST(hazard20_source_of_the_same_priority_waits)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	add(self->cpu, SOURCE + 1, 5, SOURCE_MSI);
	raise_source(&self->vm, SOURCE + 1);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE + 1), h_xirr(self->cpu));
	EXPECT_EQ(xirr(5, XISR_NONE), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, SOURCE + 1));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(cppr_keeps_sources_back)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	h_cppr(self->cpu, 5);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(icp_state(5, XISR_NONE, 0xff, 0xff), icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	h_cppr(self->cpu, 6);
	EXPECT_EQ(icp_state(6, SOURCE, 0xff, 5), icp_of(self->cpu));
	EXPECT_TRUE(line_is_up(self->cpu));
	/* ... and withdraws them. */
	h_cppr(self->cpu, 5);
	EXPECT_EQ(icp_state(5, XISR_NONE, 0xff, 0xff), icp_of(self->cpu));
	EXPECT_EQ(PENDING | PRESENTED, flags_of(&self->vm, SOURCE));
}

XICS_TEST(mfrr_keeps_sources_back)
{
	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	h_cppr(self->cpu, 0);
	h_ipi(self->peer, self->cpu->server, 4);
	raise_source(&self->vm, SOURCE);
	h_cppr(self->cpu, 0xff);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 4, 4), icp_of(self->cpu));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
	h_ipi(self->cpu, self->cpu->server, 0xff);
	h_eoi(self->cpu, xirr(0xff, XISR_IPI));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
}

XICS_TEST(rejected_source_goes_to_the_server_it_has_now)
{
	add(self->cpu, SOURCE, 7, SOURCE_MSI);
	add(self->cpu, SOURCE + 1, 5, SOURCE_MSI);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->peer->server, 7));
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
	raise_source(&self->vm, SOURCE + 1);
	EXPECT_EQ(icp_state(0xff, SOURCE + 1, 0xff, 5), icp_of(self->cpu));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 7), icp_of(self->peer));
}

XICS_TEST(nested_interrupts_unwind)
{
	for (int i = 0; i < 8; i++)
		add(self->cpu, SOURCE + i, 8 - i, SOURCE_MSI);
	for (int i = 0; i < 8; i++) {
		raise_source(&self->vm, SOURCE + i);
		EXPECT_EQ(xirr(i ? 9 - i : 0xff, SOURCE + i), h_xirr(self->cpu));
	}
	for (int i = 7; i >= 0; i--)
		h_eoi(self->cpu, xirr(i ? 9 - i : 0xff, SOURCE + i));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

/*
 * hazard 16: lost or doubled resends. A thousand sources wait behind CPPR; the
 * guest opens it and takes them in order of priority, and of number within one.
 */
#define WAITING		1000
#define PRIORITIES	5
XICS_TEST(hazard16_thousand_waiting_sources_come_once_and_in_order)
{
	volatile struct guest_mailbox *box = self->cpu->box;
	u32 next[PRIORITIES];
	u64 i = 0;

	h_cppr(self->cpu, 0);
	for (u32 n = 0; n < WAITING; n++) {
		add(self->cpu, SOURCE + 7 * n, 1 + n % PRIORITIES, SOURCE_MSI);
		raise_source(&self->vm, SOURCE + 7 * n);
	}
	add(self->cpu, LAST, 0xfe, SOURCE_MSI);
	raise_source(&self->vm, LAST);
	EXPECT_EQ(icp_state(0, XISR_NONE, 0xff, 0xff), icp_of(self->cpu));

	h_cppr(self->cpu, 0xff);
	vcpu_do(self->cpu, OP_SERVE, LAST);
	EXPECT_EQ(WAITING + 1, box->accepted);
	for (int p = 0; p < PRIORITIES; p++)
		for (next[p] = p; next[p] < WAITING; next[p] += PRIORITIES)
			ASSERT_EQ(xirr(0xff, SOURCE + 7 * next[p]), box->log[i++]);
	for (u32 n = 0; n < WAITING; n++)
		EXPECT_EQ(0, flags_of(&self->vm, SOURCE + 7 * n));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

/* The whole number space: its ends, and one source in each of many blocks. */
static u32 spread(int i)
{
	static const u32 ends[] = {
		SOURCE_FIRST, SOURCE_FIRST + 1, 0xfff, 0x1000, 0x1fff, 0x2000,
		0x7fffff, 0x800000, SOURCE_LAST - 1, SOURCE_LAST,
	};

	return i < ARRAY_SIZE(ends) ? ends[i] : 0x10000 + 0x3fff7u * (i - ARRAY_SIZE(ends));
}

#define SPREAD		64
XICS_TEST(sources_over_the_whole_24_bits)
{
	VINTC_ONLY("in-tree source numbers have 20 bits");

	for (int i = 0; i < SPREAD; i++)
		add(i & 1 ? self->peer : self->cpu, spread(i), 5, SOURCE_MSI);
	for (int i = 0; i < SPREAD; i++) {
		struct vcpu *cpu = i & 1 ? self->peer : self->cpu;

		raise_source(&self->vm, spread(i));
		EXPECT_EQ(xirr(0xff, spread(i)), h_xirr(cpu));
		h_eoi(cpu, xirr(0xff, spread(i)));
	}
	for (int i = 0; i < SPREAD; i++)
		EXPECT_EQ(0, flags_of(&self->vm, spread(i)));
}

XICS_TEST(spread_sources_are_found_when_they_wait)
{
	u32 seen = 0;

	VINTC_ONLY("in-tree source numbers have 20 bits");

	h_cppr(self->cpu, 0);
	for (int i = 0; i < SPREAD; i++) {
		add(self->cpu, spread(i), 5, SOURCE_MSI);
		raise_source(&self->vm, spread(i));
	}
	add(self->cpu, 0x54321, 6, SOURCE_MSI);
	raise_source(&self->vm, 0x54321);
	h_cppr(self->cpu, 0xff);
	vcpu_do(self->cpu, OP_SERVE, 0x54321);
	EXPECT_EQ(SPREAD + 1, self->cpu->box->accepted);
	for (int i = 0; i < SPREAD; i++)
		seen += !flags_of(&self->vm, spread(i));
	EXPECT_EQ(SPREAD, seen);
}

/* hazard 12: a sweep over numbers and levels, most of which mean nothing. */
XICS_TEST(hazard12_lines_of_every_kind_of_number)
{
	static const u32 levels[] = { 0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };

	add(self->cpu, SOURCE, 5, SOURCE_MSI);
	for (int bit = 0; bit < 32; bit++)
		for (s64 around = -1; around <= 1; around++)
			for (unsigned int i = 0; i < ARRAY_SIZE(levels); i++)
				irq_line(&self->vm, (1u << bit) + around, levels[i]);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(self->cpu));
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* The four RTAS services: their results, and every way to call them wrongly. */
#include "lib/test.h"

#define SOURCE		0x1000u
#define NOBODY		1000000u

struct outcome {
	s64 r3;
	bool left_to_userspace;
};

/* H_RTAS with the block that is there. */
static struct outcome call(struct vcpu *cpu, u64 block)
{
	struct hcall h = hcall(cpu, H_RTAS, block);

	return (struct outcome){ h.r[3], h.left_to_userspace };
}

static void set_source(struct vcpu *cpu, u64 flags)
{
	must(source_set(cpu->vm, SOURCE, source_state(cpu->server, 5, flags)));
}

XICS_TEST(get_xive_tells_server_and_priority)
{
	u32 server = 0, priority = 0;

	set_source(self->peer, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_get_xive(self->cpu, SOURCE, &server, &priority));
	EXPECT_EQ(self->peer->server, server);
	EXPECT_EQ(5, priority);
}

XICS_TEST(set_xive_sets_server_and_priority)
{
	set_source(self->cpu, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->peer->server, 9));
	EXPECT_EQ(source_state(self->peer->server, 9, SOURCE_MSI),
		  source_of(&self->vm, SOURCE));
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 9), icp_of(self->peer));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(set_xive_to_0xff_masks)
{
	set_source(self->cpu, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->cpu->server, 0xff));
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	/* The saved priority went too: int-on keeps it masked, and pending. */
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->cpu->server, 6));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 6), icp_of(self->cpu));
}

XICS_TEST(set_xive_does_not_move_what_is_presented)
{
	set_source(self->cpu, SOURCE_MSI);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->peer->server, 9));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
}

XICS_TEST(set_xive_moves_what_waits)
{
	set_source(self->cpu, SOURCE_MSI);
	h_cppr(self->cpu, 3);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->peer->server, 9));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 9), icp_of(self->peer));
	h_cppr(self->cpu, 0xff);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(int_off_masks_and_int_on_delivers_what_was_pending)
{
	u32 server, priority;

	set_source(self->cpu, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_get_xive(self->cpu, SOURCE, &server, &priority));
	EXPECT_EQ(0xff, priority);
	EXPECT_EQ(source_state(self->cpu->server, 5, KVM_XICS_MASKED),
		  source_of(&self->vm, SOURCE));
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(source_state(self->cpu->server, 5, KVM_XICS_MASKED | KVM_XICS_PENDING |
						     KVM_XICS_PRESENTED),
		  source_of(&self->vm, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(icp_state(0xff, SOURCE, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(int_off_twice_forgets_the_priority)
{
	u32 server, priority = 0;

	set_source(self->cpu, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_get_xive(self->cpu, SOURCE, &server, &priority));
	EXPECT_EQ(0xff, priority);
}

XICS_TEST(int_on_of_a_source_whose_server_is_nobody)
{
	must(source_set(&self->vm, SOURCE, source_state(NOBODY, 0xff, SOURCE_MSI)));
	EXPECT_EQ(RTAS_PARAMETER, rtas_int_on(self->cpu, SOURCE));
	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, SOURCE));
}

XICS_TEST(unknown_sources_are_parameter_errors)
{
	static const u32 unknown[] = {
		0, 1, 2, 3, 15, 16, 0x2000, 0xffffff, 0x1000000, 0x1001000, 0x80001000,
		0xffffffff,
	};
	u32 server, priority;

	set_source(self->cpu, SOURCE_MSI);
	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		u32 source = unknown[i];

		EXPECT_EQ(RTAS_PARAMETER,
			  rtas_set_xive(self->cpu, source, self->cpu->server, 5));
		EXPECT_EQ(RTAS_PARAMETER, rtas_get_xive(self->cpu, source, &server, &priority));
		EXPECT_EQ(RTAS_PARAMETER, rtas_int_off(self->cpu, source));
		EXPECT_EQ(RTAS_PARAMETER, rtas_int_on(self->cpu, source));
	}
	EXPECT_EQ(source_state(self->cpu->server, 5, SOURCE_MSI), source_of(&self->vm, SOURCE));
}

XICS_TEST(a_number_nobody_set_near_one_that_is)
{
	u32 server, priority;

	VINTC_ONLY("in-tree takes any number of a block of 1,024");

	set_source(self->cpu, SOURCE_MSI);
	EXPECT_EQ(RTAS_PARAMETER, rtas_set_xive(self->cpu, SOURCE + 1, self->cpu->server, 5));
	EXPECT_EQ(RTAS_PARAMETER, rtas_get_xive(self->cpu, SOURCE + 1, &server, &priority));
	EXPECT_EQ(RTAS_PARAMETER, rtas_int_off(self->cpu, SOURCE - 1));
	EXPECT_EQ(RTAS_PARAMETER, rtas_int_on(self->cpu, SOURCE - 1));
}

XICS_TEST(set_xive_to_nobody_is_a_parameter_error)
{
	static const u32 nobody[] = { 0, 5, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff };

	set_source(self->cpu, SOURCE_MSI);
	for (unsigned int i = 0; i < ARRAY_SIZE(nobody); i++) {
		EXPECT_EQ(RTAS_PARAMETER, rtas_set_xive(self->cpu, SOURCE, nobody[i], 5));
		EXPECT_EQ(RTAS_PARAMETER, rtas_set_xive(self->cpu, SOURCE, nobody[i], 0xff));
	}
	EXPECT_EQ(source_state(self->cpu->server, 5, SOURCE_MSI), source_of(&self->vm, SOURCE));
}

XICS_TEST(set_xive_priorities_are_8_bits_wide)
{
	u32 server, priority;

	VINTC_ONLY("in-tree compares 32 bits and stores 8");

	set_source(self->cpu, SOURCE_MSI);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->cpu->server, 0x105));
	EXPECT_EQ(RTAS_SUCCESS, rtas_get_xive(self->cpu, SOURCE, &server, &priority));
	EXPECT_EQ(5, priority);
	EXPECT_EQ(RTAS_SUCCESS, rtas_set_xive(self->cpu, SOURCE, self->cpu->server, 0x1ff));
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(results_are_big_endian_and_nothing_else_is_written)
{
	u8 expected[4 * (RTAS_HEADER + RTAS_WORDS)];
	u8 *block = self->vm.memory + RTAS_BLOCK;

	set_source(self->cpu, SOURCE_MSI);
	rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(RTAS_GET_XIVE), 1, 3, &(u32){ SOURCE });
	memcpy(expected, block, sizeof(expected));
	memcpy(expected + 16, "\0\0\0\0" "\0\0\0\4" "\0\0\0\5", 12);
	EXPECT_EQ(H_SUCCESS, call(self->cpu, RTAS_BLOCK).r3);
	EXPECT_EQ(0, memcmp(expected, block, sizeof(expected)));

	rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(RTAS_GET_XIVE), 1, 3, &(u32){ 1 });
	memcpy(expected, block, sizeof(expected));
	memcpy(expected + 16, "\377\377\377\375", 4);
	EXPECT_EQ(H_SUCCESS, call(self->cpu, RTAS_BLOCK).r3);
	EXPECT_EQ(0, memcmp(expected, block, sizeof(expected)));
}

/* hazard 11: counts from guest memory (CVE-2021-37576). */
XICS_TEST(hazard11_wrong_counts_are_parameter_errors)
{
	static const struct {
		u32 nargs, nret;
	} right[RTAS_SERVICES] = {
		[RTAS_SET_XIVE] = { 3, 1 }, [RTAS_GET_XIVE] = { 1, 3 },
		[RTAS_INT_OFF] = { 1, 1 }, [RTAS_INT_ON] = { 1, 1 },
	};
	u32 args[RTAS_WORDS] = { SOURCE, self->cpu->server, 7 };

	set_source(self->cpu, SOURCE_MSI);
	for (int service = 0; service < RTAS_SERVICES; service++) {
		for (u32 nargs = 0; nargs < RTAS_WORDS; nargs++) {
			for (u32 nret = 1; nargs + nret <= RTAS_WORDS; nret++) {
				if (nargs == right[service].nargs &&
				    nret == right[service].nret)
					continue;
				rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(service),
					     nargs, nret, args);
				EXPECT_EQ(H_SUCCESS, call(self->cpu, RTAS_BLOCK).r3);
				EXPECT_EQ(RTAS_PARAMETER,
					  (int)rtas_read(&self->vm, RTAS_BLOCK,
							 RTAS_HEADER + nargs));
			}
		}
	}
	EXPECT_EQ(source_state(self->cpu->server, 5, SOURCE_MSI), source_of(&self->vm, SOURCE));
}

XICS_TEST(hazard11_no_room_for_a_result)
{
	u32 args[RTAS_WORDS] = { SOURCE, self->cpu->server, 7 };
	u8 before[4 * (RTAS_HEADER + RTAS_WORDS)];

	VINTC_ONLY("in-tree fails KVM_RUN");

	set_source(self->cpu, SOURCE_MSI);
	rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(RTAS_SET_XIVE), RTAS_WORDS, 0, args);
	memcpy(before, self->vm.memory + RTAS_BLOCK, sizeof(before));
	EXPECT_EQ(H_SUCCESS, call(self->cpu, RTAS_BLOCK).r3);
	EXPECT_EQ(0, memcmp(before, self->vm.memory + RTAS_BLOCK, sizeof(before)));
	EXPECT_EQ(source_state(self->cpu->server, 5, SOURCE_MSI), source_of(&self->vm, SOURCE));
}

XICS_TEST(hazard11_counts_that_do_not_fit_are_h_parameter)
{
	static const struct {
		u32 nargs, nret;
	} counts[] = {
		{ 16, 1 }, { 17, 0 }, { 3, 14 }, { 0, 17 }, { 1, 0xffffffff },
		{ 0xffffffff, 1 }, { 0xffffffff, 0xffffffff }, { 0x80000000, 0x80000000 },
		{ 0x7fffffff, 1 }, { 0xfffffff0, 0x11 }, { 0xfffffffd, 3 }, { 0x40000000, 1 },
	};

	VINTC_ONLY("in-tree fails KVM_RUN");

	for (unsigned int i = 0; i < ARRAY_SIZE(counts); i++) {
		struct outcome outcome;

		rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(RTAS_SET_XIVE), 0, 0, NULL);
		rtas_write(&self->vm, RTAS_BLOCK, 1, counts[i].nargs);
		rtas_write(&self->vm, RTAS_BLOCK, 2, counts[i].nret);
		outcome = call(self->cpu, RTAS_BLOCK);
		EXPECT_EQ(H_PARAMETER, outcome.r3) {
			TH_LOG("nargs %#x nret %#x", counts[i].nargs, counts[i].nret);
		}
		EXPECT_FALSE(outcome.left_to_userspace);
		for (int word = 0; word < RTAS_WORDS; word++)
			EXPECT_EQ(RTAS_FILL, rtas_read(&self->vm, RTAS_BLOCK, RTAS_HEADER + word));
	}
}

XICS_TEST(hazard11_blocks_outside_memory_are_h_parameter)
{
	static const u64 outside[] = {
		GUEST_MEMORY, GUEST_MEMORY + 4, 1ull << 32, 1ull << 40, 0x0ffffffffffffff0ull,
		GUEST_MEMORY - 1, GUEST_MEMORY - 4, GUEST_MEMORY - 8, GUEST_MEMORY - 11,
	};

	VINTC_ONLY("in-tree fails KVM_RUN");

	memset(self->vm.memory + GUEST_MEMORY - 16, 0, 16);
	for (unsigned int i = 0; i < ARRAY_SIZE(outside); i++) {
		struct outcome outcome = call(self->cpu, outside[i]);

		EXPECT_EQ(H_PARAMETER, outcome.r3) {
			TH_LOG("block at %#lx", outside[i]);
		}
		EXPECT_FALSE(outcome.left_to_userspace);
	}
}

XICS_TEST(hazard11_block_that_straddles_the_end_is_h_parameter)
{
	u32 args[] = { SOURCE, self->peer->server, 7 };

	VINTC_ONLY("in-tree fails KVM_RUN");

	set_source(self->cpu, SOURCE_MSI);
	for (u32 words = RTAS_HEADER; words < RTAS_HEADER + 4; words++) {
		u64 block = GUEST_MEMORY - 4 * words;
		u32 whole[] = { rtas_token(RTAS_SET_XIVE), 3, 1, args[0], args[1], args[2] };

		for (u32 i = 0; i < words; i++)
			rtas_write(&self->vm, block, i, whole[i]);
		EXPECT_EQ(H_PARAMETER, call(self->cpu, block).r3) {
			TH_LOG("%u words of 7", words);
		}
	}
	EXPECT_EQ(source_state(self->cpu->server, 5, SOURCE_MSI), source_of(&self->vm, SOURCE));
}

XICS_TEST(block_in_the_last_bytes_of_memory_is_served)
{
	u32 args[] = { SOURCE, self->peer->server, 7 };
	u64 block = GUEST_MEMORY - 4 * (RTAS_HEADER + 4);

	VINTC_ONLY("in-tree reads 88 bytes, whatever the counts");

	set_source(self->cpu, SOURCE_MSI);
	rtas_write(&self->vm, block, 0, rtas_token(RTAS_SET_XIVE));
	rtas_write(&self->vm, block, 1, 3);
	rtas_write(&self->vm, block, 2, 1);
	for (int i = 0; i < 3; i++)
		rtas_write(&self->vm, block, RTAS_HEADER + i, args[i]);
	EXPECT_EQ(H_SUCCESS, call(self->cpu, block).r3);
	EXPECT_EQ(RTAS_SUCCESS, (int)rtas_read(&self->vm, block, RTAS_HEADER + 3));
	EXPECT_EQ(source_state(self->peer->server, 7, SOURCE_MSI), source_of(&self->vm, SOURCE));
}

XICS_TEST(block_need_not_be_aligned)
{
	u64 block = RTAS_BLOCK + 0xfff;	/* over the end of a page, too */

	set_source(self->cpu, SOURCE_MSI);
	rtas_prepare(&self->vm, block, rtas_token(RTAS_INT_OFF), 1, 1, &(u32){ SOURCE });
	EXPECT_EQ(H_SUCCESS, call(self->cpu, block).r3);
	EXPECT_EQ(RTAS_SUCCESS, (int)rtas_read(&self->vm, block, RTAS_HEADER + 1));
}

XICS_TEST(real_addresses_may_have_their_top_bits_set)
{
	set_source(self->cpu, SOURCE_MSI);
	rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(RTAS_INT_OFF), 1, 1, &(u32){ SOURCE });
	EXPECT_EQ(H_SUCCESS, call(self->cpu, 0xc000000000000000ull | RTAS_BLOCK).r3);
	EXPECT_EQ(RTAS_SUCCESS, (int)rtas_read(&self->vm, RTAS_BLOCK, RTAS_HEADER + 1));
}

XICS_TEST(unknown_tokens_leave_to_userspace)
{
	static const u32 tokens[] = { 0, 1, 0x2000, 0x2005, 0x7fffffff, 0xffffffff };

	for (unsigned int i = 0; i < ARRAY_SIZE(tokens); i++) {
		rtas_prepare(&self->vm, RTAS_BLOCK, tokens[i], 3, 1, (u32[]){ 1, 2, 3 });
		EXPECT_TRUE(call(self->cpu, RTAS_BLOCK).left_to_userspace) {
			TH_LOG("token %#x", tokens[i]);
		}
		EXPECT_EQ(H_RTAS, self->cpu->exit.number);
		EXPECT_EQ(RTAS_BLOCK, self->cpu->exit.args[0]);
		EXPECT_EQ(RTAS_FILL, rtas_read(&self->vm, RTAS_BLOCK, RTAS_HEADER + 3));
	}
}

XICS_TEST(undefined_tokens_leave_to_userspace)
{
	must(self->vm.irqchip->define_rtas(&self->vm, RTAS_INT_OFF, 0));
	rtas_prepare(&self->vm, RTAS_BLOCK, rtas_token(RTAS_INT_OFF), 1, 1, &(u32){ SOURCE });
	EXPECT_TRUE(call(self->cpu, RTAS_BLOCK).left_to_userspace);
	/* No service was given token 0. */
	rtas_prepare(&self->vm, RTAS_BLOCK, 0, 1, 1, &(u32){ SOURCE });
	EXPECT_TRUE(call(self->cpu, RTAS_BLOCK).left_to_userspace);
}

TEST_HARNESS_MAIN

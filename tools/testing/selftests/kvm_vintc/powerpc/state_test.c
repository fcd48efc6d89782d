// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saving and restoring, at any moment: what was read can be set, in either order
 * of ICPs and sources, is then read back the same, and no interrupt is lost.
 */
#include "lib/stream.h"
#include "lib/test.h"

enum order { SOURCES_FIRST, ICPS_FIRST };

static void set_sources(struct vm *vm, const struct stream_state *state)
{
	for (int i = 0; i < STREAM_SOURCES; i++)
		must(source_set(vm, stream_source(i), state->source[i]));
}

static void set_icps(struct vm *vm, const struct stream_state *state)
{
	for (int i = 0; i < STREAM_CPUS; i++)
		must(icp_set(&vm->cpu[i], state->icp[i]));
}

/*
 * An ICP may hold a source, so that the source must exist before: they are all
 * made first, masked, as a VMM does that knows its machine.
 */
static void set_state(struct vm *vm, const struct stream_state *state, enum order order)
{
	stream_add_sources(vm);
	if (order == SOURCES_FIRST)
		set_sources(vm, state);
	set_icps(vm, state);
	if (order == ICPS_FIRST)
		set_sources(vm, state);
}

/* A VM as a VMM has it before it restores: every ICP in its reset state. */
static void create_target(struct vm *vm)
{
	vm_create(vm, STREAM_CPUS);
	irqchip_create(vm, irqchip_under_test());
}

/* Puts a VM into a state that its guest could be in. */
static void create_origin(struct vm *vm, struct stream *stream, u64 seed, int operations)
{
	vm_create_with_irqchip(vm, STREAM_CPUS);
	stream_add_sources(vm);
	stream_begin(stream, seed);
	stream->expressible = true;
	stream_run(stream, vm, operations);
	stream_quiesce(stream, vm);
}

#define IN_TREE_REFUSES	"in-tree refuses an IPI that was cleared before it was accepted"

static void round_trip(struct __test_metadata *_metadata, enum order order)
{
	for (u64 seed = 1; seed <= soak(15); seed++) {
		struct stream_state before, after;
		struct vm origin, target;
		struct stream stream;

		create_origin(&origin, &stream, seed, 40 + 5 * seed);
		before = stream_get_state(&origin);
		create_target(&target);
		set_state(&target, &before, order);
		after = stream_get_state(&target);
		EXPECT_TRUE(stream_states_equal(&before, &after)) {
			TH_LOG("seed %lu", seed);
			stream_print_difference(&before, &after);
		}
		for (int i = 0; i < STREAM_CPUS; i++)
			EXPECT_EQ(line_is_up(&origin.cpu[i]), line_is_up(&target.cpu[i]));
		vm_destroy(&target);
		vm_destroy(&origin);
	}
}

/* hazard 19: save and restore drop or double what is pending. */
PLAIN_TEST(hazard19_sources_then_icps)
{
	VINTC_ONLY(IN_TREE_REFUSES);
	round_trip(_metadata, SOURCES_FIRST);
}

PLAIN_TEST(hazard19_icps_then_sources)
{
	VINTC_ONLY(IN_TREE_REFUSES);
	round_trip(_metadata, ICPS_FIRST);
}

/* get, set, get in place: a VMM that stops, looks and goes on. */
PLAIN_TEST(hazard19_setting_what_is_there_changes_nothing)
{
	struct stream stream;
	struct vm vm;

	VINTC_ONLY(IN_TREE_REFUSES);

	create_origin(&vm, &stream, 99, 10);
	for (u64 round = 0; round < soak(40); round++) {
		struct stream_state before = stream_get_state(&vm), after;

		if (round & 1)
			set_icps(&vm, &before);
		set_sources(&vm, &before);
		if (!(round & 1))
			set_icps(&vm, &before);
		after = stream_get_state(&vm);
		ASSERT_TRUE(stream_states_equal(&before, &after)) {
			TH_LOG("round %lu", round);
			stream_print_difference(&before, &after);
		}
		stream_run(&stream, &vm, 7);
		stream_quiesce(&stream, &vm);
	}
	vm_destroy(&vm);
}

/* Takes what a vCPU has pending, if anything; counts what the source brought. */
static bool take_one(struct vcpu *cpu, u32 *count)
{
	u32 accepted = h_xirr(cpu);
	u32 xisr = accepted & XISR_MASK;

	if (!xisr)
		return false;
	if (xisr == XISR_IPI)
		h_ipi(cpu, cpu->server, 0xff);
	for (int i = 0; i < STREAM_SOURCES; i++)
		count[i] += stream_source(i) == xisr;
	h_eoi(cpu, accepted);
	return true;
}

/*
 * The guest ends what it had accepted, unmasks every source, and takes what then
 * comes, on whichever vCPU, until nothing does.
 */
static void drain(struct vm *vm, const struct stream *stream, u32 *count)
{
	bool took;

	for (int i = 0; i < STREAM_SOURCES; i++)
		lower_source(vm, stream_source(i));
	for (int c = 0; c < STREAM_CPUS; c++) {
		for (int n = stream->depth[c]; n--;)
			h_eoi(&vm->cpu[c],
			      xirr(CPPR_ALL, stream->accepted[c][n] & XISR_MASK));
		h_cppr(&vm->cpu[c], CPPR_ALL);
	}
	for (int i = 0; i < STREAM_SOURCES; i++)
		rtas_set_xive(&vm->cpu[0], stream_source(i), server_of(i % STREAM_CPUS), 5);
	do {
		took = false;
		for (int c = 0; c < STREAM_CPUS; c++)
			took |= take_one(&vm->cpu[c], count);
	} while (took);
}

PLAIN_TEST(hazard19_restored_guest_loses_no_message)
{
	VINTC_ONLY(IN_TREE_REFUSES);

	for (u64 seed = 1; seed <= soak(15); seed++) {
		u32 expected[STREAM_SOURCES] = {}, seen[STREAM_SOURCES] = {};
		struct stream_state state;
		struct vm origin, target;
		struct stream stream;

		create_origin(&origin, &stream, 1000 + seed, 60 + 5 * seed);
		state = stream_get_state(&origin);
		create_target(&target);
		set_state(&target, &state, seed & 1 ? SOURCES_FIRST : ICPS_FIRST);

		drain(&origin, &stream, expected);
		drain(&target, &stream, seen);
		for (int i = 0; i < STREAM_SOURCES; i++) {
			u64 busy = KVM_XICS_PRESENTED | KVM_XICS_QUEUED | KVM_XICS_PENDING;

			EXPECT_EQ(0, source_of(&target, stream_source(i)) & busy);
			/* A line that went down may still bring one interrupt, or not. */
			if (stream_source_is_level(i))
				continue;
			EXPECT_EQ(expected[i], seen[i]) {
				TH_LOG("seed %lu, source %#x", seed, stream_source(i));
			}
			if (state.source[i] & (KVM_XICS_PENDING | KVM_XICS_QUEUED))
				EXPECT_LT(0, seen[i]);
			EXPECT_GE(2, seen[i]);
		}
		vm_destroy(&target);
		vm_destroy(&origin);
	}
}

/* Setting an ICP drops what was in XISR; it does not reject it. */
XICS_TEST(setting_an_icp_drops_its_xisr)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	raise_source(&self->vm, 0x1000);
	EXPECT_EQ(0, icp_set(self->cpu, ICP_OPEN));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	EXPECT_EQ(source_state(self->cpu->server, 5, KVM_XICS_PRESENTED),
		  source_of(&self->vm, 0x1000));
}

XICS_TEST(setting_a_less_favoured_mfrr_tries_what_waits)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(icp_set(self->cpu, icp_state(0xff, XISR_NONE, 5, 0xff)));
	raise_source(&self->vm, 0x1000);
	EXPECT_EQ(icp_state(0xff, XISR_NONE, 5, 0xff), icp_of(self->cpu));
	EXPECT_EQ(0, icp_set(self->cpu, ICP_OPEN));
	EXPECT_EQ(icp_state(0xff, 0x1000, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(setting_a_less_favoured_cppr_alone_leaves_what_waits)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(icp_set(self->cpu, ICP_RESET));
	raise_source(&self->vm, 0x1000);
	EXPECT_EQ(0, icp_set(self->cpu, ICP_OPEN));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	/* The note was kept: the next reason to look finds it. */
	h_eoi(self->cpu, xirr(CPPR_ALL, XISR_IPI));
	EXPECT_EQ(icp_state(0xff, 0x1000, 0xff, 5), icp_of(self->cpu));
}

XICS_TEST(line_follows_the_state_that_was_set)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(icp_set(self->cpu, icp_state(0xff, 0x1000, 0xff, 5)));
	EXPECT_TRUE(line_is_up(self->cpu));
	must(icp_set(self->cpu, ICP_OPEN));
	EXPECT_FALSE(line_is_up(self->cpu));
	must(icp_set(self->cpu, icp_state(0xff, XISR_IPI, 3, 3)));
	EXPECT_TRUE(line_is_up(self->cpu));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(self->cpu));
}

XICS_TEST(setting_a_source_resets_what_it_remembered)
{
	u64 state = source_state(self->cpu->server, 5, SOURCE_MSI);

	must(source_set(&self->vm, 0x1000, state | KVM_XICS_MASKED));
	raise_source(&self->vm, 0x1000);
	must(source_set(&self->vm, 0x1000, state));
	EXPECT_EQ(state, source_of(&self->vm, 0x1000));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(setting_a_pending_source_delivers_it)
{
	u64 state = source_state(self->cpu->server, 5, SOURCE_MSI);

	must(source_set(&self->vm, 0x1000, state | KVM_XICS_PENDING));
	EXPECT_EQ(icp_state(0xff, 0x1000, 0xff, 5), icp_of(self->cpu));
	EXPECT_EQ(state | KVM_XICS_PRESENTED, source_of(&self->vm, 0x1000));
}

TEST_HARNESS_MAIN

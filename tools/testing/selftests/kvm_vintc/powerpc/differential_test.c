// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm-vintc against in-tree XICS: the same stream of a well-behaved guest into
 * two VMs, everything that can be seen compared after each operation.
 */
#include "lib/stream.h"
#include "lib/test.h"

#define STREAMS		20
#define OPERATIONS	250

static void create_with(struct vm *vm, const struct irqchip_ops *ops)
{
	vm_create(vm, STREAM_CPUS);
	irqchip_create(vm, ops);
	for (int i = 0; i < STREAM_CPUS; i++)
		must(icp_set(&vm->cpu[i], ICP_OPEN));
	stream_add_sources(vm);
}

static void compare(struct __test_metadata *_metadata, struct vm *ours, struct vm *in_tree,
		    u64 seed)
{
	struct stream_state our_state, their_state;
	struct stream stream;

	stream_begin(&stream, seed);
	for (int i = 0; i < OPERATIONS; i++) {
		struct stream_op op = stream_draw(&stream, in_tree);
		struct stream_result our_result = stream_apply(ours, &op);
		struct stream_result their_result = stream_apply(in_tree, &op);

		our_state = stream_get_state(ours);
		their_state = stream_get_state(in_tree);
		ASSERT_EQ(0, memcmp(&our_result, &their_result, sizeof(our_result))) {
			TH_LOG("stream %lu, operation %d: %s: %lx %lx %lx, in-tree %lx %lx %lx",
			       seed, i, stream_describe(&op), our_result.value[0],
			       our_result.value[1], our_result.value[2], their_result.value[0],
			       their_result.value[1], their_result.value[2]);
		}
		ASSERT_TRUE(stream_states_equal(&our_state, &their_state)) {
			TH_LOG("stream %lu, operation %d: %s: ours, in-tree", seed, i,
			       stream_describe(&op));
			stream_print_difference(&our_state, &their_state);
		}
		stream_note(&stream, &op, &their_result);
	}
}

PLAIN_TEST(hazard20_same_stream_same_state)
{
	const char *why_not = why_no_in_tree_xics();

	if (why_not)
		SKIP(return, "%s", why_not);
	for (u64 seed = 1; seed <= soak(STREAMS); seed++) {
		struct vm ours, in_tree;

		create_with(&ours, &vintc_irqchip);
		create_with(&in_tree, &in_tree_irqchip);
		compare(_metadata, &ours, &in_tree, seed);
		vm_destroy(&ours);
		vm_destroy(&in_tree);
	}
}

VINTC_ONLY_MAIN

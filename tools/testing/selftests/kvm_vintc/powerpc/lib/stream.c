// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "stream.h"

/* Priorities that a source or IPI can have, and CPPRs between and beside them. */
static const u8 priorities[] = { 3, 5, 5, 7, 0xb };
static const u8 cpprs[] = { 0, 3, 4, 5, 6, 8, 0xb, 0xc, 0xff, 0xff, 0xff };

/* How often each kind is drawn, out of their sum. */
static const u8 weights[STREAM_KINDS] = {
	[STREAM_RAISE] = 30, [STREAM_LOWER] = 10,
	[STREAM_XIRR] = 20, [STREAM_EOI] = 18, [STREAM_CPPR] = 8, [STREAM_IPI] = 8,
	[STREAM_IPOLL] = 1,
	[STREAM_SET_XIVE] = 5, [STREAM_GET_XIVE] = 1, [STREAM_INT_OFF] = 4,
	[STREAM_INT_ON] = 5,
};

#define ANY(random, table)	((table)[random_below(random, ARRAY_SIZE(table))])

u32 stream_source(int index)
{
	static const u32 blocks[] = { 0x1000, 0x1400, 0x7f000 };

	return blocks[index % ARRAY_SIZE(blocks)] + index;
}

bool stream_source_is_level(int index)
{
	return index % 4 == 0;
}

static u32 any_server(struct random *random)
{
	return server_of(random_below(random, STREAM_CPUS));
}

void stream_add_sources(struct vm *vm)
{
	for (int i = 0; i < STREAM_SOURCES; i++)
		must(source_set(vm, stream_source(i),
				source_state(server_of(i % STREAM_CPUS),
					     priorities[i % ARRAY_SIZE(priorities)],
					     stream_source_is_level(i) ? SOURCE_LEVEL : SOURCE_MSI)));
}

void stream_begin(struct stream *stream, u64 seed)
{
	memset(stream, 0, sizeof(*stream));
	random_seed(&stream->random, seed);
}

static enum stream_kind any_kind(struct random *random)
{
	u32 sum = 0, at;
	int kind;

	for (kind = 0; kind < STREAM_KINDS; kind++)
		sum += weights[kind];
	at = random_below(random, sum);
	for (kind = 0; at >= weights[kind]; kind++)
		at -= weights[kind];
	return kind;
}

/* The CPPR from before the interrupt, unless it is less favoured already. */
static u32 eoi_argument(u32 accepted, u8 cppr)
{
	u8 before = accepted >> 24;

	return xirr(before > cppr ? before : cppr, accepted & XISR_MASK);
}

struct stream_op stream_draw(struct stream *stream, struct vm *vm)
{
	struct random *random = &stream->random;
	int source = random_below(random, STREAM_SOURCES);
	struct stream_op op = {
		.kind = any_kind(random),
		.cpu = random_below(random, STREAM_CPUS),
		.argument = { stream_source(source) },
	};
	u8 cppr = icp_cppr(icp_of(&vm->cpu[op.cpu]));
	int depth = stream->depth[op.cpu];

	if (op.kind == STREAM_EOI && !depth)
		op.kind = STREAM_XIRR;
	if (op.kind == STREAM_XIRR && depth == STREAM_NESTING)
		op.kind = STREAM_EOI;
	if (op.kind == STREAM_SET_XIVE && stream->expressible && stream_source_is_level(source))
		op.kind = STREAM_GET_XIVE;

	switch (op.kind) {
	case STREAM_EOI:
		op.argument[0] = eoi_argument(stream->accepted[op.cpu][depth - 1],
					      cppr);
		break;
	case STREAM_CPPR:
		op.argument[0] = ANY(random, cpprs);
		if (stream->expressible && depth && op.argument[0] > cppr)
			op.argument[0] = cppr;
		break;
	case STREAM_IPI:
	case STREAM_IPOLL:
		op.argument[0] = any_server(random);
		op.argument[1] = random_below(random, 2) ? 0xff : ANY(random, priorities);
		break;
	case STREAM_SET_XIVE:
		op.argument[1] = any_server(random);
		op.argument[2] = random_below(random, 6) ? ANY(random, priorities) : 0xff;
		break;
	default:
		break;
	}
	return op;
}

static struct stream_result hypercall(struct vcpu *cpu, u64 number, u64 r4, u64 r5)
{
	struct hcall h = hcall(cpu, number, r4, r5);

	return (struct stream_result){ { h.r[3], h.r[4], h.r[5] } };
}

struct stream_result stream_apply(struct vm *vm, const struct stream_op *op)
{
	struct vcpu *cpu = &vm->cpu[op->cpu];
	const u32 *argument = op->argument;
	struct stream_result result = {};
	u32 server = 0, priority = 0;

	switch (op->kind) {
	case STREAM_RAISE:
		raise_source(vm, argument[0]);
		break;
	case STREAM_LOWER:
		lower_source(vm, argument[0]);
		break;
	case STREAM_XIRR:
		return hypercall(cpu, H_XIRR, 0, 0);
	case STREAM_EOI:
		return hypercall(cpu, H_EOI, argument[0], 0);
	case STREAM_CPPR:
		return hypercall(cpu, H_CPPR, argument[0], 0);
	case STREAM_IPI:
		return hypercall(cpu, H_IPI, argument[0], argument[1]);
	case STREAM_IPOLL:
		return hypercall(cpu, H_IPOLL, argument[0], 0);
	case STREAM_SET_XIVE:
		result.value[0] = rtas_set_xive(cpu, argument[0], argument[1], argument[2]);
		break;
	case STREAM_GET_XIVE:
		result.value[0] = rtas_get_xive(cpu, argument[0], &server, &priority);
		result.value[1] = server;
		result.value[2] = priority;
		break;
	case STREAM_INT_OFF:
		result.value[0] = rtas_int_off(cpu, argument[0]);
		break;
	case STREAM_INT_ON:
		result.value[0] = rtas_int_on(cpu, argument[0]);
		break;
	case STREAM_KINDS:
		break;
	}
	return result;
}

void stream_note(struct stream *stream, const struct stream_op *op,
		 const struct stream_result *result)
{
	int *depth = &stream->depth[op->cpu];

	if (op->kind == STREAM_XIRR && (result->value[1] & XISR_MASK))
		stream->accepted[op->cpu][(*depth)++] = result->value[1];
	if (op->kind == STREAM_EOI)
		--*depth;
}

void stream_quiesce(const struct stream *stream, struct vm *vm)
{
	for (int i = 0; i < STREAM_SOURCES; i++)
		for (int cpu = 0; cpu < STREAM_CPUS; cpu++)
			for (int n = 0; n < stream->depth[cpu]; n++)
				if (stream_source_is_level(i) &&
				    (stream->accepted[cpu][n] & XISR_MASK) == stream_source(i))
					lower_source(vm, stream_source(i));
}

void stream_run(struct stream *stream, struct vm *vm, int operations)
{
	while (operations--) {
		struct stream_op op = stream_draw(stream, vm);
		struct stream_result result = stream_apply(vm, &op);

		stream_note(stream, &op, &result);
	}
}

struct stream_state stream_get_state(struct vm *vm)
{
	struct stream_state state;

	for (int i = 0; i < STREAM_CPUS; i++)
		state.icp[i] = icp_of(&vm->cpu[i]);
	for (int i = 0; i < STREAM_SOURCES; i++)
		state.source[i] = source_of(vm, stream_source(i));
	return state;
}

bool stream_states_equal(const struct stream_state *a, const struct stream_state *b)
{
	return !memcmp(a, b, sizeof(*a));
}

const char *stream_describe(const struct stream_op *op)
{
	static const char *const names[] = {
		[STREAM_RAISE] = "raise", [STREAM_LOWER] = "lower",
		[STREAM_XIRR] = "H_XIRR", [STREAM_EOI] = "H_EOI", [STREAM_CPPR] = "H_CPPR",
		[STREAM_IPI] = "H_IPI", [STREAM_IPOLL] = "H_IPOLL",
		[STREAM_SET_XIVE] = "ibm,set-xive", [STREAM_GET_XIVE] = "ibm,get-xive",
		[STREAM_INT_OFF] = "ibm,int-off", [STREAM_INT_ON] = "ibm,int-on",
	};
	static char text[80];

	snprintf(text, sizeof(text), "vCPU %d: %s(%#x, %#x, %#x)", op->cpu, names[op->kind],
		 op->argument[0], op->argument[1], op->argument[2]);
	return text;
}

void stream_print_difference(const struct stream_state *a, const struct stream_state *b)
{
	for (int i = 0; i < STREAM_CPUS; i++)
		if (a->icp[i] != b->icp[i])
			fprintf(stderr, "#   ICP of vCPU %d: %016lx, %016lx\n", i, a->icp[i],
				b->icp[i]);
	for (int i = 0; i < STREAM_SOURCES; i++)
		if (a->source[i] != b->source[i])
			fprintf(stderr, "#   source %#x: %016lx, %016lx\n", stream_source(i),
				a->source[i], b->source[i]);
}

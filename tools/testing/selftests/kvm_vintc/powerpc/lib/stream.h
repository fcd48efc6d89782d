/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random streams of what happens to a XICS: lines by the VMM, hypercalls and
 * RTAS calls by its guest. The guest behaves well: it ends the interrupts it
 * accepted in reverse order, and never makes CPPR more favoured by H_EOI.
 *
 * An operation is drawn once and can be applied to several VMs, to compare them.
 */
#ifndef VINTC_STREAM_H
#define VINTC_STREAM_H

#include "rtas.h"

#define STREAM_CPUS	2
#define STREAM_SOURCES	12
#define STREAM_NESTING	64

struct stream {
	struct random random;
	/* XIRRs that were accepted and not yet ended, of each vCPU. */
	u32 accepted[STREAM_CPUS][STREAM_NESTING];
	int depth[STREAM_CPUS];
	/*
	 * Avoid what the saved state cannot express: a level source that is in
	 * service is saved as pending. So its guest does not open CPPR to it, nor
	 * change its priority.
	 */
	bool expressible;
};

enum stream_kind {
	STREAM_RAISE, STREAM_LOWER,
	STREAM_XIRR, STREAM_EOI, STREAM_CPPR, STREAM_IPI, STREAM_IPOLL,
	STREAM_SET_XIVE, STREAM_GET_XIVE, STREAM_INT_OFF, STREAM_INT_ON,
	STREAM_KINDS
};

struct stream_op {
	enum stream_kind kind;
	int cpu;
	u32 argument[3];
};

/* What the guest sees of it. */
struct stream_result {
	u64 value[3];
};

struct stream_state {
	u64 icp[STREAM_CPUS];
	u64 source[STREAM_SOURCES];
};

/* Sources of both kinds, in several blocks and at priorities that collide. */
u32 stream_source(int index);
bool stream_source_is_level(int index);
void stream_add_sources(struct vm *vm);

void stream_begin(struct stream *stream, u64 seed);
/* The next operation, for a guest whose ICPs are those of this VM. */
struct stream_op stream_draw(struct stream *stream, struct vm *vm);
struct stream_result stream_apply(struct vm *vm, const struct stream_op *op);
/* Tells the stream what came of it. */
void stream_note(struct stream *stream, const struct stream_op *op,
		 const struct stream_result *result);
/* Lowers the lines of level sources that a vCPU serves, as their handlers do. */
void stream_quiesce(const struct stream *stream, struct vm *vm);
/* Draw, apply and note so many. */
void stream_run(struct stream *stream, struct vm *vm, int operations);

struct stream_state stream_get_state(struct vm *vm);
bool stream_states_equal(const struct stream_state *a, const struct stream_state *b);

/* For the log of a failed test. */
const char *stream_describe(const struct stream_op *op);
void stream_print_difference(const struct stream_state *a, const struct stream_state *b);

#endif /* VINTC_STREAM_H */

// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "common/lib/image.h"
#include "common/our_state.h"
#include "common/report.h"
#include "common/timing.h"

#define CALLS		10	/* operations that are one ioctl */
#define LOOPS		3	/* operations that are one for each register */
#define CHANGED		10	/* registers */

struct state {
	int fd;
	u64 flip;
	struct image full, changed;	/* what is to be there */
	struct image read;		/* with room for all registers */
};

/* ---- in one call ---- */

static void get(struct state *state, u32 flags)
{
	struct kvm_vintc_state call = {
		.addr = (uintptr_t)state->read.header, .size = state->full.size,
		.generation = state->read.generation, .flags = flags,
	};

	must(xioctl(state->fd, KVM_VINTC_GET_STATE, &call));
	state->read.size = call.size;
	state->read.generation = call.generation;
}

static void expect_read(struct state *state, const struct image *expected)
{
	if (!images_equal(&state->read, expected))
		fatal("the image that was read is another");
}

static void expect_in_state(struct state *state, const struct image *expected)
{
	if (!is_in_state(state->fd, expected))
		fatal("the state that was set is another");
}

static void save(void *context)
{
	get(context, 0);
}

static void check_saved(void *context)
{
	struct state *state = context;

	expect_read(state, &state->full);
}

static void reset(void *context)
{
	struct state *state = context;
	struct kvm_vintc_command command = { .command = KVM_VINTC_CMD_RESET };

	must(xioctl(state->fd, KVM_VINTC_COMMAND, &command));
}

static void restore(void *context)
{
	struct state *state = context;

	must(set_image(state->fd, &state->full));
}

static void check_restored(void *context)
{
	struct state *state = context;

	expect_in_state(state, &state->full);
}

/* ---- one register at a time ---- */

static void each_register(struct state *state, unsigned long request, struct image *image)
{
	for (u32 i = 0; i < state->full.header->count; i++) {
		struct kvm_one_reg reg = {
			.id = state->full.regs[i].id, .addr = (uintptr_t)&image->regs[i].value,
		};

		must(xioctl(state->fd, request, &reg));
	}
}

static void forget_read(void *context)
{
	struct state *state = context;

	state->read.size = state->full.size;
	*state->read.header = *state->full.header;
	for (u32 i = 0; i < state->full.header->count; i++)
		state->read.regs[i] = (struct kvm_vintc_image_reg){ .id = state->full.regs[i].id };
}

static void save_one_by_one(void *context)
{
	struct state *state = context;

	each_register(state, KVM_GET_ONE_REG, &state->read);
}

static void restore_one_by_one(void *context)
{
	struct state *state = context;

	each_register(state, KVM_SET_ONE_REG, &state->full);
}

/* ---- what has changed ---- */

static void flip_in(struct state *state, struct image *changed)
{
	u32 half = state->full.header->count / 2;

	changed->header->flags = KVM_VINTC_IMAGE_PARTIAL;
	changed->header->count = CHANGED;
	changed->size = sizeof(*changed->header) + CHANGED * sizeof(changed->regs[0]);
	for (u32 i = 0; i < CHANGED; i++) {
		struct kvm_vintc_image_reg *reg = &state->full.regs[half + i * half / CHANGED];

		reg->value ^= state->flip;
		changed->regs[i] = *reg;
	}
}

static void change_after_tracked(void *context)
{
	struct state *state = context;

	get(state, KVM_VINTC_STATE_TRACK);
	flip_in(state, &state->changed);
	must(set_image(state->fd, &state->changed));
}

static void save_changed(void *context)
{
	get(context, KVM_VINTC_STATE_TRACK | KVM_VINTC_STATE_SINCE);
}

static void check_saved_changed(void *context)
{
	struct state *state = context;

	expect_read(state, &state->changed);
}

static void change_to_be(void *context)
{
	struct state *state = context;

	flip_in(state, &state->changed);
}

static void restore_changed(void *context)
{
	struct state *state = context;

	must(set_image(state->fd, &state->changed));
}

/* ---- */

static void measure(const struct our_device *device, const char *way, const char *row,
		    const struct timed *timed, u64 operations)
{
	struct state state = { .fd = device->fd, .flip = device->flip };

	state.full = image_of(device->fd);
	state.changed = image_copy(&state.full);
	state.read = image_copy(&state.full);
	report(way, row, ticks_of(timed, &state, operations), operations);
	image_free(&state.full);
	image_free(&state.changed);
	image_free(&state.read);
}

void measure_our_save(const struct our_device *device, const char *row)
{
	static const struct timed whole = { NULL, save, check_saved };
	static const struct timed one_by_one = { forget_read, save_one_by_one, check_saved };
	static const struct timed changed = { change_after_tracked, save_changed,
					      check_saved_changed };

	measure(device, "ours", row, &whole, CALLS);
	measure(device, "ours:one-by-one", row, &one_by_one, LOOPS);
	measure(device, "ours:changed-since", row, &changed, CALLS);
}

void measure_our_restore(const struct our_device *device, const char *row)
{
	static const struct timed whole = { reset, restore, check_restored };
	static const struct timed one_by_one = { reset, restore_one_by_one, check_restored };
	static const struct timed changed = { change_to_be, restore_changed, check_restored };

	measure(device, "ours", row, &whole, CALLS);
	measure(device, "ours:one-by-one", row, &one_by_one, LOOPS);
	measure(device, "ours:changed-since", row, &changed, CALLS);
}

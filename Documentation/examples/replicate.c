// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_VINTC_GET_STATE and _SET_STATE: a standby VM is kept in the state of another one,
 * each time by what has changed. At the end it takes over, with the interrupts that are
 * on their way.
 */
#include "xics.h"

#define SOURCE	0x1000
#define SOURCES	1000

struct image {
	uint64_t size, generation;
	struct kvm_vintc_image *header;
};

/* What has changed since the state of that generation; 0: all of it. */
static struct image get_image(int device, uint64_t since)
{
	struct kvm_vintc_state state = {
		.generation = since,
		.flags = KVM_VINTC_STATE_TRACK | (since ? KVM_VINTC_STATE_SINCE : 0),
	};
	void *memory = NULL;

	while (ioctl(device, KVM_VINTC_GET_STATE, &state)) {
		if (errno != E2BIG)
			MUST(-1);
		memory = realloc(memory, state.size);
		state.addr = (uintptr_t)memory;
	}
	return (struct image){ state.size, state.generation, memory };
}

static void set_image(int device, const struct image *image)
{
	struct kvm_vintc_state state = { .addr = (uintptr_t)image->header, .size = image->size };

	MUST(ioctl(device, KVM_VINTC_SET_STATE, &state));
}

static bool same_state(int a, int b)
{
	struct image one = get_image(a, 0), other = get_image(b, 0);

	return one.size == other.size && !memcmp(one.header, other.header, one.size);
}

/* The registers that the image has. */
static uint32_t count(const struct image *image)
{
	return image->header->count;
}

int main(void)
{
	/* What a VMM decides is no part of the state: both are made alike. */
	int active = new_xics(new_vm(2), 2), standby = new_xics(new_vm(2), 2);
	struct image image;

	plan(7);
	for (int i = 0; i < SOURCES; i++)
		add_source(active, SOURCE + i, i % 2, 5, 0);
	irq_line(active, SOURCE, 1);

	image = get_image(active, 0);
	check(count(&image) == SOURCES + 2, "a full image: all sources, and two ICPs");
	set_image(standby, &image);
	check(same_state(active, standby), "the standby is in the same state");

	/* An interval later: one source was signalled, and changed its server's ICP. */
	image = get_image(active, 0);
	irq_line(active, SOURCE + 1, 1);
	image = get_image(active, image.generation);
	check(image.header->flags & KVM_VINTC_IMAGE_PARTIAL, "a partial image");
	check(count(&image) == 2, "with the two registers that have changed");
	set_image(standby, &image);
	check(same_state(active, standby), "the standby has followed");

	/* The active one is gone. */
	close(active);
	check(XISR(h_xirr(standby, 0)) == SOURCE, "vCPU 0 of the standby has its interrupt");
	check(XISR(h_xirr(standby, 1)) == SOURCE + 1, "and vCPU 1");
	return failures != 0;
}

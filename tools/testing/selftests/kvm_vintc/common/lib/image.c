// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lib/command.h"
#include "common/lib/image.h"

static void *room(u64 size)
{
	void *memory = calloc(1, size ? size : 1);

	if (!memory)
		fatal("no memory for %lu bytes", size);
	return memory;
}

static void set_memory(struct image *image, void *memory)
{
	image->header = memory;
	image->regs = (void *)(image->header + 1);
}

int get_image(int device, u32 flags, u64 generation, struct image *image)
{
	struct kvm_vintc_state state = { .flags = flags, .generation = generation };
	int error = xioctl(device, KVM_VINTC_GET_STATE, &state);

	if (error != -E2BIG)
		return error ? error : -ENODATA;	/* an image of no bytes is none */
	set_memory(image, room(state.size));
	state.addr = (uintptr_t)image->header;
	state.generation = generation;
	error = xioctl(device, KVM_VINTC_GET_STATE, &state);
	image->size = state.size;
	image->generation = state.generation;
	if (error)
		image_free(image);
	return error;
}

struct image image_of(int device)
{
	struct image image;

	must(get_image(device, 0, 0, &image));
	return image;
}

int set_state(int device, const void *address, u64 size)
{
	struct kvm_vintc_state state = { .addr = (uintptr_t)address, .size = size };

	return xioctl(device, KVM_VINTC_SET_STATE, &state);
}

int set_image(int device, const struct image *image)
{
	return set_state(device, image->header, image->size);
}

struct image image_copy(const struct image *image)
{
	struct image copy = *image;

	set_memory(&copy, room(image->size));
	memcpy(copy.header, image->header, image->size);
	return copy;
}

void image_free(struct image *image)
{
	free(image->header);
	image->header = NULL;
}

bool images_equal(const struct image *a, const struct image *b)
{
	return a->size == b->size && !memcmp(a->header, b->header, a->size);
}

static void print_difference(const struct image *was, const struct image *is)
{
	if (was->header->count != is->header->count)
		printf("#   %u registers, now %u\n", was->header->count, is->header->count);
	for (u32 i = 0; i < was->header->count; i++) {
		struct kvm_vintc_image_reg *old = &was->regs[i], *now = image_reg(is, old->id);

		if (!now)
			printf("#   register %#lx is gone\n", (u64)old->id);
		else if (now->value != old->value)
			printf("#   register %#lx: %#lx, now %#lx\n", (u64)old->id,
			       (u64)old->value, (u64)now->value);
	}
}

bool is_in_state(int device, const struct image *image)
{
	struct image now = image_of(device);
	bool equal = images_equal(image, &now);

	if (!equal)
		print_difference(image, &now);
	image_free(&now);
	return equal;
}

struct kvm_vintc_image_reg *image_reg(const struct image *image, u64 id)
{
	for (u32 i = 0; i < image->header->count; i++)
		if (image->regs[i].id == id)
			return &image->regs[i];
	return NULL;
}

void image_remove(struct image *image, u64 id)
{
	struct kvm_vintc_image_reg *found = image_reg(image, id);

	if (!found)
		fatal("the image has no register %#lx", id);
	image->size -= sizeof(*found);
	image->header->count--;
	memmove(found, found + 1, (image->regs + image->header->count - found) * sizeof(*found));
}

struct kvm_reg_list *reg_list(int device)
{
	struct kvm_reg_list none = { .n = 0 }, *list;
	int error = xioctl(device, KVM_GET_REG_LIST, &none);

	if (error != -E2BIG)
		fatal("KVM_GET_REG_LIST without room: %s", error_name(-error));
	list = room(sizeof(*list) + none.n * sizeof(list->reg[0]));
	list->n = none.n;
	must(xioctl(device, KVM_GET_REG_LIST, list));
	return list;
}

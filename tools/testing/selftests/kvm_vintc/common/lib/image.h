/* SPDX-License-Identifier: GPL-2.0-only */
/* Images of a device's state, and KVM_GET_REG_LIST. */
#ifndef VINTC_IMAGE_H
#define VINTC_IMAGE_H

#include <linux/kvm.h>
#include <linux/kvm_vintc.h>

#include "lib/util.h"

struct image {
	u64 size;		/* of what follows, in bytes */
	u64 generation;
	struct kvm_vintc_image *header;
	struct kvm_vintc_image_reg *regs;	/* behind the header */
};

/* KVM_VINTC_GET_STATE with as much room as it wants: 0 or -errno. */
int get_image(int device, u32 flags, u64 generation, struct image *image);
/* For a state that can be read: the whole of it. */
struct image image_of(int device);
/* KVM_VINTC_SET_STATE. */
int set_image(int device, const struct image *image);
int set_state(int device, const void *address, u64 size);

struct image image_copy(const struct image *image);
void image_free(struct image *image);
bool images_equal(const struct image *a, const struct image *b);
/* Is the device in this state? Says where not. */
bool is_in_state(int device, const struct image *image);
/* The register in the image, or NULL. */
struct kvm_vintc_image_reg *image_reg(const struct image *image, u64 id);
void image_remove(struct image *image, u64 id);

/* KVM_GET_REG_LIST: n ids, ascending or not; to be freed. */
struct kvm_reg_list *reg_list(int device);

#endif /* VINTC_IMAGE_H */

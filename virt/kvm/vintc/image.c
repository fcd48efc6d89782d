// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_VINTC_GET_STATE: images of a controller's state, and what has changed since one
 * that the device remembers. They are taken in a pause, so that no interrupt is half on
 * its way.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "vintc.h"

/*
 * The registers that there were, by ascending id. Of the one that a device remembers,
 * those are marked that have changed since its generation, and have their new value.
 */
struct vintc_image {
	u32 count;
	unsigned long *changed;		/* a bit for each, of a remembered image */
	struct kvm_vintc_image_reg regs[];
};

static struct vintc_image *image_alloc(u32 count)
{
	struct vintc_image *image;

	image = kvmalloc(struct_size(image, regs, count), GFP_KERNEL_ACCOUNT);
	if (image) {
		image->count = 0;
		image->changed = NULL;
	}
	return image;
}

static void image_free(struct vintc_image *image)
{
	if (image)
		kvfree(image->changed);
	kvfree(image);
}

/* Under the lock, or with the device's last user. */
void vintc_image_free(struct vintc_device *dev)
{
	image_free(dev->image);
	dev->image = NULL;
}

static void count_reg(void *arg, const struct vintc_reg *reg)
{
	++*(u32 *)arg;
}

static void take_reg(void *arg, const struct vintc_reg *reg)
{
	struct vintc_image *image = arg;

	image->regs[image->count++] = (struct kvm_vintc_image_reg){
		.id = vintc_reg_id(reg),
		.value = reg->value,
	};
}

/* All registers, with nothing on its way. Under kvm->lock and the lock. */
static int visit_paused(struct vintc_device *dev, vintc_visit_reg *visit, void *arg)
{
	int r = vintc_lock_vcpus(dev);

	if (r)
		return r;
	vintc_pause(dev->kvm);
	dev->model->visit_regs(dev, visit, arg);
	vintc_resume(dev->kvm);
	vintc_unlock_vcpus(dev);
	return 0;
}

/* No register comes meanwhile: that takes the lock. */
static struct vintc_image *take_image(struct vintc_device *dev)
{
	struct vintc_image *image;
	u32 count = 0;
	int r;

	dev->model->visit_regs(dev, count_reg, &count);
	image = image_alloc(count);
	if (!image)
		return ERR_PTR(-ENOMEM);
	r = visit_paused(dev, take_reg, image);
	if (!r)
		return image;
	image_free(image);
	return ERR_PTR(r);
}

struct comparison {
	struct vintc_image *image;
	u32 at;
	bool differs;			/* in what registers there are */
};

static void compare_reg(void *arg, const struct vintc_reg *reg)
{
	struct comparison *c = arg;
	struct kvm_vintc_image_reg *known = &c->image->regs[c->at];

	if (c->at == c->image->count || known->id != vintc_reg_id(reg)) {
		c->differs = true;
	} else if (known->value != reg->value) {
		known->value = reg->value;
		__set_bit(c->at, c->image->changed);
	}
	c->at += !c->differs;
}

/* 1: the remembered image is up to date again; 0: other registers are there by now. */
static int update_image(struct vintc_device *dev)
{
	struct comparison c = { .image = dev->image };
	int r = visit_paused(dev, compare_reg, &c);

	return r ? r : !c.differs && c.at == dev->image->count;
}

static int put_header(struct vintc_device *dev, struct kvm_vintc_state *state, u32 count, u16 flags)
{
	struct kvm_vintc_image header = {
		.magic = KVM_VINTC_IMAGE_MAGIC,
		.version = KVM_VINTC_IMAGE_VERSION,
		.flags = flags,
		.model = dev->model->id,
		.count = count,
	};
	u64 room = state->size;

	state->size = sizeof(header) + count * sizeof(struct kvm_vintc_image_reg);
	if (room < state->size)
		return -E2BIG;
	return copy_to_user(u64_to_user_ptr(state->addr), &header, sizeof(header)) ? -EFAULT : 0;
}

static struct kvm_vintc_image_reg __user *regs_of(const struct kvm_vintc_state *state)
{
	return u64_to_user_ptr(state->addr + sizeof(struct kvm_vintc_image));
}

static int put_all(struct vintc_device *dev, const struct vintc_image *image,
		   struct kvm_vintc_state *state)
{
	int r = put_header(dev, state, image->count, 0);

	if (r)
		return r;
	return copy_to_user(regs_of(state), image->regs, image->count * sizeof(*image->regs)) ? -EFAULT : 0;
}

static int put_changed(struct vintc_device *dev, const struct vintc_image *image,
		       struct kvm_vintc_state *state)
{
	u32 count = bitmap_weight(image->changed, image->count);
	struct kvm_vintc_image_reg __user *to = regs_of(state);
	int r = put_header(dev, state, count, KVM_VINTC_IMAGE_PARTIAL);
	unsigned long i;

	if (r)
		return r;
	for_each_set_bit(i, image->changed, image->count)
		if (copy_to_user(to++, &image->regs[i], sizeof(*to)))
			return -EFAULT;
	return 0;
}

/* The call has gone well if this does: only then something is forgotten. */
static int answer(struct vintc_device *dev, struct kvm_vintc_state *state, int r,
		  struct kvm_vintc_state __user *arg)
{
	if (!r && state->flags & KVM_VINTC_STATE_TRACK)
		state->generation = dev->generation + 1;
	if ((!r || r == -E2BIG) && copy_to_user(arg, state, sizeof(*state)))
		r = -EFAULT;
	if (!r && state->flags & KVM_VINTC_STATE_TRACK)
		dev->generation++;
	return r;
}

/* Under the lock. The image is the device's or freed afterwards. */
static int get_all(struct vintc_device *dev, struct vintc_image *image,
		   struct kvm_vintc_state *state, struct kvm_vintc_state __user *arg)
{
	bool track = state->flags & KVM_VINTC_STATE_TRACK;
	int r = 0;

	if (track) {
		image->changed = kvcalloc(BITS_TO_LONGS(image->count), sizeof(long), GFP_KERNEL_ACCOUNT);
		r = image->changed ? 0 : -ENOMEM;
	}
	if (!r)
		r = answer(dev, state, put_all(dev, image, state), arg);
	if (!r && track)
		swap(dev->image, image);
	image_free(image);
	return r;
}

/* Under the lock. What was marked and could not be told stays marked. */
static int get_changed(struct vintc_device *dev, struct kvm_vintc_state *state,
		       struct kvm_vintc_state __user *arg)
{
	struct vintc_image *image = dev->image;
	int r = answer(dev, state, put_changed(dev, image, state), arg);

	if (!r)
		bitmap_zero(image->changed, image->count);
	return r;
}

/* The state as of now: NULL if that is in the remembered image, or an error. */
static struct vintc_image *get_image(struct vintc_device *dev, const struct kvm_vintc_state *state)
{
	int r = 0;

	if (state->flags & KVM_VINTC_STATE_SINCE && dev->image && state->generation == dev->generation)
		r = update_image(dev);
	if (r)
		return r < 0 ? ERR_PTR(r) : NULL;
	return take_image(dev);
}

int vintc_get_state(struct vintc_device *dev, struct kvm_vintc_state __user *arg)
{
	struct kvm_vintc_state state;
	struct vintc_image *image;
	int r;

	if (copy_from_user(&state, arg, sizeof(state)))
		return -EFAULT;
	if (state.flags & ~(KVM_VINTC_STATE_TRACK | KVM_VINTC_STATE_SINCE) || state.reserved ||
	    (state.flags & KVM_VINTC_STATE_SINCE && !(state.flags & KVM_VINTC_STATE_TRACK)))
		return -EINVAL;
	r = vintc_ready(dev);
	if (r)
		return r;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	image = get_image(dev, &state);
	mutex_unlock(&dev->kvm->lock);
	if (IS_ERR(image))
		r = PTR_ERR(image);
	else
		r = image ? get_all(dev, image, &state, arg) : get_changed(dev, &state, arg);
	mutex_unlock(&dev->lock);
	return r;
}

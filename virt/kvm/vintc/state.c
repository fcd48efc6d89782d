// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a controller as a whole: images, what has changed since the last one,
 * and reset. All happen in a pause, so that no interrupt is half on its way.
 */
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "vintc.h"

/* A source for each number, and more than the other registers. */
#define MOST_REGS	(1u << 25)

struct vintc_image {
	u32 count;
	struct kvm_vintc_image_reg regs[];
};

static struct vintc_image *image_alloc(u32 count)
{
	struct vintc_image *image;

	image = kvmalloc(struct_size(image, regs, count), GFP_KERNEL_ACCOUNT);
	if (image)
		image->count = 0;
	return image;
}

/* Under the lock, or with the device's last user. */
void vintc_image_free(struct vintc_device *dev)
{
	kvfree(dev->image);
	dev->image = NULL;
}

static int ready(struct vintc_device *dev)
{
	return dev->model->ready ? dev->model->ready(dev) : 0;
}

/* ---- get ---- */

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

/* Under kvm->lock and the lock: so no register comes meanwhile. */
static struct vintc_image *take_image(struct vintc_device *dev)
{
	struct vintc_image *image;
	u32 count = 0;
	int r;

	dev->model->visit_regs(dev, count_reg, &count);
	image = image_alloc(count);
	if (!image)
		return ERR_PTR(-ENOMEM);
	r = vintc_lock_vcpus(dev);
	if (r) {
		kvfree(image);
		return ERR_PTR(r);
	}
	vintc_pause(dev->kvm);
	dev->model->visit_regs(dev, take_reg, image);
	vintc_resume(dev->kvm);
	vintc_unlock_vcpus(dev);
	return image;
}

/*
 * What differs between the remembered image and another one, which has all of its
 * registers: they come, and do not go.
 */
static struct vintc_image *changed_since(const struct vintc_image *old, const struct vintc_image *now)
{
	struct vintc_image *changed = image_alloc(now->count);
	u32 i, at = 0;

	if (!changed)
		return NULL;
	for (i = 0; i < now->count; i++) {
		bool known = at < old->count && old->regs[at].id == now->regs[i].id;

		if (!known || old->regs[at].value != now->regs[i].value)
			changed->regs[changed->count++] = now->regs[i];
		at += known;
	}
	return changed;
}

static int put_image(struct vintc_device *dev, const struct vintc_image *image, bool partial,
		     struct kvm_vintc_state *state)
{
	u64 size = sizeof(struct kvm_vintc_image) + image->count * sizeof(image->regs[0]);
	struct kvm_vintc_image header = {
		.magic = KVM_VINTC_IMAGE_MAGIC,
		.version = KVM_VINTC_IMAGE_VERSION,
		.flags = partial ? KVM_VINTC_IMAGE_PARTIAL : 0,
		.model = dev->model->id,
		.count = image->count,
	};
	u8 __user *to = u64_to_user_ptr(state->addr);
	bool fits = state->size >= size;

	state->size = size;
	if (!fits)
		return -E2BIG;
	if (copy_to_user(to, &header, sizeof(header)) ||
	    copy_to_user(to + sizeof(header), image->regs, size - sizeof(header)))
		return -EFAULT;
	return 0;
}

/* Under the lock, as the remembered image is. *now is remembered if all went well. */
static int put_state(struct vintc_device *dev, struct vintc_image **now,
		     struct kvm_vintc_state *state, struct kvm_vintc_state __user *arg)
{
	bool partial = state->flags & KVM_VINTC_STATE_SINCE && dev->image &&
		       state->generation == dev->generation;
	struct vintc_image *put = partial ? changed_since(dev->image, *now) : *now;
	int r;

	if (!put)
		return -ENOMEM;
	r = put_image(dev, put, partial, state);
	if (partial)
		kvfree(put);
	if (!r && state->flags & KVM_VINTC_STATE_TRACK)
		state->generation = dev->generation + 1;
	if ((!r || r == -E2BIG) && copy_to_user(arg, state, sizeof(*state)))
		return -EFAULT;
	if (!r && state->flags & KVM_VINTC_STATE_TRACK) {
		dev->generation++;
		swap(dev->image, *now);
	}
	return r;
}

static int get_state(struct vintc_device *dev, struct kvm_vintc_state *state,
		     struct kvm_vintc_state __user *arg)
{
	struct vintc_image *now;
	int r;

	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	now = take_image(dev);
	mutex_unlock(&dev->kvm->lock);
	r = PTR_ERR_OR_ZERO(now);
	if (!r) {
		r = put_state(dev, &now, state, arg);
		kvfree(now);
	}
	mutex_unlock(&dev->lock);
	return r;
}

int vintc_get_state(struct vintc_device *dev, struct kvm_vintc_state __user *arg)
{
	struct kvm_vintc_state state;
	int r;

	if (copy_from_user(&state, arg, sizeof(state)))
		return -EFAULT;
	if (state.flags & ~(KVM_VINTC_STATE_TRACK | KVM_VINTC_STATE_SINCE) || state.reserved ||
	    (state.flags & KVM_VINTC_STATE_SINCE && !(state.flags & KVM_VINTC_STATE_TRACK)))
		return -EINVAL;
	r = ready(dev);
	return r ? r : get_state(dev, &state, arg);
}

/* ---- set ---- */

static int compare_id(const void *key, const void *element)
{
	const struct kvm_vintc_image_reg *reg = element;
	u64 id = *(const u64 *)key;

	return id < reg->id ? -1 : id > reg->id;
}

/* Does the source exist that this register needs, here or in the image? */
static bool has_what_it_needs(struct vintc_device *dev, const struct vintc_reg *reg,
			      const struct kvm_vintc_image_reg *regs, u32 count)
{
	struct vintc_reg source = { .kind = VINTC_REG_SOURCE };
	u64 id;

	source.index = dev->model->reg_needs ? dev->model->reg_needs(reg) : 0;
	if (!source.index)
		return true;
	id = vintc_reg_id(&source);
	return bsearch(&id, regs, count, sizeof(*regs), compare_id) ||
	       dev->model->get_reg(dev, &source) == VINTC_OK;
}

/* Under the lock. Afterwards nothing can fail. */
static int check_regs(struct vintc_device *dev, const struct kvm_vintc_image_reg *regs, u32 count)
{
	struct vintc_reg reg;
	u32 i;
	int r;

	for (i = 0; i < count; i++) {
		if (i && regs[i].id <= regs[i - 1].id)
			return -EINVAL;
		if (!vintc_reg_of_id(regs[i].id, &reg))
			return -ENOENT;
		reg.value = regs[i].value;
		r = vintc_errno(dev->model->check_reg(dev, &reg));
		if (r)
			return r;
		if (!has_what_it_needs(dev, &reg, regs, count))
			return -EINVAL;
		cond_resched();
	}
	return 0;
}

static void apply(struct vintc_device *dev, const struct kvm_vintc_image_reg *regs, u32 count,
		  bool partial)
{
	struct vintc_reg reg;
	u32 i;

	vintc_pause(dev->kvm);
	if (!partial)
		dev->model->reset(dev);
	for (i = 0; i < count; i++) {
		vintc_reg_of_id(regs[i].id, &reg);
		reg.value = regs[i].value;
		dev->model->set_reg(dev, &reg);
	}
	dev->model->settle(dev);
	vintc_resume(dev->kvm);
}

int vintc_set_regs(struct vintc_device *dev, const struct kvm_vintc_image_reg *regs, u32 count,
		   bool partial)
{
	int r;

	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	r = check_regs(dev, regs, count);
	if (!r)
		r = vintc_lock_vcpus(dev);
	if (!r) {
		apply(dev, regs, count, partial);
		vintc_unlock_vcpus(dev);
	}
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->lock);
	return r;
}

static int check_header(struct vintc_device *dev, const struct kvm_vintc_image *header, u64 size)
{
	if (header->magic != KVM_VINTC_IMAGE_MAGIC)
		return -EINVAL;
	if (header->version > KVM_VINTC_IMAGE_VERSION)
		return -EOPNOTSUPP;
	if (!header->version || header->flags & ~KVM_VINTC_IMAGE_PARTIAL)
		return -EINVAL;
	if (header->model != dev->model->id)
		return -ENODEV;
	if (header->count > MOST_REGS ||
	    size != sizeof(*header) + (u64)header->count * sizeof(struct kvm_vintc_image_reg))
		return -EINVAL;
	return 0;
}

int vintc_set_state(struct vintc_device *dev, struct kvm_vintc_state __user *arg)
{
	struct kvm_vintc_state state;
	struct kvm_vintc_image header;
	struct vintc_image *image;
	u8 __user *from;
	int r;

	if (copy_from_user(&state, arg, sizeof(state)))
		return -EFAULT;
	if (state.flags || state.generation || state.reserved || state.size < sizeof(header))
		return -EINVAL;
	from = u64_to_user_ptr(state.addr);
	if (copy_from_user(&header, from, sizeof(header)))
		return -EFAULT;
	r = check_header(dev, &header, state.size);
	if (!r)
		r = ready(dev);
	if (r)
		return r;
	image = image_alloc(header.count);
	if (!image)
		return -ENOMEM;
	r = copy_from_user(image->regs, from + sizeof(header), state.size - sizeof(header)) ? -EFAULT :
	    vintc_set_regs(dev, image->regs, header.count, header.flags & KVM_VINTC_IMAGE_PARTIAL);
	kvfree(image);
	return r;
}

/* ---- reset ---- */

int vintc_reset(struct vintc_device *dev)
{
	/* What is not ready has nothing to reset. */
	if (ready(dev))
		return 0;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	vintc_pause(dev->kvm);
	dev->model->reset(dev);
	dev->model->settle(dev);
	vintc_resume(dev->kvm);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->lock);
	return 0;
}

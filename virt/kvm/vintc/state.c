// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a controller is set: some registers, all of them (KVM_VINTC_SET_STATE),
 * or to that of power-on. All is checked first; then it happens in a pause, so that no
 * interrupt is half on its way.
 */
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "trace.h"
#include "vintc.h"

/* A source for each number, and more than the other registers. */
#define MOST_REGS	(1u << 25)

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
	struct kvm_vintc_image_reg *regs;
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
		r = vintc_ready(dev);
	if (r)
		return r;
	regs = kvmalloc_array(header.count, sizeof(*regs), GFP_KERNEL_ACCOUNT);
	if (!regs)
		return -ENOMEM;
	r = copy_from_user(regs, from + sizeof(header), header.count * sizeof(*regs)) ? -EFAULT :
	    vintc_set_regs(dev, regs, header.count, header.flags & KVM_VINTC_IMAGE_PARTIAL);
	kvfree(regs);
	return r;
}

int vintc_reset(struct vintc_device *dev)
{
	/* What is not ready has nothing to reset. */
	if (vintc_ready(dev))
		return 0;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	trace_vintc_reset(dev, false);
	vintc_pause(dev->kvm);
	dev->model->reset(dev);
	dev->model->settle(dev);
	vintc_resume(dev->kvm);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->lock);
	/* A message that was held is gone, and nobody will end it. */
	vintc_resample_notify(dev->kvm);
	return 0;
}

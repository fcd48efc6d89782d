// SPDX-License-Identifier: GPL-2.0-only
/* KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST: a controller's registers by id. */
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "vintc.h"

/* By ascending id in the order of the core, which is by kind and index. */
u64 vintc_reg_id(const struct vintc_reg *reg)
{
	switch (reg->kind) {
	case VINTC_REG_ICP:
		return KVM_VINTC_REG_ICP(reg->index);
	case VINTC_REG_SOURCE:
		return KVM_VINTC_REG_SOURCE(reg->index);
	case VINTC_REG_GIC_DIST:
		return KVM_VINTC_REG_GIC_DIST;
	case VINTC_REG_GIC_CPU:
		return KVM_VINTC_REG_GIC_CPU(reg->index);
	case VINTC_REG_GIC_IRQ:
		return KVM_VINTC_REG_GIC_IRQ(0, reg->index);
	}
	return 0;
}

bool vintc_reg_of_id(u64 id, struct vintc_reg *reg)
{
	static const enum vintc_reg_kind kinds[] = {
		VINTC_REG_ICP, VINTC_REG_SOURCE, VINTC_REG_GIC_DIST, VINTC_REG_GIC_CPU,
		VINTC_REG_GIC_IRQ,
	};
	u32 kind = id >> KVM_VINTC_REG_CLASS_SHIFT & 0xf;

	if (kind >= ARRAY_SIZE(kinds))
		return false;
	reg->kind = kinds[array_index_nospec(kind, ARRAY_SIZE(kinds))];
	reg->index = reg->kind == VINTC_REG_ICP ? (u16)(id >> 32) : (u32)id;
	return vintc_reg_id(reg) == id;
}

static int get_one(struct vintc_device *dev, struct vintc_reg *reg, u64 __user *addr)
{
	int r = vintc_errno(dev->model->get_reg(dev, reg));

	return r ? r : put_user(reg->value, addr);
}

static int set_one(struct vintc_device *dev, u64 id, u64 __user *addr)
{
	struct kvm_vintc_image_reg reg = { .id = id };

	if (get_user(reg.value, addr))
		return -EFAULT;
	return vintc_set_regs(dev, &reg, 1, true);
}

int vintc_one_reg(struct vintc_device *dev, unsigned int cmd, struct kvm_one_reg __user *arg)
{
	struct kvm_one_reg one;
	struct vintc_reg reg;
	u64 __user *addr;
	int r;

	if (copy_from_user(&one, arg, sizeof(one)))
		return -EFAULT;
	addr = u64_to_user_ptr(one.addr);
	if (!vintc_reg_of_id(one.id, &reg))
		return -ENOENT;
	r = vintc_ready(dev);
	if (r)
		return r;
	return cmd == KVM_GET_ONE_REG ? get_one(dev, &reg, addr) : set_one(dev, one.id, addr);
}

struct list {
	u64 *ids;			/* NULL: they are counted */
	u64 count;
};

static void list_reg(void *arg, const struct vintc_reg *reg)
{
	struct list *list = arg;

	if (list->ids)
		list->ids[list->count] = vintc_reg_id(reg);
	list->count++;
}

/* Under the lock no register comes. */
static int make_list(struct vintc_device *dev, u64 room, struct list *list)
{
	dev->model->visit_regs(dev, list_reg, list);
	if (list->count > room)
		return -E2BIG;
	list->ids = kvmalloc_array(list->count, sizeof(*list->ids), GFP_KERNEL_ACCOUNT);
	if (!list->ids)
		return -ENOMEM;
	list->count = 0;
	dev->model->visit_regs(dev, list_reg, list);
	return 0;
}

int vintc_reg_list(struct vintc_device *dev, struct kvm_reg_list __user *arg)
{
	struct list list = {};
	u64 room;
	int r = vintc_ready(dev);

	if (r)
		return r;
	if (copy_from_user(&room, &arg->n, sizeof(room)))
		return -EFAULT;
	mutex_lock(&dev->lock);
	r = make_list(dev, room, &list);
	mutex_unlock(&dev->lock);
	if (!r || r == -E2BIG)
		if (copy_to_user(&arg->n, &list.count, sizeof(list.count)) ||
		    (!r && copy_to_user(arg->reg, list.ids, list.count * sizeof(*list.ids))))
			r = -EFAULT;
	kvfree(list.ids);
	return r;
}

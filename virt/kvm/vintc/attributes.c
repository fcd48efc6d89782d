// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR: the groups
 * that every model has, and the way to those of the model.
 */
#include <linux/uaccess.h>

#include "vintc.h"

static const struct vintc_model *const models[] = { &vintc_model_xics, &vintc_model_gicv2 };

static const struct vintc_model *offered_model(u64 id)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i]->id == id && vintc_host.offers(models[i]))
			return models[i];
	return NULL;
}

static void __user *user_addr(const struct kvm_device_attr *attr)
{
	return u64_to_user_ptr(attr->addr);
}

static int choose_model(struct vintc_device *dev, const struct vintc_model *model)
{
	int r;

	if (dev->model)
		return -EBUSY;
	r = vintc_host.admit(dev->kvm, model);
	if (r)
		return r;
	r = model->create(dev);
	if (r)
		return r;
	/* Seen by vintc_device_find() first, and of use to nobody before a connect. */
	r = vintc_device_publish(dev);
	if (r)
		goto destroy;
	r = vintc_host.adopt ? vintc_host.adopt(dev) : 0;
	if (r)
		goto withdraw;
	smp_store_release(&dev->model, model);
	vintc_debugfs_create(dev);
	return 0;

withdraw:
	vintc_device_withdraw(dev);
destroy:
	model->destroy(dev);
	return r;
}

static int set_model(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	const struct vintc_model *model = offered_model(attr->attr);
	int r;

	if (!model)
		return -ENXIO;
	if (attr->addr)
		return -EINVAL;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->kvm->slots_lock);
	mutex_lock(&dev->lock);
	r = choose_model(dev, model);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->slots_lock);
	mutex_unlock(&dev->kvm->lock);
	return r;
}

static int get_model(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	const struct vintc_model *model = offered_model(attr->attr);
	u32 __user *addr = user_addr(attr);

	if (!model)
		return -ENXIO;
	return put_user((u32)(vintc_device_model(dev) == model), addr);
}

/* Any 64-bit attribute is a question that has an answer: none has more than 32 bits. */
static struct kvm_vcpu *vcpu_by_id(struct kvm *kvm, u64 id)
{
	return id < KVM_MAX_VCPU_IDS ? kvm_get_vcpu_by_id(kvm, id) : NULL;
}

int vintc_connect(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 number)
{
	void *icp;
	int r;

	if (vintc_device_icp(dev, vcpu) || vintc_host.vcpu_taken(vcpu))
		return -EBUSY;
	/* The slot first, so that nothing can fail once there is an ICP. */
	r = xa_reserve(&dev->icps, vcpu->vcpu_idx, GFP_KERNEL_ACCOUNT);
	if (r)
		return r;
	icp = dev->model->connect(dev, vcpu, number);
	if (IS_ERR(icp)) {
		xa_release(&dev->icps, vcpu->vcpu_idx);
		return PTR_ERR(icp);
	}
	xa_store(&dev->icps, vcpu->vcpu_idx, icp, GFP_KERNEL_ACCOUNT);
	if (vcpu->vcpu_idx < VINTC_FIRST_ICPS)
		smp_store_release(&dev->first_icps[vcpu->vcpu_idx], icp);
	return 0;
}

static int set_vcpu(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = user_addr(attr);
	struct kvm_vcpu *vcpu;
	u32 number;
	int r;

	if (get_user(number, addr))
		return -EFAULT;
	vcpu = vcpu_by_id(dev->kvm, attr->attr);
	if (!vcpu)
		return -ENOENT;
	mutex_lock(&dev->lock);
	r = vintc_connect(dev, vcpu, number);
	mutex_unlock(&dev->lock);
	return r;
}

static int get_vcpu(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	struct kvm_vcpu *vcpu = vcpu_by_id(dev->kvm, attr->attr);
	void *icp = vcpu ? vintc_device_icp(dev, vcpu) : NULL;
	u32 __user *addr = user_addr(attr);

	if (!icp)
		return -ENOENT;
	return put_user(dev->model->connected(icp), addr);
}

void vintc_counters(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS])
{
	memset(counts, 0, KVM_VINTC_COUNTERS * sizeof(*counts));
	counts[KVM_VINTC_COUNT_LINE] = atomic64_read(&dev->line_count);
	counts[KVM_VINTC_COUNT_IRQFD] = vintc_irqfd_count(dev);
	dev->model->count(dev, counts);
}

static int get_counter(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u64 __user *addr = user_addr(attr);
	u64 counts[KVM_VINTC_COUNTERS];

	if (attr->attr >= KVM_VINTC_COUNTERS)
		return -ENXIO;
	vintc_counters(dev, counts);
	return put_user(counts[array_index_nospec(attr->attr, KVM_VINTC_COUNTERS)], addr);
}

int vintc_set_attr(struct kvm_device *kdev, struct kvm_device_attr *attr)
{
	struct vintc_device *dev = kdev->private;

	if (attr->flags)
		return -EINVAL;
	if (attr->group == KVM_VINTC_GRP_MODEL)
		return set_model(dev, attr);
	if (!vintc_device_model(dev))
		return -ENXIO;

	switch (attr->group) {
	case KVM_VINTC_GRP_VCPU:
		return set_vcpu(dev, attr);
	case KVM_VINTC_GRP_COUNTERS:
		return attr->attr < KVM_VINTC_COUNTERS ? -EPERM : -ENXIO;
	}
	return dev->model->set_attr(dev, attr);
}

int vintc_get_attr(struct kvm_device *kdev, struct kvm_device_attr *attr)
{
	struct vintc_device *dev = kdev->private;

	if (attr->flags)
		return -EINVAL;
	if (attr->group == KVM_VINTC_GRP_MODEL)
		return get_model(dev, attr);
	if (!vintc_device_model(dev))
		return -ENXIO;

	switch (attr->group) {
	case KVM_VINTC_GRP_VCPU:
		return get_vcpu(dev, attr);
	case KVM_VINTC_GRP_COUNTERS:
		return get_counter(dev, attr);
	}
	return dev->model->get_attr(dev, attr);
}

int vintc_has_attr(struct kvm_device *kdev, struct kvm_device_attr *attr)
{
	struct vintc_device *dev = kdev->private;

	if (attr->flags)
		return -EINVAL;
	if (attr->group == KVM_VINTC_GRP_MODEL)
		return offered_model(attr->attr) ? 0 : -ENXIO;
	if (!vintc_device_model(dev))
		return -ENXIO;

	switch (attr->group) {
	case KVM_VINTC_GRP_VCPU:
		return vcpu_by_id(dev->kvm, attr->attr) ? 0 : -ENXIO;
	case KVM_VINTC_GRP_COUNTERS:
		return attr->attr < KVM_VINTC_COUNTERS ? 0 : -ENXIO;
	}
	return dev->model->has_attr(dev, attr);
}

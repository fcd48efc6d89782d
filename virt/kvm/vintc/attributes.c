// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR: the groups
 * that every model has, and the way to those of the model.
 */
#include <linux/uaccess.h>

#include "vintc.h"

static void __user *user_addr(const struct kvm_device_attr *attr)
{
	return u64_to_user_ptr(attr->addr);
}

static int set_model(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	int r;

	if (!vintc_offered_model(attr->attr))
		return -ENXIO;
	if (attr->addr)
		return -EINVAL;
	if (down_write_killable(&dev->model_sem))
		return -EINTR;
	r = vintc_choose_model(dev, attr->attr);
	up_write(&dev->model_sem);
	return r;
}

static int get_model(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	const struct vintc_model *model = vintc_offered_model(attr->attr);
	bool by_userspace = attr->attr & KVM_VINTC_MODEL_USERSPACE;
	u32 __user *addr = user_addr(attr);

	if (!model)
		return -ENXIO;
	return put_user((u32)(dev->model == model && dev->by_userspace == by_userspace), addr);
}

/* Any 64-bit attribute is a question that has an answer: none has more than 32 bits. */
static struct kvm_vcpu *vcpu_by_id(struct kvm *kvm, u64 id)
{
	return id < KVM_MAX_VCPU_IDS ? kvm_get_vcpu_by_id(kvm, id) : NULL;
}

/* How platform.h knows the vCPU: by itself, or by a line where userspace presents. */
static void *cpu_of(struct vintc_device *dev, struct kvm_vcpu *vcpu)
{
	return dev->by_userspace ? vintc_line_create(vcpu) : vcpu;
}

int vintc_connect(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 number)
{
	void *cpu, *icp;
	int r;

	if (vintc_device_icp(dev, vcpu) || (!dev->by_userspace && vintc_host.vcpu_taken(vcpu)))
		return -EBUSY;
	/* The slot first, so that nothing can fail once there is an ICP. */
	r = xa_reserve(&dev->icps, vcpu->vcpu_idx, GFP_KERNEL_ACCOUNT);
	if (r)
		return r;
	cpu = cpu_of(dev, vcpu);
	icp = cpu ? dev->model->connect(dev, cpu, number) : ERR_PTR(-ENOMEM);
	if (IS_ERR(icp)) {
		if (cpu && vintc_is_line(cpu))
			vintc_line_destroy(cpu);
		xa_release(&dev->icps, vcpu->vcpu_idx);
		return PTR_ERR(icp);
	}
	xa_store(&dev->icps, vcpu->vcpu_idx, icp, GFP_KERNEL_ACCOUNT);
	if (vcpu->vcpu_idx < VINTC_FIRST_ICPS)
		smp_store_release(&dev->first_icps[vcpu->vcpu_idx], icp);
	if (!dev->by_userspace && vintc_host.connected)
		vintc_host.connected(dev, vcpu, icp);
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
	if (!dev->model)
		return;
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

/* There is none yet. */
#define SUPPORTED_FEATURES	0ULL

static int set_features(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u64 __user *addr = user_addr(attr);
	u64 features;

	switch (attr->attr) {
	case KVM_VINTC_FEATURES_SUPPORTED:
		return -EPERM;
	case KVM_VINTC_FEATURES_ENABLED:
		break;
	default:
		return -ENXIO;
	}
	if (get_user(features, addr))
		return -EFAULT;
	if (features & ~SUPPORTED_FEATURES)
		return -EINVAL;
	WRITE_ONCE(dev->features, features);
	return 0;
}

static int get_features(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u64 __user *addr = user_addr(attr);

	switch (attr->attr) {
	case KVM_VINTC_FEATURES_SUPPORTED:
		return put_user(SUPPORTED_FEATURES, addr);
	case KVM_VINTC_FEATURES_ENABLED:
		return put_user(READ_ONCE(dev->features), addr);
	}
	return -ENXIO;
}

static int set_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	if (!dev->model)
		return -ENXIO;

	switch (attr->group) {
	case KVM_VINTC_GRP_VCPU:
		return set_vcpu(dev, attr);
	case KVM_VINTC_GRP_COUNTERS:
		return attr->attr < KVM_VINTC_COUNTERS ? -EPERM : -ENXIO;
	case KVM_VINTC_GRP_FEATURES:
		return set_features(dev, attr);
	case KVM_VINTC_GRP_COMMANDS:
		return vintc_has_command(dev, attr->attr) ?: -EPERM;
	}
	return dev->model->set_attr(dev, attr);
}

static int get_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	if (attr->group == KVM_VINTC_GRP_MODEL)
		return get_model(dev, attr);
	if (!dev->model)
		return -ENXIO;

	switch (attr->group) {
	case KVM_VINTC_GRP_VCPU:
		return get_vcpu(dev, attr);
	case KVM_VINTC_GRP_COUNTERS:
		return get_counter(dev, attr);
	case KVM_VINTC_GRP_FEATURES:
		return get_features(dev, attr);
	case KVM_VINTC_GRP_COMMANDS:
		return vintc_has_command(dev, attr->attr) ?: -EPERM;
	}
	return dev->model->get_attr(dev, attr);
}

static int has_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	if (attr->group == KVM_VINTC_GRP_MODEL)
		return vintc_offered_model(attr->attr) ? 0 : -ENXIO;
	if (!dev->model)
		return -ENXIO;

	switch (attr->group) {
	case KVM_VINTC_GRP_VCPU:
		return vcpu_by_id(dev->kvm, attr->attr) ? 0 : -ENXIO;
	case KVM_VINTC_GRP_COUNTERS:
		return attr->attr < KVM_VINTC_COUNTERS ? 0 : -ENXIO;
	case KVM_VINTC_GRP_FEATURES:
		return attr->attr <= KVM_VINTC_FEATURES_ENABLED ? 0 : -ENXIO;
	case KVM_VINTC_GRP_COMMANDS:
		return vintc_has_command(dev, attr->attr);
	}
	return dev->model->has_attr(dev, attr);
}

/* The model stays as it is while it is read. */
static int with_model(struct kvm_device *kdev, struct kvm_device_attr *attr,
		      int (*access)(struct vintc_device *dev, struct kvm_device_attr *attr))
{
	struct vintc_device *dev = kdev->private;
	int r;

	if (attr->flags)
		return -EINVAL;
	if (down_read_killable(&dev->model_sem))
		return -EINTR;
	r = access(dev, attr);
	up_read(&dev->model_sem);
	return r;
}

int vintc_set_attr(struct kvm_device *kdev, struct kvm_device_attr *attr)
{
	if (!attr->flags && attr->group == KVM_VINTC_GRP_MODEL)
		return set_model(kdev->private, attr);
	return with_model(kdev, attr, set_attr);
}

int vintc_get_attr(struct kvm_device *kdev, struct kvm_device_attr *attr)
{
	return with_model(kdev, attr, get_attr);
}

int vintc_has_attr(struct kvm_device *kdev, struct kvm_device_attr *attr)
{
	return with_model(kdev, attr, has_attr);
}

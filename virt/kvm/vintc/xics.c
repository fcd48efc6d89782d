// SPDX-License-Identifier: GPL-2.0-only
/* The XICS model: its attribute groups, registers and injection. */
#include <linux/uaccess.h>

#include "vintc.h"
#include "xics_abi.h"

static struct vintc_xics *xics_of(struct vintc_device *dev)
{
	return dev->controller;
}

static int xics_create(struct vintc_device *dev)
{
	BUILD_BUG_ON(KVM_MAX_VCPU_IDS > VINTC_XICS_SERVER_LIMIT);
	dev->controller = vintc_xics_create(KVM_MAX_VCPU_IDS);
	return dev->controller ? 0 : -ENOMEM;
}

static void xics_destroy(struct vintc_device *dev)
{
	vintc_xics_destroy(xics_of(dev));
	dev->controller = NULL;
}

static void *xics_connect(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 server)
{
	struct vintc_icp *icp;
	int r = vintc_errno(vintc_xics_connect(xics_of(dev), server, vcpu, &icp));

	return r ? ERR_PTR(r) : icp;
}

static u32 xics_connected(void *icp)
{
	return vintc_icp_server(icp);
}

static struct kvm_vcpu *xics_vcpu(void *icp)
{
	return vintc_icp_cpu(icp);
}

static int set_source(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u64 __user *addr = u64_to_user_ptr(attr->addr);
	u64 value;
	int r;

	if (get_user(value, addr))
		return -EFAULT;
	mutex_lock(&dev->lock);
	r = vintc_errno(vintc_xics_set_source(xics_of(dev), attr->attr, value));
	mutex_unlock(&dev->lock);
	return r;
}

static int get_source(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u64 __user *addr = u64_to_user_ptr(attr->addr);
	u64 value;
	int r;

	r = vintc_errno(vintc_xics_get_source(xics_of(dev), attr->attr, &value));
	return r ? r : put_user(value, addr);
}

static int set_nr_servers(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = u64_to_user_ptr(attr->addr);
	u32 servers;
	int r;

	if (get_user(servers, addr))
		return -EFAULT;
	if (!servers || servers > KVM_MAX_VCPU_IDS)
		return -EINVAL;
	mutex_lock(&dev->lock);
	r = xa_empty(&dev->icps) ? 0 : -EBUSY;
	if (!r)
		vintc_xics_limit_servers(xics_of(dev), servers);
	mutex_unlock(&dev->lock);
	return r;
}

static int set_token(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = u64_to_user_ptr(attr->addr);
	u64 service = array_index_nospec(attr->attr, VINTC_RTAS_SERVICES);
	int i, r = 0;
	u32 token;

	if (get_user(token, addr))
		return -EFAULT;
	mutex_lock(&dev->lock);
	for (i = 1; i < VINTC_RTAS_SERVICES; i++)
		if (token && i != service && dev->rtas_tokens[i] == token)
			r = -EEXIST;
	if (!r)
		WRITE_ONCE(dev->rtas_tokens[service], token);
	mutex_unlock(&dev->lock);
	return r;
}

static int get_token(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	u32 __user *addr = u64_to_user_ptr(attr->addr);
	u64 service = array_index_nospec(attr->attr, VINTC_RTAS_SERVICES);

	return put_user(READ_ONCE(dev->rtas_tokens[service]), addr);
}

static bool is_service(u64 attr)
{
	return attr && attr < VINTC_RTAS_SERVICES;
}

static int xics_set_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	switch (attr->group) {
	case KVM_DEV_XICS_GRP_SOURCES:
		return set_source(dev, attr);
	case KVM_DEV_XICS_GRP_CTRL:
		return attr->attr == KVM_DEV_XICS_NR_SERVERS ? set_nr_servers(dev, attr) : -ENXIO;
	case KVM_VINTC_GRP_RTAS:
		return is_service(attr->attr) ? set_token(dev, attr) : -ENXIO;
	}
	return -ENXIO;
}

static int xics_get_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	switch (attr->group) {
	case KVM_DEV_XICS_GRP_SOURCES:
		return get_source(dev, attr);
	case KVM_VINTC_GRP_RTAS:
		return is_service(attr->attr) ? get_token(dev, attr) : -ENXIO;
	}
	return -ENXIO;
}

static int xics_has_attr(struct vintc_device *dev, struct kvm_device_attr *attr)
{
	switch (attr->group) {
	case KVM_DEV_XICS_GRP_SOURCES:
		return vintc_xics_is_source(attr->attr) ? 0 : -ENXIO;
	case KVM_DEV_XICS_GRP_CTRL:
		return attr->attr == KVM_DEV_XICS_NR_SERVERS ? 0 : -ENXIO;
	case KVM_VINTC_GRP_RTAS:
		return is_service(attr->attr) ? 0 : -ENXIO;
	}
	return -ENXIO;
}

/* KVM_VINTC_REG_ICP() of what server? NULL: of none, or of nothing. */
static struct vintc_icp *icp_of_reg(struct vintc_device *dev, u64 id)
{
	u16 server = id >> 32;

	if (id != KVM_VINTC_REG_ICP(server))
		return NULL;
	return vintc_xics_icp(xics_of(dev), server);
}

static int xics_get_reg(struct vintc_device *dev, u64 id, u64 __user *addr)
{
	struct vintc_icp *icp = icp_of_reg(dev, id);

	return icp ? put_user(vintc_icp_get(icp), addr) : -ENOENT;
}

static int xics_set_reg(struct vintc_device *dev, u64 id, u64 __user *addr)
{
	struct vintc_icp *icp = icp_of_reg(dev, id);
	struct kvm_vcpu *vcpu;
	u64 value;
	int r;

	if (!icp)
		return -ENOENT;
	if (get_user(value, addr))
		return -EFAULT;
	vcpu = vintc_icp_cpu(icp);
	/* Its line is the vCPU's own to lower; KVM_RUN holds this mutex. */
	if (!mutex_trylock(&vcpu->mutex))
		return -EBUSY;
	r = vintc_errno(vintc_icp_set(xics_of(dev), icp, value));
	mutex_unlock(&vcpu->mutex);
	return r;
}

static int xics_check_gsi(struct vintc_device *dev, u32 gsi)
{
	return vintc_xics_is_source(gsi) ? 0 : -EINVAL;
}

/* A source that userspace never set takes no interrupt; there is nobody to tell. */
static void xics_signal(struct vintc_device *dev, u32 gsi)
{
	vintc_xics_inject(xics_of(dev), gsi, true);
}

/* KVM_IRQ_LINE has taken three words for "up" on POWER, and two for "down". */
static bool is_up(u32 level)
{
	return level != 0 && level != (u32)KVM_INTERRUPT_UNSET;
}

static int xics_line(struct vintc_device *dev, u32 gsi, u32 level, int *status)
{
	*status = vintc_xics_inject(xics_of(dev), gsi, is_up(level));
	return *status == VINTC_UNKNOWN_SOURCE ? -EINVAL : 0;
}

static void xics_count(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS])
{
	struct vintc_counts c;

	vintc_xics_counts(xics_of(dev), &c);
	counts[KVM_VINTC_COUNT_HYPERCALL] = c.hypercalls;
	counts[KVM_VINTC_COUNT_RTAS] = c.rtas_calls;
	counts[KVM_VINTC_COUNT_REJECT] = c.rejects;
	counts[KVM_VINTC_COUNT_RESEND] = c.resends;
}

const struct vintc_model vintc_model_xics = {
	.id = KVM_VINTC_MODEL_XICS,
	.name = "XICS",
	.create = xics_create,
	.destroy = xics_destroy,
	.connect = xics_connect,
	.connected = xics_connected,
	.vcpu = xics_vcpu,
	.set_attr = xics_set_attr,
	.get_attr = xics_get_attr,
	.has_attr = xics_has_attr,
	.get_reg = xics_get_reg,
	.set_reg = xics_set_reg,
	.line = xics_line,
	.check_gsi = xics_check_gsi,
	.signal = xics_signal,
	.count = xics_count,
};

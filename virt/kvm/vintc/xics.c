// SPDX-License-Identifier: GPL-2.0-only
/* The XICS model: what the core has, as the rest of the module wants it. */
#include <linux/uaccess.h>

#include "tracing.h"
#include "vintc.h"

static struct vintc_xics *xics_of(struct vintc_device *dev)
{
	return dev->controller;
}

static int xics_create(struct vintc_device *dev)
{
	BUILD_BUG_ON(KVM_MAX_VCPU_IDS > VINTC_XICS_SERVER_LIMIT);
	dev->controller = vintc_xics_create(KVM_MAX_VCPU_IDS, dev);
	return dev->controller ? 0 : -ENOMEM;
}

static void xics_destroy(struct vintc_device *dev)
{
	vintc_xics_destroy(xics_of(dev));
	dev->controller = NULL;
}

static void *xics_connect(struct vintc_device *dev, void *cpu, u32 server)
{
	struct vintc_icp *icp;
	int r = vintc_errno(vintc_xics_connect(xics_of(dev), server, cpu, &icp));

	return r ? ERR_PTR(r) : icp;
}

static u32 xics_connected(void *icp)
{
	return vintc_icp_server(icp);
}

static void *xics_cpu(void *icp)
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

static bool xics_is_pin(struct vintc_device *dev, u32 pin)
{
	return vintc_xics_is_source(pin);
}

/* A PHB's MSI is a source: the message says which. */
static int xics_msi_pin(struct vintc_device *dev, u32 data, u32 *pin)
{
	*pin = data;
	return vintc_xics_is_source(data) ? 0 : -EINVAL;
}

static enum vintc_injected xics_input(struct vintc_device *dev, u32 pin, enum vintc_input input)
{
	return vintc_xics_inject(xics_of(dev), pin, input);
}

static u32 xics_ended_pin(u32 source)
{
	return source;
}

/* KVM_IRQ_LINE has taken three words for "up" on POWER, and two for "down". */
static bool is_up(u32 level)
{
	return level != 0 && level != (u32)KVM_INTERRUPT_UNSET;
}

/* On POWER it names a GSI. */
static int xics_line(struct vintc_device *dev, u32 gsi, u32 level, int *status)
{
	*status = vintc_inject(dev, gsi, is_up(level) ? VINTC_HIGH : VINTC_LOW);
	return *status == VINTC_UNKNOWN_SOURCE ? -EINVAL : 0;
}

static int xics_hypercall(struct vintc_device *dev, void *icp, struct kvm_vintc_command *c)
{
	unsigned long gprs[2] = { c->hypercall.regs[0], c->hypercall.regs[1] };
	long status = vintc_hypercall(dev, icp, c->hypercall.number, gprs);

	if (status == VINTC_H_NOT_OURS)
		return -ENOTTY;
	c->hypercall.status = status;
	c->hypercall.regs[0] = gprs[0];
	c->hypercall.regs[1] = gprs[1];
	return 0;
}

static int xics_rtas(struct vintc_device *dev, void *icp, struct kvm_vintc_command *c)
{
	enum vintc_rtas_service service = array_index_nospec(c->rtas.service, VINTC_RTAS_SERVICES);

	if (!is_service(c->rtas.service))
		return -EINVAL;
	memset(c->rtas.rets, 0, sizeof(c->rtas.rets));
	c->rtas.status = vintc_xics_rtas(xics_of(dev), icp, service, c->rtas.args, c->rtas.rets);
	return 0;
}

/* KVM_REG_PPC_ICP_STATE: with XISR not 0 the line is up. */
static u32 xics_lines(struct vintc_device *dev, void *icp)
{
	u32 xisr = vintc_icp_get(icp) >> KVM_REG_PPC_ICP_XISR_SHIFT & KVM_REG_PPC_ICP_XISR_MASK;

	return xisr ? KVM_VINTC_LINE_IRQ : 0;
}

static void xics_visit_regs(struct vintc_device *dev, vintc_visit_reg *visit, void *arg)
{
	vintc_xics_visit_regs(xics_of(dev), visit, arg);
}

static enum vintc_result xics_get_reg(struct vintc_device *dev, struct vintc_reg *reg)
{
	return vintc_xics_get_reg(xics_of(dev), reg);
}

static enum vintc_result xics_check_reg(struct vintc_device *dev, const struct vintc_reg *reg)
{
	return vintc_xics_check_reg(xics_of(dev), reg);
}

static void xics_set_reg(struct vintc_device *dev, const struct vintc_reg *reg)
{
	vintc_xics_set_reg(xics_of(dev), reg);
}

static void xics_reset(struct vintc_device *dev)
{
	vintc_xics_reset(xics_of(dev));
}

static void xics_settle(struct vintc_device *dev)
{
	vintc_xics_settle(xics_of(dev));
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
	.cpu = xics_cpu,
	.set_attr = xics_set_attr,
	.get_attr = xics_get_attr,
	.has_attr = xics_has_attr,
	.is_pin = xics_is_pin,
	.msi_pin = xics_msi_pin,
	.input = xics_input,
	.ended_pin = xics_ended_pin,
	.line = xics_line,
	.hypercall = xics_hypercall,
	.rtas = xics_rtas,
	.lines = xics_lines,
	.visit_regs = xics_visit_regs,
	.get_reg = xics_get_reg,
	.check_reg = xics_check_reg,
	.reg_needs = vintc_xics_reg_needs,
	.set_reg = xics_set_reg,
	.reset = xics_reset,
	.settle = xics_settle,
	.count = xics_count,
};

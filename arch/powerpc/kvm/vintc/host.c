// SPDX-License-Identifier: GPL-2.0-only
/*
 * The POWER host port: catches XICS' hypercalls behind kvm-hv.
 *
 * Every HV virtual machine calls kvm-hv through a table of functions that it
 * found in the exported pointer kvmppc_hv_ops when it was made. We put a copy of
 * the table there with a few functions of ours in front of the originals. Its
 * owner is this module, so every VM made afterwards holds a reference on us, and
 * VMs made before would not have our functions: they must not exist.
 *
 * KVM also compares a VM's table with the pointer to tell HV from other
 * flavours, so the table is swapped for all VMs or for none, not for one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <asm/hvcall.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>

#include "../../../../virt/kvm/vintc/compat.h"
#include "../../../../virt/kvm/vintc/core/platform.h"
#include "../../../../virt/kvm/vintc/tracing.h"
#include "power.h"

static bool has_tracepoint;
static struct kvmppc_ops *original;	/* kvm-hv's table */
static struct kvmppc_ops *ours;		/* the copy */
static const char *without_real_mode;	/* the reason, or NULL */

/*
 * The line is the bit that kvm-hv looks at on each entry to the guest, and that
 * wakes a vCPU from H_CEDE.
 */
void vintc_host_line_raise(struct kvm_vcpu *vcpu, bool self)
{
	set_bit(BOOK3S_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions);
	if (!self)
		original->fast_vcpu_kick(vcpu);
}

/* Reading first saves the atomic: if another processor raises it now, so be it. */
void vintc_host_line_lower(struct kvm_vcpu *vcpu)
{
	if (test_bit(BOOK3S_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions))
		clear_bit(BOOK3S_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions);
}

u64 vintc_timebase(void)
{
	return mftb();
}

static struct vintc_icp *icp_of(struct kvm_vcpu *vcpu, struct vintc_device **dev)
{
	*dev = vintc_device_find(vcpu->kvm);
	return *dev ? vintc_device_icp(*dev, vcpu) : NULL;
}

static bool may_be_ours(unsigned long number)
{
	return vintc_power_is_xics(number) || number == H_RTAS || number == VINTC_POWER_REFUSED;
}

/*
 * Answers the hypercall that kvm-hv wants to hand to userspace. False: it is not
 * ours. The number and the arguments come from the vCPU's registers: what kvm-hv
 * copied to struct kvm_run, userspace may have changed already. Not inlined, for
 * what it needs of registers is not to be saved on every way into the guest.
 */
static noinline bool serve(struct kvm_vcpu *vcpu)
{
	unsigned long number = kvmppc_get_gpr(vcpu, 3);
	struct vintc_device *dev;
	struct vintc_icp *icp = icp_of(vcpu, &dev);
	struct vintc_real_vcpu *left;
	long status;

	if (!icp)
		return false;
	left = vintc_real_left(dev, vcpu);
	if (left) {
		status = vintc_real_finish(dev, left);
	} else if (number == VINTC_POWER_REFUSED) {
		status = H_PARAMETER;
	} else if (number == H_RTAS) {
		status = vintc_power_rtas(dev, vcpu, icp);
	} else {
		vintc_gprs_fetch(vcpu, 4, 2);
		vintc_enter_wait(dev);
		status = vintc_hypercall(dev, icp, number, &vcpu->arch.regs.gpr[4]);
		vintc_leave(dev);
		vintc_gprs_changed(vcpu, 4, 2);
	}
	if (status == VINTC_H_NOT_OURS)
		return false;
	kvmppc_set_gpr(vcpu, 3, status);
	vcpu->arch.hcall_needed = 0;
	return true;
}

/* kvm-hv itself looks for signals, and for work of the host's, on each entry. */
static int run_vcpu(struct kvm_vcpu *vcpu)
{
	int r;

	do
		r = original->vcpu_run(vcpu);
	while (r == RESUME_HOST && vcpu->arch.hcall_needed && may_be_ours(kvmppc_get_gpr(vcpu, 3)) &&
	       serve(vcpu));
	return r;
}

/* KVM_REG_PPC_ICP_STATE on the vCPU's fd. KVM asks here before it looks itself. */
static int get_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *value)
{
	struct vintc_device *dev;
	struct vintc_icp *icp;

	if (id != KVM_REG_PPC_ICP_STATE)
		return original->get_one_reg(vcpu, id, value);
	icp = icp_of(vcpu, &dev);
	if (!icp)
		return original->get_one_reg(vcpu, id, value);
	*value = get_reg_val(id, vintc_icp_get(icp));
	return 0;
}

static int set_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *value)
{
	struct vintc_device *dev;
	struct vintc_icp *icp;
	int r;

	if (id != KVM_REG_PPC_ICP_STATE)
		return original->set_one_reg(vcpu, id, value);
	icp = icp_of(vcpu, &dev);
	if (!icp)
		return original->set_one_reg(vcpu, id, value);
	vintc_enter_wait(dev);
	r = vintc_errno(vintc_icp_set(dev->controller, icp, set_reg_val(id, *value)));
	vintc_leave(dev);
	/* EINVAL would mean "not a register of mine", and KVM would make ENXIO of it. */
	return r == -EINVAL ? -ERANGE : r;
}

/* Are there HV virtual machines with the original table? We hold one reference. */
static bool vms_exist(void)
{
	return module_refcount(original->owner) > 1;
}

static int power_attach(void)
{
	original = kvmppc_hv_ops;
	if (!original) {
		pr_err("kvm-hv is not loaded, or this host cannot run HV guests\n");
		return -ENODEV;
	}
	if (!original->owner) {
		pr_err("kvm-hv is built into this kernel, which does not tell whether VMs exist\n");
		return -EOPNOTSUPP;
	}
	if (!try_module_get(original->owner))
		return -ENODEV;
	if (vms_exist())
		goto busy;

	ours = kmemdup(original, sizeof(*original), GFP_KERNEL);
	if (!ours) {
		module_put(original->owner);
		return -ENOMEM;
	}
	ours->owner = THIS_MODULE;
	ours->vcpu_run = run_vcpu;
	ours->get_one_reg = get_one_reg;
	ours->set_one_reg = set_one_reg;
	without_real_mode = vintc_real_attach();
	has_tracepoint = vintc_power_tracepoint_find(original->owner);
	smp_store_release(&kvmppc_hv_ops, ours);

	/*
	 * A VM that was being made may have found the original just before, and
	 * taken its reference just after we looked. It shall not live beside
	 * another table. Should a second VM have found ours meanwhile, it holds
	 * this module, and there is no way back: that one is served.
	 */
	synchronize_rcu();
	if (!vms_exist() || module_refcount(THIS_MODULE) > 1)
		return 0;
	smp_store_release(&kvmppc_hv_ops, original);
	synchronize_rcu();
	vintc_real_detach();
	kfree(ours);
busy:
	module_put(original->owner);
	pr_err("HV virtual machines exist; load this module before the first is started\n");
	return -EBUSY;
}

/* No VM has our table: each would hold the module. New ones find the original. */
static void power_detach(void)
{
	smp_store_release(&kvmppc_hv_ops, original);
	synchronize_rcu();
	vintc_real_detach();
	vintc_power_tracepoint_forget();
	kfree(ours);
	module_put(original->owner);
}

static const char *power_mechanism(void)
{
	static char text[160];

	snprintf(text, sizeof(text), "POWER hypercalls %sby %ssubstitution of kvmppc_hv_ops%s%s",
		 vintc_real_on() ? "in real mode and " : "", has_tracepoint ? "tracepoint and " : "",
		 without_real_mode ? ", without real mode: " : "", without_real_mode ?: "");
	return text;
}

static bool power_offers(const struct vintc_model *model)
{
	return model->id == KVM_VINTC_MODEL_XICS;
}

static int power_admit(struct kvm *kvm, const struct vintc_model *model)
{
	/* A PR guest, or one made in the very moment the module was loaded. */
	if (kvm->arch.kvm_ops != ours)
		return -ENXIO;
#ifdef CONFIG_KVM_XICS
	if (kvm->arch.xics || kvm->arch.xive)
		return -EEXIST;
#endif
	return 0;
}

static int power_adopt(struct vintc_device *dev)
{
	return vintc_power_tracepoint_use();
}

static void power_abandon(struct vintc_device *dev)
{
	vintc_real_abandon(dev);
	vintc_power_tracepoint_unuse();
}

static bool power_vcpu_taken(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.irq_type != KVMPPC_IRQ_DEFAULT;
}

const struct vintc_host vintc_host = {
	.attach = power_attach,
	.detach = power_detach,
	.mechanism = power_mechanism,
	.offers = power_offers,
	.admit = power_admit,
	.adopt = power_adopt,
	.abandon = power_abandon,
	.connected = vintc_real_connected,
	.disconnected = vintc_real_disconnected,
	.drain = vintc_real_drain,
	.watch = vintc_real_watch,
	.vcpu_taken = power_vcpu_taken,
};

MODULE_SOFTDEP("pre: kvm-hv");

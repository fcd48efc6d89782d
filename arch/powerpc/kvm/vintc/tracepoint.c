// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fast path of the POWER host port: kvm-hv traces each hypercall before it
 * looks which one it is, and a probe of ours answers there, without the way out of
 * kvm-hv's run loop and back in.
 *
 * kvm-hv then finds H_CEDE in place of the number. The guest's own H_CEDE never
 * comes this far, and what is left of it there returns H_SUCCESS to the guest. For
 * H_PARAMETER kvm-hv finds a number that nobody has, and run_vcpu() gives the answer.
 * Whatever may have to wait is left to run_vcpu() altogether, as is what real mode has
 * decided already. So nothing is executed twice.
 *
 * Each VM of the host pays for the probe, so it is there while a device of ours is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/tracepoint.h>
#include <asm/hvcall.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>

#include "../../../../virt/kvm/vintc/compat.h"
#include "../../../../virt/kvm/vintc/tracing.h"
#include "power.h"

static bool fast_hypercalls = true;
module_param(fast_hypercalls, bool, 0644);
MODULE_PARM_DESC(fast_hypercalls, "Answer hypercalls before KVM leaves its run loop, if the host can (default: yes)");

static struct tracepoint *hcall_enter;
static DEFINE_MUTEX(users_lock);	/* innermost but for what tracepoints lock */
static unsigned int users;		/* devices */

static bool may_replace(struct kvm *kvm)
{
	return test_bit(H_CEDE / 4, kvm->arch.enabled_hcalls);
}

/* Preemption is off. */
static void answer(struct kvm_vcpu *vcpu, unsigned long number)
{
	struct vintc_device *dev = vintc_device_find(vcpu->kvm);
	struct vintc_icp *icp = dev ? vintc_device_icp(dev, vcpu) : NULL;
	long status;

	if (!icp || !may_replace(vcpu->kvm) || vintc_real_left(dev, vcpu) || !vintc_enter(dev))
		return;
	vintc_gprs_fetch(vcpu, 4, 2);
	status = vintc_hypercall(dev, icp, number, &vcpu->arch.regs.gpr[4]);
	vintc_leave(dev);
	vintc_gprs_changed(vcpu, 4, 2);
	kvmppc_set_gpr(vcpu, 3, likely(status == VINTC_H_SUCCESS) ? H_CEDE : VINTC_POWER_REFUSED);
}

static void probe(void *unused, struct kvm_vcpu *vcpu)
{
	unsigned long number = kvmppc_get_gpr(vcpu, 3);

	if (READ_ONCE(fast_hypercalls) && vintc_power_is_xics(number))
		answer(vcpu, number);
}

/* Whoever else traces a hypercall shall see its number: ours comes last. */
#define LAST	INT_MIN

int vintc_power_tracepoint_use(void)
{
	int r = 0;

	mutex_lock(&users_lock);
	if (hcall_enter && !users)
		r = tracepoint_probe_register_prio(hcall_enter, probe, NULL, LAST);
	if (!r)
		users++;
	mutex_unlock(&users_lock);
	return r;
}

void vintc_power_tracepoint_unuse(void)
{
	mutex_lock(&users_lock);
	if (!--users && hcall_enter)
		tracepoint_probe_unregister(hcall_enter, probe, NULL);
	mutex_unlock(&users_lock);
}

struct search {
	struct notifier_block notifier;
	struct module *module;
	struct tracepoint *found;
};

static int look_into(struct notifier_block *notifier, unsigned long event, void *data)
{
	struct search *search = container_of(notifier, struct search, notifier);
	struct tp_module *entry = data;
	int i;

	if (entry->mod != search->module)
		return NOTIFY_OK;
	for (i = 0; i < entry->mod->num_tracepoints; i++) {
		struct tracepoint *tp = tracepoint_ptr_deref(&entry->mod->tracepoints_ptrs[i]);

		if (!strcmp(tp->name, "kvm_hcall_enter"))
			search->found = tp;
	}
	return NOTIFY_OK;
}

/* A new notifier is told of the modules that are there. */
bool vintc_power_tracepoint_find(struct module *kvm_hv)
{
	struct search search = { .notifier.notifier_call = look_into, .module = kvm_hv };

	if (!register_tracepoint_module_notifier(&search.notifier))
		unregister_tracepoint_module_notifier(&search.notifier);
	hcall_enter = search.found;
	return hcall_enter;
}

void vintc_power_tracepoint_forget(void)
{
	tracepoint_synchronize_unregister();
	hcall_enter = NULL;
}

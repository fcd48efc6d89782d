// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arm64 host port: a GICv2 for VMs without an in-tree vgic. The guest reaches
 * it through frames on KVM's MMIO bus; we reach the guest before each entry
 * (entry.c).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <kvm/iodev.h>
#include <asm/arch_timer.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "../../../../virt/kvm/vintc/compat.h"
#include "../../../../virt/kvm/vintc/core/platform.h"
#include "arm64.h"
#include "ppi.h"

static const char *const names[] = {
	[VINTC_ARM64_HOOK] = "hook",
	[VINTC_ARM64_TRACEPOINT] = "tracepoint",
	[VINTC_ARM64_USERSPACE] = "userspace",
	[VINTC_ARM64_MECHANISMS] = "auto",
};

static const char *const descriptions[] = {
	[VINTC_ARM64_HOOK] = "arm64 GICv2 by MMIO, timers by ftrace",
	[VINTC_ARM64_TRACEPOINT] = "arm64 GICv2 by MMIO, timers by tracepoints",
	[VINTC_ARM64_USERSPACE] = "arm64 GICv2 by MMIO, timers by userspace",
};

static int timer = VINTC_ARM64_MECHANISMS;

static int timer_set(const char *value, const struct kernel_param *kp)
{
	int found = sysfs_match_string(names, value);

	if (found < 0)
		return found;
	timer = found;
	return 0;
}

static int timer_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", names[timer]);
}

static const struct kernel_param_ops timer_ops = { .set = timer_set, .get = timer_get };
module_param_cb(timer, &timer_ops, NULL, 0444);
MODULE_PARM_DESC(timer, "Who drives the guests' timer interrupts: auto (default), hook, tracepoint, userspace");

/*
 * The vCPU shall look: out of the guest, or out of its sleep. The bit is what KVM
 * looks at before it lets a vCPU sleep; before the guest runs it is computed anew.
 */
void vintc_host_line_raise(struct kvm_vcpu *vcpu, bool self)
{
	if (self)
		return;
	set_bit(__ffs(HCR_VI), vcpu_hcr(vcpu));
	kvm_make_request(KVM_REQ_IRQ_PENDING, vcpu);
	kvm_vcpu_kick(vcpu);
}

/* Lines are computed before each entry. */
void vintc_host_line_lower(struct kvm_vcpu *vcpu)
{
}

u64 vintc_timebase(void)
{
	return __arch_counter_get_cntvct();
}

static int arm64_attach(void)
{
	int r = vintc_arm64_entry_attach(timer);

	if (r < 0)
		return r;
	timer = r;
	return 0;
}

static const char *arm64_mechanism(void)
{
	return descriptions[timer];
}

static bool arm64_offers(const struct vintc_model *model)
{
	return model->id == KVM_VINTC_MODEL_GICV2;
}

static int arm64_admit(struct kvm *kvm, const struct vintc_model *model)
{
	/* Its vCPUs' registers are not the host's to see. */
	if (kvm_vm_is_protected(kvm))
		return -ENXIO;
	return irqchip_in_kernel(kvm) ? -EEXIST : 0;
}

/*
 * No vCPU of the VM may have run: it would go on without being asked whether the
 * device is complete. The device has been published, so whoever comes to its
 * first run from now on is asked.
 */
static int arm64_adopt(struct vintc_device *dev)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, dev->kvm) {
		bool has_run;

		if (!mutex_trylock(&vcpu->mutex))
			return -EBUSY;
		has_run = vcpu_has_run_once(vcpu);
		mutex_unlock(&vcpu->mutex);
		if (has_run)
			return -EBUSY;
	}
	return 0;
}

/* It may have found the device paused after it became IN_GUEST_MODE (entry.c). */
static void arm64_look(struct kvm_vcpu *vcpu)
{
	kvm_vcpu_kick(vcpu);
}

static bool arm64_vcpu_taken(struct kvm_vcpu *vcpu)
{
	return false;
}

static u64 arm64_gpa_end(struct kvm *kvm)
{
	return vintc_gpa_end(kvm);
}

static u32 arm64_driven_ppis(void)
{
	return timer == VINTC_ARM64_USERSPACE ? 0 : DRIVEN_PPIS;
}

const struct vintc_host vintc_host = {
	.attach = arm64_attach,
	.detach = vintc_arm64_entry_detach,
	.mechanism = arm64_mechanism,
	.offers = arm64_offers,
	.admit = arm64_admit,
	.adopt = arm64_adopt,
	.look = arm64_look,
	.vcpu_taken = arm64_vcpu_taken,
	.gpa_end = arm64_gpa_end,
	.driven_ppis = arm64_driven_ppis,
	.ppi_levels = vintc_arm64_ppi_levels,
};

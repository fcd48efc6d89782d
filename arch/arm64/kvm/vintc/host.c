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
void vintc_line_raise(void *cpu, bool self)
{
	struct kvm_vcpu *vcpu = cpu;

	if (self)
		return;
	set_bit(__ffs(HCR_VI), vcpu_hcr(vcpu));
	kvm_make_request(KVM_REQ_IRQ_PENDING, vcpu);
	kvm_vcpu_kick(vcpu);
}

/* For models that are not offered here. */
void vintc_line_lower(void *cpu)
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
static int check_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
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

/*
 * A VM's buses go before its vCPUs: that is when the eventfds have to be
 * detached. So there is a device of ours on a bus where no guest can reach it,
 * as there is no port I/O on arm64. Without memory KVM may also give up a bus while
 * the VM lives: under kvm->slots_lock.
 */
static void watch_destructor(struct kvm_io_device *io)
{
	struct vintc_device *dev = container_of(io, struct vintc_device, watch);

	vintc_irqfd_end(dev);
}

static const struct kvm_io_device_ops watch_ops = { .destructor = watch_destructor };

static int arm64_adopt(struct vintc_device *dev)
{
	int r = check_vcpus(dev->kvm);

	if (r)
		return r;
	kvm_iodevice_init(&dev->watch, &watch_ops);
	return vintc_io_bus_register(dev->kvm, KVM_PIO_BUS, 0, 1, &dev->watch);
}

static bool arm64_vcpu_taken(struct kvm_vcpu *vcpu)
{
	return false;
}

static u64 arm64_gpa_end(struct kvm *kvm)
{
	return kvm_phys_size(kvm);
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
	.vcpu_taken = arm64_vcpu_taken,
	.gpa_end = arm64_gpa_end,
	.driven_ppis = arm64_driven_ppis,
	.ppi_levels = vintc_arm64_ppi_levels,
};

// SPDX-License-Identifier: GPL-2.0-only
/* The controllers that a kernel has. Ours takes the attributes of the in-tree GICv2. */
#include <linux/kvm_vintc.h>

#include "vm.h"

static void set_attribute(const struct vm *vm, u32 group, u64 attribute, const void *value)
{
	struct kvm_device_attr attr = {
		.group = group, .attr = attribute, .addr = (uintptr_t)value,
	};

	must(xioctl(vm->irqchip_fd, KVM_SET_DEVICE_ATTR, &attr));
}

static void set_address(const struct vm *vm, u64 window, u64 address)
{
	set_attribute(vm, KVM_DEV_ARM_VGIC_GRP_ADDR, window, &address);
}

static void create_device(struct vm *vm, u32 type)
{
	struct kvm_create_device device = { .type = type };

	must(xioctl(vm->fd, KVM_CREATE_DEVICE, &device));
	vm->irqchip_fd = device.fd;
}

static void complete_gicv2(const struct vm *vm, u32 interrupts)
{
	set_attribute(vm, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts);
	set_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GIC_DISTRIBUTOR);
	set_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GICV2_CPU_INTERFACE);
	set_attribute(vm, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

void irqchip_create_ours(struct vm *vm, u32 interrupts)
{
	create_device(vm, KVM_DEV_TYPE_VINTC);
	set_attribute(vm, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
	vm->injection_fd = vm->irqchip_fd;
	complete_gicv2(vm, interrupts);
}

void irqchip_create_gicv2(struct vm *vm, u32 interrupts)
{
	create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);
	complete_gicv2(vm, interrupts);
}

void irqchip_create_gicv3(struct vm *vm, u32 interrupts)
{
	create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3);
	set_attribute(vm, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts);
	set_address(vm, KVM_VGIC_V3_ADDR_TYPE_DIST, GIC_DISTRIBUTOR);
	set_address(vm, KVM_VGIC_V3_ADDR_TYPE_REDIST, GICV3_REDISTRIBUTORS);
	set_attribute(vm, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm_vintc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/gic.h"
#include "lib/irqchip.h"

static int vintc_create(struct vm *vm)
{
	int fd, error = device_create(vm, KVM_DEV_TYPE_VINTC, 0, &fd);

	if (error)
		return error;
	error = device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
	if (!error)
		return fd;
	close(fd);
	return error;
}

static int vintc_ioctl_fd(struct vm *vm)
{
	return vm->irqchip_fd;
}

const struct irqchip_ops vintc_irqchip = {
	.name = "kvm-vintc",
	.create = vintc_create,
	.ioctl_fd = vintc_ioctl_fd,
};

static int in_tree_create(struct vm *vm)
{
	int fd, error = device_create(vm, KVM_DEV_TYPE_ARM_VGIC_V2, 0, &fd);

	return error ? error : fd;
}

static int in_tree_ioctl_fd(struct vm *vm)
{
	return vm->fd;
}

const struct irqchip_ops in_tree_irqchip = {
	.name = "in-tree GICv2",
	.create = in_tree_create,
	.ioctl_fd = in_tree_ioctl_fd,
};

const struct irqchip_ops *irqchip_under_test(void)
{
	const char *name = getenv("VINTC_IRQCHIP");

	if (!name || !strcmp(name, "kvm-vintc"))
		return &vintc_irqchip;
	if (!strcmp(name, "in-tree"))
		return &in_tree_irqchip;
	fatal("VINTC_IRQCHIP is kvm-vintc or in-tree, not %s", name);
}

const char *why_no_in_tree_gicv2(void)
{
	struct vm vm;
	int error;

	vm_create(&vm, 0);
	error = device_create(&vm, KVM_DEV_TYPE_ARM_VGIC_V2, KVM_CREATE_DEVICE_TEST, NULL);
	vm_destroy(&vm);
	return error ? "this host has no in-tree GICv2" : NULL;
}

int irqchip_ioctl_fd(struct vm *vm)
{
	return vm->irqchip->ioctl_fd(vm);
}

void irqchip_create(struct vm *vm, const struct irqchip_ops *ops)
{
	vm->irqchip = ops;
	vm->irqchip_fd = must(ops->create(vm));
}

void irqchip_create_ready(struct vm *vm, const struct irqchip_ops *ops)
{
	irqchip_create(vm, ops);
	must(gic_set_irqs(vm, GIC_IRQS));
	must(gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD));
	must(gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC));
	must(gic_init(vm));
}

void gic_open(struct vm *vm)
{
	for (int i = 0; i < vm->cpus; i++) {
		gicc_write(&vm->cpu[i], GICC_PMR, PRIORITY_LOWEST);
		gicc_write(&vm->cpu[i], GICC_CTLR, GICC_ENABLE_GROUP0);
	}
	gicd_write(&vm->cpu[0], GICD_CTLR, GICD_ENABLE_GROUP0);
}

void vm_create_with_irqchip(struct vm *vm, int cpus)
{
	vm_create(vm, cpus);
	irqchip_create_ready(vm, irqchip_under_test());
	gic_open(vm);
}

int gic_set_irqs(struct vm *vm, u32 number)
{
	return device_set(vm->irqchip_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &number);
}

int gic_set_address(struct vm *vm, u64 type, u64 address)
{
	return device_set(vm->irqchip_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, type, &address);
}

int gic_get_address(struct vm *vm, u64 type, u64 *address)
{
	return device_get(vm->irqchip_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, type, address);
}

int gic_init(struct vm *vm)
{
	return device_set(vm->irqchip_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			  KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

static u64 reg_attribute(u32 cpu, u32 offset)
{
	return (u64)cpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT | offset;
}

int gic_set_reg(struct vm *vm, u32 group, u32 cpu, u32 offset, u32 value)
{
	return device_set(vm->irqchip_fd, group, reg_attribute(cpu, offset), &value);
}

int gic_get_reg(struct vm *vm, u32 group, u32 cpu, u32 offset, u32 *value)
{
	return device_get(vm->irqchip_fd, group, reg_attribute(cpu, offset), value);
}

u32 dist_reg(struct vm *vm, u32 cpu, u32 offset)
{
	u32 value = 0;

	must(gic_get_reg(vm, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, cpu, offset, &value));
	return value;
}

u32 cpu_reg(struct vm *vm, u32 cpu, u32 offset)
{
	u32 value = 0;

	must(gic_get_reg(vm, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, cpu, offset, &value));
	return value;
}

void raise_irq(struct vm *vm, u32 irq)
{
	must(irq_line(vm, irq, 1));
}

void lower_irq(struct vm *vm, u32 irq)
{
	must(irq_line(vm, irq, 0));
}

void pulse_irq(struct vm *vm, u32 irq)
{
	raise_irq(vm, irq);
	lower_irq(vm, irq);
}

const char *timer_mode(void)
{
	static char mode[32];
	FILE *file;

	if (irqchip_under_test() != &vintc_irqchip)
		return "in-tree";
	file = fopen("/sys/module/kvm_vintc/parameters/timer", "re");
	if (!file || fscanf(file, "%31s", mode) != 1)
		fatal("the module does not say how it knows the timers");
	fclose(file);
	return mode;
}

bool timers_by_vmm(void)
{
	static int by_vmm = -1;

	if (by_vmm < 0)
		by_vmm = !strcmp(timer_mode(), "userspace");
	return by_vmm;
}

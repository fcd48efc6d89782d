// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm_vintc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "irqchip.h"
#include "lib/xics.h"

static int vintc_create(struct vm *vm)
{
	int fd, error = device_create(vm, KVM_DEV_TYPE_VINTC, 0, &fd);

	if (error)
		return error;
	error = device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, NULL);
	if (!error)
		return fd;
	close(fd);
	return error;
}

static int vintc_connect(struct vcpu *cpu, u32 server)
{
	return device_set(cpu->vm->irqchip_fd, KVM_VINTC_GRP_VCPU, cpu->index, &server);
}

static int vintc_define_rtas(struct vm *vm, enum rtas_service service, u32 token)
{
	static const u64 attributes[] = {
		[RTAS_SET_XIVE] = KVM_VINTC_RTAS_SET_XIVE,
		[RTAS_GET_XIVE] = KVM_VINTC_RTAS_GET_XIVE,
		[RTAS_INT_OFF] = KVM_VINTC_RTAS_INT_OFF,
		[RTAS_INT_ON] = KVM_VINTC_RTAS_INT_ON,
	};

	return device_set(vm->irqchip_fd, KVM_VINTC_GRP_RTAS, attributes[service], &token);
}

static int vintc_ioctl_fd(struct vm *vm)
{
	return vm->irqchip_fd;
}

const struct irqchip_ops vintc_irqchip = {
	.name = "kvm-vintc",
	.create = vintc_create,
	.connect = vintc_connect,
	.define_rtas = vintc_define_rtas,
	.ioctl_fd = vintc_ioctl_fd,
};

static int in_tree_create(struct vm *vm)
{
	int fd, error = device_create(vm, KVM_DEV_TYPE_XICS, 0, &fd);

	return error ? error : fd;
}

static int in_tree_connect(struct vcpu *cpu, u32 server)
{
	struct kvm_enable_cap xics = {
		.cap = KVM_CAP_IRQ_XICS, .args = { cpu->vm->irqchip_fd, server },
	};

	return xioctl(cpu->fd, KVM_ENABLE_CAP, &xics);
}

static int in_tree_define_rtas(struct vm *vm, enum rtas_service service, u32 token)
{
	static const char *const names[] = {
		[RTAS_SET_XIVE] = "ibm,set-xive",
		[RTAS_GET_XIVE] = "ibm,get-xive",
		[RTAS_INT_OFF] = "ibm,int-off",
		[RTAS_INT_ON] = "ibm,int-on",
	};
	struct kvm_rtas_token_args args = { .token = token };

	strcpy(args.name, names[service]);
	return xioctl(vm->fd, KVM_PPC_RTAS_DEFINE_TOKEN, &args);
}

static int in_tree_ioctl_fd(struct vm *vm)
{
	return vm->fd;
}

const struct irqchip_ops in_tree_irqchip = {
	.name = "in-tree XICS",
	.create = in_tree_create,
	.connect = in_tree_connect,
	.define_rtas = in_tree_define_rtas,
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

const char *why_no_in_tree_xics(void)
{
	struct vm vm;
	bool xics, xive;

	vm_create(&vm, 0);
	xics = !device_create(&vm, KVM_DEV_TYPE_XICS, KVM_CREATE_DEVICE_TEST, NULL);
	xive = !device_create(&vm, KVM_DEV_TYPE_XIVE, KVM_CREATE_DEVICE_TEST, NULL);
	vm_destroy(&vm);
	if (!xics)
		return "this host has no in-tree XICS";
	if (xive)
		return "in-tree XICS is a XIVE beneath on this host";
	return NULL;
}

int irqchip_ioctl_fd(struct vm *vm)
{
	return vm->irqchip->ioctl_fd(vm);
}

void irqchip_create(struct vm *vm, const struct irqchip_ops *ops)
{
	vm->irqchip = ops;
	vm->irqchip_fd = must(ops->create(vm));
	for (int i = 0; i < vm->cpus; i++)
		must(ops->connect(&vm->cpu[i], vm->cpu[i].server));
	for (int service = 0; service < RTAS_SERVICES; service++)
		must(ops->define_rtas(vm, service, rtas_token(service)));
}

void vm_create_with_irqchip(struct vm *vm, int cpus)
{
	vm_create(vm, cpus);
	irqchip_create(vm, irqchip_under_test());
	for (int i = 0; i < cpus; i++)
		must(icp_set(&vm->cpu[i], ICP_OPEN));
}

int source_set(struct vm *vm, u32 source, u64 state)
{
	return device_set(vm->irqchip_fd, KVM_DEV_XICS_GRP_SOURCES, source, &state);
}

int source_get(struct vm *vm, u32 source, u64 *state)
{
	return device_get(vm->irqchip_fd, KVM_DEV_XICS_GRP_SOURCES, source, state);
}

int icp_set(struct vcpu *cpu, u64 state)
{
	return vcpu_set_reg(cpu, KVM_REG_PPC_ICP_STATE, &state);
}

int icp_get(struct vcpu *cpu, u64 *state)
{
	return vcpu_get_reg(cpu, KVM_REG_PPC_ICP_STATE, state);
}

u64 source_of(struct vm *vm, u32 source)
{
	u64 state = 0;

	must(source_get(vm, source, &state));
	return state;
}

u64 icp_of(struct vcpu *cpu)
{
	u64 state = 0;

	must(icp_get(cpu, &state));
	return state;
}

void raise_source(struct vm *vm, u32 source)
{
	must(irq_line(vm, source, 1));
}

void lower_source(struct vm *vm, u32 source)
{
	must(irq_line(vm, source, 0));
}

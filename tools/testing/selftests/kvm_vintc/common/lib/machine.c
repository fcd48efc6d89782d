// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <unistd.h>

#include "common/lib/command.h"
#include "common/lib/machine.h"
#include "lib/gicv2.h"

static int kvm_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = must(neg_errno(open("/dev/kvm", O_RDWR | O_CLOEXEC)));
	return fd;
}

void machine_add_cpu(struct machine *machine)
{
	int id = machine->cpus;

	machine->cpu[id] = must(xioctl(machine->fd, KVM_CREATE_VCPU, id));
	machine->cpus++;
}

void machine_create(struct machine *machine, int cpus)
{
	machine->cpus = 0;
	machine->fd = must(xioctl(kvm_fd(), KVM_CREATE_VM, 0));
	while (machine->cpus < cpus)
		machine_add_cpu(machine);
}

void machine_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void machine_destroy(struct machine *machine)
{
	for (int i = 0; i < machine->cpus; i++)
		machine_close(&machine->cpu[i]);
	machine_close(&machine->fd);
}

int new_device(struct machine *machine)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_VINTC };

	must(xioctl(machine->fd, KVM_CREATE_DEVICE, &device));
	return device.fd;
}

int choose(int device, u32 model)
{
	return device_set(device, KVM_VINTC_GRP_MODEL, model | KVM_VINTC_MODEL_USERSPACE, NULL);
}

int connect_cpu(int device, u32 cpu, u32 number)
{
	return device_set(device, KVM_VINTC_GRP_VCPU, cpu, &number);
}

int new_device_of(struct machine *machine, u32 model)
{
	int device = new_device(machine);

	must(choose(device, model));
	for (int i = 0; i < machine->cpus; i++)
		must(connect_cpu(device, i, model == KVM_VINTC_MODEL_XICS ? server_of(i) : i));
	return device;
}

int new_xics(struct machine *machine)
{
	int device = new_device_of(machine, KVM_VINTC_MODEL_XICS);

	for (int i = 0; i < machine->cpus; i++)
		h_cppr(device, i, 0xff);
	return device;
}

int set_irqs(int device, u32 irqs)
{
	return device_set(device, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &irqs);
}

int init_gicv2(int device)
{
	return device_set(device, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

void open_gicv2(int device, int cpus)
{
	gicd_write(device, 0, GICD_CTLR, GICD_ENABLE_GROUP0);
	for (int i = 0; i < cpus; i++) {
		gicc_write(device, i, GICC_PMR, PRIORITY_LOWEST);
		gicc_write(device, i, GICC_CTLR, GICC_ENABLE_GROUP0);
	}
}

int new_gicv2(struct machine *machine)
{
	int device = new_device_of(machine, KVM_VINTC_MODEL_GICV2);

	must(set_irqs(device, GIC_IRQS));
	must(init_gicv2(device));
	open_gicv2(device, machine->cpus);
	return device;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM whose vCPUs have no guest, which is all that a device needs that userspace
 * presents; and such devices.
 */
#ifndef VINTC_MACHINE_H
#define VINTC_MACHINE_H

#include <linux/kvm.h>
#include <linux/kvm_vintc.h>

#include "lib/device.h"
#include "lib/util.h"

#define MACHINE_CPUS	8

struct machine {
	int fd;
	int cpus;
	int cpu[MACHINE_CPUS];	/* the id of a vCPU is its index */
};

void machine_create(struct machine *machine, int cpus);
void machine_add_cpu(struct machine *machine);
/* Closes what is open. */
void machine_destroy(struct machine *machine);
void machine_close(int *fd);

/* A device without a model. */
int new_device(struct machine *machine);
/* Chooses a model that userspace presents. */
int choose(int device, u32 model);
int connect_cpu(int device, u32 cpu, u32 number);

/* With all vCPUs connected; a GICv2 not initialised. */
int new_device_of(struct machine *machine, u32 model);
/* ... and open to every interrupt: ICPs at CPPR 0xff; a GICv2 of GIC_IRQS in group 0. */
int new_xics(struct machine *machine);
int new_gicv2(struct machine *machine);
void open_gicv2(int device, int cpus);
int set_irqs(int device, u32 irqs);
int init_gicv2(int device);

#define GIC_IRQS	96
#define GIC_SPIS	(GIC_IRQS - 32)

/* XICS servers are not numbered as vCPUs are, so that no test mixes them. */
static inline u32 server_of(int cpu)
{
	return 4 + 3 * cpu;
}

#endif /* VINTC_MACHINE_H */

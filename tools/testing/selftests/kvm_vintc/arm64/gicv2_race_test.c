// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazard 27: what is set up while something else happens: vCPUs are created, lines
 * are raised and attributes are set by other threads, and guests run.
 */
#include <linux/kvm_vintc.h>
#include <sys/mman.h>

#include "lib/eventfd.h"
#include "lib/test.h"

#define SPI	40u

struct worker {
	pthread_t thread;
	struct vm *vm;
	volatile bool stop;
};

static void start(struct worker *worker, struct vm *vm, void *(*work)(void *))
{
	worker->vm = vm;
	worker->stop = false;
	if (pthread_create(&worker->thread, NULL, work, worker))
		fatal("no thread");
}

static void stop(struct worker *worker)
{
	worker->stop = true;
	pthread_join(worker->thread, NULL);
}

/* Everything that another thread may ask of a device that is being set up. */
static void *ask_everything(void *argument)
{
	struct worker *worker = argument;
	struct vm *vm = worker->vm;
	int event = new_eventfd(), status;
	u64 address;
	u32 value;

	while (!worker->stop) {
		irq_line(vm, spi(SPI), 1);
		irq_line(vm, ppi(0, 20), 1);
		irq_line_status(vm, spi(SPI), 0, &status);
		assign(vm, event, gsi_of_spi(SPI));
		eventfd_write(event, 1);
		deassign(vm, event, gsi_of_spi(SPI));
		gic_get_reg(vm, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0, GICD_CTLR, &value);
		gic_get_reg(vm, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 3, GICC_PMR, &value);
		gic_set_reg(vm, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 1, GICD_ISENABLER, 0xff);
		gic_get_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, &address);
		device_has(vm->irqchip_fd, KVM_VINTC_GRP_VCPU, 1);
	}
	close(event);
	return NULL;
}

PLAIN_TEST(hazard27_set_up_while_asked)
{
	for (u64 round = 0; round < soak(20); round++) {
		struct worker worker;
		struct vm vm;

		vm_create(&vm, 2);
		irqchip_create(&vm, &vintc_irqchip);
		start(&worker, &vm, ask_everything);
		must(gic_set_irqs(&vm, GIC_IRQS));
		must(gic_set_address(&vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD));
		must(gic_init(&vm));
		must(gic_set_address(&vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC));
		gic_open(&vm);
		gicd_write(&vm.cpu[1], GICD_SGIR, sgir_to(1, 7));
		EXPECT_EQ(iar_sgi(1, 7), gic_accept(&vm.cpu[0]));
		stop(&worker);
		vm_destroy(&vm);
	}
}

/* vCPUs are created against CTRL_INIT: each is connected and runs, or is not. */

static void *initialise(void *argument)
{
	struct worker *worker = argument;

	while (gic_init(worker->vm) == -ENODEV && !worker->stop)
		;
	return NULL;
}

PLAIN_TEST(hazard27_create_vcpus_against_init)
{
	for (u64 round = 0; round < soak(20); round++) {
		struct worker worker;
		struct vm vm;
		int connected = 0;

		vm_create(&vm, 0);
		irqchip_create(&vm, &vintc_irqchip);
		must(gic_set_address(&vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD));
		must(gic_set_address(&vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC));
		start(&worker, &vm, initialise);
		for (int i = 0; i < GUEST_MAX_CPUS; i++) {
			vm_add_vcpu(&vm, i);
			vm.cpus++;
		}
		pthread_join(worker.thread, NULL);
		for (int i = 0; i < GUEST_MAX_CPUS; i++) {
			u32 number;
			int error = device_get(vm.irqchip_fd, KVM_VINTC_GRP_VCPU, i, &number);

			if (error) {
				EXPECT_EQ(-ENOENT, error);
				EXPECT_EQ(-ENXIO, xioctl(vm.cpu[i].fd, KVM_RUN, 0));
				continue;
			}
			/* Those that were there, and no later ones. */
			EXPECT_EQ(connected, i);
			EXPECT_EQ(i, number);
			connected++;
			EXPECT_EQ(0x01010101u << i, gicd_read(&vm.cpu[i], GICD_ITARGETSR));
		}
		EXPECT_LT(0, connected);
		EXPECT_EQ(connected - 1, gicd_read(&vm.cpu[0], GICD_TYPER) >> 5 & 7);
		vm_destroy(&vm);
	}
}

/* The in-tree device against ours: one of them is refused, or no vCPU runs. */

static void *create_in_tree(void *argument)
{
	struct worker *worker = argument;
	int fd;

	if (!device_create(worker->vm, KVM_DEV_TYPE_ARM_VGIC_V3, 0, &fd) ||
	    !device_create(worker->vm, KVM_DEV_TYPE_ARM_VGIC_V2, 0, &fd))
		close(fd);
	return NULL;
}

PLAIN_TEST(in_tree_device_races_with_ours)
{
	for (u64 round = 0; round < soak(30); round++) {
		struct worker worker;
		struct vm vm;
		int error;

		vm_create(&vm, 1);
		vm.irqchip = &vintc_irqchip;
		must(device_create(&vm, KVM_DEV_TYPE_VINTC, 0, &vm.irqchip_fd));
		start(&worker, &vm, create_in_tree);
		error = device_set(vm.irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
		pthread_join(worker.thread, NULL);
		if (error) {
			EXPECT_EQ(-EEXIST, error);
		} else {
			EXPECT_EQ(-EEXIST, xioctl(vm.cpu[0].fd, KVM_RUN, 0));
		}
		vm_destroy(&vm);
	}
}

/* State is set while the VMM's other threads run vCPUs: refused, or harmless. */
static void *set_state(void *argument)
{
	struct worker *worker = argument;
	u32 value;

	while (!worker->stop) {
		gic_get_reg(worker->vm, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0, GICD_ISPENDR, &value);
		gic_set_reg(worker->vm, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 1, GICC_PMR,
			    PRIORITY_LOWEST >> 3);
	}
	return NULL;
}

GIC_TEST(state_while_guests_run)
{
	u64 rounds = soak(300);
	struct worker worker;

	start(&worker, &self->vm, set_state);
	vcpu_start(self->peer, OP_PINGPONG, self->cpu->server, rounds, 0);
	vcpu_start(self->cpu, OP_PINGPONG, self->peer->server, rounds, 1);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	stop(&worker);
	EXPECT_EQ(rounds, self->cpu->box->sgis);
	EXPECT_EQ(rounds, self->peer->box->sgis);
}

/* hazard 7: the VM goes under fire. */
static void *fire(void *argument)
{
	struct worker *worker = argument;
	int *event = (int *)worker->vm;

	while (!worker->stop)
		eventfd_write(*event, 1);
	return NULL;
}

PLAIN_TEST(hazard07_destroy_under_fire)
{
	struct worker worker;
	int event = new_eventfd();

	start(&worker, (struct vm *)&event, fire);
	for (u64 round = 0; round < soak(20); round++) {
		struct vm vm;

		vm_create_with_irqchip(&vm, 2);
		gic_set_trigger(&vm.cpu[0], SPI, EDGE);
		gic_enable(&vm.cpu[0], SPI, 0x80);
		must(assign(&vm, event, gsi_of_spi(SPI)));
		vcpu_start(&vm.cpu[0], round & 1 ? OP_SERVE : OP_SPIN, SPI + 1);
		EXPECT_SOON(vm.cpu[0].box->accepted > 3);
		vm_destroy(&vm);
	}
	stop(&worker);
	close(event);
}

VINTC_ONLY_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Devices that begin and end at every moment at which they can. */
#include <linux/kvm_vintc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "lib/eventfd.h"
#include "lib/test.h"

#define SPI	40u
#define NEVER	60u		/* an SPI that is never raised */

static int lowest_free_fd(void)
{
	int fd = must(neg_errno(dup(STDOUT_FILENO)));

	close(fd);
	return fd;
}

/* hazard 1: the descriptor can be had before creation has ended (CVE-2019-6974). */

struct racer {
	pthread_t thread;
	int fd;			/* the number that the new descriptor will have */
	volatile bool stop;
};

static void *use_and_close(void *argument)
{
	struct racer *racer = argument;
	struct kvm_irq_level line = { .irq = spi(SPI), .level = 1 };
	u64 address = GUEST_GICD;

	for (int i = 0; !racer->stop; i++) {
		int duplicate = i & 1 ? dup(racer->fd) : -1;

		device_set(racer->fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
		device_set(racer->fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST,
			   &address);
		device_set(racer->fd, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
		ioctl(racer->fd, KVM_IRQ_LINE, &line);
		close(racer->fd);
		if (duplicate >= 0)
			close(duplicate);
	}
	return NULL;
}

PLAIN_TEST(hazard01_use_and_close_race_with_create)
{
	for (u64 round = 0; round < soak(5); round++) {
		struct racer racer = {};
		struct vm vm;

		vm_create(&vm, 1);
		racer.fd = lowest_free_fd();
		ASSERT_EQ(0, pthread_create(&racer.thread, NULL, use_and_close, &racer));
		for (int i = 0; i < 100; i++) {
			int fd;

			if (!device_create(&vm, KVM_DEV_TYPE_VINTC, 0, &fd)) {
				device_has(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2);
				close(fd);
			}
		}
		racer.stop = true;
		pthread_join(racer.thread, NULL);
		vm_destroy(&vm);
	}
}

/* hazard 2: the device's descriptor goes while vCPUs run. */

GIC_TEST(hazard02_close_the_device_under_a_running_guest)
{
	u64 rounds = soak(300);

	vcpu_start(self->peer, OP_PINGPONG, self->cpu->server, rounds, 0);
	vcpu_start(self->cpu, OP_PINGPONG, self->peer->server, rounds, 1);
	EXPECT_TRUE(wait_for(self->cpu->box->sgis > 5));
	close(self->vm.irqchip_fd);
	self->vm.irqchip_fd = -1;
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(rounds, self->cpu->box->sgis);
	EXPECT_EQ(rounds, self->peer->box->sgis);
}

GIC_TEST(hazard02_other_devices_come_and_go_under_a_running_guest)
{
	gic_set_trigger(self->cpu, SPI, EDGE);
	gic_enable(self->cpu, SPI, 0x80);
	vcpu_start(self->cpu, OP_SERVE, SPI);
	for (u64 i = 0; i < soak(50); i++) {
		int fd;

		ASSERT_EQ(0, device_create(&self->vm, KVM_DEV_TYPE_VINTC, 0, &fd));
		ASSERT_EQ(-EEXIST, device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL));
		close(fd);
	}
	pulse_irq(&self->vm, spi(SPI));
	vcpu_join(self->cpu);
	EXPECT_EQ(1, self->cpu->box->accepted);
}

/* Every order of closing the VM, its vCPUs and its device, with interrupts pending. */
static void close_in_order(int permutation)
{
	int event = new_eventfd(), fds[4], left = 4;
	struct vm vm;

	vm_create_with_irqchip(&vm, 2);
	must(assign(&vm, event, gsi_of_spi(SPI)));
	signal_event(event);
	raise_irq(&vm, spi(SPI + 1));
	gicd_write(&vm.cpu[0], GICD_SGIR, SGIR_OTHERS(3));

	for (int i = 0; i < 2; i++)
		munmap(vm.cpu[i].run, vm.cpu[i].run_size);
	munmap(vm.memory, GUEST_MEMORY);
	fds[0] = vm.fd;
	fds[1] = vm.cpu[0].fd;
	fds[2] = vm.cpu[1].fd;
	fds[3] = vm.irqchip_fd;
	while (left) {
		int pick = permutation % left;

		permutation /= left;
		close(fds[pick]);
		fds[pick] = fds[--left];
		eventfd_write(event, 1);
	}
	close(event);
}

PLAIN_TEST(hazard02_close_in_every_order)
{
	for (int permutation = 0; permutation < 24; permutation++)
		close_in_order(permutation);
}

/* hazard 5: destroy at every stage of setup. */

static int event_for_stages;

static void stage_create(struct vm *vm)
{
	must(device_create(vm, KVM_DEV_TYPE_VINTC, 0, &vm->irqchip_fd));
}

static void stage_model(struct vm *vm)
{
	must(device_set(vm->irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL));
}

static void stage_irqs(struct vm *vm)
{
	must(gic_set_irqs(vm, 1024));
}

static void stage_connect(struct vm *vm)
{
	u32 number = 1;

	must(device_set(vm->irqchip_fd, KVM_VINTC_GRP_VCPU, 1, &number));
}

static void stage_distributor(struct vm *vm)
{
	must(gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD));
}

static void stage_init(struct vm *vm)
{
	must(gic_init(vm));
}

static void stage_irqfd(struct vm *vm)
{
	must(assign(vm, event_for_stages, gsi_of_spi(SPI)));
	signal_event(event_for_stages);
}

static void stage_interface(struct vm *vm)
{
	must(gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC));
}

static void stage_run(struct vm *vm)
{
	gic_open(vm);
	gicd_write(&vm->cpu[0], GICD_SGIR, SGIR_SELF(3));
	gic_accept(&vm->cpu[0]);
}

static void stage_sleep(struct vm *vm)
{
	vcpu_start(&vm->cpu[1], OP_SERVE, NEVER);
}

PLAIN_TEST(hazard05_destroy_at_every_stage)
{
	static void (*const stages[])(struct vm *vm) = {
		stage_create, stage_model, stage_irqs, stage_connect, stage_distributor,
		stage_init, stage_irqfd, stage_interface, stage_run, stage_sleep,
	};

	event_for_stages = new_eventfd();
	for (int last = 0; last <= ARRAY_SIZE(stages); last++) {
		struct vm vm;

		vm_create(&vm, 2);
		vm.irqchip = &vintc_irqchip;
		for (int i = 0; i < last; i++)
			stages[i](&vm);
		vm_destroy(&vm);
	}
	close(event_for_stages);
}

/* hazard 8: no descriptor left for the device: it is released, then destroyed. */
PLAIN_TEST(hazard08_no_descriptor_left)
{
	struct rlimit limit, few;
	struct vm vm;
	int fd;

	vm_create(&vm, 1);
	must(neg_errno(getrlimit(RLIMIT_NOFILE, &limit)));
	few = limit;
	few.rlim_cur = lowest_free_fd();
	must(neg_errno(setrlimit(RLIMIT_NOFILE, &few)));
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(-EMFILE, device_create(&vm, KVM_DEV_TYPE_VINTC, 0, &fd));
	must(neg_errno(setrlimit(RLIMIT_NOFILE, &limit)));

	/* Nothing of them is left in the way. */
	irqchip_create_ready(&vm, &vintc_irqchip);
	gic_open(&vm);
	gicd_write(&vm.cpu[0], GICD_SGIR, SGIR_SELF(3));
	EXPECT_EQ(3, gic_accept(&vm.cpu[0]));
	vm_destroy(&vm);
}

VINTC_ONLY_MAIN

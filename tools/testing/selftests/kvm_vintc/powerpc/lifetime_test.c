// SPDX-License-Identifier: GPL-2.0-only
/* Devices that begin and end at every moment at which they can. */
#include <linux/kvm_vintc.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "lib/test.h"

#define SOURCE	0x1000u
#define LAST	0x1fffu		/* ends OP_SERVE */

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
	struct kvm_irq_level line = { .irq = SOURCE, .level = 1 };
	u32 server = server_of(0);

	for (int i = 0; !racer->stop; i++) {
		int duplicate = i & 1 ? dup(racer->fd) : -1;

		device_set(racer->fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, NULL);
		device_set(racer->fd, KVM_VINTC_GRP_VCPU, 0, &server);
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
				device_has(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS);
				close(fd);
			}
		}
		racer.stop = true;
		pthread_join(racer.thread, NULL);
		vm_destroy(&vm);
	}
}

/* hazard 2: the device goes while vCPUs run. */

XICS_TEST(hazard02_close_the_device_under_a_running_guest)
{
	u64 rounds = soak(200);

	vcpu_start(self->peer, OP_PINGPONG, self->cpu->server, rounds, 0);
	vcpu_start(self->cpu, OP_PINGPONG, self->peer->server, rounds, 1);
	EXPECT_TRUE(wait_for(self->cpu->box->ipis > 5));
	close(self->vm.irqchip_fd);
	self->vm.irqchip_fd = -1;
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(rounds, self->cpu->box->ipis);
	EXPECT_EQ(rounds, self->peer->box->ipis);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(hazard02_close_and_recreate_under_a_running_guest)
{
	must(source_set(&self->vm, LAST, source_state(self->cpu->server, 5, SOURCE_MSI)));
	vcpu_start(self->cpu, OP_SERVE, LAST);
	for (u64 i = 0; i < soak(50); i++) {
		int fd;

		/* Another device comes and goes; the VM has its model already. */
		ASSERT_EQ(0, device_create(&self->vm, KVM_DEV_TYPE_VINTC, 0, &fd));
		ASSERT_EQ(-EEXIST, device_set(fd, KVM_VINTC_GRP_MODEL,
					      KVM_VINTC_MODEL_XICS, NULL));
		close(fd);
	}
	raise_source(&self->vm, LAST);
	vcpu_join(self->cpu);
	EXPECT_EQ(1, self->cpu->box->accepted);
}

struct line_hammer {
	pthread_t thread;
	int fd;
	volatile bool stop;
};

static void *hammer_line(void *argument)
{
	struct line_hammer *hammer = argument;
	struct kvm_irq_level line = { .irq = SOURCE, .level = 1 };

	while (!hammer->stop)
		ioctl(hammer->fd, KVM_IRQ_LINE, &line);
	return NULL;
}

PLAIN_TEST(hazard02_close_races_with_injection)
{
	for (u64 round = 0; round < soak(10); round++) {
		struct line_hammer hammer = {};
		struct vm vm;

		vm_create_with_irqchip(&vm, 1);
		must(source_set(&vm, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
		hammer.fd = vm.irqchip_fd;
		ASSERT_EQ(0, pthread_create(&hammer.thread, NULL, hammer_line, &hammer));
		EXPECT_TRUE(wait_for(icp_of(&vm.cpu[0]) != ICP_OPEN));
		/* Before anything else takes the number. */
		close(vm.irqchip_fd);
		vm.irqchip_fd = -1;
		hammer.stop = true;
		pthread_join(hammer.thread, NULL);
		vm_destroy(&vm);
	}
}

/* Every order of closing the VM, its vCPUs and its device, with interrupts pending. */
static void close_in_order(int permutation)
{
	struct vm vm;
	int event = must(neg_errno(eventfd(0, 0)));
	int fds[4], left = 4;

	vm_create_with_irqchip(&vm, 2);
	must(source_set(&vm, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(source_set(&vm, SOURCE + 1, source_state(server_of(0), 6, SOURCE_LEVEL)));
	must(irqfd(&vm, event, SOURCE, 0));
	eventfd_write(event, 1);
	raise_source(&vm, SOURCE + 1);
	h_ipi(&vm.cpu[0], server_of(1), 5);

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
	must(device_set(vm->irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, NULL));
}

static void stage_servers(struct vm *vm)
{
	u32 servers = 64;

	must(device_set(vm->irqchip_fd, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS,
			&servers));
}

static void stage_connect_one(struct vm *vm)
{
	must(vm->irqchip->connect(&vm->cpu[0], server_of(0)));
}

static void stage_connect_other(struct vm *vm)
{
	must(vm->irqchip->connect(&vm->cpu[1], server_of(1)));
}

static void stage_rtas(struct vm *vm)
{
	must(vm->irqchip->define_rtas(vm, RTAS_INT_ON, 7));
}

static void stage_source(struct vm *vm)
{
	must(source_set(vm, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(source_set(vm, SOURCE_LAST, source_state(server_of(1), 5, SOURCE_LEVEL)));
}

static void stage_irqfd(struct vm *vm)
{
	must(irqfd(vm, event_for_stages, SOURCE, 0));
}

static void stage_raise(struct vm *vm)
{
	raise_source(vm, SOURCE_LAST);
	eventfd_write(event_for_stages, 1);
}

static void stage_run(struct vm *vm)
{
	h_cppr(&vm->cpu[0], CPPR_ALL);
	h_cppr(&vm->cpu[1], CPPR_ALL);
	h_xirr(&vm->cpu[1]);
}

static void stage_sleep(struct vm *vm)
{
	vcpu_start(&vm->cpu[1], OP_SERVE, LAST);
}

PLAIN_TEST(hazard05_destroy_at_every_stage)
{
	static void (*const stages[])(struct vm *vm) = {
		stage_create, stage_model, stage_servers, stage_connect_one,
		stage_connect_other, stage_rtas, stage_source, stage_irqfd, stage_raise,
		stage_run, stage_sleep,
	};

	event_for_stages = must(neg_errno(eventfd(0, 0)));
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
	irqchip_create(&vm, &vintc_irqchip);
	h_ipi(&vm.cpu[0], server_of(0), 5);
	EXPECT_EQ(icp_state(0, XISR_NONE, 5, 0xff), icp_of(&vm.cpu[0]));
	vm_destroy(&vm);
}

/* hazard 27: vCPUs are created and connected while interrupts fly about them. */

struct storm {
	pthread_t thread;
	struct vm *vm;
	volatile bool stop;
};

static void *raise_and_set(void *argument)
{
	struct storm *storm = argument;
	u64 state;

	while (!storm->stop) {
		for (int i = 0; i < GUEST_MAX_CPUS; i++) {
			source_set(storm->vm, SOURCE + i, source_state(server_of(i), 5, 0));
			irq_line(storm->vm, SOURCE + i, 1);
			source_get(storm->vm, SOURCE + i, &state);
		}
	}
	return NULL;
}

PLAIN_TEST(hazard27_connect_while_injecting)
{
	for (u64 round = 0; round < soak(5); round++) {
		struct storm storm = {};
		struct vm vm;

		vm_create(&vm, 0);
		irqchip_create(&vm, &vintc_irqchip);
		storm.vm = &vm;
		ASSERT_EQ(0, pthread_create(&storm.thread, NULL, raise_and_set, &storm));
		for (int i = 0; i < GUEST_MAX_CPUS; i++) {
			vm_add_vcpu(&vm, i);
			vm.cpus++;
			ASSERT_EQ(0, vm.irqchip->connect(&vm.cpu[i], server_of(i)));
			h_cppr(&vm.cpu[i], CPPR_ALL);
			EXPECT_TRUE(wait_for(icp_xisr(icp_of(&vm.cpu[i])) == SOURCE + i));
		}
		storm.stop = true;
		pthread_join(storm.thread, NULL);
		vm_destroy(&vm);
	}
}

VINTC_ONLY_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets while guests are in hypercalls and RTAS calls, asked for by the VMM or by a guest.
 * What a guest called is done once, before the reset or after it: the device counts it.
 */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

#define SOURCE		0x1000u
#define LAST		0x1fffu		/* ends OP_SERVE */
#define H_OF_THE_VMM	0xf018		/* nobody's */

static u64 hypercalls(struct vm *vm)
{
	return device_count(vm->irqchip_fd, KVM_VINTC_COUNT_HYPERCALL);
}

/* After the last reset the machine starts anew, and all of it works. */
static void expect_a_new_machine(struct __test_metadata *_metadata, struct vm *vm)
{
	must(device_reset(vm->irqchip_fd, 0));
	for (int i = 0; i < vm->cpus; i++) {
		struct vcpu *cpu = &vm->cpu[i];

		EXPECT_EQ(ICP_RESET, icp_of(cpu));
		EXPECT_FALSE(line_is_up(cpu));
		h_cppr(cpu, CPPR_ALL);
		EXPECT_EQ(xirr(CPPR_ALL, 0), h_xirr(cpu));
		h_ipi(cpu, cpu->server, 4);
		EXPECT_TRUE(line_is_up(cpu));
		EXPECT_EQ(xirr(CPPR_ALL, XISR_IPI), h_xirr(cpu));
	}
}

XICS_TEST(while_a_guest_makes_hypercalls)
{
	u64 calls = soak(1000), before = hypercalls(&self->vm), resets = 0;

	vcpu_start(self->cpu, OP_SEND, self->peer->index, self->peer->server, calls);
	while (!self->cpu->finished) {
		must(device_reset(self->vm.irqchip_fd, 0));
		resets++;
	}
	vcpu_join(self->cpu);
	EXPECT_EQ(0, self->cpu->box->refused);
	EXPECT_FALSE(self->cpu->exit.seen);
	EXPECT_EQ(before + calls, hypercalls(&self->vm));
	EXPECT_LT(1, resets);
	expect_a_new_machine(_metadata, &self->vm);
}

/* Two vCPUs that call each other: each call is of one ICP, a reset is of both. */
XICS_TEST(while_two_guests_call_each_other)
{
	u64 calls = soak(500), before = hypercalls(&self->vm);

	vcpu_start(self->cpu, OP_SEND, self->peer->index, self->peer->server, calls);
	vcpu_start(self->peer, OP_SEND, self->cpu->index, self->cpu->server, calls);
	while (!self->cpu->finished || !self->peer->finished)
		must(device_reset(self->vm.irqchip_fd, 0));
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(before + 2 * calls, hypercalls(&self->vm));
	expect_a_new_machine(_metadata, &self->vm);
}

struct resetter {
	pthread_t thread;
	int fd;
	volatile bool stop;
	u64 resets;
};

static void *reset_on(void *argument)
{
	struct resetter *resetter = argument;

	while (!resetter->stop) {
		must(device_reset(resetter->fd, 0));
		resetter->resets++;
	}
	return NULL;
}

XICS_TEST(while_a_guest_makes_rtas_calls)
{
	u64 calls = soak(100), before = device_count(self->vm.irqchip_fd, KVM_VINTC_COUNT_RTAS);
	struct resetter resetter = { .fd = self->vm.irqchip_fd };

	must(source_set(&self->vm, SOURCE, source_state(self->cpu->server, 5, SOURCE_MSI)));
	ASSERT_EQ(0, pthread_create(&resetter.thread, NULL, reset_on, &resetter));
	for (u64 i = 0; i < calls; i++) {
		u64 state;

		rtas_set_xive(self->cpu, SOURCE, self->peer->server, 7);
		EXPECT_FALSE(self->cpu->exit.seen);
		/* All of the call, or all of the reset. */
		state = source_of(&self->vm, SOURCE);
		EXPECT_TRUE(state == source_state(self->peer->server, 7, SOURCE_MSI) ||
			    (state & KVM_XICS_MASKED)) {
			TH_LOG("source %#lx", state);
		}
	}
	resetter.stop = true;
	pthread_join(resetter.thread, NULL);
	EXPECT_LT(0, resetter.resets);
	EXPECT_EQ(before + calls, device_count(self->vm.irqchip_fd, KVM_VINTC_COUNT_RTAS));
	expect_a_new_machine(_metadata, &self->vm);
}

/* ---- asked for by a guest: the VMM resets before it goes back into KVM_RUN ---- */

static void reset_by_vmm(struct vcpu *cpu)
{
	if (cpu->exit.number == H_OF_THE_VMM) {
		must(device_reset(cpu->vm->irqchip_fd, 0));
		cpu->run->papr_hcall.ret = H_SUCCESS;
	}
}

XICS_TEST(asked_for_by_a_guest_while_another_is_in_a_hypercall)
{
	u64 calls = soak(1000), before = hypercalls(&self->vm), asked = 0;

	self->cpu->left = reset_by_vmm;
	vcpu_start(self->peer, OP_SEND, self->cpu->index, self->cpu->server, calls);
	while (!self->peer->finished) {
		struct hcall answer = hcall(self->cpu, H_OF_THE_VMM, 1, 2, 3);

		ASSERT_TRUE(answer.left_to_userspace);
		ASSERT_EQ(H_SUCCESS, answer.r[3]);
		ASSERT_EQ(0, icp_cppr(icp_of(self->cpu)));
		asked++;
	}
	vcpu_join(self->peer);
	EXPECT_LT(0, asked);
	EXPECT_EQ(0, self->peer->box->refused);
	EXPECT_FALSE(self->peer->exit.seen);
	EXPECT_EQ(before + calls, hypercalls(&self->vm));
	expect_a_new_machine(_metadata, &self->vm);
}

/* A vCPU that has just taken an interrupt asks: it does not come back afterwards. */
XICS_TEST(nothing_of_before_comes_after)
{
	self->cpu->left = reset_by_vmm;
	must(source_set(&self->vm, SOURCE, source_state(self->cpu->server, 5, SOURCE_MSI)));
	raise_source(&self->vm, SOURCE);
	raise_source(&self->vm, SOURCE);
	EXPECT_EQ(xirr(CPPR_ALL, SOURCE), h_xirr(self->cpu));
	h_ipi(self->cpu, self->cpu->server, 3);
	EXPECT_EQ(H_SUCCESS, hcall_status(self->cpu, H_OF_THE_VMM));
	EXPECT_EQ(ICP_RESET, icp_of(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
	rtas_set_xive(self->cpu, SOURCE, self->cpu->server, 5);
	h_cppr(self->cpu, CPPR_ALL);
	EXPECT_EQ(xirr(CPPR_ALL, 0), h_xirr(self->cpu));
	EXPECT_FALSE(line_is_up(self->cpu));
}

XICS_TEST(while_a_guest_sleeps)
{
	must(source_set(&self->vm, LAST, source_state(self->cpu->server, 5, SOURCE_MSI)));
	vcpu_start(self->cpu, OP_SERVE, LAST);
	for (int i = 0; i < 20; i++)
		must(device_reset(self->vm.irqchip_fd, 0));
	/* The last one closed its ICP; taken out of KVM_RUN it is given what it waits for. */
	vcpu_stop(self->cpu);
	EXPECT_EQ(ICP_RESET, icp_of(self->cpu));
	must(source_set(&self->vm, LAST, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(icp_set(self->cpu, ICP_OPEN));
	vcpu_continue(self->cpu);
	raise_source(&self->vm, LAST);
	vcpu_join(self->cpu);
	EXPECT_EQ(1, self->cpu->box->accepted);
}

/* ---- what is not done to a machine that runs ---- */

XICS_TEST(refused_while_a_vcpu_is_in_kvm_run)
{
	u64 id = KVM_VINTC_REG_SOURCE(LAST), value;
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };
	int fd = self->vm.irqchip_fd;

	must(source_set(&self->vm, LAST, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(xioctl(fd, KVM_GET_ONE_REG, &one));
	vcpu_start(self->cpu, OP_SPIN, LAST);
	EXPECT_TRUE(wait_for(device_state_without_room(fd) == -EBUSY));
	EXPECT_EQ(-EBUSY, xioctl(fd, KVM_SET_ONE_REG, &one));
	EXPECT_EQ(-EBUSY, device_reset(fd, KVM_VINTC_RESET_MODEL));
	raise_source(&self->vm, LAST);
	vcpu_join(self->cpu);
	EXPECT_EQ(-E2BIG, device_state_without_room(fd));
	EXPECT_EQ(0, xioctl(fd, KVM_SET_ONE_REG, &one));
}

/* Another model of the same VM, and the guest goes on with the new device. */
XICS_TEST(another_device_for_the_same_guest)
{
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(0, device_reset(self->vm.irqchip_fd, KVM_VINTC_RESET_MODEL));
		must(device_set(self->vm.irqchip_fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS,
				NULL));
		for (int c = 0; c < 2; c++)
			must(self->vm.irqchip->connect(&self->vm.cpu[c], self->vm.cpu[c].server));
		expect_a_new_machine(_metadata, &self->vm);
	}
}

VINTC_ONLY_MAIN

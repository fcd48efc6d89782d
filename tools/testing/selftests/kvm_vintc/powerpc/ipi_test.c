// SPDX-License-Identifier: GPL-2.0-only
/* IPIs between vCPUs that run and sleep: none is lost, none comes twice. */
#include "lib/test.h"

#define EXPECT_NOTHING_WENT_WRONG(cpu)					\
do {									\
	EXPECT_EQ(0, (cpu)->box->refused);				\
	EXPECT_EQ(0, (cpu)->box->rescued);				\
} while (0)

static void ping_pong(struct vcpu *one, struct vcpu *other, u64 rounds)
{
	vcpu_start(other, OP_PINGPONG, one->server, rounds, 0);
	vcpu_start(one, OP_PINGPONG, other->server, rounds, 1);
}

XICS_TEST(self_ipi)
{
	vcpu_do(self->cpu, OP_SEND, self->cpu->index, self->cpu->server, 1);
	vcpu_do(self->cpu, OP_RECEIVE, 1);
	EXPECT_EQ(1, self->cpu->box->ipis);
	EXPECT_EQ(xirr(0xff, XISR_IPI), self->cpu->box->log[0]);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
}

/* hazard 17: a wakeup lost between going to sleep and injection. */
XICS_TEST(hazard17_wakeup_by_ipi)
{
	u64 rounds = soak(400);

	ping_pong(self->cpu, self->peer, rounds);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(rounds, self->cpu->box->ipis);
	EXPECT_EQ(rounds, self->peer->box->ipis);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
	EXPECT_NOTHING_WENT_WRONG(self->peer);
}

XICS_TEST(hazard17_wakeup_by_line)
{
	u64 rounds = soak(500);

	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(source_set(&self->vm, 0x1001, source_state(self->cpu->server, 6, SOURCE_MSI)));
	vcpu_start(self->cpu, OP_SERVE, 0x1001);
	for (u64 i = 0; i < rounds; i++) {
		raise_source(&self->vm, 0x1000);
		/* At once again, just as the guest goes back to sleep. */
		ASSERT_TRUE(wait_briefly(self->cpu->box->accepted == i + 1));
	}
	raise_source(&self->vm, 0x1001);
	vcpu_join(self->cpu);
	EXPECT_EQ(rounds + 1, self->cpu->box->accepted);
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
}

XICS_TEST(storm_delivers_the_last_message)
{
	u64 messages = soak(2000);

	vcpu_start(self->peer, OP_RECEIVE, messages);
	vcpu_start(self->cpu, OP_SEND, self->peer->index, self->peer->server, messages);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(messages, self->peer->box->messages);
	EXPECT_GE(messages, self->peer->box->ipis);
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
	EXPECT_NOTHING_WENT_WRONG(self->peer);
}

XICS_TEST(storm_from_two_senders)
{
	struct vcpu *third = &self->vm.cpu[2];
	u64 messages = soak(500);

	vm_add_vcpu(&self->vm, 2);
	self->vm.cpus = 3;
	must(self->vm.irqchip->connect(third, third->server));
	h_cppr(third, CPPR_ALL);

	/* Two counters: senders do not share theirs, the receiver sees its own. */
	vcpu_start(third, OP_RECEIVE, messages);
	vcpu_start(self->cpu, OP_SEND, GUEST_MAX_CPUS, third->server, messages);
	vcpu_start(self->peer, OP_SEND, third->index, third->server, messages);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	vcpu_join(third);
	EXPECT_EQ(messages, third->box->messages);
	EXPECT_NOTHING_WENT_WRONG(third);
}

PLAIN_TEST(ping_pong_of_many_pairs)
{
	u64 rounds = soak(100);
	struct vm vm;

	vm_create_with_irqchip(&vm, GUEST_MAX_CPUS);
	for (int i = 0; i < GUEST_MAX_CPUS; i += 2)
		ping_pong(&vm.cpu[i], &vm.cpu[i + 1], rounds);
	for (int i = 0; i < GUEST_MAX_CPUS; i++) {
		vcpu_join(&vm.cpu[i]);
		EXPECT_EQ(rounds, vm.cpu[i].box->ipis);
		EXPECT_NOTHING_WENT_WRONG(&vm.cpu[i]);
	}
	vm_destroy(&vm);
}

XICS_TEST(ipi_to_a_vcpu_outside_kvm_run_waits_for_it)
{
	vcpu_do(self->cpu, OP_SEND, self->peer->index, self->peer->server, 3);
	EXPECT_EQ(icp_state(0xff, XISR_IPI, 4, 4), icp_of(self->peer));
	vcpu_do(self->peer, OP_RECEIVE, 3);
	EXPECT_EQ(1, self->peer->box->ipis);
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
}

XICS_TEST(sleeper_can_be_taken_out_of_kvm_run)
{
	vcpu_start(self->cpu, OP_RECEIVE, 1);
	vcpu_stop(self->cpu);
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
	/* It goes on sleeping, and wakes. */
	vcpu_continue(self->cpu);
	vcpu_do(self->peer, OP_SEND, self->cpu->index, self->cpu->server, 1);
	vcpu_join(self->cpu);
	EXPECT_EQ(1, self->cpu->box->ipis);
}

TEST_HARNESS_MAIN

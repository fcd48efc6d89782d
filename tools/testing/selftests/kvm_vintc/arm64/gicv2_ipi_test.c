// SPDX-License-Identifier: GPL-2.0-only
/* SGIs between vCPUs that run, sleep and are elsewhere: none is lost. */
#include "lib/test.h"

#define EXPECT_NOTHING_WENT_WRONG(cpu)					\
do {									\
	EXPECT_EQ(0, (cpu)->box->spurious);				\
	EXPECT_EQ(0, (cpu)->exit.mmio);					\
} while (0)

static void ping_pong(struct vcpu *one, struct vcpu *other, u64 rounds)
{
	vcpu_start(other, OP_PINGPONG, one->server, rounds, 0);
	vcpu_start(one, OP_PINGPONG, other->server, rounds, 1);
}

static void expect_at_rest(struct __test_metadata *_metadata, struct vcpu *cpu)
{
	EXPECT_EQ(0, gicd_read(cpu, GICD_ISPENDR) & 0xffff);
	EXPECT_EQ(0, gicd_read(cpu, GICD_ISACTIVER) & 0xffff);
	EXPECT_EQ(0, lines_up(cpu));
}

/* hazard 17: a wakeup lost between going to sleep and injection. */
GIC_TEST(hazard17_wakeup_by_sgi)
{
	u64 rounds = soak(1000);

	ping_pong(self->cpu, self->peer, rounds);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(rounds, self->cpu->box->sgis);
	EXPECT_EQ(rounds, self->peer->box->sgis);
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
	EXPECT_NOTHING_WENT_WRONG(self->peer);
	expect_at_rest(_metadata, self->cpu);
	expect_at_rest(_metadata, self->peer);
}

GIC_TEST(storm_delivers_the_last_message)
{
	u64 messages = soak(3000);

	vcpu_start(self->peer, OP_RECEIVE, messages);
	vcpu_start(self->cpu, OP_SEND, self->peer->index, self->peer->server, messages);
	vcpu_join(self->cpu);
	vcpu_join(self->peer);
	EXPECT_EQ(messages, self->peer->box->messages);
	EXPECT_GE(messages, self->peer->box->sgis);
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
	EXPECT_NOTHING_WENT_WRONG(self->peer);
}

/* Both directions at once: each is interrupted while it sends. */
GIC_TEST(storm_in_both_directions)
{
	u64 messages = soak(1500);
	struct vcpu *cpus[] = { self->cpu, self->peer };

	for (int i = 0; i < 2; i++)
		vcpu_start(cpus[i], OP_SEND, cpus[!i]->index, cpus[!i]->server, messages);
	for (int i = 0; i < 2; i++)
		vcpu_join(cpus[i]);
	for (int i = 0; i < 2; i++)
		vcpu_do(cpus[i], OP_RECEIVE, messages);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(messages, cpus[i]->box->messages);
		EXPECT_NOTHING_WENT_WRONG(cpus[i]);
	}
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
		EXPECT_EQ(rounds, vm.cpu[i].box->sgis);
		EXPECT_NOTHING_WENT_WRONG(&vm.cpu[i]);
	}
	vm_destroy(&vm);
}

/* Seven to one: one interrupt for each sender at most, and the last is heard. */
PLAIN_TEST(many_senders)
{
	struct vcpu *receiver;
	u64 messages = soak(100);
	struct vm vm;

	vm_create_with_irqchip(&vm, GUEST_MAX_CPUS);
	receiver = &vm.cpu[0];
	/* Only one of them counts in the receiver's counter. */
	vcpu_start(receiver, OP_RECEIVE, messages);
	for (int i = 1; i < GUEST_MAX_CPUS; i++)
		vcpu_start(&vm.cpu[i], OP_SEND, i == 1 ? 0 : i, receiver->server, messages);
	for (int i = 1; i < GUEST_MAX_CPUS; i++)
		vcpu_join(&vm.cpu[i]);
	vcpu_join(receiver);
	EXPECT_EQ(messages, receiver->box->messages);
	EXPECT_GE(messages * (GUEST_MAX_CPUS - 1), receiver->box->sgis);
	EXPECT_NOTHING_WENT_WRONG(receiver);
	vm_destroy(&vm);
}

GIC_TEST(sgi_to_a_vcpu_outside_kvm_run_waits_for_it)
{
	vcpu_do(self->cpu, OP_SEND, self->peer->index, self->peer->server, 3);
	EXPECT_EQ(LINE_IRQ, lines_up(self->peer));
	vcpu_do(self->peer, OP_RECEIVE, 3);
	EXPECT_EQ(1, self->peer->box->sgis);
	expect_at_rest(_metadata, self->peer);
}

GIC_TEST(sleeper_can_be_taken_out_of_kvm_run)
{
	vcpu_start(self->cpu, OP_RECEIVE, 1);
	vcpu_stop(self->cpu);
	/* It goes on sleeping, and wakes. */
	vcpu_continue(self->cpu);
	vcpu_do(self->peer, OP_SEND, self->cpu->index, self->cpu->server, 1);
	vcpu_join(self->cpu);
	EXPECT_EQ(1, self->cpu->box->sgis);
	EXPECT_NOTHING_WENT_WRONG(self->cpu);
}

GIC_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazard 9: kill -9 of a VMM whose guest sleeps, spins, sends SGIs, takes timer
 * interrupts or is under fire. The module can go afterwards.
 */
#include "lib/eventfd.h"
#include "lib/module_fixture.h"
#include "lib/victim.h"

#define SPI	40u
#define NEVER	60u		/* an SPI that is never raised */

static void start_two(struct vm *vm, u64 operation)
{
	vm_create_with_irqchip(vm, 2);
	for (int i = 0; i < 2; i++) {
		gic_set_trigger(&vm->cpu[i], SPI + i, EDGE);
		gic_enable(&vm->cpu[i], SPI + i, 0x80);
	}
	for (int i = 0; i < 2; i++) {
		vcpu_start(&vm->cpu[i], operation, NEVER);
		pulse_irq(vm, spi(SPI + i));
		if (!wait_for(vm->cpu[i].box->accepted))
			fatal("the guest does not run");
	}
}

static void vmm_asleep(int going)
{
	static struct vm vm;

	start_two(&vm, OP_SERVE);
	victim_going(going);
}

static void vmm_spinning(int going)
{
	static struct vm vm;

	start_two(&vm, OP_SPIN);
	victim_going(going);
}

static void vmm_in_ping_pong(int going)
{
	static struct vm vm;

	vm_create_with_irqchip(&vm, 2);
	vcpu_start(&vm.cpu[1], OP_PINGPONG, 0, ~0ull, 0);
	vcpu_start(&vm.cpu[0], OP_PINGPONG, 1, ~0ull, 1);
	if (!wait_for(vm.cpu[0].box->sgis > 10))
		fatal("the guest does not run");
	victim_going(going);
}

static void vmm_with_timers(int going)
{
	static struct vm vm;

	vm_create_with_irqchip(&vm, 2);
	for (int i = 0; i < 2; i++) {
		gic_enable(&vm.cpu[i], PPI_VTIMER, 0x80);
		vcpu_start(&vm.cpu[i], OP_DEADLINES, TIMER_VIRTUAL, ~0ull, 100, 1000, i);
	}
	if (!wait_for(vm.cpu[0].box->accepted > 10 && vm.cpu[1].box->accepted > 10))
		fatal("the guest does not run");
	victim_going(going);
}

/* The eventfd belongs to another process, which goes on writing. */
static int shared_eventfd;

static void vmm_under_fire(int going)
{
	static struct vm vm;

	vm_create_with_irqchip(&vm, 1);
	gic_set_trigger(&vm.cpu[0], SPI, EDGE);
	gic_enable(&vm.cpu[0], SPI, 0x80);
	must(assign(&vm, shared_eventfd, gsi_of_spi(SPI)));
	vcpu_start(&vm.cpu[0], OP_SERVE, NEVER);
	if (!wait_for(vm.cpu[0].box->accepted > 10))
		fatal("the guest takes no events");
	victim_going(going);
}

static void kill_and_unload(struct __test_metadata *_metadata, void (*vmm)(int going))
{
	for (u64 i = 0; i < soak(2); i++) {
		struct victim victim = victim_start(vmm);

		ASSERT_TRUE(victim_goes(&victim, TIMEOUT));
		EXPECT_EQ(-EWOULDBLOCK, module_unload());
		victim_kill(&victim);
		ASSERT_TRUE(module_unload_patiently());
		ASSERT_EQ(0, module_load());
	}
}

MODULE_TEST(hazard09_kill_while_asleep)
{
	NEEDS_MODULE();
	kill_and_unload(_metadata, vmm_asleep);
}

MODULE_TEST(hazard09_kill_while_spinning)
{
	NEEDS_MODULE();
	kill_and_unload(_metadata, vmm_spinning);
}

MODULE_TEST(hazard09_kill_in_ping_pong)
{
	NEEDS_MODULE();
	kill_and_unload(_metadata, vmm_in_ping_pong);
}

MODULE_TEST(hazard09_kill_with_timers_running)
{
	NEEDS_MODULE();
	kill_and_unload(_metadata, vmm_with_timers);
}

static volatile bool stop_firing;

static void *fire(void *unused)
{
	while (!stop_firing)
		eventfd_write(shared_eventfd, 1);
	return NULL;
}

MODULE_TEST(hazard07_kill_under_fire)
{
	pthread_t thread;

	NEEDS_MODULE();
	shared_eventfd = new_eventfd();
	stop_firing = false;
	ASSERT_EQ(0, pthread_create(&thread, NULL, fire, NULL));
	kill_and_unload(_metadata, vmm_under_fire);
	stop_firing = true;
	pthread_join(thread, NULL);
	close(shared_eventfd);
}

VINTC_ONLY_MAIN

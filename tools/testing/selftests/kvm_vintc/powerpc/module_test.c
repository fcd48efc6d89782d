// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazard 9: the module under its VMs. It cannot go while a device is there, it
 * can go when the last is gone, however it went, and it comes only to a host
 * that has no VMs.
 */
#include <linux/kvm_vintc.h>
#include <sys/eventfd.h>

#include "lib/module_fixture.h"
#include "lib/victim.h"

#define SOURCE	0x1000u
#define NEVER	0x1fffu		/* a source that is never raised */

MODULE_TEST(hazard09_module_in_use_stays)
{
	struct vm vm;

	NEEDS_MODULE();
	EXPECT_EQ(0, module_references());
	vm_create_with_irqchip(&vm, 1);
	EXPECT_LT(0, module_references());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	/* The device outlives its descriptor. */
	close(vm.irqchip_fd);
	vm.irqchip_fd = -1;
	EXPECT_LT(0, module_references());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	h_cppr(&vm.cpu[0], 5);
	vm_destroy(&vm);

	ASSERT_TRUE(module_unload_patiently());
	EXPECT_EQ(-ENOENT, module_unload());
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(-EEXIST, module_load());
}

MODULE_TEST(hazard09_unused_device_keeps_the_module)
{
	struct vm vm;
	int fd;

	NEEDS_MODULE();
	vm_create(&vm, 0);
	must(device_create(&vm, KVM_DEV_TYPE_VINTC, 0, &fd));
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	vm_destroy(&vm);
	ASSERT_TRUE(module_unload_patiently());
	EXPECT_EQ(0, module_load());
}

MODULE_TEST(hazard09_loading_beside_vms_is_ebusy)
{
	struct vm vm;

	NEEDS_MODULE();
	ASSERT_TRUE(module_unload_patiently());
	vm_create(&vm, 1);
	EXPECT_EQ(-EBUSY, module_load());
	EXPECT_EQ(-ENODEV, device_create(&vm, KVM_DEV_TYPE_VINTC, 0, NULL));
	/* The VM that was there first goes on. */
	EXPECT_TRUE(hcall(&vm.cpu[0], H_XIRR).left_to_userspace);
	vm_destroy(&vm);
	EXPECT_EQ(0, module_load());
}

MODULE_TEST(hazard09_load_and_unload_many_times)
{
	NEEDS_MODULE();
	for (u64 i = 0; i < soak(10); i++) {
		struct vm vm;

		ASSERT_TRUE(module_unload_patiently());
		ASSERT_EQ(0, module_load());
		vm_create_with_irqchip(&vm, 1);
		h_ipi(&vm.cpu[0], vm.cpu[0].server, 5);
		EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(&vm.cpu[0]));
		vm_destroy(&vm);
	}
}

/* kill -9 of a VMM. */

/* Two vCPUs that took an interrupt each, and wait for one that never comes. */
static void take_one_then(u64 operation, int going)
{
	static struct vm vm;

	vm_create_with_irqchip(&vm, 2);
	for (int i = 0; i < 2; i++) {
		must(source_set(&vm, SOURCE + i,
				source_state(server_of(i), 5, SOURCE_MSI)));
		vcpu_start(&vm.cpu[i], operation, NEVER);
		raise_source(&vm, SOURCE + i);
		if (!wait_for(vm.cpu[i].box->accepted))
			fatal("the guest does not run");
	}
	victim_going(going);
}

static void vmm_asleep(int going)
{
	take_one_then(OP_SERVE, going);
}

static void vmm_spinning(int going)
{
	take_one_then(OP_SPIN, going);
}

static void vmm_in_ping_pong(int going)
{
	static struct vm vm;

	vm_create_with_irqchip(&vm, 2);
	vcpu_start(&vm.cpu[1], OP_PINGPONG, server_of(0), ~0ull, 0);
	vcpu_start(&vm.cpu[0], OP_PINGPONG, server_of(1), ~0ull, 1);
	if (!wait_for(vm.cpu[0].box->ipis > 10))
		fatal("the guest does not run");
	victim_going(going);
}

static void kill_and_unload(struct __test_metadata *_metadata, void (*vmm)(int going))
{
	for (u64 i = 0; i < soak(3); i++) {
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

/* The eventfd belongs to another process, which goes on writing. */
static int shared_eventfd;

static void vmm_under_fire(int going)
{
	static struct vm vm;

	vm_create_with_irqchip(&vm, 1);
	must(source_set(&vm, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(irqfd(&vm, shared_eventfd, SOURCE, 0));
	vcpu_start(&vm.cpu[0], OP_SERVE, NEVER);
	if (!wait_for(vm.cpu[0].box->accepted > 10))
		fatal("the guest takes no events");
	victim_going(going);
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
	shared_eventfd = must(neg_errno(eventfd(0, EFD_NONBLOCK)));
	stop_firing = false;
	ASSERT_EQ(0, pthread_create(&thread, NULL, fire, NULL));
	kill_and_unload(_metadata, vmm_under_fire);
	stop_firing = true;
	pthread_join(thread, NULL);
	close(shared_eventfd);
}

/* Unloading is tried all the time; VMs come and go, with a device or without. */
static volatile bool stop_unloading;

static void *unload_and_load(void *unused)
{
	while (!stop_unloading) {
		module_unload();
		module_load();
	}
	return NULL;
}

/*
 * A VM that is made while the module goes is refused with ENOENT by KVM, which
 * cannot have the module's table any more; one that is made while it comes has
 * not got the table, and no device has a model there.
 */
static void try_a_vm(struct __test_metadata *_metadata)
{
	struct vm vm;
	int fd, error = vm_try_create(&vm, 1);

	if (error) {
		EXPECT_EQ(-ENOENT, error);
		return;
	}
	vm.irqchip = &vintc_irqchip;
	fd = vintc_irqchip.create(&vm);
	if (fd >= 0) {
		vm.irqchip_fd = fd;
		must(vintc_irqchip.connect(&vm.cpu[0], server_of(0)));
		h_ipi(&vm.cpu[0], server_of(0), 5);
		EXPECT_EQ(icp_state(0, XISR_NONE, 5, 0xff), icp_of(&vm.cpu[0]));
	} else {
		EXPECT_TRUE(fd == -ENODEV || fd == -ENXIO) {
			TH_LOG("creating the device: %s", error_name(-fd));
		}
		EXPECT_TRUE(hcall(&vm.cpu[0], H_XIRR).left_to_userspace);
	}
	vm_destroy(&vm);
}

MODULE_TEST(hazard09_unload_races_with_vms)
{
	pthread_t thread;

	NEEDS_MODULE();
	stop_unloading = false;
	ASSERT_EQ(0, pthread_create(&thread, NULL, unload_and_load, NULL));
	for (u64 i = 0; i < soak(30); i++)
		try_a_vm(_metadata);
	stop_unloading = true;
	pthread_join(thread, NULL);
}

VINTC_ONLY_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazard 9: the module under its VMs. It cannot go while a device is there, and
 * it can go when the last is gone, however it went. And its parameter.
 */
#include <linux/kvm_vintc.h>

#include "lib/module_fixture.h"

static void expect_it_works(struct __test_metadata *_metadata, struct vm *vm)
{
	gicd_write(&vm->cpu[0], GICD_SGIR, SGIR_SELF(3));
	EXPECT_EQ(3, gic_accept(&vm->cpu[0]));
	gic_end(&vm->cpu[0], 3);
}

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
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	expect_it_works(_metadata, &vm);
	vm_destroy(&vm);

	ASSERT_TRUE(module_unload_patiently());
	EXPECT_EQ(-ENOENT, module_unload());
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(-EEXIST, module_load());
}

/* A VM that was there first may have a device, unless it has run. */
MODULE_TEST(hazard09_loading_beside_vms)
{
	struct vm fresh, used;
	int fd;

	NEEDS_MODULE();
	ASSERT_TRUE(module_unload_patiently());
	vm_create(&fresh, 1);
	vm_create(&used, 1);
	EXPECT_EQ(-ENODEV, device_create(&fresh, KVM_DEV_TYPE_VINTC, 0, NULL));
	guest_read(&used.cpu[0], GUEST_TEST_AREA, 4);
	EXPECT_EQ(0, module_load());
	irqchip_create_ready(&fresh, &vintc_irqchip);
	gic_open(&fresh);
	expect_it_works(_metadata, &fresh);
	must(device_create(&used, KVM_DEV_TYPE_VINTC, 0, &fd));
	EXPECT_EQ(-EBUSY, device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL));
	guest_read(&used.cpu[0], GUEST_TEST_AREA, 4);
	close(fd);
	vm_destroy(&used);
	vm_destroy(&fresh);
}

MODULE_TEST(hazard09_load_and_unload_many_times)
{
	NEEDS_MODULE();
	for (u64 i = 0; i < soak(4); i++) {
		struct vm vm;

		ASSERT_TRUE(module_unload_patiently());
		ASSERT_EQ(0, module_load());
		vm_create_with_irqchip(&vm, 1);
		expect_it_works(_metadata, &vm);
		vm_destroy(&vm);
	}
}

MODULE_TEST(parameter_chooses_who_drives_the_timers)
{
	static const char *const modes[] = { "hook", "tracepoint", "userspace" };

	NEEDS_MODULE();
	for (int i = 0; i < ARRAY_SIZE(modes); i++) {
		char parameter[32];

		snprintf(parameter, sizeof(parameter), "timer=%s", modes[i]);
		ASSERT_TRUE(module_unload_patiently());
		ASSERT_EQ(0, module_load_with(parameter));
		EXPECT_STREQ(modes[i], timer_mode());
	}
	ASSERT_TRUE(module_unload_patiently());
	EXPECT_EQ(-EINVAL, module_load_with("timer=nobody"));
	EXPECT_EQ(-EINVAL, module_load_with("timer="));
	EXPECT_EQ(-ENOENT, module_references());
	/* By itself it takes the best there is. */
	EXPECT_EQ(0, module_load_with(""));
	EXPECT_STREQ("hook", timer_mode());
	ASSERT_TRUE(module_unload_patiently());
	EXPECT_EQ(0, module_load());
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

static void try_a_vm(struct __test_metadata *_metadata)
{
	struct vm vm;
	int fd, error;

	vm_create(&vm, 1);
	vm.irqchip = &vintc_irqchip;
	error = device_create(&vm, KVM_DEV_TYPE_VINTC, 0, &fd);
	if (error) {
		/* ENOENT: it goes at this very moment. */
		EXPECT_TRUE(error == -ENODEV || error == -ENOENT) {
			TH_LOG("creating the device: %s", error_name(-error));
		}
	} else {
		vm.irqchip_fd = fd;
		must(device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL));
		EXPECT_LT(0, module_references());
		EXPECT_EQ(-ENXIO, xioctl(vm.cpu[0].fd, KVM_RUN, 0));
	}
	vm_destroy(&vm);
}

MODULE_TEST(hazard09_unload_races_with_vms)
{
	pthread_t thread;

	NEEDS_MODULE();
	stop_unloading = false;
	ASSERT_EQ(0, pthread_create(&thread, NULL, unload_and_load, NULL));
	for (u64 i = 0; i < soak(60); i++)
		try_a_vm(_metadata);
	stop_unloading = true;
	pthread_join(thread, NULL);
}

VINTC_ONLY_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_RUN before the device is complete is refused, and the VM is usable
 * afterwards; connecting vCPUs by hand and by CTRL_INIT.
 */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

static int run(struct vcpu *cpu)
{
	return xioctl(cpu->fd, KVM_RUN, 0);
}

static int connect_vcpu(struct vm *vm, u64 id, u32 number)
{
	return device_set(vm->irqchip_fd, KVM_VINTC_GRP_VCPU, id, &number);
}

static int number_of(struct vm *vm, u64 id)
{
	u32 number;
	int error = device_get(vm->irqchip_fd, KVM_VINTC_GRP_VCPU, id, &number);

	return error ? error : (int)number;
}

static void place(struct vm *vm)
{
	must(gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD));
	must(gic_set_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC));
}

static void expect_it_works(struct __test_metadata *_metadata, struct vcpu *cpu)
{
	gicc_write(cpu, GICC_PMR, PRIORITY_LOWEST);
	gicc_write(cpu, GICC_CTLR, GICC_ENABLE_GROUP0);
	gicd_write(cpu, GICD_CTLR, GICD_ENABLE_GROUP0);
	gicd_write(cpu, GICD_SGIR, SGIR_SELF(3));
	EXPECT_EQ(LINE_IRQ, lines_up(cpu));
	EXPECT_EQ(iar_sgi(cpu->server, 3), gic_accept(cpu));
}

static void expect_refused(struct __test_metadata *_metadata, struct vm *vm)
{
	for (int i = 0; i < vm->cpus; i++) {
		EXPECT_EQ(-ENXIO, run(&vm->cpu[i]));
		EXPECT_EQ(-ENXIO, run(&vm->cpu[i]));
	}
}

PLAIN_TEST(refused_until_complete)
{
	struct vm vm;

	vm_create(&vm, 2);
	irqchip_create(&vm, &vintc_irqchip);
	expect_refused(_metadata, &vm);
	must(gic_set_irqs(&vm, 64));
	expect_refused(_metadata, &vm);
	must(gic_set_address(&vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD));
	expect_refused(_metadata, &vm);
	must(gic_init(&vm));
	expect_refused(_metadata, &vm);
	must(gic_set_address(&vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC));
	for (int i = 0; i < 2; i++)
		expect_it_works(_metadata, &vm.cpu[i]);
	vm_destroy(&vm);
}

PLAIN_TEST(refused_without_init)
{
	struct vm vm;

	vm_create(&vm, 1);
	irqchip_create(&vm, &vintc_irqchip);
	place(&vm);
	expect_refused(_metadata, &vm);
	must(gic_init(&vm));
	expect_it_works(_metadata, &vm.cpu[0]);
	vm_destroy(&vm);
}

/* A device without a model is no device yet: its VM runs. */
PLAIN_TEST(not_refused_without_a_model)
{
	struct vm vm;

	vm_create(&vm, 1);
	must(device_create(&vm, KVM_DEV_TYPE_VINTC, 0, &vm.irqchip_fd));
	vm.irqchip = &vintc_irqchip;
	EXPECT_EQ(0, lines_up(&vm.cpu[0]));
	vm_destroy(&vm);
}

PLAIN_TEST(vcpu_that_comes_after_init_is_refused)
{
	struct vm vm;

	vm_create(&vm, 1);
	irqchip_create_ready(&vm, &vintc_irqchip);
	vm_add_vcpu(&vm, 1);
	vm.cpus = 2;
	EXPECT_EQ(-ENOENT, number_of(&vm, 1));
	EXPECT_EQ(-EBUSY, connect_vcpu(&vm, 1, 1));
	EXPECT_EQ(-ENXIO, run(&vm.cpu[1]));
	expect_it_works(_metadata, &vm.cpu[0]);
	EXPECT_EQ(-ENXIO, run(&vm.cpu[1]));
	/* It is nobody's target. */
	gicd_write(&vm.cpu[0], GICD_SGIR, sgir_to(0xfe, 1));
	EXPECT_EQ(0, gicd_read(&vm.cpu[0], GICD_TYPER) >> 5 & 7);
	vm_destroy(&vm);
}

/* Many threads at once are refused, and then run. */
static void *run_until_it_works(void *argument)
{
	struct vcpu *cpu = argument;
	int error;

	while ((error = run(cpu)) == -ENXIO)
		;
	return (void *)(long)error;
}

PLAIN_TEST(hazard27_refused_while_it_is_completed)
{
	for (u64 round = 0; round < soak(10); round++) {
		pthread_t threads[4];
		struct vm vm;
		void *error;

		vm_create(&vm, ARRAY_SIZE(threads));
		irqchip_create(&vm, &vintc_irqchip);
		for (int i = 0; i < ARRAY_SIZE(threads); i++)
			ASSERT_EQ(0, pthread_create(&threads[i], NULL, run_until_it_works,
						    &vm.cpu[i]));
		place(&vm);
		EXPECT_EQ(0, gic_init(&vm));
		for (int i = 0; i < ARRAY_SIZE(threads); i++) {
			pthread_join(threads[i], &error);
			EXPECT_EQ(NULL, error);
		}
		/* They stand at the guest's first doorbell; from there they go on. */
		for (int i = 0; i < ARRAY_SIZE(threads); i++)
			vm.cpu[i].box->op = OP_TAKE;
		expect_it_works(_metadata, &vm.cpu[round % ARRAY_SIZE(threads)]);
		vm_destroy(&vm);
	}
}

/* KVM_VINTC_GRP_VCPU */

DEVICE_TEST(hazard10_connect_of_absent_vcpus_is_enoent)
{
	u64 max = must(kvm_check(KVM_CAP_MAX_VCPU_ID));
	u64 ids[] = { 1, max - 1, max, max + 1, 0x7fffffff, 0x80000000, 0xffffffff,
		      1ull << 32, ~0ull };

	for (int i = 0; i < ARRAY_SIZE(ids); i++) {
		EXPECT_EQ(-ENOENT, connect_vcpu(&self->vm, ids[i], 0)) {
			TH_LOG("id %#lx", ids[i]);
		}
		EXPECT_EQ(-ENOENT, number_of(&self->vm, ids[i]));
	}
	EXPECT_EQ(-ENOENT, number_of(&self->vm, 0));
	EXPECT_EQ(0, connect_vcpu(&self->vm, 0, 0));
}

DEVICE_TEST(hazard10_connect_refuses)
{
	vm_add_vcpu(&self->vm, 1);
	self->vm.cpus = 2;
	EXPECT_EQ(-EINVAL, connect_vcpu(&self->vm, 0, 8));
	EXPECT_EQ(-EINVAL, connect_vcpu(&self->vm, 0, ~0u));
	EXPECT_EQ(0, connect_vcpu(&self->vm, 0, 7));
	EXPECT_EQ(-EBUSY, connect_vcpu(&self->vm, 0, 7));
	EXPECT_EQ(-EBUSY, connect_vcpu(&self->vm, 0, 2));
	EXPECT_EQ(-EEXIST, connect_vcpu(&self->vm, 1, 7));
	EXPECT_EQ(-EFAULT, device_set(self->fd, KVM_VINTC_GRP_VCPU, 1, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_get(self->fd, KVM_VINTC_GRP_VCPU, 0, BAD_ADDRESS));
	EXPECT_EQ(-ENOENT, number_of(&self->vm, 1));
	EXPECT_EQ(7, number_of(&self->vm, 0));
}

/* Interfaces by hand: SGIs and targets go by them, not by vCPUs. */
PLAIN_TEST(connected_by_hand)
{
	struct vm vm;

	vm_create(&vm, 2);
	irqchip_create(&vm, &vintc_irqchip);
	must(connect_vcpu(&vm, 0, 5));
	must(connect_vcpu(&vm, 1, 2));
	vm.cpu[0].server = 5;
	vm.cpu[1].server = 2;
	place(&vm);
	must(gic_init(&vm));
	gic_open(&vm);
	EXPECT_EQ(0x20202020, gicd_read(&vm.cpu[0], GICD_ITARGETSR));
	EXPECT_EQ(5, gicd_read(&vm.cpu[0], GICD_TYPER) >> 5 & 7);
	gicd_write(&vm.cpu[0], GICD_SGIR, sgir_to(1u << 2, 9));
	EXPECT_EQ(iar_sgi(5, 9), gic_accept(&vm.cpu[1]));
	EXPECT_EQ(-EINVAL, irq_line(&vm, ppi(0, 20), 1));
	EXPECT_EQ(0, irq_line(&vm, ppi(5, 20), 1));
	vm_destroy(&vm);
}

/* CTRL_INIT gives the others the numbers of their creation, if they are free. */
PLAIN_TEST(init_connects_the_rest)
{
	struct vm vm;

	vm_create(&vm, 3);
	irqchip_create(&vm, &vintc_irqchip);
	must(connect_vcpu(&vm, 1, 0));
	EXPECT_EQ(-ENXIO, gic_init(&vm));	/* interface 0 is not vCPU 0's */
	EXPECT_EQ(-ENOENT, number_of(&vm, 0));
	must(connect_vcpu(&vm, 0, 4));
	EXPECT_EQ(0, gic_init(&vm));
	EXPECT_EQ(4, number_of(&vm, 0));
	EXPECT_EQ(0, number_of(&vm, 1));
	EXPECT_EQ(2, number_of(&vm, 2));
	vm_destroy(&vm);
}

/* The number is that of the creation, not the id. */
PLAIN_TEST(numbers_go_by_creation)
{
	struct vm vm;
	int last, first;

	vm_create(&vm, 0);
	last = must(xioctl(vm.fd, KVM_CREATE_VCPU, 6));
	first = must(xioctl(vm.fd, KVM_CREATE_VCPU, 3));
	irqchip_create(&vm, &vintc_irqchip);
	EXPECT_EQ(0, gic_init(&vm));
	EXPECT_EQ(0, number_of(&vm, 6));
	EXPECT_EQ(1, number_of(&vm, 3));
	EXPECT_EQ(-ENOENT, number_of(&vm, 0));
	close(last);
	close(first);
	vm_destroy(&vm);
}

VINTC_ONLY_MAIN

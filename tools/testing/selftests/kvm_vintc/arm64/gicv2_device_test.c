// SPDX-License-Identifier: GPL-2.0-only
/* The device and its model: what there is, and every refusal. */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

static const u32 all_groups[] = {
	KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
	KVM_DEV_ARM_VGIC_GRP_CPU_REGS, KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
	KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
	KVM_VINTC_GRP_VCPU, KVM_VINTC_GRP_COUNTERS,
};

static int new_device(struct vm *vm)
{
	int fd;

	must(device_create(vm, KVM_DEV_TYPE_VINTC, 0, &fd));
	return fd;
}

static int choose_gicv2(int fd)
{
	return device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, NULL);
}

/* hazard 15: what is there before the device knows what it is. */
PLAIN_TEST(hazard15_without_a_model_everything_is_enxio)
{
	static const unsigned long ioctls[] = {
		KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS, KVM_IRQFD, KVM_GET_ONE_REG, KVM_SET_ONE_REG,
	};
	struct vm vm;
	u64 zeros[8] = {};
	int fd;

	vm_create(&vm, 1);
	fd = new_device(&vm);
	for (int i = 0; i < ARRAY_SIZE(all_groups); i++) {
		for (u64 attribute = 0; attribute < 20; attribute++) {
			EXPECT_EQ(-ENXIO, device_has(fd, all_groups[i], attribute));
			EXPECT_EQ(-ENXIO, device_set(fd, all_groups[i], attribute, zeros));
			EXPECT_EQ(-ENXIO, device_get(fd, all_groups[i], attribute, zeros));
		}
	}
	for (int i = 0; i < ARRAY_SIZE(ioctls); i++)
		EXPECT_EQ(-ENXIO, xioctl(fd, ioctls[i], zeros));
	EXPECT_EQ(0, choose_gicv2(fd));
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(model_is_chosen_once)
{
	struct vm vm;
	u32 is_model = 7;
	int fd;

	vm_create(&vm, 0);
	fd = new_device(&vm);
	EXPECT_EQ(0, device_has(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2));
	EXPECT_EQ(-EINVAL, device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, &is_model));
	EXPECT_EQ(0, device_get(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, &is_model));
	EXPECT_EQ(0, is_model);
	EXPECT_EQ(0, choose_gicv2(fd));
	EXPECT_EQ(0, device_get(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, &is_model));
	EXPECT_EQ(1, is_model);
	EXPECT_EQ(-EBUSY, choose_gicv2(fd));
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(models_of_other_hosts_are_enxio)
{
	static const u64 unknown[] = {
		0, KVM_VINTC_MODEL_XICS, 3, 1ull << 32 | KVM_VINTC_MODEL_GICV2, ~0ull,
	};
	struct vm vm;
	int fd;

	vm_create(&vm, 0);
	fd = new_device(&vm);
	for (int i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(-ENXIO, device_has(fd, KVM_VINTC_GRP_MODEL, unknown[i]));
		EXPECT_EQ(-ENXIO, device_set(fd, KVM_VINTC_GRP_MODEL, unknown[i], NULL));
	}
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(a_vm_has_one_device_of_a_model)
{
	struct vm vm;
	int first, second;

	vm_create(&vm, 1);
	first = new_device(&vm);
	second = new_device(&vm);
	EXPECT_EQ(0, choose_gicv2(first));
	EXPECT_EQ(-EEXIST, choose_gicv2(second));
	/* The device lives as long as the VM, not as its descriptor. */
	close(first);
	EXPECT_EQ(-EEXIST, choose_gicv2(second));
	close(second);
	vm_destroy(&vm);
}

/* A vCPU that has run would go on without being asked whether the device is complete. */
PLAIN_TEST(no_model_once_a_vcpu_has_run)
{
	struct vm vm;
	int fd;

	vm_create(&vm, 1);
	lines_up(&vm.cpu[0]);
	fd = new_device(&vm);
	EXPECT_EQ(-EBUSY, choose_gicv2(fd));
	EXPECT_EQ(-ENXIO, device_has(fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0));
	/* The VM goes on without. */
	EXPECT_EQ(0, lines_up(&vm.cpu[0]));
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(no_model_while_a_vcpu_runs)
{
	struct vm vm;
	int fd;

	vm_create(&vm, 2);
	fd = new_device(&vm);
	vcpu_start(&vm.cpu[0], OP_SPIN, INTID_SPURIOUS);
	EXPECT_EQ(-EBUSY, choose_gicv2(fd));
	vcpu_stop(&vm.cpu[0]);
	close(fd);
	vm_destroy(&vm);
}

static int create_in_tree(struct vm *vm)
{
	int fd;

	if (!device_create(vm, KVM_DEV_TYPE_ARM_VGIC_V3, 0, &fd) ||
	    !device_create(vm, KVM_DEV_TYPE_ARM_VGIC_V2, 0, &fd))
		return fd;
	fatal("this host has no in-tree GIC at all");
}

PLAIN_TEST(no_model_beside_an_in_tree_gic)
{
	struct vm vm;
	int in_tree, fd;

	vm_create(&vm, 1);
	in_tree = create_in_tree(&vm);
	fd = new_device(&vm);
	EXPECT_EQ(-EEXIST, choose_gicv2(fd));
	close(fd);
	close(in_tree);
	vm_destroy(&vm);
}

/* KVM does not ask us then; so the vCPUs do not run. */
PLAIN_TEST(an_in_tree_gic_after_ours_keeps_vcpus_from_running)
{
	struct vm vm;
	int in_tree;

	vm_create(&vm, 2);
	irqchip_create_ready(&vm, &vintc_irqchip);
	in_tree = create_in_tree(&vm);
	for (int n = 0; n < 6; n++)
		EXPECT_EQ(-EEXIST, xioctl(vm.cpu[n % 2].fd, KVM_RUN, 0));
	close(in_tree);
	EXPECT_EQ(-EEXIST, xioctl(vm.cpu[0].fd, KVM_RUN, 0));
	vm_destroy(&vm);
}

/* HAS_ATTR, and what no group or ioctl is */

DEVICE_TEST(has_attr_tells_the_truth)
{
	static const struct {
		u32 group;
		u64 attribute;
		bool there;
	} table[] = {
		{ KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_GICV2, true },
		{ KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, false },
		{ KVM_VINTC_GRP_VCPU, 0, true },
		{ KVM_VINTC_GRP_VCPU, 1, false },
		{ KVM_VINTC_GRP_VCPU, 1ull << 32, false },
		{ KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_SET_XIVE, false },
		{ KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNT_MMIO, true },
		{ KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNTERS, false },
		{ KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, true },
		{ KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, true },
		{ KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, false },
		{ KVM_DEV_ARM_VGIC_GRP_ADDR, ~0ull, false },
		{ KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, true },
		{ KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, true },
		{ KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, false },
		{ KVM_DEV_ARM_VGIC_GRP_CTRL, ~0ull, false },
		{ KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0, false },
		{ KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, false },
		{ KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, false },
		{ 0x7fff, 0, false }, { 0x8006, 0, false }, { 0x10001, 0, false },
		{ 0xffffffff, 0, false },
	};

	VINTC_ONLY("in-tree has its own groups");
	for (int i = 0; i < ARRAY_SIZE(table); i++) {
		EXPECT_EQ(table[i].there ? 0 : -ENXIO,
			  device_has(self->fd, table[i].group, table[i].attribute)) {
			TH_LOG("group %#x attribute %#lx", table[i].group, table[i].attribute);
		}
	}
}

DEVICE_TEST(attributes_have_no_flags)
{
	u32 irqs = 64;
	struct kvm_device_attr attr = {
		.flags = 1, .group = KVM_DEV_ARM_VGIC_GRP_NR_IRQS, .addr = (uintptr_t)&irqs,
	};

	VINTC_ONLY("in-tree does not look at them");
	EXPECT_EQ(-EINVAL, xioctl(self->fd, KVM_HAS_DEVICE_ATTR, &attr));
	EXPECT_EQ(-EINVAL, xioctl(self->fd, KVM_SET_DEVICE_ATTR, &attr));
	EXPECT_EQ(-EINVAL, xioctl(self->fd, KVM_GET_DEVICE_ATTR, &attr));
}

DEVICE_TEST(ioctls_that_do_not_exist)
{
	static const unsigned long unknown[] = {
		_IO('x', 1), _IO(0xae, 0xff), KVM_RUN, KVM_CREATE_VCPU, KVM_CREATE_DEVICE,
		KVM_CREATE_IRQCHIP, KVM_GET_IRQCHIP,
	};
	struct kvm_one_reg reg = { .id = KVM_VINTC_REG_ICP(0) };

	VINTC_ONLY("in-tree has none at all");
	for (int i = 0; i < ARRAY_SIZE(unknown); i++)
		EXPECT_EQ(-ENOTTY, xioctl(self->fd, unknown[i], &reg));
	/* These do, but there is no register before CTRL_INIT. */
	EXPECT_EQ(-EAGAIN, xioctl(self->fd, KVM_GET_ONE_REG, &reg));
	EXPECT_EQ(-EAGAIN, xioctl(self->fd, KVM_SET_ONE_REG, &reg));
	EXPECT_EQ(-EFAULT, xioctl(self->fd, KVM_GET_ONE_REG, BAD_ADDRESS));
}

VINTC_ONLY_MAIN

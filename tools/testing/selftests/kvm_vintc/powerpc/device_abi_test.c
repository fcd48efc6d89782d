// SPDX-License-Identifier: GPL-2.0-only
/* The device, its model, tokens and counters: what there is, and every refusal. */
#include <linux/kvm_vintc.h>

#include "lib/test.h"


static const u32 all_groups[] = {
	KVM_DEV_XICS_GRP_SOURCES, KVM_DEV_XICS_GRP_CTRL, KVM_VINTC_GRP_VCPU,
	KVM_VINTC_GRP_RTAS, KVM_VINTC_GRP_COUNTERS,
};

static int new_device(struct vm *vm)
{
	int fd;

	must(device_create(vm, KVM_DEV_TYPE_VINTC, 0, &fd));
	return fd;
}

static int choose_xics(int fd)
{
	return device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, NULL);
}

/* Creation and model */

PLAIN_TEST(type_is_announced)
{
	struct vm vm;

	vm_create(&vm, 0);
	EXPECT_EQ(0, device_create(&vm, KVM_DEV_TYPE_VINTC, KVM_CREATE_DEVICE_TEST, NULL));
	vm_destroy(&vm);
}

/* hazard 15: what is there before the device knows what it is. */
PLAIN_TEST(hazard15_without_a_model_everything_is_enxio)
{
	static const unsigned long ioctls[] = {
		KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS, KVM_IRQFD,
		KVM_GET_ONE_REG, KVM_SET_ONE_REG,
	};
	struct vm vm;
	u64 zeros[8] = {};
	int fd;

	vm_create(&vm, 1);
	fd = new_device(&vm);
	for (unsigned int i = 0; i < ARRAY_SIZE(all_groups); i++) {
		for (u64 attribute = 0; attribute < 20; attribute++) {
			EXPECT_EQ(-ENXIO, device_has(fd, all_groups[i], attribute));
			EXPECT_EQ(-ENXIO, device_set(fd, all_groups[i], attribute, zeros));
			EXPECT_EQ(-ENXIO, device_get(fd, all_groups[i], attribute, zeros));
		}
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(ioctls); i++)
		EXPECT_EQ(-ENXIO, xioctl(fd, ioctls[i], zeros));
	EXPECT_EQ(0, choose_xics(fd));
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
	EXPECT_EQ(0, device_has(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(0, device_get(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, &is_model));
	EXPECT_EQ(0, is_model);
	EXPECT_EQ(0, choose_xics(fd));
	EXPECT_EQ(0, device_get(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, &is_model));
	EXPECT_EQ(1, is_model);
	EXPECT_EQ(-EBUSY, choose_xics(fd));
	EXPECT_EQ(-EFAULT, device_get(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS,
				      BAD_ADDRESS));
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(models_that_do_not_exist_are_enxio)
{
	static const u64 unknown[] = {
		0, 2, 3, 0x7fffffff, 1ull << 32 | KVM_VINTC_MODEL_XICS, ~0ull,
	};
	struct vm vm;
	int fd;

	vm_create(&vm, 0);
	fd = new_device(&vm);
	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(-ENXIO, device_has(fd, KVM_VINTC_GRP_MODEL, unknown[i]));
		EXPECT_EQ(-ENXIO, device_set(fd, KVM_VINTC_GRP_MODEL, unknown[i], NULL));
	}
	EXPECT_EQ(0, choose_xics(fd));
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(model_takes_no_address)
{
	struct vm vm;
	u32 word = 0;
	int fd;

	vm_create(&vm, 0);
	fd = new_device(&vm);
	EXPECT_EQ(-EINVAL, device_set(fd, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, &word));
	EXPECT_EQ(-ENXIO, device_has(fd, KVM_DEV_XICS_GRP_SOURCES, 16));
	EXPECT_EQ(0, choose_xics(fd));
	close(fd);
	vm_destroy(&vm);
}

PLAIN_TEST(a_vm_has_one_device_of_a_model)
{
	u32 server = 4;
	struct vm vm;
	int first, second;

	vm_create(&vm, 1);
	first = new_device(&vm);
	second = new_device(&vm);
	EXPECT_EQ(0, choose_xics(first));
	EXPECT_EQ(-EEXIST, choose_xics(second));
	EXPECT_EQ(-ENXIO, device_has(second, KVM_DEV_XICS_GRP_SOURCES, 16));
	EXPECT_EQ(0, device_set(first, KVM_VINTC_GRP_VCPU, 0, &server));
	/* The device lives as long as the VM, not as its descriptor. */
	close(first);
	EXPECT_EQ(-EEXIST, choose_xics(second));
	close(second);
	vm_destroy(&vm);
}

PLAIN_TEST(no_model_beside_an_in_tree_device)
{
	struct vm vm;
	int in_tree, fd;

	vm_create(&vm, 1);
	if (device_create(&vm, KVM_DEV_TYPE_XICS, 0, &in_tree)) {
		vm_destroy(&vm);
		SKIP(return, "this host has no in-tree XICS");
	}
	fd = new_device(&vm);
	EXPECT_EQ(-EEXIST, choose_xics(fd));
	close(fd);
	close(in_tree);
	vm_destroy(&vm);
}

/*
 * KVM lets a VMM add in-tree XICS later, and connect vCPUs to both. That is the
 * VMM's folly, and its VM's alone: whoever answers, the host goes on. All of the
 * vCPUs are connected, because on POWER8 in-tree's real mode code takes for
 * granted that they are.
 */
PLAIN_TEST(an_in_tree_device_after_ours_does_the_host_no_harm)
{
	struct kvm_enable_cap xics = { .cap = KVM_CAP_IRQ_XICS };
	struct vm vm;
	int in_tree;

	vm_create(&vm, 2);
	irqchip_create(&vm, &vintc_irqchip);
	if (device_create(&vm, KVM_DEV_TYPE_XICS, 0, &in_tree)) {
		vm_destroy(&vm);
		SKIP(return, "this host has no in-tree XICS");
	}
	xics.args[0] = in_tree;
	for (int i = 0; i < 2; i++) {
		xics.args[1] = server_of(i);
		xioctl(vm.cpu[i].fd, KVM_ENABLE_CAP, &xics);
	}
	for (int i = 0; i < 2; i++) {
		h_cppr(&vm.cpu[i], CPPR_ALL);
		h_ipi(&vm.cpu[i], server_of(i), 5);
		EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(&vm.cpu[i]));
	}
	close(in_tree);
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
		{ KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS, true },
		{ KVM_VINTC_GRP_MODEL, 0, false },
		{ KVM_VINTC_GRP_MODEL, 2, false },
		{ KVM_VINTC_GRP_VCPU, 0, true },
		{ KVM_VINTC_GRP_VCPU, ~0ull, false },
		{ KVM_VINTC_GRP_VCPU, 1ull << 32, false },
		{ KVM_VINTC_GRP_RTAS, 0, false },
		{ KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_SET_XIVE, true },
		{ KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_GET_XIVE, true },
		{ KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_INT_OFF, true },
		{ KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_INT_ON, true },
		{ KVM_VINTC_GRP_RTAS, KVM_VINTC_RTAS_INT_ON + 1, false },
		{ KVM_VINTC_GRP_RTAS, ~0ull, false },
		{ KVM_VINTC_GRP_COUNTERS, 0, true },
		{ KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNTERS - 1, true },
		{ KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNTERS, false },
		{ KVM_VINTC_GRP_COUNTERS, 1ull << 32, false },
		{ KVM_DEV_XICS_GRP_SOURCES, 0, false },
		{ KVM_DEV_XICS_GRP_SOURCES, SOURCE_FIRST - 1, false },
		{ KVM_DEV_XICS_GRP_SOURCES, SOURCE_FIRST, true },
		{ KVM_DEV_XICS_GRP_SOURCES, SOURCE_LAST, true },
		{ KVM_DEV_XICS_GRP_SOURCES, SOURCE_LAST + 1, false },
		{ KVM_DEV_XICS_GRP_SOURCES, 1ull << 32 | SOURCE_FIRST, false },
		{ KVM_DEV_XICS_GRP_SOURCES, ~0ull, false },
		{ KVM_DEV_XICS_GRP_CTRL, 0, false },
		{ KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, true },
		{ KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS + 1, false },
		{ KVM_DEV_XICS_GRP_CTRL, ~0ull, false },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		EXPECT_EQ(table[i].there ? 0 : -ENXIO,
			  device_has(self->fd, table[i].group, table[i].attribute)) {
			TH_LOG("group %#x attribute %#lx", table[i].group,
			       table[i].attribute);
		}
	}
}

DEVICE_TEST(groups_that_do_not_exist_are_enxio)
{
	static const u32 unknown[] = { 0, 3, 0x7fff, 0x8006, 0xffff, 0x10001, 0xffffffff };
	u64 zero = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		for (u64 attribute = 0; attribute < 20; attribute++) {
			EXPECT_EQ(-ENXIO, device_has(self->fd, unknown[i], attribute));
			EXPECT_EQ(-ENXIO, device_set(self->fd, unknown[i], attribute, &zero));
			EXPECT_EQ(-ENXIO, device_get(self->fd, unknown[i], attribute, &zero));
		}
	}
}

DEVICE_TEST(attributes_have_no_flags)
{
	u64 state = source_state(0, PRIORITY_MASKED, SOURCE_MSI);
	struct kvm_device_attr attr = {
		.flags = 1, .group = KVM_DEV_XICS_GRP_SOURCES, .attr = SOURCE_FIRST,
		.addr = (uintptr_t)&state,
	};

	EXPECT_EQ(-EINVAL, xioctl(self->fd, KVM_HAS_DEVICE_ATTR, &attr));
	EXPECT_EQ(-EINVAL, xioctl(self->fd, KVM_SET_DEVICE_ATTR, &attr));
	EXPECT_EQ(-EINVAL, xioctl(self->fd, KVM_GET_DEVICE_ATTR, &attr));
	attr.flags = 0;
	EXPECT_EQ(-ENOENT, xioctl(self->fd, KVM_GET_DEVICE_ATTR, &attr));
}

DEVICE_TEST(ioctls_that_do_not_exist_are_enotty)
{
	static const unsigned long unknown[] = {
		_IO('x', 1), _IO(0xae, 0xff), KVM_RUN, KVM_CREATE_VCPU, KVM_CREATE_DEVICE,
		KVM_CREATE_IRQCHIP, KVM_GET_IRQCHIP,
	};
	u64 zeros[64] = {};

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++)
		EXPECT_EQ(-ENOTTY, xioctl(self->fd, unknown[i], zeros));
}

/* RTAS tokens */

static int set_token(int fd, u64 service, u32 token)
{
	return device_set(fd, KVM_VINTC_GRP_RTAS, service, &token);
}

static u32 token_of(int fd, u64 service)
{
	u32 token = 0xdead;

	must(device_get(fd, KVM_VINTC_GRP_RTAS, service, &token));
	return token;
}

DEVICE_TEST(rtas_tokens_read_back)
{
	for (u64 service = KVM_VINTC_RTAS_SET_XIVE; service <= KVM_VINTC_RTAS_INT_ON; service++) {
		EXPECT_EQ(0, token_of(self->fd, service));
		EXPECT_EQ(0, set_token(self->fd, service, 0xfffffff0 + service));
		EXPECT_EQ(0xfffffff0 + service, token_of(self->fd, service));
		/* Its own token is no conflict. */
		EXPECT_EQ(0, set_token(self->fd, service, 0xfffffff0 + service));
	}
}

DEVICE_TEST(rtas_tokens_of_other_services_are_eexist)
{
	EXPECT_EQ(0, set_token(self->fd, KVM_VINTC_RTAS_SET_XIVE, 5));
	EXPECT_EQ(-EEXIST, set_token(self->fd, KVM_VINTC_RTAS_INT_ON, 5));
	EXPECT_EQ(0, token_of(self->fd, KVM_VINTC_RTAS_INT_ON));
	EXPECT_EQ(0, set_token(self->fd, KVM_VINTC_RTAS_SET_XIVE, 0));
	EXPECT_EQ(0, set_token(self->fd, KVM_VINTC_RTAS_INT_ON, 5));
	/* Any number of services may be without one. */
	EXPECT_EQ(0, set_token(self->fd, KVM_VINTC_RTAS_GET_XIVE, 0));
}

DEVICE_TEST(rtas_tokens_refuse)
{
	static const u64 unknown[] = { 0, 5, 1ull << 32 | 1, ~0ull };
	u32 token = 5;

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(-ENXIO, set_token(self->fd, unknown[i], 5));
		EXPECT_EQ(-ENXIO, device_get(self->fd, KVM_VINTC_GRP_RTAS, unknown[i], &token));
	}
	EXPECT_EQ(-EFAULT, device_set(self->fd, KVM_VINTC_GRP_RTAS,
				      KVM_VINTC_RTAS_SET_XIVE, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_get(self->fd, KVM_VINTC_GRP_RTAS,
				      KVM_VINTC_RTAS_SET_XIVE, BAD_ADDRESS));
	EXPECT_EQ(0, token_of(self->fd, KVM_VINTC_RTAS_SET_XIVE));
}

/* Counters */

static u64 counter(struct vm *vm, u64 which)
{
	u64 value = 0;

	must(device_get(vm->irqchip_fd, KVM_VINTC_GRP_COUNTERS, which, &value));
	return value;
}

XICS_TEST(counters_count)
{
	VINTC_ONLY("in-tree has no counters");

	for (u64 which = 0; which < KVM_VINTC_COUNTERS; which++)
		EXPECT_EQ(0, counter(&self->vm, which));

	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	must(source_set(&self->vm, 0x1001, source_state(self->cpu->server, 4, SOURCE_MSI)));
	raise_source(&self->vm, 0x1000);
	raise_source(&self->vm, 0x1001);
	EXPECT_EQ(2, counter(&self->vm, KVM_VINTC_COUNT_LINE));
	EXPECT_EQ(1, counter(&self->vm, KVM_VINTC_COUNT_REJECT));

	EXPECT_EQ(xirr(0xff, 0x1001), h_xirr(self->cpu));
	h_eoi(self->cpu, xirr(0xff, 0x1001));
	EXPECT_EQ(2, counter(&self->vm, KVM_VINTC_COUNT_HYPERCALL));
	EXPECT_EQ(1, counter(&self->vm, KVM_VINTC_COUNT_RESEND));

	EXPECT_EQ(RTAS_SUCCESS, rtas_int_off(self->cpu, 0x1000));
	EXPECT_EQ(1, counter(&self->vm, KVM_VINTC_COUNT_RTAS));
	EXPECT_EQ(0, counter(&self->vm, KVM_VINTC_COUNT_IRQFD));
}

DEVICE_TEST(counters_are_read_only)
{
	u64 value = 1;

	for (u64 which = 0; which < KVM_VINTC_COUNTERS; which++) {
		EXPECT_EQ(-EPERM, device_set(self->fd, KVM_VINTC_GRP_COUNTERS, which, &value));
		EXPECT_EQ(0, counter(&self->vm, which));
	}
	EXPECT_EQ(-ENXIO, device_get(self->fd, KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNTERS,
				     &value));
	EXPECT_EQ(-ENXIO, device_get(self->fd, KVM_VINTC_GRP_COUNTERS, ~0ull, &value));
	EXPECT_EQ(-EFAULT, device_get(self->fd, KVM_VINTC_GRP_COUNTERS, 0, BAD_ADDRESS));
}

VINTC_ONLY_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Models: which there are, who presents, choosing one and choosing anew. */
#include "common/lib/test.h"

#define DEVICES_PER_VM	64
#define SOURCE		0x1000u

static const u32 models[] = { KVM_VINTC_MODEL_XICS, KVM_VINTC_MODEL_GICV2 };

static u32 is_of(int device, u32 model)
{
	u32 chosen = 2;

	must(device_get(device, KVM_VINTC_GRP_MODEL, model, &chosen));
	return chosen;
}

MACHINE_TEST(every_model_is_offered_for_userspace_to_present)
{
	int dev = new_device(&self->machine);

	for (int i = 0; i < ARRAY_SIZE(models); i++)
		EXPECT_EQ(0, device_has(dev, KVM_VINTC_GRP_MODEL,
					models[i] | KVM_VINTC_MODEL_USERSPACE));
	close(dev);
}

MACHINE_TEST(models_that_do_not_exist_are_enxio)
{
	int dev = new_device(&self->machine);
	u64 wrong[] = { 0, 3, KVM_VINTC_MODEL_USERSPACE, KVM_VINTC_MODEL_USERSPACE | 3,
			1ull << 32 | KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE, -1ull,
			KVM_VINTC_MODEL_USERSPACE | 1u << 30 | KVM_VINTC_MODEL_XICS };
	u32 value;

	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-ENXIO, device_has(dev, KVM_VINTC_GRP_MODEL, wrong[i])) {
			TH_LOG("model %#lx", wrong[i]);
		}
		EXPECT_EQ(-ENXIO, device_set(dev, KVM_VINTC_GRP_MODEL, wrong[i], NULL));
		EXPECT_EQ(-ENXIO, device_get(dev, KVM_VINTC_GRP_MODEL, wrong[i], &value));
	}
	close(dev);
}

MACHINE_TEST(a_host_that_presents_one_says_so_and_another_refuses)
{
	for (int i = 0; i < ARRAY_SIZE(models); i++) {
		int dev = new_device(&self->machine);
		int has = device_has(dev, KVM_VINTC_GRP_MODEL, models[i]);

		if (has) {
			EXPECT_EQ(-ENXIO, has);
			EXPECT_EQ(-ENXIO, device_set(dev, KVM_VINTC_GRP_MODEL, models[i], NULL));
		}
#ifdef __x86_64__
		EXPECT_EQ(-ENXIO, has);
#endif
		close(dev);
	}
}

MACHINE_TEST(get_tells_the_model_and_who_presents)
{
	for (int i = 0; i < ARRAY_SIZE(models); i++) {
		int dev = new_device(&self->machine);

		EXPECT_EQ(0, is_of(dev, models[i] | KVM_VINTC_MODEL_USERSPACE));
		must(choose(dev, models[i]));
		EXPECT_EQ(1, is_of(dev, models[i] | KVM_VINTC_MODEL_USERSPACE));
		EXPECT_EQ(0, is_of(dev, models[!i] | KVM_VINTC_MODEL_USERSPACE));
		if (!device_has(dev, KVM_VINTC_GRP_MODEL, models[i]))
			EXPECT_EQ(0, is_of(dev, models[i]));
		close(dev);
	}
}

MACHINE_TEST(refused_arguments_choose_nothing)
{
	int dev = new_device(&self->machine);
	u64 model = KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE;
	struct kvm_device_attr flagged = {
		.flags = 1, .group = KVM_VINTC_GRP_MODEL, .attr = model,
	};
	u32 value = 1;

	EXPECT_EQ(-EINVAL, device_set(dev, KVM_VINTC_GRP_MODEL, model, &value));
	EXPECT_EQ(-EINVAL, xioctl(dev, KVM_SET_DEVICE_ATTR, &flagged));
	EXPECT_EQ(-EINVAL, xioctl(dev, KVM_GET_DEVICE_ATTR, &flagged));
	EXPECT_EQ(-EINVAL, xioctl(dev, KVM_HAS_DEVICE_ATTR, &flagged));
	EXPECT_EQ(-EFAULT, device_get(dev, KVM_VINTC_GRP_MODEL, model, BAD_ADDRESS));
	EXPECT_EQ(0, is_of(dev, model));
	EXPECT_EQ(0, choose(dev, KVM_VINTC_MODEL_XICS));
	close(dev);
}

MACHINE_TEST(a_model_is_chosen_once)
{
	int dev = new_device(&self->machine);

	must(choose(dev, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(-EBUSY, choose(dev, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(-EBUSY, choose(dev, KVM_VINTC_MODEL_GICV2));
	EXPECT_EQ(1, is_of(dev, KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE));
	close(dev);
}

MACHINE_TEST(without_a_model_everything_is_enxio)
{
	int dev = new_device(&self->machine), fd = new_eventfd();
	static const u32 groups[] = {
		KVM_VINTC_GRP_VCPU, KVM_VINTC_GRP_RTAS, KVM_VINTC_GRP_COUNTERS,
		KVM_VINTC_GRP_FEATURES, KVM_VINTC_GRP_COMMANDS, 0, 1, 2, 4,
	};
	struct kvm_vintc_command line = { .command = KVM_VINTC_CMD_LINE };
	struct kvm_vintc_state state = {};
	struct kvm_reg_list list = {};
	u64 value = 0;

	for (int i = 0; i < ARRAY_SIZE(groups); i++) {
		EXPECT_EQ(-ENXIO, device_has(dev, groups[i], 0));
		EXPECT_EQ(-ENXIO, device_set(dev, groups[i], 0, &value));
		EXPECT_EQ(-ENXIO, device_get(dev, groups[i], 0, &value));
	}
	EXPECT_EQ(-ENXIO, device_line(dev, SOURCE, 1));
	EXPECT_EQ(-ENXIO, assign_to(dev, fd, SOURCE));
	EXPECT_EQ(-ENXIO, set_table(dev, to_pin(1, SOURCE)));
	EXPECT_EQ(-ENXIO, signal_msi(dev, SOURCE));
	EXPECT_EQ(-ENXIO, get_reg(dev, KVM_VINTC_REG_ICP(0), &value));
	EXPECT_EQ(-ENXIO, set_reg(dev, KVM_VINTC_REG_ICP(0), 0));
	EXPECT_EQ(-ENXIO, xioctl(dev, KVM_GET_REG_LIST, &list));
	EXPECT_EQ(-ENXIO, xioctl(dev, KVM_VINTC_GET_STATE, &state));
	EXPECT_EQ(-ENXIO, xioctl(dev, KVM_VINTC_SET_STATE, &state));
	EXPECT_EQ(-ENXIO, command(dev, &line));
	EXPECT_EQ(-ENXIO, reset(dev, 0));
	close(fd);
	close(dev);
}

MACHINE_TEST(ioctls_of_others_are_enotty)
{
	int dev = new_xics(&self->machine);
	u64 nothing[64] = {};

	EXPECT_EQ(-ENOTTY, xioctl(dev, KVM_CHECK_EXTENSION, 0));
	EXPECT_EQ(-ENOTTY, xioctl(dev, KVM_RUN, 0));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IO(KVMIO, 0xf2), nothing));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IOWR(KVMIO, 0xf2, u64[9]), nothing));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IOWR(KVMIO, 0xf2, u64[11]), nothing));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IOW(KVMIO, 0xf0, struct kvm_vintc_state), nothing));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IOWR(KVMIO, 0xf0, u64[5]), nothing));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IOW(KVMIO, 0xf1, u64[5]), nothing));
	EXPECT_EQ(-ENOTTY, xioctl(dev, _IO(KVMIO, 0xf3), nothing));
	close(dev);
}

/* ---- several devices ---- */

MACHINE_TEST(devices_of_a_vm_know_nothing_of_each_other)
{
	int one = new_xics(&self->machine), other = new_xics(&self->machine);
	int gic = new_gicv2(&self->machine);

	must(set_source(one, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(set_source(other, SOURCE, source_state(server_of(1), 6, SOURCE_MSI)));
	enable_spi(gic, 0, 40, 0x20, true);
	pulse(one, SOURCE);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(one, 0));
	EXPECT_EQ(0, lines_of(one, 1));
	EXPECT_EQ(0, lines_of(other, 0));
	EXPECT_EQ(0, lines_of(other, 1));
	EXPECT_EQ(0, lines_of(gic, 0));
	pulse(gic, 40 - 32);
	pulse(other, SOURCE);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(one, 0));
	EXPECT_EQ(xirr(0xff, 0), h_xirr(other, 0));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(other, 1));
	EXPECT_EQ(40, gicc_read(gic, 0, GICC_IAR));
	close(gic);
	close(other);
	close(one);
}

MACHINE_TEST(a_vm_has_so_many_devices_with_a_model)
{
	int dev[DEVICES_PER_VM], one_more;

	for (int i = 0; i < DEVICES_PER_VM; i++) {
		dev[i] = new_device(&self->machine);
		ASSERT_EQ(0, choose(dev[i], models[i & 1]));
	}
	one_more = new_device(&self->machine);
	EXPECT_EQ(-ENOSPC, choose(one_more, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(0, is_of(one_more, KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE));
	/* A device that has given its model back leaves room. */
	EXPECT_EQ(0, reset(dev[7], KVM_VINTC_RESET_MODEL));
	EXPECT_EQ(0, choose(one_more, KVM_VINTC_MODEL_GICV2));
	EXPECT_EQ(-ENOSPC, choose(dev[7], KVM_VINTC_MODEL_XICS));
	for (int i = 0; i < DEVICES_PER_VM; i++)
		close(dev[i]);
	close(one_more);
}

/* One that the host presents is the only one of the kind. */
MACHINE_TEST(userspace_presents_beside_the_host)
{
	int host = new_device(&self->machine), other = new_device(&self->machine), beside;
	u32 model = 0;

	for (int i = 0; i < ARRAY_SIZE(models); i++)
		if (!device_has(host, KVM_VINTC_GRP_MODEL, models[i]))
			model = models[i];
	if (!model)
		SKIP(return, "this host presents no model");
	must(device_set(host, KVM_VINTC_GRP_MODEL, model, NULL));
	EXPECT_EQ(-EEXIST, device_set(other, KVM_VINTC_GRP_MODEL, model, NULL));
	beside = new_device(&self->machine);
	EXPECT_EQ(0, choose(beside, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(1, is_of(host, model));
	EXPECT_EQ(0, is_of(host, model | KVM_VINTC_MODEL_USERSPACE));
}

/* ---- choosing anew ---- */

MACHINE_TEST(reset_model_makes_a_new_device)
{
	int dev = new_xics(&self->machine), fd = new_eventfd();
	u32 number;
	u64 value;

	must(set_source(dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(assign_to(dev, fd, SOURCE));
	must(set_table(dev, to_pin(1, SOURCE)));
	pulse(dev, 1);
	EXPECT_EQ(0, reset(dev, KVM_VINTC_RESET_MODEL));
	EXPECT_EQ(0, is_of(dev, KVM_VINTC_MODEL_XICS | KVM_VINTC_MODEL_USERSPACE));
	EXPECT_EQ(-ENXIO, reset(dev, 0));
	EXPECT_EQ(-ENXIO, device_line(dev, SOURCE, 1));
	/* The eventfd leads nowhere, and is free. */
	signal_event(fd);

	must(choose(dev, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(-ENOENT, device_get(dev, KVM_VINTC_GRP_VCPU, 0, &number));
	EXPECT_EQ(-ENOENT, device_get(dev, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &value));
	EXPECT_EQ(0, connect_cpu(dev, 0, 9));
	EXPECT_EQ(icp_state(0, 0, 0xff, 0xff), reg(dev, KVM_VINTC_REG_ICP(9)));
	must(set_source(dev, SOURCE, source_state(9, 5, SOURCE_MSI)));
	h_cppr(dev, 0, 0xff);
	/* No table: the identity again. */
	EXPECT_EQ(0, inject(dev, SOURCE, 2, NULL));
	EXPECT_EQ(1, events_of(fd));
	EXPECT_EQ(0, assign_to(dev, fd, SOURCE));
	close(fd);
	close(dev);
}

MACHINE_TEST(every_model_after_every_other)
{
	int dev = new_device(&self->machine);

	for (int round = 0; round < 12; round++) {
		u32 model = models[round % 3 == 1];

		must(choose(dev, model));
		EXPECT_EQ(1, is_of(dev, model | KVM_VINTC_MODEL_USERSPACE));
		if (model == KVM_VINTC_MODEL_GICV2) {
			must(init_gicv2(dev));
			open_gicv2(dev, 2);
			gicd_write(dev, 0, GICD_SGIR, sgir_to(2, 3));
			EXPECT_EQ(iar_sgi(0, 3), gicc_read(dev, 1, GICC_IAR));
		} else {
			must(connect_cpu(dev, 1, 77));
			h_ipi(dev, 1, 77, 4);
			h_cppr(dev, 1, 0xff);
			EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(dev, 1));
		}
		ASSERT_EQ(0, reset(dev, KVM_VINTC_RESET_MODEL));
	}
	close(dev);
}

MACHINE_TEST(reset_model_is_refused_while_routes_lead_here)
{
	int front = new_xics(&self->machine), behind = new_xics(&self->machine);

	must(set_source(behind, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(set_table(front, to_device(3, behind, SOURCE)));
	EXPECT_EQ(-EBUSY, reset(behind, KVM_VINTC_RESET_MODEL));
	pulse(front, 3);
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(behind, 0));
	EXPECT_EQ(0, set_routes(front, NULL, 0));
	EXPECT_EQ(0, reset(behind, KVM_VINTC_RESET_MODEL));
	close(behind);
	close(front);
}

/* The device in front gives its routes up with its model. */
MACHINE_TEST(reset_model_lets_go_of_what_is_behind)
{
	int front = new_xics(&self->machine), behind = new_xics(&self->machine);

	must(set_source(behind, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(set_table(front, to_device(3, behind, SOURCE)));
	EXPECT_EQ(0, reset(front, KVM_VINTC_RESET_MODEL));
	EXPECT_EQ(0, reset(behind, KVM_VINTC_RESET_MODEL));
	close(behind);
	close(front);
}

COMMON_TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/* Commands that are wrong in one thing: the documented errno, and nothing happens. */
#include <stddef.h>

#include "common/lib/test.h"

#define SOURCE		0x1000u
#define MSI(cpu)	source_state(server_of(cpu), 5, SOURCE_MSI)

/* Where the member that a command uses begins and ends, in the structure. */
#define MEMBER(name)	offsetofend(struct kvm_vintc_command, name)
#define offsetofend(type, member)	(offsetof(type, member) + sizeof(((type *)0)->member))

/* Each byte from offset to the end of the structure is reserved. */
static void rest_is_reserved(struct __test_metadata *_metadata, int dev,
			     const struct kvm_vintc_command *good, size_t offset)
{
	for (; offset < sizeof(*good); offset++) {
		struct kvm_vintc_command c = *good;

		((u8 *)&c)[offset] = 1;
		EXPECT_EQ(-EINVAL, command(dev, &c)) {
			TH_LOG("command %u: byte %zu", good->command, offset);
		}
	}
}

static void flags_are_reserved(struct __test_metadata *_metadata, int dev,
			       const struct kvm_vintc_command *good, u32 but)
{
	for (int bit = 0; bit < 32; bit++) {
		struct kvm_vintc_command c = *good;

		c.flags = 1u << bit;
		if (c.flags & but)
			continue;
		EXPECT_EQ(-EINVAL, command(dev, &c)) {
			TH_LOG("command %u: flag %d", good->command, bit);
		}
	}
}

/* ---- reserved fields ---- */

XICS_TEST(reserved_fields_of_reset)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_RESET }, other = c;
	struct image before;

	must(set_source(self->dev, SOURCE, MSI(0)));
	pulse(self->dev, SOURCE);
	before = image_of(self->dev);
	rest_is_reserved(_metadata, self->dev, &c, offsetof(struct kvm_vintc_command, reserved));
	flags_are_reserved(_metadata, self->dev, &c, KVM_VINTC_RESET_MODEL);
	other.vcpu = 1;
	EXPECT_EQ(-EINVAL, command(self->dev, &other));
	EXPECT_TRUE(is_in_state(self->dev, &before));
	image_free(&before);
}

XICS_TEST(reserved_fields_of_inject)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_INJECT, .inject = { .gsi = SOURCE, .level = 1 },
	}, other = c;

	must(set_source(self->dev, SOURCE, MSI(0)));
	rest_is_reserved(_metadata, self->dev, &c,
			 offsetof(struct kvm_vintc_command, inject.reserved));
	flags_are_reserved(_metadata, self->dev, &c, 0);
	other.vcpu = 1;
	EXPECT_EQ(-EINVAL, command(self->dev, &other));
	EXPECT_EQ(MSI(0), source_of(self->dev, SOURCE));
}

XICS_TEST(reserved_fields_of_hypercall)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_HYPERCALL,
		.hypercall = { .number = H_CPPR, .regs = { 7, 0 } },
	};

	rest_is_reserved(_metadata, self->dev, &c, MEMBER(hypercall));
	flags_are_reserved(_metadata, self->dev, &c, 0);
	EXPECT_EQ(ICP_OPEN, reg(self->dev, KVM_VINTC_REG_ICP(server_of(0))));
}

XICS_TEST(reserved_fields_of_rtas)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_RTAS,
		.rtas = { .service = KVM_VINTC_RTAS_INT_OFF, .args = { SOURCE } },
	};

	must(set_source(self->dev, SOURCE, MSI(0)));
	rest_is_reserved(_metadata, self->dev, &c,
			 offsetof(struct kvm_vintc_command, rtas.reserved));
	flags_are_reserved(_metadata, self->dev, &c, 0);
	EXPECT_EQ(MSI(0), source_of(self->dev, SOURCE));
}

GICV2_TEST(reserved_fields_of_access)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_ACCESS,
		.access = { .frame = KVM_VINTC_FRAME_GICC, .offset = GICC_PMR, .width = 4,
			    .write = 1, .value = 0x10 },
	}, other = c;

	rest_is_reserved(_metadata, self->dev, &c, MEMBER(access));
	flags_are_reserved(_metadata, self->dev, &c, 0);
	for (u32 write = 2; write; write <<= 1) {
		other.access.write = write;
		EXPECT_EQ(-EINVAL, command(self->dev, &other));
	}
	EXPECT_EQ(PRIORITY_LOWEST, gicc_read(self->dev, 0, GICC_PMR));
}

XICS_TEST(reserved_fields_of_line)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE };

	rest_is_reserved(_metadata, self->dev, &c, offsetof(struct kvm_vintc_command, reserved));
	flags_are_reserved(_metadata, self->dev, &c, 0);
}

XICS_TEST(reserved_fields_of_line_fd)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE_FD, .line = { .fd = -1 } };

	rest_is_reserved(_metadata, self->dev, &c,
			 offsetof(struct kvm_vintc_command, line.reserved));
	flags_are_reserved(_metadata, self->dev, &c, 0);
}

/* What is only an answer may hold anything. */
XICS_TEST(answers_need_not_be_set)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_INJECT, .lines = -1u,
		.inject = { .gsi = SOURCE, .level = 1, .status = -77 },
	};

	must(set_source(self->dev, SOURCE, MSI(0)));
	EXPECT_EQ(0, command(self->dev, &c));
	EXPECT_EQ(1, c.inject.status);
	EXPECT_EQ(0, c.lines);
	c = (struct kvm_vintc_command){
		.command = KVM_VINTC_CMD_HYPERCALL, .lines = -1u,
		.hypercall = { .number = H_XIRR, .regs = { -1ull, -1ull }, .status = -1 },
	};
	EXPECT_EQ(0, command(self->dev, &c));
	EXPECT_EQ(H_SUCCESS, c.hypercall.status);
	EXPECT_EQ(xirr(0xff, SOURCE), c.hypercall.regs[0]);
	EXPECT_EQ(0, c.lines);
	c = (struct kvm_vintc_command){
		.command = KVM_VINTC_CMD_RTAS,
		.rtas = { .service = KVM_VINTC_RTAS_GET_XIVE, .args = { SOURCE }, .status = -9,
			  .rets = { -1u, -1u } },
	};
	EXPECT_EQ(0, command(self->dev, &c));
	EXPECT_EQ(0, c.rtas.status);
	EXPECT_EQ(server_of(0), c.rtas.rets[0]);
	EXPECT_EQ(5, c.rtas.rets[1]);
}

/* ---- wrong values ---- */

XICS_TEST(commands_that_do_not_exist)
{
	for (u32 number = KVM_VINTC_CMD_LINE_FD + 1; number; number <<= 1) {
		struct kvm_vintc_command c = { .command = number };

		EXPECT_EQ(-ENXIO, command(self->dev, &c));
	}
}

XICS_TEST(commands_of_the_other_model)
{
	u64 value = 0;

	EXPECT_EQ(-ENXIO, access_frame(self->dev, 0, KVM_VINTC_FRAME_GICD, GICD_TYPER, 4, false,
				       &value));
}

GICV2_TEST(commands_of_the_other_model)
{
	struct kvm_vintc_command c, rtas = {
		.command = KVM_VINTC_CMD_RTAS, .rtas = { .service = KVM_VINTC_RTAS_INT_ON },
	};

	EXPECT_EQ(-ENXIO, hypercall(self->dev, 0, H_XIRR, 0, 0, &c));
	EXPECT_EQ(-ENXIO, command(self->dev, &rtas));
}

XICS_TEST(bad_pointers)
{
	EXPECT_EQ(-EFAULT, command(self->dev, NULL));
	EXPECT_EQ(-EFAULT, command(self->dev, (void *)BAD_ADDRESS));
}

XICS_TEST(vcpus_that_are_not_connected)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE };
	u32 wrong[] = { 2, 3, server_of(1), 1u << 31, -1u };

	machine_add_cpu(&self->machine);
	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct kvm_vintc_command rtas = {
			.command = KVM_VINTC_CMD_RTAS, .vcpu = wrong[i],
			.rtas = { .service = KVM_VINTC_RTAS_INT_ON },
		};

		c = (struct kvm_vintc_command){ .command = KVM_VINTC_CMD_LINE, .vcpu = wrong[i] };
		EXPECT_EQ(-ENOENT, command(self->dev, &c));
		EXPECT_EQ(-ENOENT, set_line_fd(self->dev, wrong[i], -1));
		EXPECT_EQ(-ENOENT, hypercall(self->dev, wrong[i], H_XIRR, 0, 0, &c));
		EXPECT_EQ(-ENOENT, command(self->dev, &rtas));
	}
}

GICV2_TEST(vcpus_that_are_not_connected)
{
	u64 value = 0;

	machine_add_cpu(&self->machine);
	for (u32 id = 2; id; id <<= 1)
		EXPECT_EQ(-ENOENT, access_frame(self->dev, id, KVM_VINTC_FRAME_GICD, GICD_CTLR, 4,
						false, &value));
}

XICS_TEST(hypercalls_of_others)
{
	u64 wrong[] = { 0, H_CEDE, H_CONFER, H_RTAS, H_EOI + 1, H_EOI | 1ull << 32, -1ull };
	struct kvm_vintc_command answer;

	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-ENOTTY, hypercall(self->dev, 0, wrong[i], 0, 0, &answer)) {
			TH_LOG("hypercall %#lx", wrong[i]);
		}
	}
}

XICS_TEST(rtas_services_that_do_not_exist)
{
	u32 wrong[] = { 0, KVM_VINTC_RTAS_INT_ON + 1, -1u };

	for (int i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct kvm_vintc_command c = {
			.command = KVM_VINTC_CMD_RTAS, .rtas = { .service = wrong[i] },
		};

		EXPECT_EQ(-EINVAL, command(self->dev, &c));
	}
}

/* What a guest may do wrong is answered to the guest. */
XICS_TEST(nonsense_of_the_guest_is_no_error_of_the_command)
{
	EXPECT_EQ(H_PARAMETER, hcall(self->dev, 0, H_IPI, 9999, 5));
	EXPECT_EQ(H_PARAMETER, hcall(self->dev, 0, H_IPOLL, 9999, 0));
	EXPECT_EQ(H_PARAMETER, hcall(self->dev, 0, H_EOI, xirr(0xff, SOURCE), 0));
	EXPECT_EQ(RTAS_PARAMETER, rtas(self->dev, 0, KVM_VINTC_RTAS_INT_ON, SOURCE, 0, 0, NULL));
	must(set_source(self->dev, SOURCE, MSI(0)));
	EXPECT_EQ(RTAS_PARAMETER,
		  rtas(self->dev, 0, KVM_VINTC_RTAS_SET_XIVE, SOURCE, 9999, 5, NULL));
}

GICV2_TEST(accesses_outside_of_the_frames)
{
	static const struct {
		u32 frame, offset, width;
	} wrong[] = {
		{ KVM_VINTC_FRAME_GICD, GICD_SIZE, 4 },
		{ KVM_VINTC_FRAME_GICC, GICC_SIZE, 4 },
		{ KVM_VINTC_FRAME_GICD, GICD_SIZE - 2, 4 },
		{ KVM_VINTC_FRAME_GICC, GICC_SIZE - 4, 8 },
		{ KVM_VINTC_FRAME_GICD, -4u, 4 },
		{ KVM_VINTC_FRAME_GICD, -4u, 8 },
		{ KVM_VINTC_FRAME_GICC + 1, 0, 4 },
		{ -1u, 0, 4 },
		{ KVM_VINTC_FRAME_GICD, 0, 0 },
		{ KVM_VINTC_FRAME_GICD, 0, 3 },
		{ KVM_VINTC_FRAME_GICD, 0, 16 },
		{ KVM_VINTC_FRAME_GICD, 0, -1u },
	};

	for (int i = 0; i < ARRAY_SIZE(wrong); i++)
		for (int write = 0; write < 2; write++) {
			u64 value = 0;

			EXPECT_EQ(-EINVAL, access_frame(self->dev, 0, wrong[i].frame,
							wrong[i].offset, wrong[i].width, write,
							&value)) {
				TH_LOG("case %d", i);
			}
		}
}

XICS_TEST(levels_and_gsis_that_do_not_exist)
{
	must(set_source(self->dev, SOURCE, MSI(0)));
	EXPECT_EQ(-EINVAL, inject(self->dev, SOURCE, 3, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, SOURCE, -1u, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, SOURCE + 1, 1, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, 1u << 24, 1, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, -1u, 1, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, 0, 1, NULL));
	EXPECT_EQ(MSI(0), source_of(self->dev, SOURCE));
}

GICV2_TEST(gsis_beyond_the_gicv2)
{
	EXPECT_EQ(0, inject(self->dev, GIC_SPIS - 1, 1, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, GIC_SPIS, 1, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, -1u, 1, NULL));
	EXPECT_EQ(-EINVAL, inject(self->dev, -32u, 1, NULL));
}

MACHINE_TEST(before_a_gicv2_is_initialised)
{
	int dev = new_device_of(&self->machine, KVM_VINTC_MODEL_GICV2);
	struct image image;
	u64 value = 0;

	EXPECT_EQ(-EAGAIN, inject(dev, 0, 1, NULL));
	EXPECT_EQ(-EAGAIN, access_frame(dev, 0, KVM_VINTC_FRAME_GICD, GICD_CTLR, 4, false, &value));
	EXPECT_EQ(-EAGAIN, set_table(dev, to_pin(1, 1)));
	EXPECT_EQ(-EAGAIN, get_image(dev, 0, 0, &image));
	close(dev);
}

COMMON_TEST_MAIN

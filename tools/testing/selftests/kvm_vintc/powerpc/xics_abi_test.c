// SPDX-License-Identifier: GPL-2.0-only
/* The state of sources and ICPs, and the lines: encodings, and every refusal. */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

/* Sources */

XICS_TEST(sources_read_back)
{
	u32 server = self->peer->server;
	u64 states[] = {
		source_state(server, 5, SOURCE_MSI),
		source_state(server, 0, SOURCE_LEVEL),
		source_state(server, 0xfe, SOURCE_MSI | KVM_XICS_MASKED),
		source_state(server, 5, SOURCE_MSI | KVM_XICS_PRESENTED),
		source_state(server, 5, SOURCE_MSI | KVM_XICS_PRESENTED | KVM_XICS_QUEUED),
		source_state(server, 5, SOURCE_MSI | KVM_XICS_MASKED | KVM_XICS_PENDING |
					KVM_XICS_PRESENTED),
		source_state(server, 5, SOURCE_LEVEL | KVM_XICS_MASKED | KVM_XICS_PENDING |
					KVM_XICS_PRESENTED),
		source_state(12345, 0xff, SOURCE_MSI | KVM_XICS_MASKED),
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++) {
		EXPECT_EQ(0, source_set(&self->vm, 0x1000, states[i]));
		EXPECT_EQ(states[i], source_of(&self->vm, 0x1000));
	}
}

XICS_TEST(sources_that_no_number_names_are_enoent)
{
	static const u64 bad[] = { 0, 2, 15, 0x1000000, 0xffffffff, 1ull << 32 | 16, ~0ull };
	u64 state = source_state(self->cpu->server, 5, SOURCE_MSI);

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-ENOENT, device_set(self->vm.irqchip_fd, KVM_DEV_XICS_GRP_SOURCES,
					      bad[i], &state));
		EXPECT_EQ(-ENOENT, device_get(self->vm.irqchip_fd, KVM_DEV_XICS_GRP_SOURCES,
					      bad[i], &state));
	}
}

XICS_TEST(sources_never_set_are_enoent)
{
	u64 state;

	EXPECT_EQ(-ENOENT, source_get(&self->vm, 0x1000, &state));
	EXPECT_EQ(0, source_set(&self->vm, 0x1000,
				source_state(self->cpu->server, 5, SOURCE_MSI)));
	EXPECT_EQ(-ENOENT, source_get(&self->vm, 0x1001, &state));
	EXPECT_EQ(-ENOENT, source_get(&self->vm, 0xfff, &state));
}

XICS_TEST(sources_refuse_servers_that_nobody_has)
{
	static const u32 nobody[] = { 0, 5, 0xffff, 0x7fffffff, 0xffffffff };
	u64 state;

	for (unsigned int i = 0; i < ARRAY_SIZE(nobody); i++) {
		EXPECT_EQ(-EINVAL, source_set(&self->vm, 0x1000,
					      source_state(nobody[i], 5, SOURCE_MSI)));
		EXPECT_EQ(-EINVAL, source_set(&self->vm, 0x1000,
					      source_state(nobody[i], 5, KVM_XICS_MASKED)));
	}
	EXPECT_EQ(-ENOENT, source_get(&self->vm, 0x1000, &state));
	/* A masked priority excuses it. */
	EXPECT_EQ(0, source_set(&self->vm, 0x1000, source_state(0xffffffff, 0xff, 0)));
}

XICS_TEST(sources_refuse_inconsistent_state_and_keep_theirs)
{
	u32 server = self->cpu->server;
	u64 good = source_state(server, 5, SOURCE_MSI | KVM_XICS_PRESENTED);
	u64 state;

	VINTC_ONLY("in-tree does not look");

	EXPECT_EQ(0, source_set(&self->vm, 0x1000, good));
	for (int bit = 45; bit < 64; bit++)
		EXPECT_EQ(-EINVAL, source_set(&self->vm, 0x1000, good | 1ull << bit));
	EXPECT_EQ(-EINVAL, source_set(&self->vm, 0x1000,
				      source_state(server, 5, KVM_XICS_QUEUED)));
	EXPECT_EQ(-EINVAL, source_set(&self->vm, 0x1000,
				      source_state(server, 5, SOURCE_LEVEL | KVM_XICS_QUEUED |
						   KVM_XICS_PRESENTED)));
	EXPECT_EQ(good, source_of(&self->vm, 0x1000));

	EXPECT_EQ(-EINVAL, source_set(&self->vm, 0x1001, good | 1ull << 63));
	EXPECT_EQ(-ENOENT, source_get(&self->vm, 0x1001, &state));
}

XICS_TEST(sources_in_unreadable_memory_are_efault)
{
	int fd = self->vm.irqchip_fd;
	u64 state = source_state(self->cpu->server, 5, SOURCE_MSI);

	EXPECT_EQ(-EFAULT, device_set(fd, KVM_DEV_XICS_GRP_SOURCES, 0x1000, BAD_ADDRESS));
	EXPECT_EQ(-ENOENT, source_get(&self->vm, 0x1000, &state));
	EXPECT_EQ(0, source_set(&self->vm, 0x1000, state));
	EXPECT_EQ(-EFAULT, device_get(fd, KVM_DEV_XICS_GRP_SOURCES, 0x1000, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_set(fd, KVM_DEV_XICS_GRP_SOURCES, 0x1000, BAD_ADDRESS));
	EXPECT_EQ(state, source_of(&self->vm, 0x1000));
}

/* ONE_REG */

static int device_reg(struct vm *vm, unsigned long request, u64 id, void *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return xioctl(vm->irqchip_fd, request, &reg);
}

static int device_set_icp(struct vm *vm, u32 server, u64 state)
{
	return device_reg(vm, KVM_SET_ONE_REG, KVM_VINTC_REG_ICP(server), &state);
}

static u64 device_icp(struct vm *vm, u32 server)
{
	u64 state = ~0ull;

	must(device_reg(vm, KVM_GET_ONE_REG, KVM_VINTC_REG_ICP(server), &state));
	return state;
}

/* Inconsistent, however the sources are, but for source 0x1000 which is set. */
static const u64 bad_icp_states[] = {
	0xff000000ff000000ull,		/* XISR 0, pending priority 0 */
	0xff000000fffe0000ull,		/* ... 0xfe */
	0x05000002050500ffull & ~0xffffull,	/* IPI, pending not below CPPR */
	0xff000002ffff0000ull,		/* IPI, pending 0xff */
	0xff00000204050000ull,		/* IPI, pending less favoured than MFRR */
	0x05001000ff050000ull,		/* source, pending not below CPPR */
	0xff00100005050000ull,		/* source, pending not below MFRR */
	0xff00100004050000ull,
	0xff001001ff050000ull,		/* no such source */
	0xffffffffff050000ull,
	0xff000001ff050000ull,		/* numbers that are no sources */
	0xff000003ff050000ull,
	0xff00000fff050000ull,
};

XICS_TEST(icp_registers_are_one_state_on_both_descriptors)
{
	u32 server = self->cpu->server;
	u64 state = icp_state(0x80, XISR_IPI, 5, 5);

	VINTC_ONLY("in-tree has no registers on the device");

	EXPECT_EQ(ICP_OPEN, device_icp(&self->vm, server));
	EXPECT_EQ(0, device_set_icp(&self->vm, server, state));
	EXPECT_EQ(state, device_icp(&self->vm, server));
	EXPECT_EQ(state, icp_of(self->cpu));
	EXPECT_EQ(ICP_OPEN, icp_of(self->peer));
	EXPECT_TRUE(line_is_up(self->cpu));
	EXPECT_EQ(0, icp_set(self->cpu, ICP_OPEN));
	EXPECT_EQ(ICP_OPEN, device_icp(&self->vm, server));
	EXPECT_FALSE(line_is_up(self->cpu));
}

XICS_TEST(icp_registers_that_do_not_exist_are_enoent)
{
	u64 icp = KVM_VINTC_REG_ICP(self->cpu->server);
	u64 unknown[] = {
		KVM_VINTC_REG_ICP(0), KVM_VINTC_REG_ICP(self->cpu->server + 1),
		KVM_VINTC_REG_ICP(0xffff), 0, ~0ull, KVM_REG_PPC_DAR,
		icp ^ KVM_REG_PPC ^ KVM_REG_ARM64, icp ^ KVM_REG_SIZE_U64 ^ KVM_REG_SIZE_U32,
		icp ^ 1, icp | 1ull << 16, icp | 1ull << 48,
	};
	u64 state = ICP_OPEN;

	VINTC_ONLY("in-tree has no registers on the device");

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(-ENOENT, device_reg(&self->vm, KVM_GET_ONE_REG, unknown[i], &state)) {
			TH_LOG("register %#lx", unknown[i]);
		}
		EXPECT_EQ(-ENOENT, device_reg(&self->vm, KVM_SET_ONE_REG, unknown[i], &state));
	}
}

XICS_TEST(icp_registers_refuse_inconsistent_state)
{
	u32 server = self->cpu->server;

	VINTC_ONLY("in-tree takes some of these");

	must(source_set(&self->vm, 0x1000, source_state(server, 5, SOURCE_MSI)));
	for (unsigned int i = 0; i < ARRAY_SIZE(bad_icp_states); i++) {
		EXPECT_EQ(-EINVAL, device_set_icp(&self->vm, server, bad_icp_states[i])) {
			TH_LOG("state %016lx", bad_icp_states[i]);
		}
		/* KVM itself would take EINVAL for "no such register" there. */
		EXPECT_EQ(-ERANGE, icp_set(self->cpu, bad_icp_states[i]));
	}
	for (int bit = 0; bit < 16; bit++)
		EXPECT_EQ(-EINVAL, device_set_icp(&self->vm, server, ICP_OPEN | 1ull << bit));
	EXPECT_EQ(-EFAULT, device_reg(&self->vm, KVM_SET_ONE_REG, KVM_VINTC_REG_ICP(server),
				      BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_reg(&self->vm, KVM_GET_ONE_REG, KVM_VINTC_REG_ICP(server),
				      BAD_ADDRESS));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(icp_registers_take_every_consistent_state)
{
	static const u64 states[] = {
		0x00000000ffff0000ull, 0xff000000ffff0000ull, 0xff00000000ff0000ull,
		0x01000002000000ffull & ~0xffffull, 0xff000002fefe0000ull,
		0xff001000ff050000ull, 0x06001000ff050000ull, 0xff00100006050000ull,
		0xff001000fffe0000ull, 0xff00100001000000ull,
	};

	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++) {
		EXPECT_EQ(0, icp_set(self->cpu, states[i])) {
			TH_LOG("state %016lx", states[i]);
		}
		EXPECT_EQ(states[i], icp_of(self->cpu));
	}
}

XICS_TEST(icp_register_of_a_running_vcpu_is_ebusy)
{
	u32 server = self->cpu->server;

	VINTC_ONLY("in-tree has no registers on the device");

	must(source_set(&self->vm, 0x1000, source_state(server, 5, SOURCE_MSI)));
	vcpu_start(self->cpu, OP_SERVE, 0x1000);
	EXPECT_TRUE(wait_for(device_set_icp(&self->vm, server, ICP_OPEN) == -EBUSY));
	EXPECT_EQ(ICP_OPEN, device_icp(&self->vm, server));
	/* Nor that of the other one, which is at rest: the state is one. */
	EXPECT_EQ(-EBUSY, device_set_icp(&self->vm, self->peer->server, ICP_OPEN));
	raise_source(&self->vm, 0x1000);
	vcpu_join(self->cpu);
	EXPECT_EQ(0, device_set_icp(&self->vm, self->peer->server, ICP_OPEN));
	EXPECT_EQ(0, device_set_icp(&self->vm, server, ICP_OPEN));
}

/* KVM_IRQ_LINE */

XICS_TEST(line_of_an_unknown_source_is_einval)
{
	static const u32 unknown[] = { 0, 2, 15, 16, 0x1001, 0xffffff, 0x1000000, 0x1001000,
				       0xffffffff };
	int status;

	VINTC_ONLY("in-tree answers 0, and status -1");

	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_MSI)));
	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(-EINVAL, irq_line(&self->vm, unknown[i], 1));
		EXPECT_EQ(-EINVAL, irq_line(&self->vm, unknown[i], 0));
		EXPECT_EQ(-EINVAL, irq_line_status(&self->vm, unknown[i], 1, &status));
	}
	EXPECT_EQ(-EFAULT, xioctl(self->vm.irqchip_fd, KVM_IRQ_LINE, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, xioctl(self->vm.irqchip_fd, KVM_IRQ_LINE_STATUS, BAD_ADDRESS));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

XICS_TEST(line_status_tells_what_became_of_it)
{
	u32 server = self->cpu->server;
	int status = 0;

	VINTC_ONLY("in-tree always answers 0");

	must(source_set(&self->vm, 0x1000, source_state(server, 5, SOURCE_MSI)));
	EXPECT_EQ(0, irq_line_status(&self->vm, 0x1000, 1, &status));
	EXPECT_GT(status, 0);
	EXPECT_EQ(0, irq_line_status(&self->vm, 0x1000, 1, &status));
	EXPECT_EQ(0, status);

	must(source_set(&self->vm, 0x1001, source_state(server, 5, KVM_XICS_MASKED)));
	EXPECT_EQ(0, irq_line_status(&self->vm, 0x1001, 1, &status));
	EXPECT_LT(status, 0);

	must(source_set(&self->vm, 0x1002, source_state(server, 4, SOURCE_LEVEL)));
	EXPECT_EQ(0, irq_line_status(&self->vm, 0x1002, 1, &status));
	EXPECT_GT(status, 0);
	EXPECT_EQ(0, irq_line_status(&self->vm, 0x1002, 1, &status));
	EXPECT_EQ(0, status);
}

XICS_TEST(line_level_is_zero_or_not)
{
	must(source_set(&self->vm, 0x1000, source_state(self->cpu->server, 5, SOURCE_LEVEL)));
	must(irq_line(&self->vm, 0x1000, 7));
	EXPECT_EQ(xirr(0xff, 0x1000), h_xirr(self->cpu));
	must(irq_line(&self->vm, 0x1000, 0));
	h_eoi(self->cpu, xirr(0xff, 0x1000));
	EXPECT_EQ(ICP_OPEN, icp_of(self->cpu));
}

TEST_HARNESS_MAIN

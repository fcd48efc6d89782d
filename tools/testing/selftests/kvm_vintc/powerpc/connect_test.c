// SPDX-License-Identifier: GPL-2.0-only
/* Connecting vCPUs to server numbers, and every refusal. */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

#define ABSENT_VCPU	1	/* the device fixture has vCPU 0 only */

static int connect_vcpu(int fd, u64 id, u32 server)
{
	return device_set(fd, KVM_VINTC_GRP_VCPU, id, &server);
}

static int server_of_vcpu(int fd, u64 id)
{
	u32 server;
	int error = device_get(fd, KVM_VINTC_GRP_VCPU, id, &server);

	return error ? error : (int)server;
}

DEVICE_TEST(connect)
{
	EXPECT_EQ(-ENOENT, server_of_vcpu(self->fd, 0));
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, 77));
	EXPECT_EQ(77, server_of_vcpu(self->fd, 0));
	EXPECT_EQ(ICP_RESET, icp_of(&self->vm.cpu[0]));
}

/* hazard 10: ids from userspace. */
DEVICE_TEST(hazard10_connect_of_absent_vcpus_is_enoent)
{
	u64 max = must(kvm_check(KVM_CAP_MAX_VCPU_ID));
	u64 ids[] = { ABSENT_VCPU, max - 1, max, max + 1, 0x7fffffff, 0x80000000,
		      0xffffffff, 1ull << 32, ~0ull };

	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		EXPECT_EQ(-ENOENT, connect_vcpu(self->fd, ids[i], 4)) {
			TH_LOG("id %#lx", ids[i]);
		}
		EXPECT_EQ(-ENOENT, server_of_vcpu(self->fd, ids[i]));
	}
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, 4));
}

DEVICE_TEST(hazard10_connect_twice_is_ebusy)
{
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, 4));
	EXPECT_EQ(-EBUSY, connect_vcpu(self->fd, 0, 4));
	EXPECT_EQ(-EBUSY, connect_vcpu(self->fd, 0, 5));
	EXPECT_EQ(4, server_of_vcpu(self->fd, 0));
}

DEVICE_TEST(connect_to_a_taken_server_is_eexist)
{
	vm_add_vcpu(&self->vm, 1);
	self->vm.cpus = 2;
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, 4));
	EXPECT_EQ(-EEXIST, connect_vcpu(self->fd, 1, 4));
	EXPECT_EQ(-ENOENT, server_of_vcpu(self->fd, 1));
	EXPECT_EQ(0, connect_vcpu(self->fd, 1, 0));
	EXPECT_EQ(0, server_of_vcpu(self->fd, 1));
}

DEVICE_TEST(connect_to_a_server_out_of_range_is_einval)
{
	u32 max = must(kvm_check(KVM_CAP_MAX_VCPU_ID));
	u32 servers[] = { max, max + 1, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff };

	for (unsigned int i = 0; i < ARRAY_SIZE(servers); i++)
		EXPECT_EQ(-EINVAL, connect_vcpu(self->fd, 0, servers[i]));
	EXPECT_EQ(-ENOENT, server_of_vcpu(self->fd, 0));
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, max - 1));
	EXPECT_EQ(max - 1, server_of_vcpu(self->fd, 0));
}

DEVICE_TEST(connect_with_unreadable_memory_is_efault)
{
	EXPECT_EQ(-EFAULT, device_set(self->fd, KVM_VINTC_GRP_VCPU, 0, BAD_ADDRESS));
	EXPECT_EQ(-ENOENT, server_of_vcpu(self->fd, 0));
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, 4));
	EXPECT_EQ(-EFAULT, device_get(self->fd, KVM_VINTC_GRP_VCPU, 0, BAD_ADDRESS));
}

DEVICE_TEST(vcpus_can_come_after_the_device)
{
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, server_of(0)));
	vm_add_vcpu(&self->vm, 1);
	self->vm.cpus = 2;
	EXPECT_EQ(0, connect_vcpu(self->fd, 1, server_of(1)));
	h_cppr(&self->vm.cpu[1], 0xff);
	h_ipi(&self->vm.cpu[0], server_of(1), 5);
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(&self->vm.cpu[1]));
}

DEVICE_TEST(icp_register_of_an_unconnected_vcpu_is_enxio)
{
	u64 state;

	EXPECT_EQ(-ENXIO, icp_get(&self->vm.cpu[0], &state));
	EXPECT_EQ(-ENXIO, icp_set(&self->vm.cpu[0], ICP_OPEN));
}

/* KVM_DEV_XICS_GRP_CTRL */

static int set_nr_servers(int fd, u32 number)
{
	return device_set(fd, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, &number);
}

DEVICE_TEST(nr_servers_bounds_the_server_numbers)
{
	EXPECT_EQ(0, set_nr_servers(self->fd, 10));
	EXPECT_EQ(-EINVAL, connect_vcpu(self->fd, 0, 10));
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, 9));
}

DEVICE_TEST(nr_servers_refuses)
{
	u32 max = must(kvm_check(KVM_CAP_MAX_VCPU_ID));

	EXPECT_EQ(0, set_nr_servers(self->fd, 10));
	EXPECT_EQ(-EINVAL, set_nr_servers(self->fd, 0));
	EXPECT_EQ(-EINVAL, set_nr_servers(self->fd, max + 1));
	EXPECT_EQ(-EINVAL, set_nr_servers(self->fd, 0xffffffff));
	EXPECT_EQ(-EFAULT, device_set(self->fd, KVM_DEV_XICS_GRP_CTRL,
				      KVM_DEV_XICS_NR_SERVERS, BAD_ADDRESS));
	EXPECT_EQ(-EINVAL, connect_vcpu(self->fd, 0, 10));

	EXPECT_EQ(0, set_nr_servers(self->fd, max));
	EXPECT_EQ(0, connect_vcpu(self->fd, 0, max - 1));
	EXPECT_EQ(-EBUSY, set_nr_servers(self->fd, max));
	EXPECT_EQ(-EBUSY, set_nr_servers(self->fd, 10));
}

VINTC_ONLY_MAIN

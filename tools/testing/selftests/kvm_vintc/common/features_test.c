// SPDX-License-Identifier: GPL-2.0-only
/* What a device says of itself: features, commands, counters, connected vCPUs. */
#include "common/lib/test.h"

#define SOURCE	0x1000u

static void has_no_features(struct __test_metadata *_metadata, int dev)
{
	u64 value = -1ull;

	EXPECT_EQ(0, device_has(dev, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_SUPPORTED));
	EXPECT_EQ(0, device_has(dev, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_ENABLED));
	EXPECT_EQ(0, device_get(dev, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_SUPPORTED,
				&value));
	EXPECT_EQ(0, value);
	value = -1ull;
	EXPECT_EQ(0, device_get(dev, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_ENABLED, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, device_set(dev, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_ENABLED, &value));
}

XICS_TEST(no_feature_of_a_xics_is_on)
{
	has_no_features(_metadata, self->dev);
}

GICV2_TEST(no_feature_of_a_gicv2_is_on)
{
	has_no_features(_metadata, self->dev);
}

XICS_TEST(features_that_are_not_supported_cannot_be_enabled)
{
	for (int bit = 0; bit < 64; bit++) {
		u64 value = 1ull << bit;

		EXPECT_EQ(-EINVAL, device_set(self->dev, KVM_VINTC_GRP_FEATURES,
					      KVM_VINTC_FEATURES_ENABLED, &value));
		value = -1ull;
		must(device_get(self->dev, KVM_VINTC_GRP_FEATURES, KVM_VINTC_FEATURES_ENABLED,
				&value));
		EXPECT_EQ(0, value);
	}
}

XICS_TEST(bad_arguments_of_the_features)
{
	u64 value = 0;

	EXPECT_EQ(-EPERM, device_set(self->dev, KVM_VINTC_GRP_FEATURES,
				     KVM_VINTC_FEATURES_SUPPORTED, &value));
	EXPECT_EQ(-EFAULT, device_set(self->dev, KVM_VINTC_GRP_FEATURES,
				      KVM_VINTC_FEATURES_ENABLED, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_get(self->dev, KVM_VINTC_GRP_FEATURES,
				      KVM_VINTC_FEATURES_ENABLED, BAD_ADDRESS));
	EXPECT_EQ(-EFAULT, device_get(self->dev, KVM_VINTC_GRP_FEATURES,
				      KVM_VINTC_FEATURES_SUPPORTED, BAD_ADDRESS));
	for (u64 other = 2; other; other <<= 7) {
		EXPECT_EQ(-ENXIO, device_has(self->dev, KVM_VINTC_GRP_FEATURES, other));
		EXPECT_EQ(-ENXIO, device_get(self->dev, KVM_VINTC_GRP_FEATURES, other, &value));
		EXPECT_EQ(-ENXIO, device_set(self->dev, KVM_VINTC_GRP_FEATURES, other, &value));
	}
}

/* ---- commands ---- */

static void has_commands(struct __test_metadata *_metadata, int dev, u32 mask)
{
	u64 value = 0;

	for (u32 number = 0; number < 64; number++) {
		int expected = number < 32 && mask >> number & 1 ? 0 : -ENXIO;

		EXPECT_EQ(expected, device_has(dev, KVM_VINTC_GRP_COMMANDS, number)) {
			TH_LOG("command %u", number);
		}
	}
	EXPECT_EQ(-ENXIO, device_has(dev, KVM_VINTC_GRP_COMMANDS, 1ull << 32));
	EXPECT_EQ(-EPERM, device_get(dev, KVM_VINTC_GRP_COMMANDS, KVM_VINTC_CMD_RESET, &value));
	EXPECT_EQ(-EPERM, device_set(dev, KVM_VINTC_GRP_COMMANDS, KVM_VINTC_CMD_RESET, &value));
}

#define COMMANDS_OF_ALL	(1u << KVM_VINTC_CMD_RESET | 1u << KVM_VINTC_CMD_INJECT |	\
			 1u << KVM_VINTC_CMD_LINE | 1u << KVM_VINTC_CMD_LINE_FD)

XICS_TEST(commands_of_a_xics)
{
	has_commands(_metadata, self->dev, COMMANDS_OF_ALL | 1u << KVM_VINTC_CMD_HYPERCALL |
		     1u << KVM_VINTC_CMD_RTAS);
}

GICV2_TEST(commands_of_a_gicv2)
{
	has_commands(_metadata, self->dev, COMMANDS_OF_ALL | 1u << KVM_VINTC_CMD_ACCESS);
}

/* ---- counters ---- */

static u64 count(int dev, u64 counter)
{
	u64 value = -1ull;

	must(device_get(dev, KVM_VINTC_GRP_COUNTERS, counter, &value));
	return value;
}

XICS_TEST(counters_count)
{
	int fd = new_eventfd();
	u64 value = 0;

	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(assign_to(self->dev, fd, SOURCE));
	must(device_line(self->dev, SOURCE, 1));
	EXPECT_EQ(1, count(self->dev, KVM_VINTC_COUNT_LINE));
	signal_event(fd);
	EXPECT_SOON(count(self->dev, KVM_VINTC_COUNT_IRQFD) == 1);
	value = count(self->dev, KVM_VINTC_COUNT_HYPERCALL);
	h_xirr(self->dev, 0);
	EXPECT_EQ(value + 1, count(self->dev, KVM_VINTC_COUNT_HYPERCALL));
	rtas(self->dev, 0, KVM_VINTC_RTAS_INT_OFF, SOURCE, 0, 0, NULL);
	EXPECT_EQ(1, count(self->dev, KVM_VINTC_COUNT_RTAS));
	EXPECT_EQ(-EPERM, device_set(self->dev, KVM_VINTC_GRP_COUNTERS, 0, &value));
	EXPECT_EQ(-ENXIO, device_get(self->dev, KVM_VINTC_GRP_COUNTERS, KVM_VINTC_COUNTERS,
				     &value));
	close(fd);
}

GICV2_TEST(counters_of_a_gicv2)
{
	u64 before = count(self->dev, KVM_VINTC_COUNT_MMIO);

	gicd_read(self->dev, 0, GICD_TYPER);
	EXPECT_EQ(before + 1, count(self->dev, KVM_VINTC_COUNT_MMIO));
}

/* ---- vCPUs ---- */

MACHINE_TEST(connecting)
{
	int dev = new_device(&self->machine);
	u32 number = 0, limit = 16;

	must(choose(dev, KVM_VINTC_MODEL_XICS));
	must(device_set(dev, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS, &limit));
	EXPECT_EQ(-ENOENT, device_get(dev, KVM_VINTC_GRP_VCPU, 0, &number));
	EXPECT_EQ(-ENOENT, connect_cpu(dev, 5, 1));
	EXPECT_EQ(-EINVAL, connect_cpu(dev, 0, limit));
	EXPECT_EQ(-EFAULT, device_set(dev, KVM_VINTC_GRP_VCPU, 0, BAD_ADDRESS));
	EXPECT_EQ(0, connect_cpu(dev, 0, 3));
	EXPECT_EQ(-EBUSY, connect_cpu(dev, 0, 3));
	EXPECT_EQ(-EBUSY, connect_cpu(dev, 0, 4));
	EXPECT_EQ(-EEXIST, connect_cpu(dev, 1, 3));
	EXPECT_EQ(0, device_get(dev, KVM_VINTC_GRP_VCPU, 0, &number));
	EXPECT_EQ(3, number);
	EXPECT_EQ(-EFAULT, device_get(dev, KVM_VINTC_GRP_VCPU, 0, BAD_ADDRESS));
	EXPECT_EQ(-EBUSY, device_set(dev, KVM_DEV_XICS_GRP_CTRL, KVM_DEV_XICS_NR_SERVERS,
				     &limit));
	close(dev);
}

MACHINE_TEST(connecting_to_a_gicv2)
{
	int dev = new_device(&self->machine);
	u32 number = 0;

	must(choose(dev, KVM_VINTC_MODEL_GICV2));
	EXPECT_EQ(-EINVAL, connect_cpu(dev, 0, 8));
	EXPECT_EQ(0, connect_cpu(dev, 0, 7));
	EXPECT_EQ(-EEXIST, connect_cpu(dev, 1, 7));
	/* The other has the number of its creation. */
	EXPECT_EQ(0, init_gicv2(dev));
	EXPECT_EQ(0, device_get(dev, KVM_VINTC_GRP_VCPU, 1, &number));
	EXPECT_EQ(1, number);
	machine_add_cpu(&self->machine);
	EXPECT_EQ(-EBUSY, connect_cpu(dev, 2, 2));
	close(dev);
}

/* A vCPU that came after the model was chosen, and one of several devices. */
MACHINE_TEST(late_and_shared_vcpus)
{
	int one = new_xics(&self->machine), other = new_xics(&self->machine);

	machine_add_cpu(&self->machine);
	EXPECT_EQ(0, connect_cpu(one, 2, 300));
	EXPECT_EQ(0, connect_cpu(other, 2, 301));
	h_ipi(one, 0, 300, 5);
	h_cppr(one, 2, 0xff);
	h_cppr(other, 2, 0xff);
	EXPECT_EQ(KVM_VINTC_LINE_IRQ, lines_of(one, 2));
	EXPECT_EQ(0, lines_of(other, 2));
	close(other);
	close(one);
}

COMMON_TEST_MAIN

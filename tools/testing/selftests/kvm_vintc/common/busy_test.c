// SPDX-License-Identifier: GPL-2.0-only
/* What a device does while a vCPU of its own is inside an ioctl. */
#include "common/lib/busy.h"
#include "common/lib/test.h"
#include "common/lib/threads.h"

#define SOURCE	0x1000u

#define BUSY_OR_SKIP(busy, index)					\
do {									\
	if (!busy_begin(busy, self->machine.cpu[index]))			\
		SKIP(return, "this kernel has no userfaultfd");		\
} while (0)

XICS_TEST(there_is_no_snapshot)
{
	struct image before = image_of(self->dev), image;
	struct busy busy;
	u64 value;

	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	image_free(&before);
	before = image_of(self->dev);
	for (int cpu = 0; cpu < 2; cpu++) {
		BUSY_OR_SKIP(&busy, cpu);
		EXPECT_EQ(-EBUSY, get_image(self->dev, 0, 0, &image));
		EXPECT_EQ(-EBUSY, set_image(self->dev, &before));
		EXPECT_EQ(-EBUSY, set_reg(self->dev, KVM_VINTC_REG_ICP(server_of(cpu)),
					  ICP_RESET));
		EXPECT_EQ(-EBUSY, set_reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE),
					  reg(self->dev, KVM_VINTC_REG_SOURCE(SOURCE))));
		EXPECT_EQ(-EBUSY, reset(self->dev, KVM_VINTC_RESET_MODEL));
		/* Looking at one register needs nobody to stand still. */
		EXPECT_EQ(0, get_reg(self->dev, KVM_VINTC_REG_ICP(server_of(cpu)), &value));
		busy_end(&busy);
		EXPECT_TRUE(is_in_state(self->dev, &before));
	}
	image_free(&before);
}

GICV2_TEST(there_is_no_snapshot)
{
	struct image before = image_of(self->dev), image;
	struct busy busy;

	BUSY_OR_SKIP(&busy, 1);
	EXPECT_EQ(-EBUSY, get_image(self->dev, 0, 0, &image));
	EXPECT_EQ(-EBUSY, set_image(self->dev, &before));
	EXPECT_EQ(-EBUSY, set_reg(self->dev, KVM_VINTC_REG_GIC_CPU(1),
				  reg(self->dev, KVM_VINTC_REG_GIC_CPU(1))));
	busy_end(&busy);
	EXPECT_TRUE(is_in_state(self->dev, &before));
	image_free(&before);
}

/* A vCPU that is not connected is none of ours. */
XICS_TEST(a_stranger_does_not_matter)
{
	struct image image;
	struct busy busy;

	machine_add_cpu(&self->machine);
	BUSY_OR_SKIP(&busy, 2);
	EXPECT_EQ(0, get_image(self->dev, 0, 0, &image));
	EXPECT_EQ(0, set_image(self->dev, &image));
	EXPECT_EQ(0, reset(self->dev, 0));
	EXPECT_EQ(0, reset(self->dev, KVM_VINTC_RESET_MODEL));
	busy_end(&busy);
	image_free(&image);
}

/* Interrupts and resets do not wait for it. */
XICS_TEST(what_is_not_the_vcpus_goes_on)
{
	int fd = new_line_fd(self->dev, 0);
	struct busy busy;

	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	BUSY_OR_SKIP(&busy, 0);
	pulse(self->dev, SOURCE);
	EXPECT_TRUE(can_be_read(fd));
	EXPECT_EQ(0, set_table(self->dev, to_pin(1, SOURCE)));
	h_ipi(self->dev, 1, server_of(0), 3);
	EXPECT_EQ(0, reset(self->dev, 0));
	EXPECT_EQ(ICP_RESET, reg(self->dev, KVM_VINTC_REG_ICP(server_of(0))));
	busy_end(&busy);
	EXPECT_EQ(0, lines_of(self->dev, 0));
	close(fd);
}

struct asker {
	int dev;
	volatile bool begun;
	s64 status;
	u32 lines;
};

static void *ask_h_ipi(void *argument)
{
	struct asker *asker = argument;
	struct kvm_vintc_command answer;

	asker->begun = true;
	must(hypercall(asker->dev, 0, H_IPI, server_of(0), 4, &answer));
	asker->status = answer.hypercall.status;
	asker->lines = answer.lines;
	return NULL;
}

XICS_TEST(its_commands_wait)
{
	struct asker asker = { .dev = self->dev, .status = 77 };
	struct busy busy;
	pthread_t thread;

	BUSY_OR_SKIP(&busy, 0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, ask_h_ipi, &asker));
	EXPECT_TRUE(wait_for(asker.begun));
	/* Reset does not wait for who waits: the call comes after it, as a whole. */
	EXPECT_EQ(0, reset(self->dev, 0));
	usleep(20000);
	EXPECT_EQ(77, asker.status);
	EXPECT_EQ(ICP_RESET, reg(self->dev, KVM_VINTC_REG_ICP(server_of(0))));
	busy_end(&busy);
	pthread_join(thread, NULL);
	EXPECT_EQ(H_SUCCESS, asker.status);
	EXPECT_EQ(0, asker.lines);
	EXPECT_EQ(icp_state(0, 0, 4, 0xff), reg(self->dev, KVM_VINTC_REG_ICP(server_of(0))));
}

COMMON_TEST_MAIN

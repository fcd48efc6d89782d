// SPDX-License-Identifier: GPL-2.0-only
/* Devices, eventfds, vCPUs and VMs that end in any order, with all that hangs on them. */
#include <signal.h>
#include <sys/wait.h>

#include "common/lib/test.h"
#include "common/lib/threads.h"
#include "lib/module.h"

#define SOURCE		0x1000u
#define PERMUTATIONS	10	/* of those possible; they are taken at equal distances */

/* All that there is: two devices, one leading to the other, irqfds, lines, held levels. */
struct everything {
	struct machine machine;
	int front, behind;
	int line, other_line;
	int fd, resample_fd, ended, cascade_fd;
};

static void build(struct everything *e)
{
	machine_create(&e->machine, 2);
	e->front = new_xics(&e->machine);
	e->behind = new_gicv2(&e->machine);
	e->line = new_line_fd(e->front, 0);
	e->other_line = new_line_fd(e->behind, 1);
	e->fd = new_eventfd();
	e->resample_fd = new_eventfd();
	e->ended = new_eventfd();
	e->cascade_fd = new_eventfd();
	for (u32 i = 0; i < 2; i++)
		must(set_source(e->front, SOURCE + i, source_state(server_of(0), 5, SOURCE_LEVEL)));
	enable_spi(e->behind, 1, 40, 0x20, false);
	must(set_table(e->front, to_pin(1, SOURCE), to_pin(2, SOURCE + 1),
		       to_device(3, e->behind, 8)));
	must(assign_to(e->front, e->fd, 1));
	must(assign_resample(e->front, e->resample_fd, 2, e->ended));
	must(assign_resample(e->front, e->cascade_fd, 3, e->ended));
	must(assign_to(e->behind, e->line, 9));
	signal_event(e->resample_fd);
	signal_event(e->cascade_fd);
	must(device_line(e->front, 1, 1));
}

static int *descriptor(struct everything *e, int i)
{
	int *const all[] = {
		&e->front, &e->behind, &e->line, &e->other_line, &e->fd, &e->resample_fd,
		&e->ended, &e->cascade_fd, &e->machine.fd, &e->machine.cpu[0],
		&e->machine.cpu[1],
	};

	return i < ARRAY_SIZE(all) ? all[i] : NULL;
}

/* What still can be signalled is, each time that something has gone. */
static void signal_what_is_left(struct everything *e)
{
	int *const fds[] = { &e->fd, &e->resample_fd, &e->cascade_fd };

	for (int i = 0; i < ARRAY_SIZE(fds); i++)
		if (*fds[i] >= 0)
			signal_event(*fds[i]);
}

static void tear_down(struct everything *e, struct random *order)
{
	int left[16], count = 0;

	while (descriptor(e, count)) {
		left[count] = count;
		count++;
	}
	while (count) {
		int pick = random_below(order, count);

		machine_close(descriptor(e, left[pick]));
		left[pick] = left[--count];
		signal_what_is_left(e);
	}
}

PLAIN_TEST(closed_in_any_order)
{
	struct random order;

	random_seed(&order, 2026);
	for (u64 i = 0; i < soak(PERMUTATIONS); i++) {
		struct everything e;

		build(&e);
		tear_down(&e, &order);
	}
}

/* Each of them first, or last. */
PLAIN_TEST(each_first_and_each_last)
{
	struct everything e;

	for (int which = 0; ; which++) {
		build(&e);
		if (!descriptor(&e, which))
			break;
		machine_close(descriptor(&e, which));
		signal_what_is_left(&e);
		for (int i = 0; descriptor(&e, i); i++)
			machine_close(descriptor(&e, i));

		build(&e);
		for (int i = 0; descriptor(&e, i); i++)
			if (i != which)
				machine_close(descriptor(&e, i));
		signal_what_is_left(&e);
		machine_close(descriptor(&e, which));
	}
	for (int i = 0; descriptor(&e, i); i++)
		machine_close(descriptor(&e, i));
}

/* ---- while it is used ---- */

static void signal_it(struct hammer *h)
{
	signal_event(h->fd);
}

static void look_at_lines(struct hammer *h)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE };

	xioctl(h->dev, KVM_VINTC_COMMAND, &c);
}

PLAIN_TEST(the_vm_ends_under_fire)
{
	for (u64 i = 0; i < soak(4); i++) {
		struct everything e;
		struct hammer hammers[3];

		build(&e);
		/* With descriptors of their own, so that no other file takes their number. */
		hammers[0] = (struct hammer){ .strike = signal_it, .fd = dup(e.fd) };
		hammers[1] = (struct hammer){ .strike = signal_it, .fd = dup(e.resample_fd) };
		hammers[2] = (struct hammer){ .strike = signal_it, .fd = dup(e.cascade_fd) };
		hammers_start(hammers, ARRAY_SIZE(hammers));
		EXPECT_TRUE(wait_briefly(hammers[2].strikes > 5));
		for (int d = 0; descriptor(&e, d); d++)
			machine_close(descriptor(&e, d));
		EXPECT_TRUE(wait_briefly(hammers[2].strikes > 50));
		hammers_stop(hammers, ARRAY_SIZE(hammers));
		for (int h = 0; h < ARRAY_SIZE(hammers); h++)
			close(hammers[h].fd);
	}
}

PLAIN_TEST(the_device_is_closed_inside_a_command)
{
	for (u64 i = 0; i < soak(4); i++) {
		struct everything e;
		struct hammer hammer;

		build(&e);
		hammer = (struct hammer){ .strike = look_at_lines, .dev = e.front };
		hammer_start(&hammer);
		EXPECT_TRUE(wait_briefly(hammer.strikes > 5));
		machine_close(&e.front);
		hammer_stop(&hammer);
		for (int d = 0; descriptor(&e, d); d++)
			machine_close(descriptor(&e, d));
	}
}

/* kill -9 of the VMM, with everything alive. */
PLAIN_TEST(the_vmm_is_killed)
{
	for (u64 i = 0; i < soak(2); i++) {
		pid_t pid = must(neg_errno(fork()));

		if (!pid) {
			struct everything e;

			build(&e);
			for (;;)
				signal_what_is_left(&e);
		}
		usleep(30000);
		must(neg_errno(kill(pid, SIGKILL)));
		must(neg_errno(waitpid(pid, NULL, 0)));
	}
}

/* ---- vCPUs ---- */

MACHINE_TEST(a_vcpus_descriptor_is_closed_and_the_vcpu_stays)
{
	int dev = new_xics(&self->machine), line = new_line_fd(dev, 1);

	machine_close(&self->machine.cpu[1]);
	h_ipi(dev, 0, server_of(1), 4);
	EXPECT_TRUE(can_be_read(line));
	EXPECT_EQ(xirr(0xff, XISR_IPI), h_xirr(dev, 1));
	close(line);
	close(dev);
}

/* ---- the module ---- */

PLAIN_TEST(the_module_stays_while_a_device_lives)
{
	int before = module_references(), dev, copy;
	struct machine machine;

	ASSERT_LE(0, before);
	machine_create(&machine, 1);
	dev = new_device(&machine);
	EXPECT_LT(before, module_references());
	EXPECT_NE(0, module_unload());
	must(choose(dev, KVM_VINTC_MODEL_XICS));
	EXPECT_NE(0, module_unload());
	/* Without model, and without descriptor, it is still the VM's. */
	must(reset(dev, KVM_VINTC_RESET_MODEL));
	EXPECT_NE(0, module_unload());
	copy = dup(machine.fd);
	close(dev);
	machine_destroy(&machine);
	EXPECT_NE(0, module_unload());
	close(copy);
	EXPECT_TRUE(wait_for(module_references() == before));
}

COMMON_TEST_MAIN

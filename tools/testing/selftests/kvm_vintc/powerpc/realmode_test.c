// SPDX-License-Identifier: GPL-2.0-only
/*
 * POWER8's real mode: it is really used; with it and without it a guest sees the same,
 * also while it comes and goes; and in-tree XICS does not notice it.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/realmode.h"
#include "lib/stream.h"
#include "lib/test.h"

/* As it was, whatever the test before did. */
FIXTURE(realmode) {
	bool was_wanted;
};
FIXTURE_SETUP(realmode)
{
	self->was_wanted = realmode_is_wanted();
	realmode_want(true);
	ASSERT_TRUE(realmode_is_on());
}
FIXTURE_TEARDOWN(realmode)
{
	realmode_want(self->was_wanted);
}
#define REALMODE_TEST(name)	TEST_F_TIMEOUT(realmode, name, TIMEOUT)

/*
 * A hypercall of a test leaves the guest once, when it is done; and before that if virtual
 * mode has a part in it. The host may have its own reasons to interrupt some.
 */
#define WAS_ALL_REAL_MODE(cpu, hypercall)				\
({									\
	u64 before_ = vcpu_exits(cpu);					\
									\
	hypercall;							\
	vcpu_exits(cpu) == before_ + 1;					\
})

static int count_real_mode(struct vcpu *cpu, int hypercalls)
{
	int count = 0;

	for (int i = 0; i < hypercalls; i++)
		count += WAS_ALL_REAL_MODE(cpu, h_cppr(cpu, i % 2 ? 5 : 0xff));
	return count;
}

REALMODE_TEST(hypercalls_do_not_leave_the_guest)
{
	const int hypercalls = 200;
	struct vm vm;

	vm_create_with_irqchip(&vm, 1);
	EXPECT_LT(hypercalls / 2, count_real_mode(&vm.cpu[0], hypercalls));
	realmode_want(false);
	EXPECT_FALSE(realmode_is_on());
	EXPECT_EQ(0, count_real_mode(&vm.cpu[0], hypercalls));
	vm_destroy(&vm);
}

static void run_on(pthread_t thread, int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (pthread_setaffinity_np(thread, sizeof(cpus), &cpus))
		fatal("no thread of this process may run on processor %d", cpu);
}

/* Sends so many, each when the one before was taken. How many took no part of virtual mode? */
static int send_ipis(struct __test_metadata *_metadata, struct vm *vm, u64 rounds)
{
	int count = 0;

	for (u64 i = 0; i < rounds; i++) {
		count += WAS_ALL_REAL_MODE(&vm->cpu[0], h_ipi(&vm->cpu[0], server_of(1), 4));
		ASSERT_TRUE(wait_briefly(vm->cpu[1].box->ipis == i + 1));
	}
	raise_source(vm, 0x1000);
	vcpu_join(&vm->cpu[1]);
	EXPECT_EQ(rounds, vm->cpu[1].box->ipis);
	EXPECT_EQ(0, vm->cpu[1].box->refused);
	EXPECT_EQ(0, vm->cpu[1].box->rescued);
	return count;
}

/* The vCPU does not run while the other does: its kick is left to virtual mode. */
REALMODE_TEST(ipi_to_a_sleeper_is_finished_in_virtual_mode)
{
	struct vm vm;

	vm_create_with_irqchip(&vm, 2);
	must(source_set(&vm, 0x1000, source_state(server_of(1), 5, SOURCE_MSI)));
	run_on(pthread_self(), 0);
	vcpu_start(&vm.cpu[1], OP_SERVE, 0x1000);
	EXPECT_EQ(0, send_ipis(_metadata, &vm, soak(50)));
	vm_destroy(&vm);
}

/* To one that runs it is sent from real mode. */
REALMODE_TEST(ipi_to_a_running_vcpu_does_not_leave_the_guest)
{
	struct vm vm;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "two vCPUs run at once on two processors only");
	vm_create_with_irqchip(&vm, 2);
	must(source_set(&vm, 0x1000, source_state(server_of(1), 5, SOURCE_MSI)));
	run_on(pthread_self(), 0);
	vcpu_start(&vm.cpu[1], OP_SPIN, 0x1000);
	run_on(vm.cpu[1].thread, 1);
	EXPECT_LT(0, send_ipis(_metadata, &vm, soak(100)));
	vm_destroy(&vm);
}

/* ---- the same with and without -------------------------------------------------------- */

#define OPERATIONS	400

static u64 any_word(struct random *random)
{
	static const u64 words[] = {
		0, 1, 2, 4, 5, 7, 0xff, 0x100, 0x1000, 0xffff, 0x10000, 0xffffff, 0xffffffff,
		0x100000004, 0x7fffffffffffffff, 0x8000000000000000, 0xc000000000000000, ~0ull,
	};
	u64 high = random_below(random, 1ull << 32), low = random_below(random, 1ull << 32);

	return random_below(random, 3) ? words[random_below(random, ARRAY_SIZE(words))]
				       : high << 32 | low;
}

/* hazard 12, 18: garbage in each register of each of the hypercalls. */
REALMODE_TEST(hazard12_garbage_is_answered_as_in_virtual_mode)
{
	static const u64 numbers[] = { H_EOI, H_CPPR, H_IPI, H_XIRR };
	struct stream_state state[2];
	struct random random;
	struct hcall answer[2];
	struct vm vm[2];

	random_seed(&random, 12);
	for (int i = 0; i < 2; i++) {
		vm_create_with_irqchip(&vm[i], STREAM_CPUS);
		stream_add_sources(&vm[i]);
	}
	for (u64 n = 0; n < soak(OPERATIONS); n++) {
		int cpu = random_below(&random, STREAM_CPUS);
		u32 source = stream_source(random_below(&random, STREAM_SOURCES));
		u64 regs[10];

		for (int r = 0; r < 10; r++)
			regs[r] = any_word(&random);
		regs[0] = numbers[random_below(&random, ARRAY_SIZE(numbers))];
		for (int i = 0; i < 2; i++) {
			realmode_want(!i);
			raise_source(&vm[i], source);
			answer[i] = hcall_registers(&vm[i].cpu[cpu], regs);
			state[i] = stream_get_state(&vm[i]);
		}
		ASSERT_EQ(0, memcmp(&answer[0], &answer[1], sizeof(answer[0]))) {
			TH_LOG("operation %lu: %lx(%lx, %lx)", n, regs[0], regs[1], regs[2]);
		}
		ASSERT_TRUE(stream_states_equal(&state[0], &state[1])) {
			TH_LOG("operation %lu: %lx(%lx, %lx)", n, regs[0], regs[1], regs[2]);
			stream_print_difference(&state[0], &state[1]);
		}
	}
	for (int i = 0; i < 2; i++)
		vm_destroy(&vm[i]);
}

REALMODE_TEST(streams_are_the_same_as_in_virtual_mode)
{
	for (u64 seed = 1; seed <= soak(3); seed++) {
		struct stream_state state[2];
		struct stream_result result[2];
		struct stream stream;
		struct vm vm[2];

		stream_begin(&stream, seed);
		for (int i = 0; i < 2; i++) {
			vm_create_with_irqchip(&vm[i], STREAM_CPUS);
			stream_add_sources(&vm[i]);
		}
		for (int n = 0; n < OPERATIONS; n++) {
			struct stream_op op = stream_draw(&stream, &vm[0]);

			for (int i = 0; i < 2; i++) {
				realmode_want(!i);
				result[i] = stream_apply(&vm[i], &op);
				state[i] = stream_get_state(&vm[i]);
			}
			ASSERT_EQ(0, memcmp(&result[0], &result[1], sizeof(result[0]))) {
				TH_LOG("stream %lu, operation %d: %s", seed, n, stream_describe(&op));
			}
			ASSERT_TRUE(stream_states_equal(&state[0], &state[1])) {
				TH_LOG("stream %lu, operation %d: %s", seed, n, stream_describe(&op));
				stream_print_difference(&state[0], &state[1]);
			}
			stream_note(&stream, &op, &result[0]);
		}
		for (int i = 0; i < 2; i++)
			vm_destroy(&vm[i]);
	}
}

/* ---- several VMs, while it comes and goes ------------------------------------------------ */

#define VMS	3

static volatile bool stop_switching;

static void *switch_at_random(void *seed)
{
	struct random random;
	bool on = true;

	random_seed(&random, (u64)seed);
	while (!stop_switching) {
		realmode_want(on = !on);
		usleep(random_below(&random, 3000));
	}
	return NULL;
}

static pthread_t start_switching(u64 seed)
{
	pthread_t thread;

	stop_switching = false;
	if (pthread_create(&thread, NULL, switch_at_random, (void *)seed))
		fatal("no thread");
	return thread;
}

static void end_switching(pthread_t thread)
{
	stop_switching = true;
	pthread_join(thread, NULL);
	realmode_want(true);
}

REALMODE_TEST(ping_pong_in_several_vms_while_it_is_switched)
{
	u64 rounds = soak(200);
	struct vm vm[VMS];
	pthread_t thread;

	for (int i = 0; i < VMS; i++)
		vm_create_with_irqchip(&vm[i], 2);
	thread = start_switching(1);
	for (int i = 0; i < VMS; i++) {
		vcpu_start(&vm[i].cpu[1], OP_PINGPONG, server_of(0), rounds, 0);
		vcpu_start(&vm[i].cpu[0], OP_PINGPONG, server_of(1), rounds, 1);
	}
	for (int i = 0; i < VMS; i++)
		for (int cpu = 0; cpu < 2; cpu++) {
			vcpu_join(&vm[i].cpu[cpu]);
			EXPECT_EQ(rounds, vm[i].cpu[cpu].box->ipis);
			EXPECT_EQ(0, vm[i].cpu[cpu].box->refused);
			EXPECT_EQ(0, vm[i].cpu[cpu].box->rescued);
			EXPECT_EQ(ICP_OPEN, icp_of(&vm[i].cpu[cpu]));
		}
	end_switching(thread);
	for (int i = 0; i < VMS; i++)
		vm_destroy(&vm[i]);
}

/* ---- in-tree XICS beside it --------------------------------------------------------------- */

#define BESIDE	600

struct record {
	struct stream_result result[BESIDE];
	struct stream_state state[BESIDE];
};

static void create_in_tree(struct vm *vm)
{
	vm_create(vm, STREAM_CPUS);
	irqchip_create(vm, &in_tree_irqchip);
	for (int i = 0; i < STREAM_CPUS; i++)
		must(icp_set(&vm->cpu[i], ICP_OPEN));
	stream_add_sources(vm);
}

static void go_on(struct vm *vm, struct stream *stream, struct record *record, int from, int to)
{
	for (int n = from; n < to; n++) {
		struct stream_op op = stream_draw(stream, vm);

		record->result[n] = stream_apply(vm, &op);
		record->state[n] = stream_get_state(vm);
		stream_note(stream, &op, &record->result[n]);
	}
}

/* The stream alone; then again, with VMs of ours coming and going beside it, and switching. */
REALMODE_TEST(in_tree_xics_is_the_same_before_during_and_after)
{
	static struct record alone, beside;
	const char *why_not = why_no_in_tree_xics();
	struct stream stream;
	struct vm in_tree, ours[VMS];
	pthread_t thread;

	if (why_not)
		SKIP(return, "%s", why_not);
	create_in_tree(&in_tree);
	stream_begin(&stream, 8);
	go_on(&in_tree, &stream, &alone, 0, BESIDE);
	vm_destroy(&in_tree);

	create_in_tree(&in_tree);
	stream_begin(&stream, 8);
	go_on(&in_tree, &stream, &beside, 0, BESIDE / 4);
	for (int i = 0; i < VMS; i++) {
		vm_create_with_irqchip(&ours[i], 2);
		vcpu_start(&ours[i].cpu[1], OP_PINGPONG, server_of(0), ~0ull, 0);
		vcpu_start(&ours[i].cpu[0], OP_PINGPONG, server_of(1), ~0ull, 1);
	}
	go_on(&in_tree, &stream, &beside, BESIDE / 4, BESIDE / 2);
	thread = start_switching(2);
	go_on(&in_tree, &stream, &beside, BESIDE / 2, BESIDE * 3 / 4);
	end_switching(thread);
	for (int i = 0; i < VMS; i++) {
		EXPECT_LT(10, ours[i].cpu[0].box->ipis);
		EXPECT_EQ(0, ours[i].cpu[0].box->refused);
		vm_destroy(&ours[i]);
	}
	go_on(&in_tree, &stream, &beside, BESIDE * 3 / 4, BESIDE);
	vm_destroy(&in_tree);

	for (int n = 0; n < BESIDE; n++) {
		ASSERT_EQ(0, memcmp(&alone.result[n], &beside.result[n], sizeof(alone.result[n]))) {
			TH_LOG("operation %d", n);
		}
		ASSERT_TRUE(stream_states_equal(&alone.state[n], &beside.state[n])) {
			TH_LOG("operation %d: alone, beside ours", n);
			stream_print_difference(&alone.state[n], &beside.state[n]);
		}
	}
}

/* hazard 7: the memory of a vCPU is another VM's at once; nobody takes it for the old one. */
REALMODE_TEST(hazard07_a_vcpu_in_the_place_of_ours)
{
	const char *why_not = why_no_in_tree_xics();
	struct vm stays;

	if (why_not)
		SKIP(return, "%s", why_not);
	vm_create_with_irqchip(&stays, 1);
	for (u64 i = 0; i < soak(20); i++) {
		struct vm vm;

		vm_create_with_irqchip(&vm, 2);
		h_ipi(&vm.cpu[0], server_of(0), 5);
		vm_destroy(&vm);
		create_in_tree(&vm);
		h_ipi(&vm.cpu[0], server_of(1), 5);
		ASSERT_EQ(xirr(0xff, XISR_IPI), h_xirr(&vm.cpu[1]));
		vm_destroy(&vm);
		vm_create(&vm, 1);
		ASSERT_TRUE(hcall(&vm.cpu[0], H_XIRR).left_to_userspace);
		vm_destroy(&vm);
		h_cppr(&stays.cpu[0], i % 2 ? 5 : 0xff);
	}
	vm_destroy(&stays);
}

/* A POWER8 under a hypervisor has none; on one without, it has to be there. */
static bool host_has_real_mode(void)
{
	FILE *cpuinfo = fopen("/proc/cpuinfo", "re");
	bool power8 = false, bare_metal = false;
	char line[256];

	while (cpuinfo && fgets(line, sizeof(line), cpuinfo)) {
		power8 |= !!strstr(line, "POWER8");
		bare_metal |= !!strstr(line, "PowerNV");
	}
	if (cpuinfo)
		fclose(cpuinfo);
	return power8 && bare_metal;
}

int main(int argc, char **argv)
{
	if (irqchip_under_test() == &vintc_irqchip && host_has_real_mode())
		return test_harness_run(argc, argv);
	ksft_print_header();
	puts("1..0 # SKIP no bare-metal POWER8, or not kvm-vintc");
	return KSFT_SKIP;
}

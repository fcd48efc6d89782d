// SPDX-License-Identifier: GPL-2.0-only
/* A controller in the midst of a storm is saved and restored: ours, or in-tree XICS. */
#include <stdlib.h>
#include <string.h>

#include <linux/kvm_vintc.h>

#include "bench.h"
#include "common/our_state.h"
#include "common/report.h"
#include "common/timing.h"

#define PRIORITY	5
#define OPERATIONS	3

static struct vcpu *cpu_of(struct bench *bench, u32 index)
{
	int own = bench->vm.cpus;

	return index < own ? &bench->vm.cpu[index] : &bench->idle[index - own];
}

static u32 cpus_of(struct bench *bench)
{
	return bench->vm.cpus + bench->idle_cpus;
}

/* Sources have servers in turn; some are masked, some pend: presented, or waiting. */
void bench_fill_state(struct bench *bench, u32 first, u32 sources)
{
	u32 cpus = cpus_of(bench);

	bench->first_source = first;
	bench->sources = sources;
	for (u32 i = 0; i < cpus; i++)
		must(icp_set(cpu_of(bench, i), ICP_OPEN));
	for (u32 i = 0; i < sources; i++) {
		u64 flags = i / cpus % 16 == 1 ? KVM_XICS_PENDING :
			    i / cpus % 16 == 2 ? KVM_XICS_MASKED : SOURCE_MSI;

		must(source_set(&bench->vm, first + i,
				source_state(cpu_of(bench, i % cpus)->server, PRIORITY, flags)));
	}
}

/* ---- as in-tree XICS has it: an attribute for each source, a register for each vCPU ---- */

struct attributes {
	struct bench *bench;
	u64 *source, *icp;
	u64 *saved_source, *saved_icp;
};

static void save(void *context)
{
	struct attributes *state = context;
	struct bench *bench = state->bench;

	for (u32 i = 0; i < cpus_of(bench); i++)
		must(icp_get(cpu_of(bench, i), &state->icp[i]));
	for (u32 i = 0; i < bench->sources; i++)
		must(source_get(&bench->vm, bench->first_source + i, &state->source[i]));
}

static void restore(void *context)
{
	struct attributes *state = context;
	struct bench *bench = state->bench;

	for (u32 i = 0; i < cpus_of(bench); i++)
		must(icp_set(cpu_of(bench, i), state->saved_icp[i]));
	for (u32 i = 0; i < bench->sources; i++)
		must(source_set(&bench->vm, bench->first_source + i, state->saved_source[i]));
}

static void forget(void *context)
{
	struct attributes *state = context;
	struct bench *bench = state->bench;

	memset(state->source, 0, bench->sources * sizeof(u64));
	memset(state->icp, 0, cpus_of(bench) * sizeof(u64));
}

static void check(void *context)
{
	struct attributes *state = context;
	struct bench *bench = state->bench;

	for (u32 i = 0; i < cpus_of(bench); i++)
		if (state->icp[i] != state->saved_icp[i])
			fatal("ICP %u is %016lx, not %016lx", i, state->icp[i],
			      state->saved_icp[i]);
	for (u32 i = 0; i < bench->sources; i++)
		if (state->source[i] != state->saved_source[i])
			fatal("source %u is %016lx, not %016lx", i, state->source[i],
			      state->saved_source[i]);
}

/* There is no reset: everything as on a new VM. */
static void clear(void *context)
{
	struct attributes *state = context;
	struct bench *bench = state->bench;
	u64 masked = source_state(bench->vm.cpu[0].server, PRIORITY, KVM_XICS_MASKED);

	for (u32 i = 0; i < bench->sources; i++)
		must(source_set(&bench->vm, bench->first_source + i, masked));
	for (u32 i = 0; i < cpus_of(bench); i++)
		must(icp_set(cpu_of(bench, i), ICP_RESET));
	forget(state);
}

static void check_restored(void *context)
{
	save(context);
	check(context);
}

static u64 *words(u32 number)
{
	u64 *memory = calloc(number, sizeof(u64));

	if (!memory)
		fatal("no memory for a state");
	return memory;
}

static void measure_attributes(struct bench *bench, const char *way, const char *row,
			       const struct timed *timed)
{
	u32 sources = bench->sources, cpus = cpus_of(bench);
	struct attributes state = {
		.bench = bench, .source = words(sources), .icp = words(cpus),
		.saved_source = words(sources), .saved_icp = words(cpus),
	};

	save(&state);
	memcpy(state.saved_source, state.source, sources * sizeof(u64));
	memcpy(state.saved_icp, state.icp, cpus * sizeof(u64));
	report(way, row, ticks_of(timed, &state, OPERATIONS), OPERATIONS);
	free(state.source);
	free(state.icp);
	free(state.saved_source);
	free(state.saved_icp);
}

/* ---- */

/* The priority that ibm,int-on brings back may be any. */
static struct our_device our_device(const struct bench *bench)
{
	return (struct our_device){
		.fd = bench->vm.irqchip_fd, .flip = 1ull << KVM_VINTC_SOURCE_SAVED_SHIFT,
	};
}

static void measure(struct bench *bench, const char *row, const struct timed *timed,
		    measure_ours_t *measure_ours)
{
	struct our_device device = our_device(bench);

	if (bench->peer->ops != &vintc_irqchip) {
		measure_attributes(bench, bench->peer->name, row, timed);
		return;
	}
	measure_attributes(bench, "ours:attributes", row, timed);
	measure_ours(&device, row);
}

void bench_measure_save(struct bench *bench, const char *row)
{
	static const struct timed attributes = { forget, save, check };

	measure(bench, row, &attributes, measure_our_save);
}

void bench_measure_restore(struct bench *bench, const char *row)
{
	static const struct timed attributes = { clear, restore, check_restored };

	measure(bench, row, &attributes, measure_our_restore);
}

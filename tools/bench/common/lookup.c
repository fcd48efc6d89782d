// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <unistd.h>

#include "common/lib/routes.h"
#include "common/lookup.h"
#include "common/report.h"
#include "common/timing.h"

#define GSIS		8	/* that are signalled in turn, from the first to the last */
#define SIGNALS		256	/* of each, in one operation */
#define OPERATIONS	4

struct signals {
	const struct lookup *lookup;
	int eventfd[GSIS];
};

static u32 gsi_of(const struct lookup *lookup, u32 i)
{
	u32 most = lookup->entries ? lookup->entries : lookup->pins;

	return (lookup->entries ? 0 : lookup->first_pin) + (u64)i * (most - 1) / (GSIS - 1);
}

static u32 pin_of(const struct lookup *lookup, u32 gsi)
{
	return lookup->entries ? lookup->first_pin + gsi % lookup->pins : gsi;
}

static void set_table_of(const struct lookup *lookup)
{
	struct kvm_irq_routing_entry *entries = calloc(lookup->entries, sizeof(*entries));

	if (!entries)
		fatal("no memory for a table");
	for (u32 gsi = 0; gsi < lookup->entries; gsi++)
		entries[gsi] = to_pin(gsi, pin_of(lookup, gsi));
	must(set_routes(lookup->fd, entries, lookup->entries));
	free(entries);
}

/* What was signalled pends, and nothing else. */
static void check_pins(const struct lookup *lookup)
{
	for (u32 pin = lookup->first_pin; pin < lookup->first_pin + lookup->pins; pin++) {
		bool expected = false;

		for (u32 i = 0; i < GSIS; i++)
			expected |= pin_of(lookup, gsi_of(lookup, i)) == pin;
		if (lookup->pends(lookup->device, pin) != expected)
			fatal("input %u %s", pin, expected ? "was not reached" : "was reached");
	}
}

static void measure(struct signals *signals, void (*signal)(void *), const char *peer,
		    const char *row)
{
	struct timed timed = { .operation = signal };
	u64 ticks = ticks_of(&timed, signals, OPERATIONS);

	check_pins(signals->lookup);
	report(peer, row, ticks, OPERATIONS * SIGNALS * GSIS);
}

static void signal_eventfds(void *context)
{
	struct signals *signals = context;

	for (u32 i = 0; i < SIGNALS * GSIS; i++)
		signal_event(signals->eventfd[i % GSIS]);
}

static void command_pulses(void *context)
{
	struct signals *signals = context;
	struct kvm_vintc_command command = {
		.command = KVM_VINTC_CMD_INJECT, .inject.level = KVM_VINTC_INJECT_PULSE,
	};

	for (u32 i = 0; i < SIGNALS * GSIS; i++) {
		command.inject.gsi = gsi_of(signals->lookup, i % GSIS);
		command.inject.status = 0;
		must(xioctl(signals->lookup->fd, KVM_VINTC_COMMAND, &command));
	}
}

void measure_lookup(const struct lookup *lookup, const char *peer, const char *row)
{
	struct signals signals = { .lookup = lookup };

	if (lookup->entries)
		set_table_of(lookup);
	for (u32 i = 0; i < GSIS; i++) {
		signals.eventfd[i] = new_eventfd();
		must(assign_to(lookup->fd, signals.eventfd[i], gsi_of(lookup, i)));
	}
	measure(&signals, signal_eventfds, peer, row);
	for (u32 i = 0; i < GSIS; i++)
		close(signals.eventfd[i]);
}

void measure_lookup_by_command(const struct lookup *lookup, const char *row)
{
	struct signals signals = { .lookup = lookup };

	measure(&signals, command_pulses, "ours:command", row);
}

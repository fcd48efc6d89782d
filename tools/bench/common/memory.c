// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel memory that a controller takes, as the slab allocator's trace events
 * tell it: what this process was given between begin and end, and not freed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/memory.h"

#define TRACING		"/sys/kernel/tracing/"
#define MAX_LINE	1024
#define MAX_ALLOCATIONS	16384

static const char *const events[] = { "kmalloc", "kmem_cache_alloc", "kfree", "kmem_cache_free" };
#define EVENTS	(sizeof(events) / sizeof(events[0]))

static struct allocation {
	char address[24];	/* as it is printed: hashed */
	u64 bytes;		/* 0: freed */
} allocation[MAX_ALLOCATIONS];
static u32 allocations;

static int open_tracing(const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), TRACING "%s", file);
	return must(neg_errno(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)));
}

static void put(int fd, const char *text)
{
	must(neg_errno(write(fd, text, strlen(text))));
}

static void set(const char *file, const char *text)
{
	int fd = open_tracing(file);

	put(fd, text);
	close(fd);
}

static void enable_events(bool on)
{
	char file[64];

	for (u32 i = 0; i < EVENTS; i++) {
		snprintf(file, sizeof(file), "events/kmem/%s/enable", events[i]);
		set(file, on ? "1" : "0");
	}
}

/* Recording starts and stops through a file that is open: tracing is not traced. */
static int recording;

void memory_begin(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	recording = open_tracing("tracing_on");
	put(recording, "0");
	set("set_event_pid", pid);
	enable_events(true);
	set("trace", "\n");
	put(recording, "1");
}

/* Copies the word behind "name=" of a line. */
static bool value_of(const char *line, const char *name, char *value, size_t size)
{
	const char *at = strstr(line, name);
	size_t length;

	if (!at)
		return false;
	at += strlen(name);
	length = strcspn(at, " \n");
	if (length >= size)
		fatal("trace: a value of %s is too long", name);
	memcpy(value, at, length);
	value[length] = 0;
	return true;
}

static void note_free(const char *address)
{
	for (u32 i = allocations; i--;)
		if (allocation[i].bytes && !strcmp(allocation[i].address, address)) {
			allocation[i].bytes = 0;
			return;
		}
}

static void note_allocation(const char *address, u64 bytes)
{
	struct allocation *new = &allocation[allocations++];

	if (allocations == MAX_ALLOCATIONS)
		fatal("trace: too many allocations");
	strcpy(new->address, address);
	new->bytes = bytes;
}

static void note(const char *line)
{
	char address[sizeof(allocation[0].address)], bytes[24];

	if (*line == '#')
		return;
	if (strstr(line, "LOST"))
		fatal("trace: events were lost");
	if (!value_of(line, "ptr=", address, sizeof(address)))
		return;
	if (value_of(line, "bytes_alloc=", bytes, sizeof(bytes)))
		note_allocation(address, strtoull(bytes, NULL, 0));
	else
		note_free(address);
}

u64 memory_end(void)
{
	char line[MAX_LINE];
	u64 sum = 0;
	FILE *trace;

	put(recording, "0");
	enable_events(false);
	trace = fopen(TRACING "trace", "re");
	if (!trace)
		fatal("no trace");
	for (allocations = 0; fgets(line, sizeof(line), trace);)
		note(line);
	fclose(trace);
	/* As it was. To follow a process costs every switch between tasks something. */
	close(open_tracing("set_event_pid"));
	put(recording, "1");
	close(recording);

	for (u32 i = 0; i < allocations; i++)
		sum += allocation[i].bytes;
	if (!sum)
		fatal("trace: no allocation was seen");
	return sum;
}

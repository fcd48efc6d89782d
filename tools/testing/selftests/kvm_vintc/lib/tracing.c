// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracing.h"

#define TRACEFS	"/sys/kernel/tracing"

static void path_of(const struct tracing *tracing, const char *name, char path[160])
{
	snprintf(path, 160, "%s/%s", tracing->directory, name);
}

static bool mounted(void)
{
	return !access(TRACEFS "/instances", F_OK) ||
	       !mount("tracefs", TRACEFS, "tracefs", 0, NULL);
}

void tracing_set(struct tracing *tracing, bool on)
{
	char path[160];
	int fd;

	path_of(tracing, "events/kvm_vintc/enable", path);
	fd = must(neg_errno(open(path, O_WRONLY | O_CLOEXEC)));
	if (write(fd, on ? "1" : "0", 1) != 1)
		fatal("%s: %s", path, strerror(errno));
	close(fd);
}

bool tracing_begin(struct tracing *tracing)
{
	char path[160];

	*tracing = (struct tracing){};
	if (!mounted())
		return false;
	snprintf(tracing->directory, sizeof(tracing->directory), TRACEFS "/instances/vintc-%d",
		 getpid());
	must(neg_errno(mkdir(tracing->directory, 0700)));
	path_of(tracing, "trace_pipe", path);
	tracing->pipe = must(neg_errno(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)));
	tracing_set(tracing, true);
	return true;
}

void tracing_end(struct tracing *tracing)
{
	close(tracing->pipe);
	/* Turns them off. */
	must(neg_errno(rmdir(tracing->directory)));
}

/* The first line of what was read, or of what there is to be read. */
static bool next_line(struct tracing *tracing, char line[512])
{
	size_t length = strlen(tracing->text);
	char *end;

	while (!(end = strchr(tracing->text, '\n'))) {
		ssize_t more = read(tracing->pipe, tracing->text + length,
				    sizeof(tracing->text) - 1 - length);

		if (more <= 0)
			return false;
		length += more;
		tracing->text[length] = '\0';
	}
	*end = '\0';
	snprintf(line, 512, "%s", tracing->text);
	memmove(tracing->text, end + 1, strlen(end + 1) + 1);
	return true;
}

const char *tracing_next(struct tracing *tracing)
{
	char line[512], *event, *fields;
	int vm, skip = 0;

	while (next_line(tracing, line)) {
		event = strstr(line, ": vintc_");
		if (!event)
			continue;
		event += 2;
		fields = strstr(event, ": ");
		if (!fields || sscanf(fields, ": vm=%d %n", &vm, &skip) != 1 || !skip)
			fatal("no event of ours: %s", line);
		/* Other VMs of the host have theirs. */
		if (vm != getpid())
			continue;
		snprintf(tracing->event, sizeof(tracing->event), "%.*s: %s",
			 (int)(fields - event), event, fields + skip);
		return tracing->event;
	}
	return "";
}

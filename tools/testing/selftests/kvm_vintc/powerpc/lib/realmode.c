// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "realmode.h"

#define PARAMETERS "/sys/module/kvm_vintc/parameters/"

static void read_parameter(const char *path, char *text, size_t size)
{
	int fd = must(neg_errno(open(path, O_RDONLY | O_CLOEXEC)));
	int length = must(neg_errno(read(fd, text, size - 1)));

	text[length] = '\0';
	close(fd);
}

void realmode_want(bool on)
{
	int fd = must(neg_errno(open(PARAMETERS "realmode", O_WRONLY | O_CLOEXEC)));

	must(neg_errno(write(fd, on ? "1" : "0", 1)));
	close(fd);
}

bool realmode_is_wanted(void)
{
	char text[8];

	read_parameter(PARAMETERS "realmode", text, sizeof(text));
	return text[0] == 'Y';
}

bool realmode_is_on(void)
{
	char text[256];

	read_parameter(PARAMETERS "mechanism", text, sizeof(text));
	return strstr(text, " in real mode and ");
}

static void read_at(int fd, u64 offset, void *data, size_t size)
{
	if (must(neg_errno(pread(fd, data, size, offset))) != size)
		fatal("the vCPU's statistics end early");
}

/* A table of descriptors, each with its name behind it, and the data. */
u64 vcpu_exits(struct vcpu *cpu)
{
	int fd = must(xioctl(cpu->fd, KVM_GET_STATS_FD, 0));
	struct kvm_stats_header header;
	u64 exits = 0;
	bool found = false;

	read_at(fd, 0, &header, sizeof(header));
	for (u32 i = 0; i < header.num_desc && !found; i++) {
		size_t size = sizeof(struct kvm_stats_desc) + header.name_size;
		struct kvm_stats_desc *desc = calloc(1, size + 1);

		read_at(fd, header.desc_offset + i * size, desc, size);
		found = !strcmp((char *)(desc + 1), "sum_exits");
		if (found)
			read_at(fd, header.data_offset + desc->offset, &exits, sizeof(exits));
		free(desc);
	}
	close(fd);
	if (!found)
		fatal("the vCPU's statistics have no sum_exits");
	return exits;
}

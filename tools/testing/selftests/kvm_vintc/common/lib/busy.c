// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/lib/busy.h"

/* Any of a vCPU that reads its argument with the vCPU's mutex held. */
static void *be_inside(void *argument)
{
	struct busy *busy = argument;

	busy->result = xioctl(busy->cpu_fd, KVM_SET_SIGNAL_MASK, busy->page);
	return NULL;
}

bool busy_begin(struct busy *busy, int cpu_fd)
{
	struct uffdio_api api = { .api = UFFD_API };
	long size = sysconf(_SC_PAGESIZE);
	struct uffdio_register region;
	struct pollfd pollfd;

	busy->cpu_fd = cpu_fd;
	busy->userfaultfd = neg_errno(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));
	if (busy->userfaultfd < 0)
		return false;
	must(xioctl(busy->userfaultfd, UFFDIO_API, &api));
	busy->page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (busy->page == MAP_FAILED)
		fatal("no page");
	region = (struct uffdio_register){
		.range = { .start = (uintptr_t)busy->page, .len = size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	must(xioctl(busy->userfaultfd, UFFDIO_REGISTER, &region));
	if (pthread_create(&busy->thread, NULL, be_inside, busy))
		fatal("no thread");
	pollfd = (struct pollfd){ .fd = busy->userfaultfd, .events = POLLIN };
	if (must(neg_errno(poll(&pollfd, 1, 60000))) != 1)
		fatal("the vCPU's ioctl does not read its argument");
	return true;
}

void busy_end(struct busy *busy)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)busy->page, .len = sysconf(_SC_PAGESIZE) },
	};

	must(xioctl(busy->userfaultfd, UFFDIO_ZEROPAGE, &zero));
	pthread_join(busy->thread, NULL);
	munmap(busy->page, sysconf(_SC_PAGESIZE));
	close(busy->userfaultfd);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eventfds in the fd table of the thread that runs a case. The kernel exports
 * what uses eventfds, and leaves making them to the system call: we call that.
 */
#include <linux/anon_inodes.h>
#include <linux/eventfd.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <asm/ptrace.h>

#include "fixture.h"

static int eventfd2(unsigned int count, int flags)
{
#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
#ifdef CONFIG_ARM64
	struct pt_regs regs = { .regs = { count, flags } };
	long (*call)(const struct pt_regs *regs) = vintc_test_symbol("__arm64_sys_eventfd2");
#else
	struct pt_regs regs = { .gpr[3] = count, .gpr[4] = flags };
	long (*call)(const struct pt_regs *regs) = vintc_test_symbol("sys_eventfd2");
#endif

	return call ? call(&regs) : -ENOSYS;
#else
	long (*call)(unsigned long count, unsigned long flags) = vintc_test_symbol("sys_eventfd2");

	return call ? call(count, flags) : -ENOSYS;
#endif
}

void vintc_test_eventfd_open(struct kunit *test, struct vintc_test_eventfd *eventfd)
{
	*eventfd = (struct vintc_test_eventfd) { .fd = eventfd2(0, 0) };
	KUNIT_ASSERT_GE(test, eventfd->fd, 0);
	eventfd->file = eventfd_fget(eventfd->fd);
	KUNIT_ASSERT_FALSE(test, IS_ERR(eventfd->file));
	eventfd->ctx = eventfd_ctx_fileget(eventfd->file);
	KUNIT_ASSERT_FALSE(test, IS_ERR(eventfd->ctx));
}

void vintc_test_eventfd_close(struct vintc_test_eventfd *eventfd)
{
	if (eventfd->fd < 0)
		return;
	eventfd_ctx_put(eventfd->ctx);
	close_fd(eventfd->fd);
	vintc_test_put(eventfd->file);
	eventfd->fd = -1;
}

u64 vintc_test_eventfd_read(struct vintc_test_eventfd *eventfd)
{
	wait_queue_entry_t nobody;
	u64 count;

	init_wait(&nobody);
	eventfd_ctx_remove_wait_queue(eventfd->ctx, &nobody, &count);
	return count;
}

static const struct file_operations no_fops;

int vintc_test_other_fd(struct kunit *test)
{
	struct file *file = anon_inode_getfile("kvm-vintc-test", &no_fops, NULL, O_RDWR);
	int fd;

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		fput(file);
	else
		fd_install(fd, file);
	KUNIT_ASSERT_GE(test, fd, 0);
	return fd;
}

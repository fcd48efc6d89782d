/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernels differ in. The code is written for the newest; here is what gives
 * the older ones the same. What no kernel says about itself is told by version.
 */
#ifndef VINTC_COMPAT_H
#define VINTC_COMPAT_H

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/version.h>

/* It moved in 6.12. */
#if __has_include(<linux/unaligned.h>)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* Before 6.11 struct fd had the file as a member. */
#ifndef fd_file
#define fd_file(f)	((f).file)
#endif

/* Before 6.8 one said how much to add. */
static inline void vintc_eventfd_signal(struct eventfd_ctx *eventfd)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(eventfd);
#else
	eventfd_signal(eventfd, 1);
#endif
}

#endif /* VINTC_COMPAT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vCPU that is inside an ioctl, for as long as a test wants: the ioctl reads its
 * argument from a page that is only filled when the test is done.
 */
#ifndef VINTC_BUSY_H
#define VINTC_BUSY_H

#include <pthread.h>

#include "lib/util.h"

struct busy {
	int cpu_fd;
	int userfaultfd;
	void *page;
	int result;
	pthread_t thread;
};

/* False: this host has no userfaultfd. */
bool busy_begin(struct busy *busy, int cpu_fd);
void busy_end(struct busy *busy);

#endif /* VINTC_BUSY_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of vCPUs that userspace presents interrupts to: an eventfd that can be read
 * while a line may be up.
 *
 * As the core has it (platform.h), anybody raises a line, at any time; whoever stands
 * for the vCPU, with its mutex, empties the eventfd before it looks what the state
 * is, and signals it again if a line is up after all.
 */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "core/platform.h"
#include "vintc.h"

struct vintc_line {
	struct kvm_vcpu *vcpu;
	struct eventfd_ctx __rcu *eventfd;
	bool up;
	struct work_struct signal;
};

static struct vintc_line *line_of(void *cpu)
{
	return (struct vintc_line *)((unsigned long)cpu & ~1UL);
}

struct kvm_vcpu *vintc_line_vcpu(void *cpu)
{
	return line_of(cpu)->vcpu;
}

static void signal(struct vintc_line *line)
{
	struct eventfd_ctx *eventfd;

	rcu_read_lock();
	eventfd = rcu_dereference(line->eventfd);
	if (eventfd)
		vintc_eventfd_signal(eventfd);
	rcu_read_unlock();
}

static void signal_later(struct work_struct *work)
{
	struct vintc_line *line = container_of(work, struct vintc_line, signal);

	if (READ_ONCE(line->up))
		signal(line);
}

/* An eventfd's signal may have brought us here: another one's has to wait then. */
void vintc_line_signal(void *cpu)
{
	struct vintc_line *line = line_of(cpu);

	WRITE_ONCE(line->up, true);
	if (eventfd_signal_allowed())
		signal(line);
	else
		queue_work(system_highpri_wq, &line->signal);
}

void vintc_line_empty(void *cpu)
{
	struct vintc_line *line = line_of(cpu);
	struct eventfd_ctx *eventfd;
	wait_queue_entry_t nobody;
	u64 count;

	WRITE_ONCE(line->up, false);
	rcu_read_lock();
	eventfd = rcu_dereference(line->eventfd);
	if (eventfd) {
		/* It is how a kernel user reads one; there is no entry to remove. */
		init_wait(&nobody);
		eventfd_ctx_remove_wait_queue(eventfd, &nobody, &count);
	}
	rcu_read_unlock();
}

u32 vintc_line_follow(struct vintc_device *dev, void *icp)
{
	void *cpu = dev->model->cpu(icp);
	u32 lines;

	if (!vintc_is_line(cpu))
		return dev->model->lines(dev, icp);
	vintc_line_empty(cpu);
	lines = dev->model->lines(dev, icp);
	if (lines)
		vintc_line_signal(cpu);
	return lines;
}

int vintc_line_set_fd(void *cpu, int fd)
{
	struct vintc_line *line = line_of(cpu);
	struct eventfd_ctx *eventfd = NULL, *old;

	if (fd >= 0) {
		eventfd = eventfd_ctx_fdget(fd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	} else if (fd != -1) {
		return -EBADF;
	}
	/* Serialised by the vCPU's mutex. */
	old = rcu_replace_pointer(line->eventfd, eventfd, true);
	if (old) {
		synchronize_rcu_expedited();
		eventfd_ctx_put(old);
	}
	return 0;
}

void *vintc_line_create(struct kvm_vcpu *vcpu)
{
	struct vintc_line *line = kzalloc(sizeof(*line), GFP_KERNEL_ACCOUNT);

	if (!line)
		return NULL;
	line->vcpu = vcpu;
	INIT_WORK(&line->signal, signal_later);
	return (void *)((unsigned long)line | 1);
}

void vintc_line_destroy(void *cpu)
{
	struct vintc_line *line = line_of(cpu);
	struct eventfd_ctx *eventfd = rcu_access_pointer(line->eventfd);

	cancel_work_sync(&line->signal);
	if (eventfd)
		eventfd_ctx_put(eventfd);
	kfree(line);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * irqfd: an eventfd that injects an interrupt, from whatever context signals it.
 *
 * We wait on the eventfd's queue; the wakeup runs with interrupts off under the
 * queue's lock and injects there. An irqfd is active while it is on the list of
 * its device. Whoever takes it off the list, deassignment, the last close of
 * the eventfd or the end of the VM, queues the work that frees it: only there
 * can the wait queue be left.
 */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "vintc.h"

struct vintc_irqfd {
	struct vintc_device *dev;
	struct eventfd_ctx *eventfd;
	u32 gsi;
	u64 injected;			/* written under the lock of the wait queue */
	wait_queue_entry_t wait;
	poll_table poll;
	struct list_head node;
	struct work_struct free;
};

static struct workqueue_struct *free_queue;

int vintc_irqfd_init(void)
{
	free_queue = alloc_workqueue("kvm-vintc-irqfd", 0, 0);
	return free_queue ? 0 : -ENOMEM;
}

void vintc_irqfd_exit(void)
{
	destroy_workqueue(free_queue);
}

static void irqfd_free(struct work_struct *work)
{
	struct vintc_irqfd *irqfd = container_of(work, struct vintc_irqfd, free);
	u64 unread;

	eventfd_ctx_remove_wait_queue(irqfd->eventfd, &irqfd->wait, &unread);
	atomic64_add(irqfd->injected, &irqfd->dev->irqfd_count);
	eventfd_ctx_put(irqfd->eventfd);
	kfree(irqfd);
}

/* Called under irqfd_lock. */
static void irqfd_deactivate(struct vintc_irqfd *irqfd)
{
	list_del_init(&irqfd->node);
	queue_work(free_queue, &irqfd->free);
}

static void irqfd_inject(struct vintc_irqfd *irqfd)
{
	irqfd->dev->model->signal(irqfd->dev, irqfd->gsi);
}

static int irqfd_wakeup(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct vintc_irqfd *irqfd = container_of(wait, struct vintc_irqfd, wait);
	struct vintc_device *dev = irqfd->dev;
	__poll_t events = key_to_poll(key);
	unsigned long flags;

	if (events & EPOLLIN) {
		u64 count;

		eventfd_ctx_do_read(irqfd->eventfd, &count);
		WRITE_ONCE(irqfd->injected, irqfd->injected + 1);
		irqfd_inject(irqfd);
	}
	if (events & EPOLLHUP) {
		spin_lock_irqsave(&dev->irqfd_lock, flags);
		if (!list_empty(&irqfd->node))
			irqfd_deactivate(irqfd);
		spin_unlock_irqrestore(&dev->irqfd_lock, flags);
	}
	return 0;
}

static void irqfd_wait_on(struct file *file, wait_queue_head_t *queue, poll_table *poll)
{
	struct vintc_irqfd *irqfd = container_of(poll, struct vintc_irqfd, poll);

	add_wait_queue_priority(queue, &irqfd->wait);
}

/* Makes it active. EBUSY: its eventfd serves another irqfd of this device. */
static int irqfd_activate(struct vintc_irqfd *irqfd)
{
	struct vintc_device *dev = irqfd->dev;
	struct vintc_irqfd *other;
	int r = 0;

	spin_lock_irq(&dev->irqfd_lock);
	list_for_each_entry(other, &dev->irqfds, node)
		if (other->eventfd == irqfd->eventfd)
			r = -EBUSY;
	if (!r)
		list_add_tail(&irqfd->node, &dev->irqfds);
	spin_unlock_irq(&dev->irqfd_lock);
	return r;
}

/* Under the device's lock; @file keeps the eventfd from hanging up meanwhile. */
static int irqfd_assign(struct vintc_device *dev, struct file *file, u32 gsi)
{
	struct vintc_irqfd *irqfd;
	int r;

	/* Nobody would tell us when the VM ends. */
	if (dev->irqfds_ended)
		return -EIO;
	r = dev->model->check_gsi(dev, gsi);
	if (r)
		return r;
	irqfd = kzalloc(sizeof(*irqfd), GFP_KERNEL_ACCOUNT);
	if (!irqfd)
		return -ENOMEM;
	irqfd->dev = dev;
	irqfd->gsi = gsi;
	INIT_LIST_HEAD(&irqfd->node);
	INIT_WORK(&irqfd->free, irqfd_free);
	init_waitqueue_func_entry(&irqfd->wait, irqfd_wakeup);
	init_poll_funcptr(&irqfd->poll, irqfd_wait_on);

	irqfd->eventfd = eventfd_ctx_fileget(file);
	if (IS_ERR(irqfd->eventfd)) {
		r = PTR_ERR(irqfd->eventfd);
		goto free;
	}
	r = irqfd_activate(irqfd);
	if (r)
		goto put;

	/* A signal from before the assignment counts. */
	if (vfs_poll(file, &irqfd->poll) & EPOLLIN) {
		atomic64_inc(&dev->irqfd_count);
		irqfd_inject(irqfd);
	}
	return 0;

put:
	eventfd_ctx_put(irqfd->eventfd);
free:
	kfree(irqfd);
	return r;
}

/* What was not assigned needs no undoing: that is no error, as in KVM. */
static int irqfd_deassign(struct vintc_device *dev, struct file *file, u32 gsi)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fileget(file);
	struct vintc_irqfd *irqfd, *next;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	spin_lock_irq(&dev->irqfd_lock);
	list_for_each_entry_safe(irqfd, next, &dev->irqfds, node)
		if (irqfd->eventfd == eventfd && irqfd->gsi == gsi)
			irqfd_deactivate(irqfd);
	spin_unlock_irq(&dev->irqfd_lock);
	eventfd_ctx_put(eventfd);

	/* When we return nothing comes from this eventfd any more. */
	flush_workqueue(free_queue);
	return 0;
}

int vintc_irqfd(struct vintc_device *dev, struct kvm_irqfd *args)
{
	struct fd f;
	int r;

	if (args->flags & ~KVM_IRQFD_FLAG_DEASSIGN)
		return -EINVAL;
	f = fdget(args->fd);
	if (!fd_file(f))
		return -EBADF;
	mutex_lock(&dev->lock);
	if (args->flags & KVM_IRQFD_FLAG_DEASSIGN)
		r = irqfd_deassign(dev, fd_file(f), args->gsi);
	else
		r = irqfd_assign(dev, fd_file(f), args->gsi);
	mutex_unlock(&dev->lock);
	fdput(f);
	return r;
}

void vintc_irqfd_release_all(struct vintc_device *dev)
{
	struct vintc_irqfd *irqfd, *next;

	/* Not in the middle of an assignment. */
	mutex_lock(&dev->lock);
	spin_lock_irq(&dev->irqfd_lock);
	list_for_each_entry_safe(irqfd, next, &dev->irqfds, node)
		irqfd_deactivate(irqfd);
	spin_unlock_irq(&dev->irqfd_lock);
	mutex_unlock(&dev->lock);
	flush_workqueue(free_queue);
}

void vintc_irqfd_end(struct vintc_device *dev)
{
	mutex_lock(&dev->lock);
	dev->irqfds_ended = true;
	mutex_unlock(&dev->lock);
	vintc_irqfd_release_all(dev);
}

u64 vintc_irqfd_count(struct vintc_device *dev)
{
	u64 count = atomic64_read(&dev->irqfd_count);
	struct vintc_irqfd *irqfd;

	spin_lock_irq(&dev->irqfd_lock);
	list_for_each_entry(irqfd, &dev->irqfds, node)
		count += READ_ONCE(irqfd->injected);
	spin_unlock_irq(&dev->irqfd_lock);
	return count;
}

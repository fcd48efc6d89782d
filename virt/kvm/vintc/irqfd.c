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
#include <linux/slab.h>

#include "compat.h"
#include "irqfd.h"

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
	/* It was signalled and then closed, in one pause. */
	if (xchg(&irqfd->missed, false)) {
		vintc_enter_wait(irqfd->dev);
		vintc_inject(irqfd->dev, irqfd->gsi, vintc_irqfd_input(irqfd));
		vintc_leave(irqfd->dev);
	}
	if (irqfd->resamplefd)
		vintc_resample_end(irqfd);
	atomic64_add(irqfd->injected, &irqfd->dev->irqfd_count);
	eventfd_ctx_put(irqfd->eventfd);
	kfree(irqfd);
}

/* Called under irqfd_lock. */
static void irqfd_deactivate(struct vintc_irqfd *irqfd)
{
	list_del_init(&irqfd->node);
	if (irqfd->resamplefd)
		list_del_rcu(&irqfd->resampler);
	queue_work(free_queue, &irqfd->free);
}

/*
 * In a pause it has to wait for the end. The barrier is the other one of
 * vintc_resume(): the signal is seen there to have been missed, or the end is seen here.
 */
static void irqfd_inject(struct vintc_irqfd *irqfd)
{
	struct vintc_device *dev = irqfd->dev;

	while (!vintc_enter(dev)) {
		WRITE_ONCE(irqfd->missed, true);
		smp_mb();
		if (READ_ONCE(dev->paused) || !xchg(&irqfd->missed, false))
			return;
	}
	vintc_inject(dev, irqfd->gsi, vintc_irqfd_input(irqfd));
	vintc_leave(dev);
}

struct missed {
	u32 gsi;
	enum vintc_input input;
};

/* Some of what was missed; injecting it may come back to this lock, by an eventfd. */
static int take_missed(struct vintc_device *dev, struct missed *missed, int most)
{
	struct vintc_irqfd *irqfd;
	unsigned long flags;
	int count = 0;

	spin_lock_irqsave(&dev->irqfd_lock, flags);
	list_for_each_entry(irqfd, &dev->irqfds, node) {
		if (!READ_ONCE(irqfd->missed) || !xchg(&irqfd->missed, false))
			continue;
		missed[count++] = (struct missed){ irqfd->gsi, vintc_irqfd_input(irqfd) };
		if (count == most)
			break;
	}
	spin_unlock_irqrestore(&dev->irqfd_lock, flags);
	return count;
}

void vintc_irqfd_catch_up(struct vintc_device *dev)
{
	struct missed missed[32];
	int count, i;

	do {
		count = take_missed(dev, missed, ARRAY_SIZE(missed));
		vintc_enter_wait(dev);
		for (i = 0; i < count; i++)
			vintc_inject(dev, missed[i].gsi, missed[i].input);
		vintc_leave(dev);
	} while (count == ARRAY_SIZE(missed));
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
	if (!r) {
		list_add_tail(&irqfd->node, &dev->irqfds);
		if (irqfd->resamplefd)
			list_add_tail_rcu(&irqfd->resampler, &dev->resamplers);
	}
	spin_unlock_irq(&dev->irqfd_lock);
	return r;
}

static struct vintc_irqfd *irqfd_alloc(struct vintc_device *dev, u32 gsi)
{
	struct vintc_irqfd *irqfd = kzalloc(sizeof(*irqfd), GFP_KERNEL_ACCOUNT);

	if (!irqfd)
		return NULL;
	irqfd->dev = dev;
	irqfd->gsi = gsi;
	INIT_LIST_HEAD(&irqfd->node);
	INIT_WORK(&irqfd->free, irqfd_free);
	init_waitqueue_func_entry(&irqfd->wait, irqfd_wakeup);
	init_poll_funcptr(&irqfd->poll, irqfd_wait_on);
	return irqfd;
}

static int irqfd_open(struct vintc_irqfd *irqfd, struct file *file, const struct kvm_irqfd *args)
{
	irqfd->eventfd = eventfd_ctx_fileget(file);
	if (IS_ERR(irqfd->eventfd))
		return PTR_ERR(irqfd->eventfd);
	if (!(args->flags & KVM_IRQFD_FLAG_RESAMPLE))
		return 0;
	irqfd->resamplefd = eventfd_ctx_fdget(args->resamplefd);
	if (!IS_ERR(irqfd->resamplefd))
		return 0;
	eventfd_ctx_put(irqfd->eventfd);
	return PTR_ERR(irqfd->resamplefd);
}

/* Under the device's lock; @file keeps the eventfd from hanging up meanwhile. */
static int irqfd_assign(struct vintc_device *dev, struct file *file, const struct kvm_irqfd *args)
{
	struct vintc_irqfd *irqfd;
	int r;

	/* Nobody would tell us when the VM ends. */
	if (dev->irqfds_ended)
		return -EIO;
	r = vintc_check_gsi(dev, args->gsi);
	if (r)
		return r;
	irqfd = irqfd_alloc(dev, args->gsi);
	if (!irqfd)
		return -ENOMEM;
	r = irqfd_open(irqfd, file, args);
	if (r)
		goto free;
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
	if (irqfd->resamplefd)
		eventfd_ctx_put(irqfd->resamplefd);
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

/* kvm->lock: a resample irqfd does not come while routes are replaced. */
int vintc_irqfd(struct vintc_device *dev, struct kvm_irqfd *args)
{
	struct fd f;
	int r;

	if (args->flags & ~(KVM_IRQFD_FLAG_DEASSIGN | KVM_IRQFD_FLAG_RESAMPLE) ||
	    memchr_inv(args->pad, 0, sizeof(args->pad)))
		return -EINVAL;
	f = fdget(args->fd);
	if (!fd_file(f))
		return -EBADF;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->lock);
	if (args->flags & KVM_IRQFD_FLAG_DEASSIGN)
		r = irqfd_deassign(dev, fd_file(f), args->gsi);
	else
		r = irqfd_assign(dev, fd_file(f), args);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->lock);
	fdput(f);
	return r;
}

void vintc_irqfd_release_all(struct vintc_device *dev)
{
	struct vintc_irqfd *irqfd, *next;

	spin_lock_irq(&dev->irqfd_lock);
	list_for_each_entry_safe(irqfd, next, &dev->irqfds, node)
		irqfd_deactivate(irqfd);
	spin_unlock_irq(&dev->irqfd_lock);
	flush_workqueue(free_queue);
}

void vintc_irqfd_end(struct vintc_device *dev)
{
	mutex_lock(&dev->lock);
	dev->irqfds_ended = true;
	vintc_irqfd_release_all(dev);
	mutex_unlock(&dev->lock);
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

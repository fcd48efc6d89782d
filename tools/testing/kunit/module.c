// SPDX-License-Identifier: GPL-2.0-only
/* The module in working order, as its init function makes it, for one suite. */
#include <linux/file.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>

#include "fixture.h"

struct file *vintc_test_dev_kvm;
unsigned long vintc_test_scratch;

/* Of the task that inserts the module. It waits for the suites to end. */
static struct mm_struct *user_mm;

static int open_user(void)
{
	struct file *file;

	vintc_test_scratch = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	if (!vintc_test_scratch)
		return -ENOMEM;
	file = filp_open("/dev/kvm", O_RDWR, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	vintc_test_dev_kvm = file;
	user_mm = get_task_mm(current);
	return 0;
}

static void close_user(void)
{
	mmput(user_mm);
	vintc_test_put(vintc_test_dev_kvm);
	/* The files that pin the module: their last put left them to a worker. */
	flush_delayed_fput();
}

int vintc_test_up_detached(struct kunit_suite *suite)
{
	int r;

	/* On a kernel that runs suites after init everything would be up twice. */
	if (THIS_MODULE->state != MODULE_STATE_COMING)
		return -EBUSY;
	r = vintc_symbols_resolve();
	if (r)
		return r;
	r = vintc_irqfd_init();
	if (r)
		return r;
	r = open_user();
	if (r)
		vintc_irqfd_exit();
	return r;
}

void vintc_test_down_detached(struct kunit_suite *suite)
{
	close_user();
	vintc_irqfd_exit();
	rcu_barrier();
}

int vintc_test_up(struct kunit_suite *suite)
{
	int r;

	r = vintc_test_up_detached(suite);
	if (r)
		return r;
	r = vintc_host.attach();
	if (r)
		goto no_host;
	r = vintc_device_register();
	if (r)
		goto no_device;
	return 0;

no_device:
	vintc_host.detach();
no_host:
	vintc_test_down_detached(suite);
	return r;
}

void vintc_test_down(struct kunit_suite *suite)
{
	vintc_device_unregister();
	vintc_host.detach();
	vintc_test_down_detached(suite);
}

int vintc_test_use_user(struct kunit *test)
{
	/* The reference is for a case that ends its thread: that puts its memory. */
	mmget(user_mm);
	kthread_use_mm(user_mm);
	return 0;
}

void vintc_test_unuse_user(struct kunit *test)
{
	if (!(current->flags & PF_KTHREAD))
		return;		/* the thread of the case has ended */
	kthread_unuse_mm(user_mm);
	mmput(user_mm);
}

struct put_work {
	struct work_struct work;
	struct file *file;
};

static void put_now(struct work_struct *work)
{
	__fput_sync(container_of(work, struct put_work, work)->file);
}

/* By a worker: only a kernel thread may release a file at once. */
void vintc_test_put(struct file *file)
{
	struct put_work put = { .file = file };

	if (!file)
		return;
	INIT_WORK_ONSTACK(&put.work, put_now);
	schedule_work(&put.work);
	flush_work(&put.work);
	destroy_work_on_stack(&put.work);
}

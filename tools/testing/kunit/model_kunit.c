// SPDX-License-Identifier: GPL-2.0-only
/* KVM_VINTC_RESET_MODEL: a device without a model again, whatever was in use. */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mman.h>

#include "presented.h"

#define MODEL	(vintc_test_model.model->id)
#define GSI	(vintc_test_model.gsi)

/* A device of the host's model that has of everything. */
struct used {
	struct vintc_test_eventfd plain, held, resample;
};

static void open_used(struct kunit *test, struct used *used)
{
	vintc_test_eventfd_open(test, &used->plain);
	vintc_test_eventfd_open(test, &used->held);
	vintc_test_eventfd_open(test, &used->resample);
}

static void close_used(struct used *used)
{
	vintc_test_eventfd_close(&used->plain);
	vintc_test_eventfd_close(&used->held);
	vintc_test_eventfd_close(&used->resample);
}

static void signal_used(struct used *used)
{
	eventfd_signal(used->plain.ctx, 1);
	eventfd_signal(used->held.ctx, 1);
}

/* The device remembers an image, too. */
static long track_state(struct vintc_test_device *d)
{
	unsigned long at = vintc_test_user_pages(2, PROT_READ | PROT_WRITE);
	struct kvm_vintc_state state = { .addr = at, .size = 2 * PAGE_SIZE,
					 .flags = KVM_VINTC_STATE_TRACK };

	return vintc_test_ioctl(d->file, KVM_VINTC_GET_STATE, &state, sizeof(state));
}

static void use(struct kunit *test, struct vintc_test_device *d, struct used *used)
{
	struct kvm_irq_routing_entry entry = to_pin(GSI, GSI);

	KUNIT_EXPECT_EQ(test, choose(d, MODEL), 0l);
	KUNIT_EXPECT_EQ(test, connect(d, 5, 5), 0l);
	KUNIT_EXPECT_EQ(test, vintc_test_model.make_interrupt(d), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_irqfd(d, used->plain.fd, GSI, 0), 0l);
	KUNIT_EXPECT_EQ(test, ioctl_resample(d, used->held.fd, used->resample.fd, GSI), 0l);
	KUNIT_EXPECT_EQ(test, set_routes(d, &entry, 1), 0l);
	KUNIT_EXPECT_EQ(test, track_state(d), 0l);
	signal_used(used);
}

static bool is_unused(struct vintc_test_device *d)
{
	struct vintc_device *dev = device_of(d);

	return !dev->model && !dev->controller && !dev->image && !dev->features && !dev->leads_to &&
	       !rcu_access_pointer(dev->routes) && xa_empty(&dev->icps) && list_empty(&dev->irqfds) &&
	       list_empty(&dev->resamplers) && !memchr_inv(dev->first_icps, 0, sizeof(dev->first_icps));
}

static void with_everything_in_use_hazard05(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct used used;
	u64 value;
	int round;

	open_used(test, &used);
	for (round = 0; round < 10; round++) {
		use(test, d, &used);
		KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
		KUNIT_EXPECT_TRUE(test, is_unused(d));
		KUNIT_EXPECT_NULL(test, vintc_device_find(d->vm.kvm));
		KUNIT_EXPECT_FALSE(test, mutex_is_locked(&vintc_test_vcpu_of(d->vcpu[1])->mutex));
		signal_used(&used);
		KUNIT_EXPECT_EQ(test, get(d, KVM_VINTC_GRP_MODEL, MODEL, &value), 0l);
		KUNIT_EXPECT_EQ(test, value, 0ull);
		KUNIT_EXPECT_EQ(test, connect(d, 5, 5), -ENXIO);
		KUNIT_EXPECT_EQ(test, reset_model(d), -ENXIO);
	}
	use(test, d, &used);
	/* Another device may take its place, and then it may not come back. */
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	KUNIT_EXPECT_EQ(test, choose(d, PRESENTED_XICS), 0l);
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	KUNIT_EXPECT_EQ(test, choose(d, PRESENTED_GICV2), 0l);
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	use(test, d, &used);
	vintc_test_device_put(d);
	close_used(&used);
}

/* ---- refused ---- */

static void expect_refused(struct kunit *test, struct vintc_test_device *d, struct used *used)
{
	u64 count = vintc_irqfd_count(device_of(d));

	KUNIT_EXPECT_EQ(test, reset_model(d), -EBUSY);
	signal_used(used);
	KUNIT_EXPECT_EQ(test, vintc_irqfd_count(device_of(d)), count + 2);
	KUNIT_EXPECT_EQ(test, inject(d, vintc_test_model.line, 1), 0l);
}

static void while_a_vcpu_runs(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vcpu_holder holder;
	struct used used;

	open_used(test, &used);
	use(test, d, &used);
	hold_vcpu(test, &holder, vintc_test_vcpu_of(d->vcpu[1]));
	expect_refused(test, d, &used);
	release_vcpu(&holder);
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	close_used(&used);
}

/* Arguments of another thread's ioctl, in a page of its own. */
struct driver {
	struct file *file;
	unsigned long at;
};

static void make_driver(struct kunit *test, struct driver *driver, struct vintc_test_device *d)
{
	struct kvm_irq_level line = { .irq = vintc_test_model.line, .level = 1 };

	*driver = (struct driver){
		.file = d->file,
		.at = vintc_test_user_pages(1, PROT_READ | PROT_WRITE),
	};
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)driver->at, &line, sizeof(line)), 0ul);
}

static long drive_line(void *arg)
{
	struct driver *driver = arg;

	return vfs_ioctl(driver->file, KVM_IRQ_LINE, driver->at);
}

static long try_reset(void *arg)
{
	return reset_model(arg);
}

/* The ioctl waits for the end of a pause. Each has a thread: who pauses may not wait for either. */
static void while_an_ioctl_is_on_its_way(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct vintc_test_thread thread, reset;
	struct driver driver;
	struct used used;

	open_used(test, &used);
	use(test, d, &used);
	make_driver(test, &driver, d);
	mutex_lock(&d->vm.kvm->lock);
	vintc_pause(d->vm.kvm);
	vintc_test_start(test, &thread, drive_line, &driver);
	while (!rwsem_is_locked(&device_of(d)->model_sem))
		schedule_timeout_idle(1);
	vintc_test_start(test, &reset, try_reset, d);
	wait_for_completion(&reset.done);
	KUNIT_EXPECT_EQ(test, vintc_test_stop(&reset), -EBUSY);
	vintc_resume(d->vm.kvm);
	mutex_unlock(&d->vm.kvm->lock);
	wait_for_completion(&thread.done);
	KUNIT_EXPECT_EQ(test, vintc_test_stop(&thread), 0l);
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	close_used(&used);
}

static void while_another_device_leads_here(struct kunit *test)
{
	struct vintc_test_device *d = test->priv, other = another_device(test, d);
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct kvm_irq_routing_entry entry = to_device(7, fd, GSI);
	struct used used;

	KUNIT_ASSERT_GE(test, fd, 0);
	fd_install(fd, get_file(d->file));
	open_used(test, &used);
	use(test, d, &used);
	make_xics(test, &other);
	KUNIT_EXPECT_EQ(test, set_routes(&other, &entry, 1), 0l);
	expect_refused(test, d, &used);
	/* The one that leads goes first. */
	KUNIT_EXPECT_EQ(test, reset_model(&other), 0l);
	KUNIT_EXPECT_EQ(test, reset_model(d), 0l);
	/* Without a model it is nothing to lead to. */
	make_xics(test, &other);
	KUNIT_EXPECT_EQ(test, set_routes(&other, &entry, 1), -EINVAL);
	close_used(&used);
	close_fd(fd);
	vintc_test_put(other.file);
}

static void of_as_many_devices_as_a_vm_may_have(struct kunit *test)
{
	struct vintc_test_device *d = test->priv, *others;
	int i;

	others = kunit_kcalloc(test, VINTC_DEVICES, sizeof(*others), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, others);
	for (i = 0; i < VINTC_DEVICES; i++) {
		others[i] = another_device(test, d);
		KUNIT_EXPECT_EQ(test, choose(&others[i], PRESENTED_XICS), 0l);
	}
	KUNIT_EXPECT_EQ(test, choose(d, PRESENTED_XICS), -ENOSPC);
	KUNIT_EXPECT_TRUE(test, is_unused(d));
	KUNIT_EXPECT_EQ(test, reset_model(&others[17]), 0l);
	KUNIT_EXPECT_EQ(test, choose(d, PRESENTED_XICS), 0l);
	KUNIT_EXPECT_EQ(test, device_of(d)->number, 17u);
	KUNIT_EXPECT_EQ(test, choose(&others[17], PRESENTED_XICS), -ENOSPC);
	for (i = 0; i < VINTC_DEVICES; i++)
		vintc_test_put(others[i].file);
}

/* ---- under fire ---- */

struct shooter {
	struct driver driver;
	struct used used;
	u32 shots, strange;
};

/* Whatever the device is just now, the answer is one that the ABI has. */
static long shoot(void *arg)
{
	struct shooter *shooter = arg;

	while (!vintc_test_stopped()) {
		long r;

		local_irq_disable();
		signal_used(&shooter->used);
		local_irq_enable();
		r = drive_line(&shooter->driver);
		shooter->strange += r && r != -ENXIO && r != -EINVAL && r != -EBUSY;
		WRITE_ONCE(shooter->shots, shooter->shots + 1);
		cond_resched();
	}
	return 0;
}

static void under_fire_hazard26(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	unsigned long patience = jiffies + 30 * HZ;
	struct vintc_test_thread thread;
	struct shooter shooter = {};
	int round;

	open_used(test, &shooter.used);
	make_driver(test, &shooter.driver, d);
	vintc_test_start(test, &thread, shoot, &shooter);
	for (round = 0; round < 25 && time_before(jiffies, patience); round++) {
		long r;

		use(test, d, &shooter.used);
		do {
			r = reset_model(d);
			cond_resched();
		} while (r == -EBUSY && time_before(jiffies, patience));
		KUNIT_EXPECT_EQ(test, r, 0l);
		KUNIT_EXPECT_TRUE(test, is_unused(d));
	}
	vintc_test_stop(&thread);
	KUNIT_EXPECT_EQ(test, round, 25);
	KUNIT_EXPECT_GE(test, shooter.shots, 25u);
	KUNIT_EXPECT_EQ(test, shooter.strange, 0u);
	close_used(&shooter.used);
}

static struct kunit_case model_cases[] = {
	KUNIT_CASE(with_everything_in_use_hazard05),
	KUNIT_CASE(while_a_vcpu_runs),
	KUNIT_CASE(while_an_ioctl_is_on_its_way),
	KUNIT_CASE(while_another_device_leads_here),
	KUNIT_CASE(of_as_many_devices_as_a_vm_may_have),
	KUNIT_CASE(under_fire_hazard26),
	{}
};

static struct kunit_suite model_suite = {
	.name = "vintc_model",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = vintc_test_device_init,
	.exit = vintc_test_device_exit,
	.test_cases = model_cases,
};

kunit_test_suite(model_suite);

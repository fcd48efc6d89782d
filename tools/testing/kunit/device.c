// SPDX-License-Identifier: GPL-2.0-only
/* A device in a real VM, for each case a new one. */
#include "device.h"

static int make(struct kunit *test, struct vintc_test_device *d)
{
	vintc_test_vm_create(test, &d->vm);
	d->vcpu[0] = vintc_test_vm_vcpu(test, &d->vm, 0);
	d->vcpu[1] = vintc_test_vm_vcpu(test, &d->vm, 5);
	d->file = vintc_test_vm_device(&d->vm);
	return d->vcpu[0] && d->vcpu[1] && !IS_ERR(d->file) ? 0 : -EINVAL;
}

void vintc_test_device_put(struct vintc_test_device *d)
{
	int i;

	if (!IS_ERR_OR_NULL(d->file))
		vintc_test_put(d->file);
	d->file = NULL;
	for (i = 0; i < ARRAY_SIZE(d->vcpu); i++) {
		vintc_test_put(d->vcpu[i]);
		d->vcpu[i] = NULL;
	}
	vintc_test_vm_put(&d->vm);
}

int vintc_test_device_init(struct kunit *test)
{
	struct vintc_test_device *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);

	vintc_test_use_user(test);
	if (!d)
		return -ENOMEM;
	test->priv = d;
	return make(test, d);
}

void vintc_test_device_exit(struct kunit *test)
{
	if (test->priv)
		vintc_test_device_put(test->priv);
	vintc_test_unuse_user(test);
}

void vintc_test_device_anew(struct kunit *test, struct vintc_test_device *d)
{
	vintc_test_device_put(d);
	KUNIT_ASSERT_EQ(test, make(test, d), 0);
}

static long hold(void *arg)
{
	struct vcpu_holder *holder = arg;

	mutex_lock(&holder->vcpu->mutex);
	complete(&holder->holds);
	while (!vintc_test_stopped())
		schedule_timeout_idle(1);
	mutex_unlock(&holder->vcpu->mutex);
	return 0;
}

void hold_vcpu(struct kunit *test, struct vcpu_holder *holder, struct kvm_vcpu *vcpu)
{
	holder->vcpu = vcpu;
	init_completion(&holder->holds);
	vintc_test_start(test, &holder->thread, hold, holder);
	wait_for_completion(&holder->holds);
}

void release_vcpu(struct vcpu_holder *holder)
{
	vintc_test_stop(&holder->thread);
}

bool vintc_test_set_failing(struct kunit *test, u32 group, u64 attr, unsigned long addr,
			    unsigned int nth, long *result)
{
	struct kvm_device_attr a = { .group = group, .attr = attr, .addr = addr };
	struct vintc_test_device *d = test->priv;
	bool failed;

	vintc_test_fail_nth(nth);
	*result = vintc_set_attr(d->file->private_data, &a);
	failed = vintc_test_fail_over();
	KUNIT_EXPECT_TRUE_MSG(test, !*result || (failed && *result == -ENOMEM), "%ld", *result);
	return failed;
}

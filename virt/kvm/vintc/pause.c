// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pauses: nothing touches the controllers of a VM but who has paused them.
 *
 * A section is an RCU reader that has seen its device not to be paused. When the flags
 * of all the VM's devices are up and a grace period is over, there is none left. All of
 * them, because an interrupt may pass from one to another.
 */
#include "vintc.h"

static bool pause_device(struct vintc_device *dev, void *unused)
{
	WRITE_ONCE(dev->paused, true);
	return false;
}

void vintc_pause(struct kvm *kvm)
{
	vintc_each_device(kvm, pause_device, NULL);
	synchronize_rcu_expedited();
	if (vintc_host.drain)
		vintc_host.drain();
}

static void make_vcpus_look(struct vintc_device *dev)
{
	unsigned long i;
	void *icp;

	if (!vintc_host.look || !dev->presents)
		return;
	xa_for_each(&dev->icps, i, icp)
		vintc_host.look(dev->model->cpu(icp));
}

/*
 * Release: whoever enters sees what was done meanwhile. Then a full barrier: either the
 * signal of an irqfd is seen to have been missed, or whoever missed it sees the flag down.
 */
static bool resume_device(struct vintc_device *dev, void *unused)
{
	smp_store_release(&dev->paused, false);
	smp_mb();
	wake_up_all(&dev->resumed);
	make_vcpus_look(dev);
	return false;
}

static bool catch_up(struct vintc_device *dev, void *unused)
{
	vintc_irqfd_catch_up(dev);
	return false;
}

void vintc_resume(struct kvm *kvm)
{
	vintc_each_device(kvm, resume_device, NULL);
	vintc_each_device(kvm, catch_up, NULL);
}

void vintc_wait_resumed(struct vintc_device *dev)
{
	wait_event(dev->resumed, !READ_ONCE(dev->paused));
}

static void unlock_vcpus(struct vintc_device *dev, unsigned long end)
{
	unsigned long i;
	void *icp;

	xa_for_each(&dev->icps, i, icp)
		if (i < end)
			mutex_unlock(&vintc_vcpu(dev, icp)->mutex);
}

int vintc_lock_vcpus(struct vintc_device *dev)
{
	unsigned long i;
	void *icp;

	xa_for_each(&dev->icps, i, icp)
		if (!mutex_trylock(&vintc_vcpu(dev, icp)->mutex)) {
			unlock_vcpus(dev, i);
			return -EBUSY;
		}
	return 0;
}

void vintc_unlock_vcpus(struct vintc_device *dev)
{
	unlock_vcpus(dev, ULONG_MAX);
}

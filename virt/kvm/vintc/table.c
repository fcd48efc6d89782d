// SPDX-License-Identifier: GPL-2.0-only
/* The devices that have a model, by VM. Written under the lock, read under RCU. */
#include <linux/hashtable.h>

#include "vintc.h"

static DEFINE_HASHTABLE(devices, 6);
static DEFINE_SPINLOCK(devices_lock);

/* On the way of each hypercall: one comparison tells. */
struct vintc_device *vintc_device_find(struct kvm *kvm)
{
	struct vintc_device *dev, *found = NULL;

	rcu_read_lock();
	hash_for_each_possible_rcu(devices, dev, node, (unsigned long)kvm)
		if (dev->presents == kvm) {
			found = dev;
			break;
		}
	rcu_read_unlock();
	return found;
}

bool vintc_each_device(struct kvm *kvm, bool (*visit)(struct vintc_device *dev, void *arg),
		       void *arg)
{
	struct vintc_device *dev;
	bool done = false;

	rcu_read_lock();
	hash_for_each_possible_rcu(devices, dev, node, (unsigned long)kvm) {
		done = dev->kvm == kvm && visit(dev, arg);
		if (done)
			break;
	}
	rcu_read_unlock();
	return done;
}

int vintc_device_publish(struct vintc_device *dev)
{
	struct kvm *presents = dev->by_userspace ? NULL : dev->kvm;
	struct vintc_device *other;
	u64 taken = 0;
	int r = 0;

	BUILD_BUG_ON(VINTC_DEVICES > BITS_PER_TYPE(taken));
	spin_lock(&devices_lock);
	hash_for_each_possible(devices, other, node, (unsigned long)dev->kvm) {
		if (other->kvm != dev->kvm)
			continue;
		taken |= BIT_ULL(other->number);
		if (presents && other->presents)
			r = -EEXIST;
	}
	if (!r && !~taken)
		r = -ENOSPC;
	if (!r) {
		dev->number = __ffs64(~taken);
		dev->presents = presents;
		hash_add_rcu(devices, &dev->node, (unsigned long)dev->kvm);
	}
	spin_unlock(&devices_lock);
	return r;
}

void vintc_device_forget(struct vintc_device *dev)
{
	if (hlist_unhashed(&dev->node))
		return;
	spin_lock(&devices_lock);
	hash_del_rcu(&dev->node);
	spin_unlock(&devices_lock);
}

void vintc_device_withdraw(struct vintc_device *dev)
{
	vintc_device_forget(dev);
	/* Readers may stand on the node; vintc_device_forget() asks whether it is in the table. */
	synchronize_rcu_expedited();
	INIT_HLIST_NODE(&dev->node);
}

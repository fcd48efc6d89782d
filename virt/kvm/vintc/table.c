// SPDX-License-Identifier: GPL-2.0-only
/* The devices that have a model, by VM. Written under the lock, read under RCU. */
#include "vintc.h"

struct hlist_head vintc_devices[1 << VINTC_TABLE_BITS];
static DEFINE_SPINLOCK(devices_lock);

bool vintc_each_device(struct kvm *kvm, bool (*visit)(struct vintc_device *dev, void *arg),
		       void *arg)
{
	struct vintc_device *dev;
	bool done = false;

	rcu_read_lock();
	hlist_for_each_entry_rcu(dev, vintc_bucket(kvm), node) {
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
	hlist_for_each_entry(other, vintc_bucket(dev->kvm), node) {
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
		hlist_add_head_rcu(&dev->node, vintc_bucket(dev->kvm));
	}
	spin_unlock(&devices_lock);
	return r;
}

void vintc_device_forget(struct vintc_device *dev)
{
	if (hlist_unhashed(&dev->node))
		return;
	spin_lock(&devices_lock);
	hlist_del_init_rcu(&dev->node);
	spin_unlock(&devices_lock);
}

void vintc_device_withdraw(struct vintc_device *dev)
{
	vintc_device_forget(dev);
	/* Readers may stand on the node; vintc_device_forget() asks whether it is in the table. */
	synchronize_rcu_expedited();
	INIT_HLIST_NODE(&dev->node);
}

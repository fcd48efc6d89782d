// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resample irqfds: level-sensitive interrupts of devices that the kernel or another
 * process drives. A signal holds the input up. The guest's end of the interrupt lets it
 * go, in one transition of the core, and then the resamplefd is signalled: if the device
 * still asks for service it signals again.
 *
 * A held input has no owner: several irqfds may share it. So it is let go for all of
 * them, and all are told to look again. To be told in vain does no harm.
 */
#include <linux/eventfd.h>

#include "compat.h"
#include "core/platform.h"
#include "irqfd.h"

struct ended {
	struct vintc_device *dev;
	u32 pin;
	bool others;			/* other inputs were let go with it */
};

/* The other inputs that its GSI leads to, before its device looks: it raises all of them. */
static bool release_others_at(struct vintc_device *dev, void *arg)
{
	struct ended *ended = arg;
	struct vintc_irqfd *irqfd;

	list_for_each_entry_rcu(irqfd, &dev->resamplers, resampler) {
		if (!vintc_leads_to_many(dev, irqfd->gsi) ||
		    !vintc_leads_to(dev, irqfd->gsi, ended->dev, ended->pin))
			continue;
		vintc_inject(dev, irqfd->gsi, VINTC_RELEASE);
		ended->others = true;
	}
	return false;
}

static bool notify_at(struct vintc_device *dev, void *arg)
{
	const struct ended *ended = arg;
	struct vintc_irqfd *irqfd;

	list_for_each_entry_rcu(irqfd, &dev->resamplers, resampler)
		if (!ended || vintc_leads_to(dev, irqfd->gsi, ended->dev, ended->pin))
			vintc_eventfd_signal(irqfd->resamplefd);
	return false;
}

void vintc_resample_notify(struct kvm *kvm)
{
	vintc_each_device(kvm, notify_at, NULL);
}

/* Of the core, in a section. Whose the others were nobody knows: then all are told. */
void vintc_input_ended(void *owner, u32 input)
{
	struct vintc_device *dev = owner;
	struct ended ended = { .dev = dev, .pin = dev->model->ended_pin(input) };

	vintc_each_device(dev->kvm, release_others_at, &ended);
	vintc_each_device(dev->kvm, notify_at, ended.others ? NULL : &ended);
}

static bool any_at(struct vintc_device *dev, void *unused)
{
	return !list_empty(&dev->resamplers);
}

bool vintc_resample_any(struct kvm *kvm)
{
	return vintc_each_device(kvm, any_at, NULL);
}

static bool release_at(struct vintc_device *dev, void *unused)
{
	struct vintc_irqfd *irqfd;

	list_for_each_entry_rcu(irqfd, &dev->resamplers, resampler)
		vintc_inject(dev, irqfd->gsi, VINTC_RELEASE);
	return false;
}

void vintc_resample_release(struct kvm *kvm)
{
	vintc_each_device(kvm, release_at, NULL);
}

void vintc_resample_end(struct vintc_irqfd *irqfd)
{
	struct vintc_device *dev = irqfd->dev;

	vintc_enter_wait(dev);
	vintc_inject(dev, irqfd->gsi, VINTC_RELEASE);
	vintc_leave(dev);
	vintc_resample_notify(dev->kvm);
	/* It is off the list; now nobody reads it there either. */
	synchronize_rcu_expedited();
	eventfd_ctx_put(irqfd->resamplefd);
}

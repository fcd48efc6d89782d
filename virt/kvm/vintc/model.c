// SPDX-License-Identifier: GPL-2.0-only
/* Which controller a device is: choosing a model, and leaving it again. */
#include <linux/slab.h>

#include "trace.h"
#include "vintc.h"

static const struct vintc_model *const models[] = { &vintc_model_xics, &vintc_model_gicv2 };

/* Every model is offered to a VMM that presents the interrupts itself. */
const struct vintc_model *vintc_offered_model(u64 attr)
{
	u64 id = attr & ~(u64)KVM_VINTC_MODEL_USERSPACE;
	bool by_userspace = attr & KVM_VINTC_MODEL_USERSPACE;
	int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i]->id == id)
			return by_userspace || vintc_host.offers(models[i]) ? models[i] : NULL;
	return NULL;
}

static void disconnected(struct vintc_device *dev)
{
	if (!dev->by_userspace && vintc_host.disconnected)
		vintc_host.disconnected(dev);
}

/*
 * The eventfds go before the vCPUs: a signal may come at any moment, also when
 * userspace has closed all that it had of the VM. A VM's buses go before its vCPUs as
 * well, so there is a device of ours on a bus that no guest reaches on our
 * architectures. Without memory KVM may also give up a bus while the VM lives: under
 * kvm->slots_lock.
 */
static void watch_destructor(struct kvm_io_device *io)
{
	struct vintc_device *dev = container_of(io, struct vintc_device, watch);

	vintc_irqfd_end(dev);
	disconnected(dev);
}

static const struct kvm_io_device_ops watch_ops = { .destructor = watch_destructor };

static int watch(struct vintc_device *dev)
{
	int r = 0;

	if (!dev->watched) {
		kvm_iodevice_init(&dev->watch, &watch_ops);
		r = vintc_io_bus_register(dev->kvm, KVM_VIRTIO_CCW_NOTIFY_BUS, 0, 1, &dev->watch);
		dev->watched = !r;
	}
	return r;
}

static int present_by_host(struct vintc_device *dev)
{
	return !dev->by_userspace && vintc_host.adopt ? vintc_host.adopt(dev) : 0;
}

static int make_model(struct vintc_device *dev, const struct vintc_model *model, bool by_userspace)
{
	int r;

	r = by_userspace ? 0 : vintc_host.admit(dev->kvm, model);
	if (r)
		return r;
	r = watch(dev);
	if (r)
		return r;
	dev->by_userspace = by_userspace;
	r = model->create(dev);
	if (r)
		return r;
	/* Seen by vintc_device_find() first, and of use to nobody before a connect. */
	r = vintc_device_publish(dev);
	if (r)
		goto destroy;
	r = present_by_host(dev);
	if (r)
		goto withdraw;
	smp_store_release(&dev->model, model);
	vintc_debugfs_create(dev);
	return 0;

withdraw:
	vintc_device_withdraw(dev);
destroy:
	model->destroy(dev);
	return r;
}

/* Under model_sem, written. */
int vintc_choose_model(struct vintc_device *dev, u64 attr)
{
	const struct vintc_model *model = vintc_offered_model(attr);
	int r;

	if (!model)
		return -ENXIO;
	if (dev->model)
		return -EBUSY;
	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->kvm->slots_lock);
	mutex_lock(&dev->lock);
	r = make_model(dev, model, attr & KVM_VINTC_MODEL_USERSPACE);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->slots_lock);
	mutex_unlock(&dev->kvm->lock);
	return r;
}

void vintc_free_model(struct vintc_device *dev)
{
	unsigned long i;
	void *icp;

	xa_for_each(&dev->icps, i, icp) {
		void *cpu = dev->model->cpu(icp);

		if (vintc_is_line(cpu))
			vintc_line_destroy(cpu);
	}
	if (!dev->by_userspace && vintc_host.abandon)
		vintc_host.abandon(dev);
	dev->model->destroy(dev);
	dev->model = NULL;
	xa_destroy(&dev->icps);
	memset(dev->first_icps, 0, sizeof(dev->first_icps));
	memset(dev->rtas_tokens, 0, sizeof(dev->rtas_tokens));
	dev->features = 0;
	vintc_free_routes(dev);
	vintc_image_free(dev);
}

static void lower_lines(struct vintc_device *dev)
{
	unsigned long i;
	void *icp;

	xa_for_each(&dev->icps, i, icp) {
		void *cpu = dev->model->cpu(icp);

		if (!vintc_is_line(cpu))
			vintc_host_line_lower(cpu);
	}
}

/* With all of that locked nobody is inside the device, and nobody finds it afterwards. */
static int unmake_model(struct vintc_device *dev)
{
	int r;

	if (vintc_is_led_to(dev))
		return -EBUSY;
	r = vintc_lock_vcpus(dev);
	if (r)
		return r;
	trace_vintc_reset(dev, true);
	vintc_irqfd_release_all(dev);
	if (dev->model->withdraw)
		dev->model->withdraw(dev);
	vintc_device_withdraw(dev);
	disconnected(dev);
	lower_lines(dev);
	vintc_unlock_vcpus(dev);
	vintc_free_model(dev);
	return 0;
}

/* Under model_sem, written. */
int vintc_leave_model(struct vintc_device *dev)
{
	int r;

	mutex_lock(&dev->kvm->lock);
	mutex_lock(&dev->kvm->slots_lock);
	mutex_lock(&dev->lock);
	r = unmake_model(dev);
	mutex_unlock(&dev->lock);
	mutex_unlock(&dev->kvm->slots_lock);
	mutex_unlock(&dev->kvm->lock);
	return r;
}

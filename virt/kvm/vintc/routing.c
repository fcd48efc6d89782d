// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where GSIs lead: KVM_SET_GSI_ROUTING, and an interrupt's way by the table.
 *
 * A table is made complete, published, and freed when no section can read it any
 * more. Which device leads to which is checked and changed under kvm->lock; devices
 * that lead to others form no ring, so the way of an interrupt ends: each table that a
 * section sees was replaced, if at all, during that section, and no other one after.
 */
#include <linux/file.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "trace.h"
#include "vintc.h"

/* ---- the way of an interrupt ---- */

static enum vintc_injected better(enum vintc_injected a, enum vintc_injected b)
{
	if (a == VINTC_UNKNOWN_SOURCE || b == VINTC_UNKNOWN_SOURCE)
		return a == VINTC_UNKNOWN_SOURCE ? b : a;
	return max(a, b);
}

/* A message has no level: it comes, and is not taken back. It may be held all the same. */
static enum vintc_injected message(struct vintc_device *dev, u32 pin, enum vintc_input input)
{
	if (input == VINTC_LOW)
		return VINTC_COALESCED;
	return dev->model->input(dev, pin, input == VINTC_HIGH ? VINTC_PULSE : input);
}

static enum vintc_injected follow(struct vintc_device *dev, const struct vintc_route *route,
				  enum vintc_input input)
{
	switch (route->kind) {
	case VINTC_ROUTE_MSI:
		return message(dev, route->number, input);
	case VINTC_ROUTE_DEVICE:
		return vintc_inject(route->device, route->number, input);
	}
	return dev->model->input(dev, route->number, input);
}

static __always_inline enum vintc_injected inject(struct vintc_device *dev, u32 gsi,
						 enum vintc_input input)
{
	const struct vintc_routes *routes = rcu_dereference(dev->routes);
	enum vintc_injected best = VINTC_UNKNOWN_SOURCE;
	const struct vintc_route *route;

	if (!routes)
		return dev->model->input(dev, gsi, input);
	for (route = vintc_routes_first(routes, gsi); route; route = vintc_routes_next(routes, route))
		best = better(best, follow(dev, route, input));
	return best;
}

static noinline enum vintc_injected inject_traced(struct vintc_device *dev, u32 gsi,
						  enum vintc_input input)
{
	enum vintc_injected status = inject(dev, gsi, input);

	trace_vintc_inject(dev, gsi, input, status);
	return status;
}

enum vintc_injected vintc_inject(struct vintc_device *dev, u32 gsi, enum vintc_input input)
{
	if (trace_vintc_inject_enabled())
		return inject_traced(dev, gsi, input);
	return inject(dev, gsi, input);
}

bool vintc_leads_to(struct vintc_device *dev, u32 gsi, struct vintc_device *target, u32 pin)
{
	const struct vintc_routes *routes = rcu_dereference(dev->routes);
	const struct vintc_route *route;

	if (!routes)
		return dev == target && gsi == pin;
	for (route = vintc_routes_first(routes, gsi); route; route = vintc_routes_next(routes, route)) {
		if (route->kind == VINTC_ROUTE_DEVICE
			    ? vintc_leads_to(route->device, route->number, target, pin)
			    : dev == target && route->number == pin)
			return true;
	}
	return false;
}

bool vintc_leads_to_many(struct vintc_device *dev, u32 gsi)
{
	const struct vintc_routes *routes = rcu_dereference(dev->routes);
	const struct vintc_route *route = routes ? vintc_routes_first(routes, gsi) : NULL;

	return route && (vintc_routes_next(routes, route) || route->kind == VINTC_ROUTE_DEVICE);
}

int vintc_check_gsi(struct vintc_device *dev, u32 gsi)
{
	int r = vintc_ready(dev);

	if (r)
		return r;
	if (rcu_access_pointer(dev->routes))
		return gsi < VINTC_GSI_LIMIT ? 0 : -EINVAL;
	return dev->model->is_pin(dev, gsi) ? 0 : -EINVAL;
}

/* ---- making a table ---- */

static struct vintc_device *device_of_fd(struct vintc_device *dev, int fd)
{
	struct vintc_device *target = NULL;
	struct kvm_device *kdev;
	struct fd f = fdget(fd);

	if (!fd_file(f))
		return NULL;
	kdev = vintc_device_from_file(fd_file(f));
	if (kdev && kdev->kvm == dev->kvm)
		target = vintc_device_of(kdev);
	/* Not ours to hold: it lives as long as the VM. */
	fdput(f);
	return target && vintc_device_model(target) ? target : NULL;
}

/* Is what the entry's type does not use 0? */
static bool is_clean(const struct kvm_irq_routing_entry *entry)
{
	size_t used = entry->type == KVM_IRQ_ROUTING_MSI ? offsetof(struct kvm_irq_routing_msi, devid) :
							   sizeof(struct kvm_irq_routing_irqchip);

	return !entry->flags && !entry->pad &&
	       !memchr_inv((u8 *)&entry->u + used, 0, sizeof(entry->u) - used);
}

static int make_route(struct vintc_device *dev, const struct kvm_irq_routing_entry *entry,
		      struct vintc_route *route)
{
	if (!is_clean(entry))
		return -EINVAL;

	switch (entry->type) {
	case KVM_IRQ_ROUTING_IRQCHIP:
		if (entry->u.irqchip.irqchip || !dev->model->is_pin(dev, entry->u.irqchip.pin))
			return -EINVAL;
		*route = (struct vintc_route){
			.number = entry->u.irqchip.pin,
			.kind = VINTC_ROUTE_PIN,
		};
		return 0;
	case KVM_IRQ_ROUTING_MSI:
		*route = (struct vintc_route){ .kind = VINTC_ROUTE_MSI };
		return dev->model->msi_pin(dev, entry->u.msi.data, &route->number);
	case KVM_VINTC_ROUTING_DEVICE:
		*route = (struct vintc_route){
			.device = device_of_fd(dev, entry->u.irqchip.irqchip),
			.number = entry->u.irqchip.pin,
			.kind = VINTC_ROUTE_DEVICE,
		};
		return route->device && route->number < VINTC_GSI_LIMIT ? 0 : -EINVAL;
	}
	return -EINVAL;
}

static int fill(struct vintc_device *dev, struct vintc_routes *routes,
		struct kvm_irq_routing_entry __user *entries, u32 count)
{
	struct kvm_irq_routing_entry entry;
	struct vintc_route route;
	u32 i;
	int r;

	for (i = 0; i < count; i++) {
		if (copy_from_user(&entry, &entries[i], sizeof(entry)))
			return -EFAULT;
		r = make_route(dev, &entry, &route);
		if (!r)
			r = vintc_errno(vintc_routes_add(routes, entry.gsi, &route));
		if (r)
			return r;
		cond_resched();
	}
	return 0;
}

/* ---- which device leads to which: under kvm->lock ---- */

/* A model may have gone since its device was found. */
static int targets_of(const struct vintc_routes *routes, u64 *targets)
{
	const struct vintc_route *route;
	struct vintc_device *device;
	u32 i;

	*targets = 0;
	for (i = 0; routes && (route = vintc_routes_at(routes, i)); i++) {
		if (route->kind != VINTC_ROUTE_DEVICE)
			continue;
		device = route->device;
		if (!device->model)
			return -EINVAL;
		*targets |= BIT_ULL(device->number);
	}
	return 0;
}

struct graph {
	u64 leads_to[VINTC_DEVICES];
};

static bool take_edges(struct vintc_device *dev, void *arg)
{
	struct graph *graph = arg;

	graph->leads_to[dev->number] = dev->leads_to;
	return false;
}

/*
 * The devices that may be at the end of a row of 1, 2, ... devices: a row that goes on
 * beyond the limit is too long, or a ring.
 */
static bool is_shallow(const struct graph *graph)
{
	u64 ends = ~0ULL, next;
	int i, length;

	for (length = 1; ends; length++, ends = next) {
		if (length > KVM_VINTC_CASCADE)
			return false;
		for (next = 0, i = 0; i < VINTC_DEVICES; i++)
			if (ends >> i & 1)
				next |= graph->leads_to[i];
	}
	return true;
}

static int check_cascade(struct vintc_device *dev, u64 targets)
{
	struct graph graph = {};

	vintc_each_device(dev->kvm, take_edges, &graph);
	graph.leads_to[dev->number] = targets;
	return is_shallow(&graph) ? 0 : -ELOOP;
}

static bool leads_to_number(struct vintc_device *other, void *arg)
{
	struct vintc_device *dev = arg;

	return other->leads_to >> dev->number & 1;
}

bool vintc_is_led_to(struct vintc_device *dev)
{
	return vintc_each_device(dev->kvm, leads_to_number, dev);
}

/* ---- replacing one ---- */

/*
 * What irqfds hold is let go by the old table, in a pause, so that nothing is held
 * meanwhile; their devices then look again.
 */
static void replace(struct vintc_device *dev, struct vintc_routes *routes)
{
	struct vintc_routes *old = rcu_access_pointer(dev->routes);
	bool holds = vintc_resample_any(dev->kvm);

	if (holds) {
		vintc_pause(dev->kvm);
		vintc_resample_release(dev->kvm);
	}
	rcu_assign_pointer(dev->routes, routes);
	if (holds) {
		vintc_resume(dev->kvm);
		vintc_resample_notify(dev->kvm);
	} else {
		synchronize_rcu_expedited();
	}
	vintc_routes_destroy(old);
}

/* Under the lock as well: irqfds neither come nor go at the ABI. */
static int install(struct vintc_device *dev, struct vintc_routes *routes)
{
	u64 targets;
	int r;

	r = targets_of(routes, &targets);
	if (!r)
		r = check_cascade(dev, targets);
	if (r)
		return r;
	dev->leads_to = targets;
	replace(dev, routes);
	return 0;
}

int vintc_set_routing(struct vintc_device *dev, struct kvm_irq_routing __user *arg)
{
	struct vintc_routes *routes = NULL;
	struct kvm_irq_routing header;
	int r = vintc_ready(dev);

	if (r)
		return r;
	if (copy_from_user(&header, arg, sizeof(header)))
		return -EFAULT;
	if (header.flags)
		return -EINVAL;
	if (header.nr > KVM_VINTC_ROUTES)
		return -E2BIG;
	if (header.nr) {
		routes = vintc_routes_create(header.nr);
		if (!routes)
			return -ENOMEM;
		r = fill(dev, routes, arg->entries, header.nr);
	}
	if (!r) {
		mutex_lock(&dev->kvm->lock);
		mutex_lock(&dev->lock);
		r = install(dev, routes);
		mutex_unlock(&dev->lock);
		mutex_unlock(&dev->kvm->lock);
	}
	if (r)
		vintc_routes_destroy(routes);
	return r;
}

/* Nobody injects any more. */
void vintc_free_routes(struct vintc_device *dev)
{
	vintc_routes_destroy(rcu_access_pointer(dev->routes));
	RCU_INIT_POINTER(dev->routes, NULL);
	dev->leads_to = 0;
}

/* ---- KVM_SIGNAL_MSI ---- */

int vintc_signal_msi(struct vintc_device *dev, struct kvm_msi __user *arg)
{
	enum vintc_injected injected;
	struct kvm_msi msi;
	u32 pin;
	int r = vintc_ready(dev);

	if (r)
		return r;
	if (copy_from_user(&msi, arg, sizeof(msi)))
		return -EFAULT;
	if (msi.flags || msi.devid || memchr_inv(msi.pad, 0, sizeof(msi.pad)))
		return -EINVAL;
	r = dev->model->msi_pin(dev, msi.data, &pin);
	if (r)
		return r;
	vintc_enter_wait(dev);
	injected = message(dev, pin, VINTC_PULSE);
	vintc_leave(dev);
	if (injected == VINTC_UNKNOWN_SOURCE)
		return -EINVAL;
	return injected == VINTC_DELIVERED;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's own interfaces: devices, their models, and the host port.
 *
 * Lock order, outermost first:
 *
 *	vcpu->mutex			(KVM_RUN and the vCPU's ioctls; tried, never waited for)
 *	  vintc_device.lock		configuration: model, connects, tokens, sources
 *	    kvm->srcu			guest memory
 *	eventfd's wait queue lock	(interrupts off)
 *	  vintc_device.irqfd_lock	the list of irqfds (interrupts off)
 *
 * kvm->lock is held around create() only. Interrupts themselves take no lock.
 */
#ifndef VINTC_H
#define VINTC_H

#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/xarray.h>
#include <linux/kvm_vintc.h>

#include "core/controller.h"

struct vintc_device;

/* One kind of controller, as device.c and irqfd.c see it. */
struct vintc_model {
	u32 id;				/* KVM_VINTC_MODEL_* */
	const char *name;

	/* Makes and frees the controller of a device, under its lock. */
	int (*create)(struct vintc_device *dev);
	void (*destroy)(struct vintc_device *dev);

	/*
	 * Connects a vCPU by the __u32 of KVM_VINTC_GRP_VCPU, under the lock. The
	 * presentation controller it returns is what vintc_device_icp() gives.
	 */
	void *(*connect)(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 number);
	u32 (*connected)(void *icp);
	struct kvm_vcpu *(*vcpu)(void *icp);

	/* The model's own attribute groups: 0 or an errno, ENXIO for what it has not. */
	int (*set_attr)(struct vintc_device *dev, struct kvm_device_attr *attr);
	int (*get_attr)(struct vintc_device *dev, struct kvm_device_attr *attr);
	int (*has_attr)(struct vintc_device *dev, struct kvm_device_attr *attr);

	int (*get_reg)(struct vintc_device *dev, u64 id, u64 __user *value);
	int (*set_reg)(struct vintc_device *dev, u64 id, u64 __user *value);

	/* May this GSI be injected at all? */
	bool (*has_gsi)(struct vintc_device *dev, u32 gsi);
	/* Injects: the status of KVM_IRQ_LINE_STATUS in *status. Any context. */
	int (*inject)(struct vintc_device *dev, u32 gsi, u32 level, int *status);

	/* Counters of the model, by KVM_VINTC_COUNT_*. */
	void (*count)(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS]);
};

extern const struct vintc_model vintc_model_xics;

/*
 * A device. It lives from KVM_CREATE_DEVICE until its VM is destroyed: whoever
 * runs in a vCPU of the VM, or holds a file of it, needs no further reference.
 */
struct vintc_device {
	struct kvm *kvm;
	struct mutex lock;
	const struct vintc_model *model;	/* NULL until it is chosen; published last */
	void *controller;			/* the model's */
	struct xarray icps;			/* of connected vCPUs, by vcpu_idx */

	u32 rtas_tokens[VINTC_RTAS_SERVICES];	/* by service; 0: not served */

	spinlock_t irqfd_lock;
	struct list_head irqfds;
	atomic64_t irqfd_count;		/* of irqfds that are gone, see irqfd.c */
	atomic64_t line_count;

	struct hlist_node node;		/* in the table of vintc_device_find() */
	struct rcu_head rcu;
	struct file *pin;		/* holds the module */
};

/* device.c */
extern struct kvm_device_ops vintc_device_ops;
/* The device of this VM that has a model, or NULL. The caller keeps the VM alive. */
struct vintc_device *vintc_device_find(struct kvm *kvm);
/* Makes the device the one that vintc_device_find() gives, or EEXIST. */
int vintc_device_publish(struct vintc_device *dev);
/* A vCPU of the VM is about to be freed: nothing may raise its line any more. */
void vintc_device_vcpu_gone(struct kvm_vcpu *vcpu);
int vintc_errno(enum vintc_result result);

static inline const struct vintc_model *vintc_device_model(struct vintc_device *dev)
{
	return smp_load_acquire(&dev->model);
}

/* The presentation controller of a connected vCPU, or NULL. */
static inline void *vintc_device_icp(struct vintc_device *dev, struct kvm_vcpu *vcpu)
{
	return xa_load(&dev->icps, vcpu->vcpu_idx);
}

/* attributes.c */
int vintc_set_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
int vintc_get_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
int vintc_has_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
void vintc_counters(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS]);

/* ioctl.c */
long vintc_ioctl(struct kvm_device *kdev, unsigned int cmd, unsigned long arg);

/* irqfd.c */
int vintc_irqfd_init(void);
void vintc_irqfd_exit(void);
int vintc_irqfd(struct vintc_device *dev, struct kvm_irqfd *args);
/* Detaches all eventfds and waits until nobody injects through one. */
void vintc_irqfd_release_all(struct vintc_device *dev);
u64 vintc_irqfd_count(struct vintc_device *dev);

/* debugfs.c */
void vintc_debugfs_create(struct vintc_device *dev);

/* symbols.c: the unexported functions of KVM that we need. */
int vintc_symbols_resolve(void);
int vintc_register_device_ops(const struct kvm_device_ops *ops, u32 type);
void vintc_unregister_device_ops(u32 type);

/*
 * The host port: how this host lets us catch the guest's accesses and drive the
 * line. There is one, that of the architecture; it also provides
 * vintc_line_raise(), vintc_line_lower() and vintc_timebase() of platform.h.
 */
struct vintc_host {
	/*
	 * At load: takes the hooks, or says in the log what is missing and
	 * returns an errno. detach() is called when no device is left.
	 */
	int (*attach)(void);
	void (*detach)(void);
	/* How the guest is reached, for the log and for sysfs. */
	const char *(*mechanism)(void);
	bool (*offers)(const struct vintc_model *model);
	/* May this VM have a device of the model? 0 or an errno. */
	int (*admit)(struct kvm *kvm, const struct vintc_model *model);
	/* Does another controller drive this vCPU's line already? */
	bool (*vcpu_taken)(struct kvm_vcpu *vcpu);
};

extern const struct vintc_host vintc_host;

#endif /* VINTC_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's own interfaces: devices, their models, and the host port.
 *
 * Lock order, outermost first:
 *
 *	kvm->lock			the choice of a model, and of who has a vCPU; create()
 *	  kvm->slots_lock		KVM's buses
 *	    vintc_device.lock		configuration: model, connects, tokens, sources
 *	      vcpu->mutex		(KVM_RUN and the vCPU's ioctls; tried, never waited for)
 *	      kvm->srcu			guest memory
 *	eventfd's wait queue lock	(interrupts off)
 *	  vintc_device.irqfd_lock	the list of irqfds (interrupts off)
 *
 * Interrupts themselves take no lock.
 */
#ifndef VINTC_H
#define VINTC_H

#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/xarray.h>
#include <linux/kvm_vintc.h>
#include <kvm/iodev.h>

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

	/* One-register state; NULL: the model has none. */
	int (*get_reg)(struct vintc_device *dev, u64 id, u64 __user *value);
	int (*set_reg)(struct vintc_device *dev, u64 id, u64 __user *value);

	/* KVM_IRQ_LINE: @irq is encoded as the VM's ioctl has it. *status: see there. */
	int (*line)(struct vintc_device *dev, u32 irq, u32 level, int *status);
	/* May an irqfd have this GSI? 0 or an errno. */
	int (*check_gsi)(struct vintc_device *dev, u32 gsi);
	/* An irqfd was signalled, of such a GSI. Any context. */
	void (*signal)(struct vintc_device *dev, u32 gsi);

	/* Counters of the model, by KVM_VINTC_COUNT_*. */
	void (*count)(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS]);
};

extern const struct vintc_model vintc_model_xics, vintc_model_gicv2;

/*
 * A device. It lives from KVM_CREATE_DEVICE until its VM is destroyed: whoever
 * runs in a vCPU of the VM, or holds a file of it, needs no further reference.
 */
#define VINTC_FIRST_ICPS	8

struct vintc_device {
	struct kvm *kvm;
	struct mutex lock;
	const struct vintc_model *model;	/* NULL until it is chosen; published last */
	void *controller;			/* the model's */
	struct xarray icps;			/* of connected vCPUs, by vcpu_idx */
	void *first_icps[VINTC_FIRST_ICPS];	/* the first of them, without a search */

	u32 rtas_tokens[VINTC_RTAS_SERVICES];	/* by service; 0: not served */

	spinlock_t irqfd_lock;
	struct list_head irqfds;
	bool irqfds_ended;		/* under lock */
	atomic64_t irqfd_count;		/* of irqfds that are gone, see irqfd.c */
	atomic64_t line_count;

	struct hlist_node node;		/* in the table of vintc_device_find() */
	struct rcu_head rcu;
	struct kvm_io_device watch;	/* of the host port: tells that the VM goes */
	struct file *pin;		/* holds the module */
};

/* device.c */
int vintc_device_register(void);
/* Afterwards no KVM_CREATE_DEVICE comes to us, and none is on its way. */
void vintc_device_unregister(void);
/* The device of this VM that has a model, or NULL. The caller keeps the VM alive. */
struct vintc_device *vintc_device_find(struct kvm *kvm);
/* Makes the device the one that vintc_device_find() gives, or EEXIST; and ends that. */
int vintc_device_publish(struct vintc_device *dev);
void vintc_device_withdraw(struct vintc_device *dev);
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
	unsigned int index = vcpu->vcpu_idx;

	if (likely(index < VINTC_FIRST_ICPS))
		return READ_ONCE(dev->first_icps[index]);
	return xa_load(&dev->icps, index);
}

/* attributes.c */
int vintc_set_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
int vintc_get_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
int vintc_has_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
/* Connects a vCPU, under the device's lock. */
int vintc_connect(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 number);
void vintc_counters(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS]);

/* ioctl.c */
long vintc_ioctl(struct kvm_device *kdev, unsigned int cmd, unsigned long arg);

/* irqfd.c */
int vintc_irqfd_init(void);
void vintc_irqfd_exit(void);
int vintc_irqfd(struct vintc_device *dev, struct kvm_irqfd *args);
/* Detaches all eventfds and waits until nobody injects through one. */
void vintc_irqfd_release_all(struct vintc_device *dev);
/* The same for good: the VM ends, or will do so without a word. */
void vintc_irqfd_end(struct vintc_device *dev);
u64 vintc_irqfd_count(struct vintc_device *dev);

/* debugfs.c */
void vintc_debugfs_create(struct vintc_device *dev);

/* mmio.c: the frames of a device in the guest's memory. */
struct vintc_frame_ops {
	u64 (*read)(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 frame, u32 offset, u32 width);
	void (*write)(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 frame, u32 offset,
		      u32 width, u64 value);
};

struct vintc_frame {
	struct kvm_io_device io;
	struct vintc_device *dev;
	const struct vintc_frame_ops *ops;
	u32 number;
	gpa_t base;
	u32 size;
};

/*
 * Puts frames on KVM's MMIO bus, all or none; they stay until the VM goes, and
 * have to live as long. Under kvm->slots_lock. Accesses come on the threads of
 * the VM's vCPUs, inside kvm->srcu.
 */
int vintc_frames_map(struct vintc_device *dev, struct vintc_frame *frames, u32 count);

/* symbols.c: the unexported functions of KVM that we need. */
int vintc_symbols_resolve(void);
/* The address of a function, or NULL, and the log says which. */
void *vintc_symbol(const char *name);
int vintc_io_bus_register(struct kvm *kvm, enum kvm_bus bus, gpa_t base, int size,
			  struct kvm_io_device *io);
void vintc_io_bus_unregister(struct kvm *kvm, enum kvm_bus bus, struct kvm_io_device *io);
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
	/*
	 * The device has become its VM's: the last moment to refuse, with all
	 * locks held. NULL: nothing is left to do.
	 */
	int (*adopt)(struct vintc_device *dev);
	/* Does another controller drive this vCPU's line already? */
	bool (*vcpu_taken)(struct kvm_vcpu *vcpu);
	/* Where the guest's physical memory ends: 0 if nobody knows. */
	u64 (*gpa_end)(struct kvm *kvm);
	/*
	 * A GIC's PPIs that the host itself drives, a bit each, and their levels,
	 * for the thread of the vCPU. NULL: it drives none.
	 */
	u32 (*driven_ppis)(void);
	u32 (*ppi_levels)(void *vcpu);
};

extern const struct vintc_host vintc_host;

#endif /* VINTC_H */

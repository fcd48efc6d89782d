/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's own interfaces: devices, their models, and the host port.
 *
 * Lock order, outermost first:
 *
 *	vintc_device.model_sem		read: every ioctl of the fd; written: the model comes or goes
 *	  kvm->lock			the choice of a model, and of who has a vCPU; create();
 *					pauses; which device leads to which
 *	    kvm->slots_lock		KVM's buses
 *	      vintc_device.lock		configuration: connects, tokens, sources, irqfds
 *	        vcpu->mutex		(KVM_RUN and the vCPU's ioctls; tried, never waited for)
 *	        kvm->srcu		guest memory
 *	  vcpu->mutex			a command in place of the vCPU, which holds none of the above
 *	eventfd's wait queue lock	(interrupts off)
 *	  vintc_device.irqfd_lock	the lists of irqfds (interrupts off)
 *
 * Interrupts themselves take no lock. What they do in a controller, and what a vCPU
 * does, is a section between vintc_enter() and vintc_leave(); vintc_pause() waits for
 * the sections of all devices of a VM and holds off new ones, so that a reset or an
 * image of the state comes between them.
 */
#ifndef VINTC_H
#define VINTC_H

#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <linux/kvm_vintc.h>
#include <kvm/iodev.h>

#include "core/controller.h"

struct vintc_device;

/* One kind of controller, as the rest of the module sees it. */
struct vintc_model {
	u32 id;				/* KVM_VINTC_MODEL_* */
	const char *name;

	/* Makes and frees the controller of a device, under its lock. */
	int (*create)(struct vintc_device *dev);
	void (*destroy)(struct vintc_device *dev);
	/* Takes it out of the guest's reach, under kvm->slots_lock; no vCPU is inside KVM_RUN. */
	void (*withdraw)(struct vintc_device *dev);

	/*
	 * Connects a vCPU by the __u32 of KVM_VINTC_GRP_VCPU, under the lock. @cpu is
	 * how platform.h knows it. The presentation controller it returns is what
	 * vintc_device_icp() gives.
	 */
	void *(*connect)(struct vintc_device *dev, void *cpu, u32 number);
	u32 (*connected)(void *icp);
	void *(*cpu)(void *icp);

	/* The model's own attribute groups: 0 or an errno, ENXIO for what it has not. */
	int (*set_attr)(struct vintc_device *dev, struct kvm_device_attr *attr);
	int (*get_attr)(struct vintc_device *dev, struct kvm_device_attr *attr);
	int (*has_attr)(struct vintc_device *dev, struct kvm_device_attr *attr);

	/* Do interrupts flow by now? 0 or EAGAIN. NULL: always. */
	int (*ready)(struct vintc_device *dev);

	/*
	 * Inputs are numbered as pins of KVM_IRQ_ROUTING_IRQCHIP are. Is there such a
	 * pin? That of a message, or an errno. An input: in a section, any context.
	 */
	bool (*is_pin)(struct vintc_device *dev, u32 pin);
	int (*msi_pin)(struct vintc_device *dev, u32 data, u32 *pin);
	enum vintc_injected (*input)(struct vintc_device *dev, u32 pin, enum vintc_input input);
	/* The pin of what vintc_input_ended() told. */
	u32 (*ended_pin)(u32 input);
	/* KVM_IRQ_LINE, likewise: @irq is encoded as the VM's ioctl has it. *status: see there. */
	int (*line)(struct vintc_device *dev, u32 irq, u32 level, int *status);

	/*
	 * A command in place of a vCPU, with its mutex held, in a section; and the
	 * lines of that vCPU, computed anew. NULL: not of this model.
	 */
	int (*hypercall)(struct vintc_device *dev, void *icp, struct kvm_vintc_command *command);
	int (*rtas)(struct vintc_device *dev, void *icp, struct kvm_vintc_command *command);
	int (*access)(struct vintc_device *dev, void *icp, struct kvm_vintc_command *command);
	u32 (*lines)(struct vintc_device *dev, void *icp);

	/* The controller's registers (core/controller.h), of a ready device, under the lock. */
	void (*visit_regs)(struct vintc_device *dev, vintc_visit_reg *visit, void *arg);
	enum vintc_result (*get_reg)(struct vintc_device *dev, struct vintc_reg *reg);
	enum vintc_result (*check_reg)(struct vintc_device *dev, const struct vintc_reg *reg);
	u32 (*reg_needs)(const struct vintc_reg *reg);	/* NULL: nothing */
	/* Those and a reset: paused. Settle comes last. */
	void (*set_reg)(struct vintc_device *dev, const struct vintc_reg *reg);
	void (*reset)(struct vintc_device *dev);
	void (*settle)(struct vintc_device *dev);

	/* Counters of the model, by KVM_VINTC_COUNT_*. */
	void (*count)(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS]);
};

extern const struct vintc_model vintc_model_xics, vintc_model_gicv2;

/*
 * A device. It lives from KVM_CREATE_DEVICE until its VM is destroyed: whoever
 * runs in a vCPU of the VM, or holds a file of it, needs no further reference.
 */
#define VINTC_FIRST_ICPS	8
#define VINTC_DEVICES		64	/* with a model, of a VM */

struct vintc_image;

struct vintc_device {
	struct kvm *kvm;
	struct rw_semaphore model_sem;
	struct mutex lock;
	const struct vintc_model *model;	/* NULL until it is chosen; published last */
	bool by_userspace;		/* who presents; changes with the model */
	void *controller;		/* the model's */
	struct xarray icps;		/* of connected vCPUs, by vcpu_idx */
	void *first_icps[VINTC_FIRST_ICPS];	/* the first of them, without a search */

	bool paused;			/* see vintc_pause() */
	wait_queue_head_t resumed;

	u64 features;			/* that are turned on */
	u32 rtas_tokens[VINTC_RTAS_SERVICES];	/* by service; 0: not served */

	struct vintc_routes __rcu *routes;	/* NULL: each GSI is the pin of its number */
	u64 leads_to;			/* devices that they lead to, by number; kvm->lock */

	spinlock_t irqfd_lock;
	struct list_head irqfds;
	struct list_head resamplers;	/* those with a resamplefd; read under RCU */
	bool irqfds_ended;		/* under lock */
	atomic64_t irqfd_count;		/* of irqfds that are gone, see irqfd.c */
	atomic64_t line_count;

	struct vintc_image *image;	/* the remembered one; under lock */
	u64 generation;

	struct hlist_node node;		/* in the table of devices with a model */
	struct kvm *presents;		/* kvm, if the host presents */
	u32 number;			/* among the VM's devices with a model */
	struct rcu_head rcu;
	struct kvm_io_device watch;	/* tells that the VM goes */
	bool watched;
	bool has_debugfs;
	struct file *pin;		/* holds the module */
};

/* device.c */
int vintc_device_register(void);
/* Afterwards no KVM_CREATE_DEVICE comes to us, and none is on its way. */
void vintc_device_unregister(void);
/* Is it a device of ours? NULL if not. */
struct vintc_device *vintc_device_of(struct kvm_device *kdev);
int vintc_errno(enum vintc_result result);

/* table.c: the devices that have a model, by VM. The caller keeps the VM alive. */
#define VINTC_TABLE_BITS	6

extern struct hlist_head vintc_devices[1 << VINTC_TABLE_BITS];

/* VMs are larger than what is cut off. */
static __always_inline struct hlist_head *vintc_bucket(struct kvm *kvm)
{
	return &vintc_devices[hash_32((unsigned long)kvm >> 12, VINTC_TABLE_BITS)];
}

/* That which the host presents, or NULL: on the way of each hypercall. */
static __always_inline struct vintc_device *vintc_device_find(struct kvm *kvm)
{
	struct vintc_device *dev;

	rcu_read_lock();
	hlist_for_each_entry_rcu(dev, vintc_bucket(kvm), node)
		if (dev->presents == kvm)
			break;
	rcu_read_unlock();
	return dev;
}

/*
 * Enters a device, which gets a number, or EEXIST for a second one that the host presents,
 * or ENOSPC; and takes it out again, when this returns for every reader. Under kvm->lock.
 */
int vintc_device_publish(struct vintc_device *dev);
void vintc_device_withdraw(struct vintc_device *dev);
/* The same at the end of the VM, which has no readers. */
void vintc_device_forget(struct vintc_device *dev);
/* All devices of a VM, in no order, until visit() returns true; under kvm->lock or RCU. */
bool vintc_each_device(struct kvm *kvm, bool (*visit)(struct vintc_device *dev, void *arg),
		       void *arg);

static inline const struct vintc_model *vintc_device_model(struct vintc_device *dev)
{
	return smp_load_acquire(&dev->model);
}

/* Do interrupts flow by now? 0 or EAGAIN. Of a device with a model. */
static inline int vintc_ready(struct vintc_device *dev)
{
	return dev->model->ready ? dev->model->ready(dev) : 0;
}

/* The presentation controller of a connected vCPU, or NULL. */
static inline void *vintc_device_icp(struct vintc_device *dev, struct kvm_vcpu *vcpu)
{
	unsigned int index = vcpu->vcpu_idx;

	if (likely(index < VINTC_FIRST_ICPS))
		return READ_ONCE(dev->first_icps[index]);
	return xa_load(&dev->icps, index);
}

/*
 * pause.c: a section is whatever touches a controller and holds no device's lock. It
 * does not sleep. False: the device is paused, and there is no section.
 */
static __always_inline bool vintc_enter(struct vintc_device *dev)
{
	rcu_read_lock();
	if (likely(!READ_ONCE(dev->paused)))
		return true;
	rcu_read_unlock();
	return false;
}

static __always_inline void vintc_leave(struct vintc_device *dev)
{
	rcu_read_unlock();
}

void vintc_wait_resumed(struct vintc_device *dev);

/* For a caller that may sleep, as a pause does not last. */
static __always_inline void vintc_enter_wait(struct vintc_device *dev)
{
	while (unlikely(!vintc_enter(dev)))
		vintc_wait_resumed(dev);
}

/*
 * All devices of the VM are without sections in between. What irqfds signal meanwhile
 * is injected at the end. Under kvm->lock; no sleeping but for memory in between.
 */
void vintc_pause(struct kvm *kvm);
void vintc_resume(struct kvm *kvm);
/* All connected vCPUs are outside KVM_RUN and their other ioctls, or EBUSY. Under the lock. */
int vintc_lock_vcpus(struct vintc_device *dev);
void vintc_unlock_vcpus(struct vintc_device *dev);

/*
 * line.c: the lines of vCPUs that userspace presents interrupts to. The core has a
 * pointer to such a line where it else has the vCPU, told apart by the low bit.
 */
struct vintc_line;

static inline bool vintc_is_line(const void *cpu)
{
	return (unsigned long)cpu & 1;
}

void *vintc_line_create(struct kvm_vcpu *vcpu);
/* Nobody raises it any more. */
void vintc_line_destroy(void *cpu);
struct kvm_vcpu *vintc_line_vcpu(void *cpu);
void vintc_line_signal(void *cpu);
void vintc_line_empty(void *cpu);
int vintc_line_set_fd(void *cpu, int fd);
/* The lines of a vCPU, and its eventfd follows. In a section, with the vCPU's mutex. */
u32 vintc_line_follow(struct vintc_device *dev, void *icp);

/* Whose line it is that the core knows by this. */
static inline struct kvm_vcpu *vintc_vcpu_of(void *cpu)
{
	return vintc_is_line(cpu) ? vintc_line_vcpu(cpu) : cpu;
}

static inline struct kvm_vcpu *vintc_vcpu(struct vintc_device *dev, void *icp)
{
	return vintc_vcpu_of(dev->model->cpu(icp));
}

/* attributes.c */
int vintc_set_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
int vintc_get_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
int vintc_has_attr(struct kvm_device *kdev, struct kvm_device_attr *attr);
/* Connects a vCPU, under the device's lock. */
int vintc_connect(struct vintc_device *dev, struct kvm_vcpu *vcpu, u32 number);
void vintc_counters(struct vintc_device *dev, u64 counts[KVM_VINTC_COUNTERS]);

/* model.c: choosing one, and being without one again. */
const struct vintc_model *vintc_offered_model(u64 attr);
int vintc_choose_model(struct vintc_device *dev, u64 attr);
int vintc_leave_model(struct vintc_device *dev);
/* Frees what the model has made. */
void vintc_free_model(struct vintc_device *dev);

/* ioctl.c */
long vintc_ioctl(struct kvm_device *kdev, unsigned int cmd, unsigned long arg);
/* What a command answers that has to write the model, for vintc_ioctl() to do: no errno. */
#define VINTC_RESET_MODEL	INT_MIN

/* command.c */
int vintc_command(struct vintc_device *dev, struct kvm_vintc_command __user *arg);
int vintc_has_command(struct vintc_device *dev, u64 command);

/* registers.c: the ids of registers; one register, and their list. */
u64 vintc_reg_id(const struct vintc_reg *reg);
/* False: no register has this id. */
bool vintc_reg_of_id(u64 id, struct vintc_reg *reg);
int vintc_one_reg(struct vintc_device *dev, unsigned int cmd, struct kvm_one_reg __user *arg);
int vintc_reg_list(struct vintc_device *dev, struct kvm_reg_list __user *arg);

/* image.c, state.c: all of them. */
int vintc_get_state(struct vintc_device *dev, struct kvm_vintc_state __user *arg);
void vintc_image_free(struct vintc_device *dev);
int vintc_set_state(struct vintc_device *dev, struct kvm_vintc_state __user *arg);
/* Sets registers, all or none. @partial: others stay as they are. */
int vintc_set_regs(struct vintc_device *dev, const struct kvm_vintc_image_reg *regs, u32 count,
		   bool partial);
int vintc_reset(struct vintc_device *dev);

/* routing.c: where GSIs lead. */
int vintc_set_routing(struct vintc_device *dev, struct kvm_irq_routing __user *arg);
int vintc_signal_msi(struct vintc_device *dev, struct kvm_msi __user *arg);
/* May an irqfd have this GSI? 0 or an errno. Under the lock. */
int vintc_check_gsi(struct vintc_device *dev, u32 gsi);
/* An input of all that the GSI leads to; the best of what became of it. In a section. */
enum vintc_injected vintc_inject(struct vintc_device *dev, u32 gsi, enum vintc_input input);
/* Does it lead to this pin? Under RCU. */
bool vintc_leads_to(struct vintc_device *dev, u32 gsi, struct vintc_device *target, u32 pin);
bool vintc_leads_to_many(struct vintc_device *dev, u32 gsi);
/* Does any other device's table lead here? Under kvm->lock. */
bool vintc_is_led_to(struct vintc_device *dev);
void vintc_free_routes(struct vintc_device *dev);

/* irqfd.c */
int vintc_irqfd_init(void);
void vintc_irqfd_exit(void);
int vintc_irqfd(struct vintc_device *dev, struct kvm_irqfd *args);
/* Detaches all eventfds and waits until nobody injects through one. Under the lock. */
void vintc_irqfd_release_all(struct vintc_device *dev);
/* The same for good: the VM ends, or will do so without a word. */
void vintc_irqfd_end(struct vintc_device *dev);
u64 vintc_irqfd_count(struct vintc_device *dev);
/* Injects what was signalled during a pause. */
void vintc_irqfd_catch_up(struct vintc_device *dev);

/* resample.c: irqfds that hold an input until the guest has ended its interrupt. */
/* Has the VM any? Under kvm->lock, and an irqfd comes under it too. */
bool vintc_resample_any(struct kvm *kvm);
/* Lets go of all that irqfds of the VM hold. Paused. */
void vintc_resample_release(struct kvm *kvm);
/* Asks all of their devices to look again. Any context. */
void vintc_resample_notify(struct kvm *kvm);

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
 * Puts frames on KVM's MMIO bus, all or none; they stay until they are taken off or the VM
 * goes, and have to live as long. Under kvm->slots_lock. Accesses come on the threads of
 * the VM's vCPUs, inside kvm->srcu.
 */
int vintc_frames_map(struct vintc_device *dev, struct vintc_frame *frames, u32 count);
void vintc_frames_unmap(struct vintc_device *dev, struct vintc_frame *frames, u32 count);

/* symbols.c: the unexported functions of KVM that we need. */
int vintc_symbols_resolve(void);
/* The address of a function, or NULL, and the log says which. */
void *vintc_symbol(const char *name);
int vintc_io_bus_register(struct kvm *kvm, enum kvm_bus bus, gpa_t base, int size,
			  struct kvm_io_device *io);
void vintc_io_bus_unregister(struct kvm *kvm, enum kvm_bus bus, struct kvm_io_device *io);
int vintc_register_device_ops(const struct kvm_device_ops *ops, u32 type);
void vintc_unregister_device_ops(u32 type);
struct kvm_device *vintc_device_from_file(struct file *file);

/*
 * The host port: how this host lets us catch the guest's accesses and drive the
 * line. There is one, that of the architecture; where there is none, userspace
 * presents. It also provides vintc_timebase() of platform.h.
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
	/* Can the host present interrupts of this model? */
	bool (*offers)(const struct vintc_model *model);
	/* May this VM have a device of the model? 0 or an errno. */
	int (*admit)(struct kvm *kvm, const struct vintc_model *model);
	/*
	 * The device has become its VM's: the last moment to refuse, with all
	 * locks held. NULL: nothing is left to do.
	 */
	int (*adopt)(struct vintc_device *dev);
	/* The end of what was adopted: its vCPUs do not run. NULL: likewise. */
	void (*abandon)(struct vintc_device *dev);
	/* A vCPU was connected, under the device's lock. NULL: likewise. */
	void (*connected)(struct vintc_device *dev, struct kvm_vcpu *vcpu, void *icp);
	/*
	 * No vCPU is served any more, before they are gone or run without the device.
	 * NULL: likewise.
	 */
	void (*disconnected)(struct vintc_device *dev);
	/*
	 * A pause: waits for sections that RCU knows nothing of, as vCPUs are in the guest
	 * all the while. NULL: there are none.
	 */
	void (*drain)(void);
	/* After a pause: a vCPU that went on without its lines has to look. NULL: none does. */
	void (*look)(struct kvm_vcpu *vcpu);
	/*
	 * Somebody begins or ends to watch what guests do: meanwhile they do it where
	 * trace events can be. Calls nest. NULL: they always do.
	 */
	void (*watch)(bool begins);
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

/* vintc_line_raise() and vintc_line_lower() of platform.h, where the host presents. */
void vintc_host_line_raise(struct kvm_vcpu *vcpu, bool self);
void vintc_host_line_lower(struct kvm_vcpu *vcpu);

#endif /* VINTC_H */

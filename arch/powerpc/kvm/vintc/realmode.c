// SPDX-License-Identifier: GPL-2.0-only
/*
 * POWER8's real mode: hypercalls are served before kvm-hv has left the guest.
 *
 * Each vCPU that is connected has a record in a hash table that the image looks into.
 * What a hypercall could not do there it leaves in the record and answers "too hard"; the
 * vCPU's thread then comes to vintc_real_finish(), where the rest is done, and nothing twice.
 * While a device is paused all of the hypercall is left.
 *
 * Nobody can tell by RCU whether a vCPU is in real mode: a processor that enters the guest
 * counts as quiescent, and the other threads of its core count as offline. But an
 * interrupt to the first thread brings the whole core back to the host before it is taken.
 * So when each processor has taken one, all are out, and see what was written before.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <asm/cputable.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>

#include "../../../../virt/kvm/vintc/core/platform.h"
#include "realmode.h"

struct record {
	struct vintc_real_vcpu real;
	struct kvm_vcpu *vcpu;
	struct vintc_device *dev;
	struct list_head all;
};

static DEFINE_MUTEX(lock);		/* innermost */
static LIST_HEAD(records);
static struct vintc_real_header *header;
bool vintc_real_exists;			/* or this host has no real mode for us */
static bool wanted = true;
static unsigned int watchers;
static bool switched;			/* the table leads to us */

/* ---- the table of vCPUs, written under the lock ------------------------------------ */

static struct vintc_real_vcpu **bucket_of(struct kvm_vcpu *vcpu)
{
	struct vintc_real_vcpu **buckets = (void *)header + REAL_BUCKETS;

	return &buckets[(unsigned long)vcpu >> REAL_HASH_SHIFT & (BIT(REAL_HASH_BITS) - 1)];
}

/* By the vCPU's own thread, which keeps the record. A VM that is going may have left one. */
static struct vintc_real_vcpu *find(struct vintc_device *dev, struct kvm_vcpu *vcpu)
{
	struct vintc_real_vcpu *real;

	rcu_read_lock();
	for (real = READ_ONCE(*bucket_of(vcpu)); real; real = READ_ONCE(real->next)) {
		struct record *record = container_of(real, struct record, real);

		if (record->vcpu == vcpu && record->dev == dev)
			break;
	}
	rcu_read_unlock();
	return real;
}

static void enter(struct record *record)
{
	struct vintc_real_vcpu **bucket = bucket_of(record->vcpu);

	record->real.next = *bucket;
	smp_store_release(bucket, &record->real);
	list_add(&record->all, &records);
}

static void take_out(struct record *record)
{
	struct vintc_real_vcpu **link = bucket_of(record->vcpu);

	while (*link != &record->real)
		link = &(*link)->next;
	WRITE_ONCE(*link, record->real.next);
}

/* ---- on and off ---------------------------------------------------------------------- */

void vintc_real_drain(void)
{
	if (vintc_real_exists)
		kick_all_cpus_sync();
}

/* The table leads to us only while there is somebody to serve. */
static void follow(void)
{
	bool to_ours = wanted && !watchers && !list_empty(&records);

	if (to_ours == switched)
		return;
	vintc_real_table_switch(to_ours);
	switched = to_ours;
}

static int wanted_set(const char *value, const struct kernel_param *kp)
{
	int r;

	mutex_lock(&lock);
	r = param_set_bool(value, kp);
	if (!r && vintc_real_exists)
		follow();
	mutex_unlock(&lock);
	return r;
}

static const struct kernel_param_ops wanted_ops = { .set = wanted_set, .get = param_get_bool };
module_param_cb(realmode, &wanted_ops, &wanted, 0644);
MODULE_PARM_DESC(realmode, "Serve hypercalls in real mode where the host has that (POWER8)");

void vintc_real_watch(bool begins)
{
	mutex_lock(&lock);
	if (begins)
		watchers++;
	else
		watchers--;
	if (vintc_real_exists)
		follow();
	mutex_unlock(&lock);
}

const char *vintc_real_attach(void)
{
	const char *without;

	if (!cpu_has_feature(CPU_FTR_HVMODE) || !cpu_has_feature(CPU_FTR_ARCH_207S) ||
	    cpu_has_feature(CPU_FTR_ARCH_300))
		return NULL;
	header = vintc_real_table_make(&without);
	vintc_real_exists = header;
	return header ? NULL : without;
}

bool vintc_real_on(void)
{
	return vintc_real_exists && READ_ONCE(wanted);
}

/* No record is left. Who came by one of our entries before that may still be there. */
void vintc_real_detach(void)
{
	if (!vintc_real_exists)
		return;
	vintc_real_drain();
	vintc_real_table_free(header);
	vintc_real_exists = false;
}

/* ---- vCPUs --------------------------------------------------------------------------- */

/* Without memory the vCPU is served in virtual mode. */
void vintc_real_connected(struct vintc_device *dev, struct kvm_vcpu *vcpu, void *icp)
{
	struct record *record;

	if (!vintc_real_exists)
		return;
	record = kzalloc(sizeof(*record), GFP_KERNEL_ACCOUNT);
	if (!record)
		return;
	record->vcpu = vcpu;
	record->dev = dev;
	record->real = (struct vintc_real_vcpu){
		.vcpu = vcpu,
		.header = header,
		.paused = &dev->paused,
		.xics = dev->controller,
		.icp = icp,
		.gprs = &vcpu->arch.regs.gpr[4],
		.pending_exceptions = &vcpu->arch.pending_exceptions,
	};
	mutex_lock(&lock);
	enter(record);
	follow();
	mutex_unlock(&lock);
}

/* Before the device goes, the memory of its vCPUs may be another VM's: nobody finds them here. */
void vintc_real_disconnected(struct vintc_device *dev)
{
	struct record *record;

	if (!vintc_real_exists)
		return;
	mutex_lock(&lock);
	list_for_each_entry(record, &records, all)
		if (record->dev == dev)
			WRITE_ONCE(record->real.vcpu, NULL);
	mutex_unlock(&lock);
}

void vintc_real_abandon(struct vintc_device *dev)
{
	struct record *record, *next;
	LIST_HEAD(gone);

	if (!vintc_real_exists)
		return;
	mutex_lock(&lock);
	list_for_each_entry_safe(record, next, &records, all)
		if (record->dev == dev) {
			take_out(record);
			list_move(&record->all, &gone);
		}
	follow();
	mutex_unlock(&lock);
	if (list_empty(&gone))
		return;
	/* vCPUs of other VMs may stand on one, in either mode. */
	synchronize_rcu_expedited();
	vintc_real_drain();
	list_for_each_entry_safe(record, next, &gone, all)
		kfree(record);
}

/* ---- what real mode left ---------------------------------------------------------------- */

static void kick(struct kvm_vcpu *vcpu)
{
	vcpu->kvm->arch.kvm_ops->fast_vcpu_kick(vcpu);
}

static void kick_all(struct vintc_device *dev)
{
	unsigned long i;
	void *icp;

	xa_for_each(&dev->icps, i, icp) {
		struct kvm_vcpu *vcpu = dev->model->cpu(icp);

		if (test_bit(BOOK3S_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions))
			kick(vcpu);
	}
}

struct vintc_real_vcpu *vintc_real_look(struct vintc_device *dev, struct kvm_vcpu *vcpu)
{
	struct vintc_real_vcpu *real = find(dev, vcpu);

	return real && real->left ? real : NULL;
}

long vintc_real_finish(struct vintc_device *dev, struct vintc_real_vcpu *left)
{
	u32 i;

	if (left->kicks > REAL_KICKS)
		kick_all(dev);
	else
		for (i = 0; i < left->kicks; i++)
			kick(left->kick[i]);
	if (left->left & REAL_LEFT_ENDED) {
		vintc_enter_wait(dev);
		vintc_input_ended(dev, left->ended);
		vintc_leave(dev);
	}
	left->left = left->kicks = 0;
	return left->status;
}

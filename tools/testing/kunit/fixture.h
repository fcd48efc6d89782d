/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the KUnit suites of kvm-vintc share. The suites are part of the module
 * when it is built with VINTC_KUNIT=y, and run when it is inserted, before its
 * own init function: each suite brings up what it needs, and takes it down.
 */
#ifndef VINTC_KUNIT_FIXTURE_H
#define VINTC_KUNIT_FIXTURE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "../../../virt/kvm/vintc/core/platform.h"
#include "../../../virt/kvm/vintc/vintc.h"

/* ---- module.c: the module in working order ---- */

/* For struct kunit_suite: what init and exit of the module do, and a way to user memory. */
int vintc_test_up(struct kunit_suite *suite);
void vintc_test_down(struct kunit_suite *suite);
/* The same without attaching to the host. */
int vintc_test_up_detached(struct kunit_suite *suite);
void vintc_test_down_detached(struct kunit_suite *suite);

/* For struct kunit_suite: cases run in a kernel thread, these lend it user memory. */
int vintc_test_use_user(struct kunit *test);
void vintc_test_unuse_user(struct kunit *test);

/* /dev/kvm, opened by the task that inserts the module. */
extern struct file *vintc_test_dev_kvm;
/* A page of user memory, for the arguments of ioctls. */
extern unsigned long vintc_test_scratch;

/* Drops a reference as the last close does: when it returns, release() has run. */
void vintc_test_put(struct file *file);

/* ---- symbols_kunit.c ---- */

/* An unexported function of the kernel, or NULL. */
void *vintc_test_symbol(const char *name);

/* ---- <architecture>/vcpu.c: as much of a vCPU as the host port needs to drive its line ---- */

struct kvm_vcpu *vintc_test_vcpu(struct kunit *test);
bool vintc_test_line(struct kvm_vcpu *vcpu);
/*
 * Between these the vCPU runs here, in atomic context, and a kick interrupts this
 * processor. Entering the guest may take what was known of the line.
 */
void vintc_test_load(struct kvm_vcpu *vcpu);
void vintc_test_unload(struct kvm_vcpu *vcpu);
/* What a VMM does to a new vCPU of a real VM, so that it can run. 0 or an errno. */
long vintc_test_vcpu_init(struct file *vm, struct file *vcpu);

/* ---- eventfd.c ---- */

struct vintc_test_eventfd {
	int fd;				/* of the case's thread; -1: there is none */
	struct file *file;
	struct eventfd_ctx *ctx;
};

void vintc_test_eventfd_open(struct kunit *test, struct vintc_test_eventfd *eventfd);
/* The last close. */
void vintc_test_eventfd_close(struct vintc_test_eventfd *eventfd);
/* Its count, which is 0 afterwards: what a read() takes. */
u64 vintc_test_eventfd_read(struct vintc_test_eventfd *eventfd);
/* A file that is not an eventfd. To be closed with close_fd(). */
int vintc_test_other_fd(struct kunit *test);

/* ---- vm.c: a real virtual machine, made with /dev/kvm's own ioctls ---- */

struct vintc_test_vm {
	struct file *file;
	struct kvm *kvm;
};

/* Each leaves NULL and fails the test when KVM refuses; put NULL or twice is nothing. */
void vintc_test_vm_create(struct kunit *test, struct vintc_test_vm *vm);
void vintc_test_vm_put(struct vintc_test_vm *vm);
struct file *vintc_test_vm_vcpu(struct kunit *test, struct vintc_test_vm *vm, unsigned long id);
struct kvm_vcpu *vintc_test_vcpu_of(struct file *vcpu);
/* An errno too, for the cases that want one. */
struct file *vintc_test_vm_device(struct vintc_test_vm *vm);
struct vintc_device *vintc_test_device_of(struct file *device);
/* An ioctl whose argument is a structure that the kernel reads from user memory. */
long vintc_test_ioctl(struct file *file, unsigned int cmd, void *arg, size_t size);
long vintc_test_attr(struct file *device, unsigned int cmd, u32 group, u64 attr, void *value,
		     size_t size);

/* Pages of user memory that stay until the end of the suite. 0: none. */
unsigned long vintc_test_user_pages(unsigned long pages, unsigned long prot);

/* ---- thread.c: another thread, which has user memory as well ---- */

struct vintc_test_thread {
	long (*run)(void *arg);
	void *arg;
	long result;
	struct completion done;
	struct task_struct *task;
};

/* Runs it, once or until vintc_test_stopped(). */
void vintc_test_start(struct kunit *test, struct vintc_test_thread *thread, long (*run)(void *arg),
		      void *arg);
static inline bool vintc_test_stopped(void)
{
	return kthread_should_stop();
}
static inline bool vintc_test_is_done(struct vintc_test_thread *thread)
{
	return completion_done(&thread->done);
}
/* Stops it, and returns what it has returned. */
long vintc_test_stop(struct vintc_test_thread *thread);
/* Waits until *flag, or for a minute. */
bool vintc_test_wait_for(const bool *flag);

/* ---- failing allocations ---- */

/*
 * From here on the nth allocation of this task fails; over: did one fail?
 * run-in-host tells failslab to look at allocations that may sleep, too.
 */
static inline void vintc_test_fail_nth(unsigned int nth)
{
	current->fail_nth = nth;
}

static inline bool vintc_test_fail_over(void)
{
	bool failed = !current->fail_nth;

	current->fail_nth = 0;
	return failed;
}

/* All allocations of this task fail, or none. */
static inline void vintc_test_fail_all(bool fail)
{
	current->make_it_fail = fail;
}

#endif /* VINTC_KUNIT_FIXTURE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The POWER host port's own interfaces. */
#ifndef VINTC_POWER_H
#define VINTC_POWER_H

#include <asm/hvcall.h>

#include "../../../../virt/kvm/vintc/vintc.h"

/*
 * H_RTAS of a connected vCPU, on its own thread, in process context. Returns
 * r3, or VINTC_H_NOT_OURS when the token is none of ours.
 */
long vintc_power_rtas(struct vintc_device *dev, struct kvm_vcpu *vcpu, struct vintc_icp *icp);

struct vintc_real_vcpu;

#ifdef VINTC_REAL_MODE
/*
 * realmode.c. Attach: NULL, or why this host does without it though it is a POWER8. On:
 * it is there, and wanted.
 */
const char *vintc_real_attach(void);
void vintc_real_detach(void);
bool vintc_real_on(void);
void vintc_real_connected(struct vintc_device *dev, struct kvm_vcpu *vcpu, void *icp);
void vintc_real_disconnected(struct vintc_device *dev);
void vintc_real_abandon(struct vintc_device *dev);
/* No vCPU of the host is in a hypercall in real mode that began before. */
void vintc_real_drain(void);
/* Nobody sees what is done there: meanwhile it is not used. */
void vintc_real_watch(bool begins);
/*
 * What real mode left of this vCPU's hypercall, which is decided and must not be executed
 * again, or NULL. Then to finish it, in process context; returns r3. On the vCPU's thread.
 */
extern bool vintc_real_exists;
struct vintc_real_vcpu *vintc_real_look(struct vintc_device *dev, struct kvm_vcpu *vcpu);

static inline struct vintc_real_vcpu *vintc_real_left(struct vintc_device *dev,
						      struct kvm_vcpu *vcpu)
{
	return unlikely(vintc_real_exists) ? vintc_real_look(dev, vcpu) : NULL;
}

long vintc_real_finish(struct vintc_device *dev, struct vintc_real_vcpu *left);
#else
static inline const char *vintc_real_attach(void) { return NULL; }
static inline void vintc_real_detach(void) { }
static inline bool vintc_real_on(void) { return false; }
static inline void vintc_real_abandon(struct vintc_device *dev) { }
static inline struct vintc_real_vcpu *vintc_real_left(struct vintc_device *dev,
						      struct kvm_vcpu *vcpu)
{
	return NULL;
}

static inline long vintc_real_finish(struct vintc_device *dev, struct vintc_real_vcpu *left)
{
	return 0;
}
#define vintc_real_connected	NULL
#define vintc_real_disconnected	NULL
#define vintc_real_drain	NULL
#define vintc_real_watch	NULL
#endif

/*
 * In r3: the hypercall that was there is answered, with H_PARAMETER. PAPR's numbers are
 * multiples of four; a guest that calls this one itself is told the same.
 */
#define VINTC_POWER_REFUSED	(~0UL)

/* A hypercall of XICS that vintc_hypercall() serves. */
static inline bool vintc_power_is_xics(unsigned long number)
{
	switch (number) {
	case H_EOI:
	case H_CPPR:
	case H_IPI:
	case H_IPOLL:
	case H_XIRR:
	case H_XIRR_X:
		return true;
	}
	return false;
}

/* tracepoint.c: is there a faster way on this kernel? Its module is held meanwhile. */
bool vintc_power_tracepoint_find(struct module *kvm_hv);
/* Nobody uses it any more. */
void vintc_power_tracepoint_forget(void);
/* For a device; without such a way, nothing. */
int vintc_power_tracepoint_use(void);
void vintc_power_tracepoint_unuse(void);

#endif /* VINTC_POWER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The arm64 host port's own interfaces. */
#ifndef VINTC_ARM64_H
#define VINTC_ARM64_H

#include "../../../../virt/kvm/vintc/gicv2.h"

/*
 * timer.c: the PPIs that KVM drives. KVM hands these to userspace where there is
 * no in-tree vgic, at the INTIDs of every board that Linux knows.
 */
#define VINTC_PPI_PMU		23
#define VINTC_PPI_VTIMER	27
#define VINTC_PPI_PTIMER	30
#define VINTC_DRIVEN_PPIS	(BIT(VINTC_PPI_PMU) | BIT(VINTC_PPI_VTIMER) | BIT(VINTC_PPI_PTIMER))

/* Their levels, for the running vCPU. Any context. */
u32 vintc_arm64_ppi_levels(void *vcpu);
/* The same with interrupts off. */
u32 vintc_arm64_sample(struct kvm_vcpu *vcpu);
/* Tells KVM that userspace knows these levels, so that it need not be told. */
void vintc_arm64_acknowledge_levels(struct kvm_vcpu *vcpu, u32 levels);

/*
 * entry.c: how we come to be called before each entry to the guest, and what is
 * done there. By one of these mechanisms:
 *
 *   HOOK        ftrace, in front of kvm_timer_should_notify_user(), which KVM calls
 *               before an entry and before it sleeps, if there is no vgic. It is
 *               replaced: KVM need not tell userspace of the timers.
 *   TRACEPOINT  the tracepoints kvm_entry and kvm_timer_update_irq. KVM may return
 *               to userspace, with EINTR, when a timer's level changes.
 *   USERSPACE   the tracepoint kvm_entry. The VMM drives the timers' PPIs.
 */
enum vintc_arm64_mechanism {
	VINTC_ARM64_HOOK,
	VINTC_ARM64_TRACEPOINT,
	VINTC_ARM64_USERSPACE,
	VINTC_ARM64_MECHANISMS,
};

/*
 * Attaches to entries, by the mechanism asked for, or (VINTC_ARM64_MECHANISMS) by
 * the best that works; and to a vCPU's first run. Returns the mechanism, or an
 * errno and the log says why.
 */
int vintc_arm64_entry_attach(int wanted);
void vintc_arm64_entry_detach(void);

#endif /* VINTC_ARM64_H */

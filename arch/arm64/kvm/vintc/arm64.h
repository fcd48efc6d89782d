/* SPDX-License-Identifier: GPL-2.0-only */
/* The arm64 host port's own interfaces. */
#ifndef VINTC_ARM64_H
#define VINTC_ARM64_H

#include "../../../../virt/kvm/vintc/gicv2.h"

/*
 * entry.c: how we come to be called before each entry to the guest, and what is
 * done there. By one of these mechanisms:
 *
 *   HOOK        ftrace, in front of kvm_timer_should_notify_user(), which KVM calls
 *               before an entry and before it sleeps, if there is no vgic. It is
 *               replaced: KVM need not tell userspace of the timers. And in front of
 *               kvm_timer_sync_user(), after an exit, which is mostly left out.
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

/* The levels of the driven PPIs, for the running vCPU. */
u32 vintc_arm64_ppi_levels(void *vcpu);

#endif /* VINTC_ARM64_H */

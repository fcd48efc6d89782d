// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm.h>
#include <pthread.h>
#include <stdlib.h>

#include "lib/xics.h"
#include "userspace.h"

#define MAX_SERVERS	1024
#define MAX_SOURCES	128
#define NOT_PENDING	0xff

struct icp {
	int vcpu_fd;		/* -1: no such server */
	bool line;		/* as KVM was told last */
	u8 cppr, mfrr, pending;
	u32 xisr;
};

struct source {
	u32 number, server;
	u8 priority;
	bool presented, queued, waiting;
};

struct userspace_xics {
	pthread_mutex_t lock;
	u32 waiting;		/* sources that wait */
	u32 first_source, sources;
	struct source source[MAX_SOURCES];
	struct icp icp[MAX_SERVERS];
};

static struct icp *icp_of(struct userspace_xics *xics, u64 server)
{
	if (server >= MAX_SERVERS || xics->icp[server].vcpu_fd < 0)
		return NULL;
	return &xics->icp[server];
}

static struct source *source_of_number(struct userspace_xics *xics, u32 number)
{
	u32 index = number - xics->first_source;

	return index < xics->sources ? &xics->source[index] : NULL;
}

static void update_line(struct icp *icp)
{
	bool line = icp->xisr && icp->pending < icp->cppr;
	struct kvm_interrupt interrupt = {
		.irq = line ? KVM_INTERRUPT_SET_LEVEL : KVM_INTERRUPT_UNSET,
	};

	if (line == icp->line)
		return;
	icp->line = line;
	must(xioctl(icp->vcpu_fd, KVM_INTERRUPT, &interrupt));
}

static void deliver(struct userspace_xics *xics, struct source *source);

/* Takes what is in XISR out of it; a source, but not the IPI, is then delivered again. */
static struct source *take_out(struct userspace_xics *xics, struct icp *icp)
{
	struct source *source = NULL;

	if (icp->xisr != XISR_NONE && icp->xisr != XISR_IPI)
		source = source_of_number(xics, icp->xisr);
	icp->xisr = XISR_NONE;
	icp->pending = NOT_PENDING;
	return source;
}

static void put_in(struct userspace_xics *xics, struct icp *icp, u32 xisr, u8 priority)
{
	struct source *rejected = take_out(xics, icp);

	icp->xisr = xisr;
	icp->pending = priority;
	if (rejected)
		deliver(xics, rejected);
}

static void set_waiting(struct userspace_xics *xics, struct source *source, bool waiting)
{
	xics->waiting += waiting - source->waiting;
	source->waiting = waiting;
}

/* The callers see to the line, when the ICP is in its final state. */
static void deliver(struct userspace_xics *xics, struct source *source)
{
	struct icp *icp = icp_of(xics, source->server);
	u8 priority = source->priority;
	bool accepted = priority < icp->cppr && priority < icp->mfrr && priority < icp->pending;

	set_waiting(xics, source, !accepted);
	if (accepted)
		put_in(xics, icp, source->number, priority);
}

static void resend(struct userspace_xics *xics, struct icp *icp)
{
	if (!xics->waiting)
		return;
	for (u32 i = 0; i < xics->sources; i++)
		if (xics->source[i].waiting && icp_of(xics, xics->source[i].server) == icp)
			deliver(xics, &xics->source[i]);
}

static void set_cppr(struct userspace_xics *xics, struct icp *icp, u8 cppr)
{
	struct source *rejected = NULL;
	bool opens = cppr > icp->cppr;

	icp->cppr = cppr;
	if (icp->xisr && icp->pending >= cppr)
		rejected = take_out(xics, icp);
	if (icp->mfrr < cppr && icp->mfrr <= icp->pending)
		put_in(xics, icp, XISR_IPI, icp->mfrr);
	if (rejected)
		deliver(xics, rejected);
	if (opens)
		resend(xics, icp);
}

static u64 h_ipi(struct userspace_xics *xics, u64 server, u8 mfrr)
{
	struct icp *icp = icp_of(xics, server);
	bool opens;

	if (!icp)
		return (u64)H_PARAMETER;
	opens = mfrr > icp->mfrr;
	icp->mfrr = mfrr;
	if (mfrr < icp->cppr && mfrr <= icp->pending)
		put_in(xics, icp, XISR_IPI, mfrr);
	if (opens)
		resend(xics, icp);
	update_line(icp);
	return H_SUCCESS;
}

static u64 h_xirr(struct icp *icp, u64 *answer)
{
	*answer = xirr(icp->cppr, icp->xisr);
	if (icp->xisr) {
		icp->cppr = icp->pending;
		icp->xisr = XISR_NONE;
		icp->pending = NOT_PENDING;
		update_line(icp);
	}
	return H_SUCCESS;
}

static u64 h_cppr(struct userspace_xics *xics, struct icp *icp, u8 cppr)
{
	set_cppr(xics, icp, cppr);
	update_line(icp);
	return H_SUCCESS;
}

static u64 h_eoi(struct userspace_xics *xics, struct icp *icp, u32 xirr)
{
	u32 number = xirr & XISR_MASK;
	struct source *source;

	set_cppr(xics, icp, xirr >> 24);
	update_line(icp);
	if (number == XISR_IPI)
		return H_SUCCESS;
	source = source_of_number(xics, number);
	if (!source)
		return (u64)H_PARAMETER;
	source->presented = source->queued;
	source->queued = false;
	if (source->presented) {
		deliver(xics, source);
		update_line(icp_of(xics, source->server));
	}
	return H_SUCCESS;
}

u64 userspace_hcall(struct userspace_xics *xics, u32 server, u64 number, u64 *args)
{
	struct icp *icp = &xics->icp[server];
	u64 status = (u64)H_FUNCTION;

	pthread_mutex_lock(&xics->lock);
	switch (number) {
	case H_XIRR:
		status = h_xirr(icp, &args[0]);
		break;
	case H_CPPR:
		status = h_cppr(xics, icp, args[0]);
		break;
	case H_EOI:
		status = h_eoi(xics, icp, args[0]);
		break;
	case H_IPI:
		status = h_ipi(xics, args[0], args[1]);
		break;
	}
	pthread_mutex_unlock(&xics->lock);
	return status;
}

void userspace_raise(struct userspace_xics *xics, u32 number)
{
	struct source *source;

	pthread_mutex_lock(&xics->lock);
	source = source_of_number(xics, number);
	if (!source)
		fatal("the guest knows of a source %u that is none", number);
	if (source->presented) {
		source->queued = true;
	} else {
		source->presented = true;
		deliver(xics, source);
		update_line(icp_of(xics, source->server));
	}
	pthread_mutex_unlock(&xics->lock);
}

struct userspace_xics *userspace_create(void)
{
	struct userspace_xics *xics = calloc(1, sizeof(*xics));

	if (!xics)
		fatal("no memory for a XICS");
	pthread_mutex_init(&xics->lock, NULL);
	for (u32 i = 0; i < MAX_SERVERS; i++)
		xics->icp[i].vcpu_fd = -1;
	return xics;
}

void userspace_connect(struct userspace_xics *xics, int vcpu_fd, u32 server)
{
	if (server >= MAX_SERVERS)
		fatal("server %u is one too many", server);
	xics->icp[server] = (struct icp){
		.vcpu_fd = vcpu_fd, .mfrr = NOT_PENDING, .pending = NOT_PENDING,
	};
}

void userspace_open(struct userspace_xics *xics, u32 server)
{
	struct icp *icp = &xics->icp[server];

	pthread_mutex_lock(&xics->lock);
	icp->cppr = icp->mfrr = icp->pending = 0xff;
	icp->xisr = XISR_NONE;
	update_line(icp);
	pthread_mutex_unlock(&xics->lock);
}

u64 userspace_icp(struct userspace_xics *xics, u32 server)
{
	struct icp *icp = &xics->icp[server];

	return icp_state(icp->cppr, icp->xisr, icp->mfrr, icp->pending);
}

void userspace_add_source(struct userspace_xics *xics, u32 number, u32 server, u8 priority)
{
	if (xics->sources == MAX_SOURCES)
		fatal("source %u is one too many", number);
	if (!icp_of(xics, server))
		fatal("source %u is for a server %u that is none", number, server);
	if (!xics->sources)
		xics->first_source = number;
	if (number != xics->first_source + xics->sources)
		fatal("source %u does not follow the one before", number);
	xics->source[xics->sources++] = (struct source){
		.number = number, .server = server, .priority = priority,
	};
}

void userspace_destroy(struct userspace_xics *xics)
{
	pthread_mutex_destroy(&xics->lock);
	free(xics);
}

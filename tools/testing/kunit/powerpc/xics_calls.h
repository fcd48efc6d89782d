/* SPDX-License-Identifier: GPL-2.0-only */
/* A XICS with fake vCPUs, and the core's entry points in the words of its guests. */
#ifndef VINTC_KUNIT_XICS_CALLS_H
#define VINTC_KUNIT_XICS_CALLS_H

#include "../fixture.h"

#define TEST_SERVERS	4

struct test_xics {
	struct vintc_xics *xics;
	struct kvm_vcpu *vcpu[TEST_SERVERS];
	struct vintc_icp *icp[TEST_SERVERS];
};

/* Servers 0 to @servers - 1 are connected; freed with the test. */
struct test_xics *test_xics(struct kunit *test, unsigned int servers);

/* vcpu.c: sleeps as in H_CEDE until the line is up, or *stop; and stops a sleep. */
void vintc_test_cede(struct kvm_vcpu *vcpu, const bool *stop);
void vintc_test_kick(struct kvm_vcpu *vcpu);

/* ---- encodings ---- */

struct icp {
	u8 cppr, mfrr, pending;
	u32 xisr;
};

static inline u64 icp_reg(struct icp i)
{
	return (u64)i.cppr << 56 | (u64)i.xisr << 32 | (u64)i.mfrr << 24 | (u64)i.pending << 16;
}

#define SOURCE_LEVEL		(1ull << 40)
#define SOURCE_MASKED		(1ull << 41)
#define SOURCE_PENDING		(1ull << 42)
#define SOURCE_PRESENTED	(1ull << 43)
#define SOURCE_QUEUED		(1ull << 44)

static inline u64 source_attr(u32 server, u8 priority, u64 flags)
{
	return server | (u64)priority << 32 | flags;
}

/* ---- hypercalls: r3; results in gprs[0] (r4) and gprs[1] (r5) ---- */

static inline long test_hcall(struct test_xics *x, u32 self, unsigned long number,
			      unsigned long r4, unsigned long r5, unsigned long *gprs)
{
	unsigned long regs[9] = { r4, r5 };
	long r3 = vintc_xics_hypercall(x->xics, x->icp[self], number, regs);

	if (gprs)
		memcpy(gprs, regs, 2 * sizeof(*gprs));
	return r3;
}

static inline u32 h_xirr(struct test_xics *x, u32 self)
{
	unsigned long gprs[2];

	test_hcall(x, self, VINTC_H_XIRR, 0, 0, gprs);
	return gprs[0];
}

static inline long h_eoi(struct test_xics *x, u32 self, u32 xirr)
{
	return test_hcall(x, self, VINTC_H_EOI, xirr, 0, NULL);
}

static inline long h_cppr(struct test_xics *x, u32 self, u8 cppr)
{
	return test_hcall(x, self, VINTC_H_CPPR, cppr, 0, NULL);
}

static inline long h_ipi(struct test_xics *x, u32 self, u32 server, u8 mfrr)
{
	return test_hcall(x, self, VINTC_H_IPI, server, mfrr, NULL);
}

/* ---- RTAS calls ---- */

static inline s32 set_xive(struct test_xics *x, u32 self, u32 source, u32 server, u32 priority)
{
	const u32 args[] = { source, server, priority };

	return vintc_xics_rtas(x->xics, x->icp[self], VINTC_RTAS_SET_XIVE, args, NULL);
}

static inline s32 int_off(struct test_xics *x, u32 self, u32 source)
{
	return vintc_xics_rtas(x->xics, x->icp[self], VINTC_RTAS_INT_OFF, &source, NULL);
}

static inline s32 int_on(struct test_xics *x, u32 self, u32 source)
{
	return vintc_xics_rtas(x->xics, x->icp[self], VINTC_RTAS_INT_ON, &source, NULL);
}

/* ---- state ---- */

static inline int set_source(struct test_xics *x, u64 source, u64 attr)
{
	return vintc_errno(vintc_xics_set_source(x->xics, source, attr));
}

/* ~0: there is none. */
static inline u64 get_source(struct test_xics *x, u64 source)
{
	u64 attr = 0;

	return vintc_xics_get_source(x->xics, source, &attr) ? ~0ull : attr;
}

static inline int set_icp(struct test_xics *x, u32 server, struct icp icp)
{
	return vintc_errno(vintc_icp_set(x->xics, x->icp[server], icp_reg(icp)));
}

static inline u64 get_icp(struct test_xics *x, u32 server)
{
	return vintc_icp_get(x->icp[server]);
}

#endif /* VINTC_KUNIT_XICS_CALLS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * RTAS calls in the kernel: PAPR's ibm,set-xive, ibm,get-xive, ibm,int-off and
 * ibm,int-on. The guest passes them with H_RTAS; r4 is the address of an
 * argument block of 32-bit big-endian words:
 *
 *	token, nargs, nret, nargs arguments, nret results
 *
 * with at most 16 arguments and results together. The first result is the
 * status. r3 is the hypercall's own answer: H_SUCCESS as soon as there was a
 * block and the call was ours, H_PARAMETER for a block that is not there.
 */
#include <asm/kvm_ppc.h>

#include "power.h"

#define MOST_WORDS	16

struct rtas_header {
	__be32 token;
	__be32 nargs;
	__be32 nret;
};

static enum vintc_rtas_service service_of(struct vintc_device *dev, u32 token)
{
	int i;

	for (i = 1; token && i < VINTC_RTAS_SERVICES; i++)
		if (READ_ONCE(dev->rtas_tokens[i]) == token)
			return i;
	return 0;
}

static bool any_service(struct vintc_device *dev)
{
	int i;

	for (i = 1; i < VINTC_RTAS_SERVICES; i++)
		if (READ_ONCE(dev->rtas_tokens[i]))
			return true;
	return false;
}

static bool read_words(struct kvm *kvm, gpa_t gpa, u32 *words, u32 count)
{
	__be32 raw[MOST_WORDS];
	int i;

	if (kvm_read_guest(kvm, gpa, raw, count * sizeof(*raw)))
		return false;
	for (i = 0; i < count; i++)
		words[i] = be32_to_cpu(raw[i]);
	return true;
}

static bool write_words(struct kvm *kvm, gpa_t gpa, const u32 *words, u32 count)
{
	__be32 raw[MOST_WORDS];
	int i;

	for (i = 0; i < count; i++)
		raw[i] = cpu_to_be32(words[i]);
	return !kvm_write_guest(kvm, gpa, raw, count * sizeof(*raw));
}

/* The call of a service, at @gpa the words behind the header. Returns r3. */
static long call(struct vintc_device *dev, struct kvm_vcpu *vcpu, struct vintc_icp *icp,
		 enum vintc_rtas_service service, gpa_t gpa, u32 nargs, u32 nret)
{
	u32 words[MOST_WORDS] = {}, rets[1 + MOST_WORDS] = {};
	u32 results = 1 + vintc_rtas_rets(service);
	gpa_t status_gpa = gpa + nargs * sizeof(__be32);

	/* Not as one sum: it could wrap. */
	if (nargs > MOST_WORDS || nret > MOST_WORDS - nargs)
		return H_PARAMETER;

	if (nargs != vintc_rtas_args(service) || nret != results) {
		rets[0] = VINTC_RTAS_PARAMETER;
		/* Without room for a result there is none. */
		if (nargs == MOST_WORDS)
			return H_SUCCESS;
		return write_words(vcpu->kvm, status_gpa, rets, 1) ? H_SUCCESS : H_PARAMETER;
	}
	/* The results too: a block that is not all there shall have no effect. */
	if (!read_words(vcpu->kvm, gpa, words, nargs + nret))
		return H_PARAMETER;
	vintc_enter_wait(dev);
	rets[0] = vintc_xics_rtas(dev->controller, icp, service, words, &rets[1]);
	vintc_leave(dev);
	if ((s32)rets[0] != VINTC_RTAS_SUCCESS)
		results = 1;
	return write_words(vcpu->kvm, status_gpa, rets, results) ? H_SUCCESS : H_PARAMETER;
}

long vintc_power_rtas(struct vintc_device *dev, struct kvm_vcpu *vcpu, struct vintc_icp *icp)
{
	gpa_t gpa = kvmppc_get_gpr(vcpu, 4) & KVM_PAM;
	enum vintc_rtas_service service;
	struct rtas_header header;
	long r3 = H_PARAMETER;
	int srcu;

	if (!any_service(dev))
		return VINTC_H_NOT_OURS;

	srcu = srcu_read_lock(&vcpu->kvm->srcu);
	if (kvm_read_guest(vcpu->kvm, gpa, &header, sizeof(header)))
		goto out;
	service = service_of(dev, be32_to_cpu(header.token));
	r3 = service ? call(dev, vcpu, icp, service, gpa + sizeof(header),
			    be32_to_cpu(header.nargs), be32_to_cpu(header.nret))
		     : VINTC_H_NOT_OURS;
out:
	srcu_read_unlock(&vcpu->kvm->srcu, srcu);
	return r3;
}

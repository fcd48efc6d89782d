// SPDX-License-Identifier: GPL-2.0-only
/* H_RTAS with argument blocks wherever a guest may put them, in a VM with real memory. */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/prandom.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>
#include <asm/kvm_ppc.h>

#include "../../../../arch/powerpc/kvm/vintc/power.h"
#include "../fixture.h"

#define SOURCE		0x1010
#define ABSENT		0x1011

/* Tokens, by service. */
static const u32 tokens[] = { 0, 0x2000, 0x2001, 0x2002, 0x2003 };

/*
 * Guest memory, in pages: two of one slot, one of another slot, a hole, one that
 * is read-only to the VMM, a hole, one that the VMM has unmapped.
 */
#define END_OF_MEMORY	(3 * PAGE_SIZE)
#define HOLE		(3 * PAGE_SIZE)
#define READ_ONLY	(4 * PAGE_SIZE)
#define UNMAPPED	(6 * PAGE_SIZE)

struct rtas {
	struct vintc_test_vm vm;
	struct file *device, *vcpu_file;
	struct vintc_device *dev;
	struct kvm_vcpu *vcpu;
	struct vintc_icp *icp;
	struct file *memory;		/* what backs it */
	unsigned long writable;		/* all of it, in user memory */
};

static unsigned long map(struct rtas *s, unsigned long offset, unsigned long pages, unsigned long prot)
{
	return vm_mmap(s->memory, 0, pages * PAGE_SIZE, prot, MAP_SHARED, offset);
}

static long slot(struct rtas *s, u32 number, u64 gpa, unsigned long pages, unsigned long addr)
{
	struct kvm_userspace_memory_region region = {
		.slot = number,
		.guest_phys_addr = gpa,
		.memory_size = pages * PAGE_SIZE,
		.userspace_addr = addr,
	};

	return vintc_test_ioctl(s->vm.file, KVM_SET_USER_MEMORY_REGION, &region, sizeof(region));
}

static int make_memory(struct rtas *s)
{
	unsigned long read_only, unmapped;

	s->memory = shmem_file_setup("vintc-test", 8 * PAGE_SIZE, 0);
	if (IS_ERR(s->memory))
		return PTR_ERR(s->memory);
	s->writable = map(s, 0, 8, PROT_READ | PROT_WRITE);
	read_only = map(s, READ_ONLY, 1, PROT_READ);
	unmapped = map(s, UNMAPPED, 1, PROT_READ | PROT_WRITE);
	if (slot(s, 0, 0, 2, s->writable) || slot(s, 1, 2 * PAGE_SIZE, 1, s->writable + 2 * PAGE_SIZE) ||
	    slot(s, 2, READ_ONLY, 1, read_only) || slot(s, 3, UNMAPPED, 1, unmapped))
		return -EINVAL;
	return vm_munmap(unmapped, PAGE_SIZE);
}

static int make_device(struct rtas *s)
{
	u64 source = 1ull << 32;
	u32 server = 0;
	long r = 0;
	int i;

	s->dev = vintc_test_device_of(s->device);
	r |= vintc_test_attr(s->device, KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_MODEL, KVM_VINTC_MODEL_XICS,
			     NULL, 0);
	r |= vintc_test_attr(s->device, KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_VCPU, 0, &server,
			     sizeof(server));
	r |= vintc_test_attr(s->device, KVM_SET_DEVICE_ATTR, KVM_DEV_XICS_GRP_SOURCES, SOURCE, &source,
			     sizeof(source));
	for (i = 1; i < VINTC_RTAS_SERVICES; i++) {
		u32 token = tokens[i];

		r |= vintc_test_attr(s->device, KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_RTAS, i, &token,
				     sizeof(token));
	}
	return r ? -EINVAL : 0;
}

static int rtas_init(struct kunit *test)
{
	struct rtas *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	vintc_test_use_user(test);
	if (!s)
		return -ENOMEM;
	test->priv = s;
	vintc_test_vm_create(test, &s->vm);
	s->vcpu_file = vintc_test_vm_vcpu(test, &s->vm, 0);
	s->device = vintc_test_vm_device(&s->vm);
	if (!s->vcpu_file || IS_ERR(s->device) || make_memory(s) || make_device(s))
		return -EINVAL;
	s->vcpu = vintc_test_vcpu_of(s->vcpu_file);
	s->icp = vintc_device_icp(s->dev, s->vcpu);
	return s->icp ? 0 : -EINVAL;
}

static void rtas_exit(struct kunit *test)
{
	struct rtas *s = test->priv;

	if (s) {
		vintc_test_put(s->vcpu_file);
		if (!IS_ERR_OR_NULL(s->device))
			vintc_test_put(s->device);
		vintc_test_vm_put(&s->vm);
		if (!IS_ERR_OR_NULL(s->memory))
			vintc_test_put(s->memory);
	}
	vintc_test_unuse_user(test);
}

/* ---- guest memory and the call ---- */

static void poke(struct rtas *s, unsigned long gpa, u32 word)
{
	__be32 raw = cpu_to_be32(word);

	if (gpa + sizeof(raw) <= 8 * PAGE_SIZE)
		WARN_ON(copy_to_user((void __user *)(s->writable + gpa), &raw, sizeof(raw)));
}

static u32 peek(struct rtas *s, unsigned long gpa)
{
	__be32 raw = 0;

	WARN_ON(copy_from_user(&raw, (void __user *)(s->writable + gpa), sizeof(raw)));
	return be32_to_cpu(raw);
}

#define CANARY	0x5a5a5a5a

/* Header and arguments, and canaries in the words behind them. */
static void put_block(struct rtas *s, unsigned long gpa, u32 token, u32 nargs, u32 nret, u32 a0, u32 a1,
		      u32 a2)
{
	const u32 words[] = { token, nargs, nret, a0, a1, a2 };
	u32 known = 3 + min(nargs, 3u);
	int i;

	for (i = 0; i < 3 + 20; i++)
		poke(s, gpa + 4 * i, i < known ? words[i] : CANARY);
}

static long h_rtas(struct rtas *s, unsigned long r4)
{
	kvmppc_set_gpr(s->vcpu, 3, 0xf000);
	kvmppc_set_gpr(s->vcpu, 4, r4);
	return vintc_power_rtas(s->dev, s->vcpu, s->icp);
}

static u32 args_of(int service)
{
	return vintc_rtas_args(service);
}

static u32 rets_of(int service)
{
	return 1 + vintc_rtas_rets(service);
}

static u32 length_of(int service)
{
	return 4 * (3 + args_of(service) + rets_of(service));
}

static u64 source_of(struct rtas *s, u32 number)
{
	u64 attr = 0;

	return vintc_xics_get_source(s->dev->controller, number, &attr) ? ~0ull : attr;
}

/* A good call at @gpa. */
static void put_call(struct rtas *s, unsigned long gpa, int service, u32 source)
{
	put_block(s, gpa, tokens[service], args_of(service), rets_of(service), source, 0, 5);
}

/* ---- cases ---- */

static void services_do_their_work(struct kunit *test)
{
	struct rtas *s = test->priv;
	unsigned long gpa = 0x100;

	put_block(s, gpa, tokens[VINTC_RTAS_SET_XIVE], 3, 1, SOURCE, 0, 0x77);
	KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 24), 0u);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 28), (u32)CANARY);
	KUNIT_EXPECT_EQ(test, source_of(s, SOURCE), 0x77ull << 32);

	put_block(s, gpa, tokens[VINTC_RTAS_GET_XIVE], 1, 3, SOURCE, 0, 0);
	KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 16), 0u);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 20), 0u);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 24), 0x77u);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 28), (u32)CANARY);

	put_block(s, gpa, tokens[VINTC_RTAS_INT_OFF], 1, 1, SOURCE, 0, 0);
	KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 16), 0u);
	KUNIT_EXPECT_EQ(test, source_of(s, SOURCE), 0x77ull << 32 | 1ull << 41);

	put_block(s, gpa, tokens[VINTC_RTAS_GET_XIVE], 1, 3, SOURCE, 0, 0);
	KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
	KUNIT_EXPECT_EQ(test, peek(s, gpa + 24), 0xffu);

	put_block(s, gpa, tokens[VINTC_RTAS_INT_ON], 1, 1, SOURCE, 0, 0);
	KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
	KUNIT_EXPECT_EQ(test, source_of(s, SOURCE), 0x77ull << 32);
}

static void an_unknown_source_has_status_parameter(struct kunit *test)
{
	struct rtas *s = test->priv;
	unsigned long gpa = 0x200;
	int service;

	for (service = 1; service < VINTC_RTAS_SERVICES; service++) {
		put_call(s, gpa, service, ABSENT);
		KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
		KUNIT_EXPECT_EQ_MSG(test, peek(s, gpa + 4 * (3 + args_of(service))), (u32)-3, "%d", service);
		KUNIT_EXPECT_EQ_MSG(test, peek(s, gpa + 4 * (4 + args_of(service))), (u32)CANARY, "%d",
				    service);
	}
}

/* Over the border of two pages, of two slots, at odd addresses, and at the very end. */
static void blocks_may_lie_anywhere_in_memory(struct kunit *test)
{
	struct rtas *s = test->priv;
	unsigned long border, gpa;
	int service, back;

	for (service = 1; service < VINTC_RTAS_SERVICES; service++) {
		u32 length = length_of(service);

		for (border = PAGE_SIZE; border <= 2 * PAGE_SIZE; border += PAGE_SIZE)
			for (back = 0; back <= length; back++) {
				gpa = border - back;
				put_call(s, gpa, service, SOURCE);
				KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, gpa), (long)H_SUCCESS, "%d at %lx",
						    service, gpa);
				KUNIT_EXPECT_EQ_MSG(test, peek(s, gpa + 4 * (3 + args_of(service))), 0u,
						    "%d at %lx", service, gpa);
			}
		gpa = END_OF_MEMORY - length;
		put_call(s, gpa, service, SOURCE);
		KUNIT_EXPECT_EQ(test, h_rtas(s, gpa), (long)H_SUCCESS);
		KUNIT_EXPECT_EQ(test, peek(s, gpa + 4 * (3 + args_of(service))), 0u);
	}
}

static void blocks_that_leave_memory_are_h_parameter(struct kunit *test)
{
	struct rtas *s = test->priv;
	unsigned long gpa;
	int service, over;

	for (service = 1; service < VINTC_RTAS_SERVICES; service++)
		for (over = 1; over <= length_of(service); over++) {
			gpa = END_OF_MEMORY - length_of(service) + over;
			put_call(s, gpa, service, SOURCE);
			KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, gpa), (long)H_PARAMETER, "%d at %lx", service,
					    gpa);
			/* Behind the end is nothing of the guest's: it stays as put_block() left it. */
			KUNIT_EXPECT_EQ(test, peek(s, gpa + length_of(service)), (u32)CANARY);
		}
}

static void addresses_outside_memory_are_h_parameter_hazard11(struct kunit *test)
{
	static const unsigned long outside[] = {
		HOLE, READ_ONLY + PAGE_SIZE, UNMAPPED, UNMAPPED + PAGE_SIZE, 1ul << 32, 1ul << 59,
		KVM_PAM, KVM_PAM - 3, KVM_PAM - 11, ~0ul, ~0ul - 3, ~0ul - 11, ~0ul - PAGE_SIZE + 1,
	};
	struct rtas *s = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(outside); i++)
		KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, outside[i]), (long)H_PARAMETER, "%lx", outside[i]);

	/* The four topmost bits are no part of a real address. */
	put_call(s, 0x300, VINTC_RTAS_INT_OFF, SOURCE);
	KUNIT_EXPECT_EQ(test, h_rtas(s, 0x300 | 0xful << 60), (long)H_SUCCESS);
	KUNIT_EXPECT_EQ(test, peek(s, 0x300 + 16), 0u);
}

static void read_only_memory_is_h_parameter(struct kunit *test)
{
	struct rtas *s = test->priv;
	int service;

	for (service = 1; service < VINTC_RTAS_SERVICES; service++) {
		put_call(s, READ_ONLY, service, SOURCE);
		KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, READ_ONLY), (long)H_PARAMETER, "%d", service);
		put_block(s, READ_ONLY, tokens[service], 0, 0, 0, 0, 0);
		KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, READ_ONLY), (long)H_PARAMETER, "%d", service);
	}
}

/* What any counts lead to, and that no other word is written. */
static void expect_counts(struct kunit *test, int service, u32 nargs, u32 nret)
{
	struct rtas *s = test->priv;
	bool good = nargs == args_of(service) && nret == rets_of(service);
	bool fits = nargs <= 16 && nret <= 16 && nargs + nret <= 16;
	unsigned long gpa = 0x400;
	u32 i, known = 3 + min(nargs, 3u), written = 3 + nargs;

	put_block(s, gpa, tokens[service], nargs, nret, SOURCE, 0, 5);
	KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, gpa), (long)(fits ? H_SUCCESS : H_PARAMETER), "%d: %u, %u",
			    service, nargs, nret);
	if (fits && nargs < 16)
		KUNIT_EXPECT_EQ_MSG(test, peek(s, gpa + 4 * written), good ? 0u : (u32)-3, "%d: %u, %u",
				    service, nargs, nret);
	for (i = known; i < 3 + 20; i++)
		if (!fits || nargs == 16 || i < written || i >= written + (good ? nret : 1))
			KUNIT_EXPECT_EQ_MSG(test, peek(s, gpa + 4 * i), (u32)CANARY, "%d: %u, %u word %u",
					    service, nargs, nret, i);
}

static void wrong_counts_have_status_parameter_hazard11(struct kunit *test)
{
	static const u32 huge[] = { 17, 255, 0x10000, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000,
				    0xfffffff0, 0xfffffffd, 0xffffffff };
	u32 nargs, nret;
	int service, i, j;

	for (service = 1; service < VINTC_RTAS_SERVICES; service++) {
		for (nargs = 0; nargs <= 17; nargs++)
			for (nret = 0; nret <= 17; nret++)
				expect_counts(test, service, nargs, nret);
		for (i = 0; i < ARRAY_SIZE(huge); i++) {
			expect_counts(test, service, huge[i], rets_of(service));
			expect_counts(test, service, args_of(service), huge[i]);
			for (j = 0; j < ARRAY_SIZE(huge); j++)
				expect_counts(test, service, huge[i], huge[j]);
		}
	}
}

static void other_tokens_go_to_userspace(struct kunit *test)
{
	static const u32 others[] = { 0, 1, 0x1fff, 0x2004, 0x00200000, U32_MAX };
	struct rtas *s = test->priv;
	u32 none = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		put_block(s, 0x500, others[i], 3, 1, SOURCE, 0, 5);
		KUNIT_EXPECT_EQ_MSG(test, h_rtas(s, 0x500), (long)VINTC_H_NOT_OURS, "%x", others[i]);
		KUNIT_EXPECT_EQ(test, peek(s, 0x500 + 24), (u32)CANARY);
	}
	/* A token taken back is no longer ours; without any the memory is not even read. */
	for (i = 1; i < VINTC_RTAS_SERVICES; i++) {
		KUNIT_EXPECT_EQ(test, vintc_test_attr(s->device, KVM_SET_DEVICE_ATTR, KVM_VINTC_GRP_RTAS, i,
						      &none, sizeof(none)), 0l);
		put_call(s, 0x500, i, SOURCE);
		KUNIT_EXPECT_EQ(test, h_rtas(s, 0x500), (long)VINTC_H_NOT_OURS);
	}
	KUNIT_EXPECT_EQ(test, h_rtas(s, HOLE), (long)VINTC_H_NOT_OURS);
}

/* Anything anywhere: an answer, and no word written but results. KASAN watches. */
static void random_blocks_hazard11(struct kunit *test)
{
	struct rtas *s = test->priv;
	struct rnd_state random;
	int i;

	prandom_seed_state(&random, 20250101);
	for (i = 0; i < 5000; i++) {
		u32 pick = prandom_u32_state(&random);
		unsigned long gpa = prandom_u32_state(&random) % (8 * PAGE_SIZE);
		u32 counts = prandom_u32_state(&random);
		long r3;

		put_block(s, gpa, 0x2000 + pick % 5, counts % 20, (counts >> 8) % 20,
			  SOURCE + (pick >> 8) % 2, (pick >> 9) % 2, counts >> 24);
		r3 = h_rtas(s, gpa);
		if (r3 != H_SUCCESS && r3 != H_PARAMETER && r3 != VINTC_H_NOT_OURS)
			KUNIT_FAIL(test, "r3 is %ld", r3);
	}
}

static struct kunit_case rtas_cases[] = {
	KUNIT_CASE(services_do_their_work),
	KUNIT_CASE(an_unknown_source_has_status_parameter),
	KUNIT_CASE(blocks_may_lie_anywhere_in_memory),
	KUNIT_CASE(blocks_that_leave_memory_are_h_parameter),
	KUNIT_CASE(addresses_outside_memory_are_h_parameter_hazard11),
	KUNIT_CASE(read_only_memory_is_h_parameter),
	KUNIT_CASE(wrong_counts_have_status_parameter_hazard11),
	KUNIT_CASE(other_tokens_go_to_userspace),
	KUNIT_CASE(random_blocks_hazard11),
	{}
};

static struct kunit_suite rtas_suite = {
	.name = "vintc_rtas",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = rtas_init,
	.exit = rtas_exit,
	.test_cases = rtas_cases,
};

kunit_test_suite(rtas_suite);

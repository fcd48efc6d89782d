// SPDX-License-Identifier: GPL-2.0-only
/* What is done before each entry to a guest, in a copy of entry.c whose static functions we see. */
#include "../../../../virt/kvm/vintc/vintc.h"

/* A function that this kernel is to lack, or NULL. */
static const char *missing;

static void *symbol_if_there(const char *name)
{
	return missing && !strcmp(name, missing) ? NULL : vintc_symbol(name);
}

#define vintc_symbol			symbol_if_there
#define vintc_arm64_ppi_levels		test_ppi_levels
#define vintc_arm64_entry_attach	test_entry_attach
#define vintc_arm64_entry_detach	test_entry_detach
#include "../../../../arch/arm64/kvm/vintc/entry.c"

#include <linux/delay.h>

#include "gicv2.h"

#define SPI	40

/* A complete GICv2, its vCPUs have run, and SPI 40 comes to vCPU 0. */
static int entry_init(struct kunit *test)
{
	int r = vintc_test_device_init(test);
	struct vintc_test_device *d = test->priv;

	if (r)
		return r;
	mechanism = VINTC_ARM64_HOOK;
	make_gicv2(test, d);
	KUNIT_EXPECT_EQ(test, run(d, 0), -EINTR);
	KUNIT_EXPECT_EQ(test, run(d, 1), -EINTR);
	open_interface(gic_of(d), interface(d, 0));
	open_spi(gic_of(d), interface(d, 0), SPI, 1, true);
	return 0;
}

static void pulse(struct vintc_test_device *d)
{
	vintc_gic_inject(gic_of(d), NULL, SPI, VINTC_PULSE);
}

static unsigned long lines(struct kvm_vcpu *vcpu)
{
	return *vcpu_hcr(vcpu) & (HCR_VI | HCR_VF);
}

/* As KVM asks on the vCPU's thread, interrupts off, in this mode. */
static bool ask(struct kunit *test, struct kvm_vcpu *vcpu, int mode)
{
	unsigned long notify = 2;
	bool ours;

	local_irq_disable();
	WRITE_ONCE(vcpu->mode, mode);
	ours = replace_notify(vcpu, &notify);
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	local_irq_enable();
	KUNIT_EXPECT_TRUE(test, ours);
	KUNIT_EXPECT_LT(test, notify, 2ul);
	return notify;
}

/* A kick may take the vCPU out of IN_GUEST_MODE before: an entry it is nonetheless. */
static void an_entry_computes_the_line_in_each_mode(struct kunit *test)
{
	static const int modes[] = { IN_GUEST_MODE, EXITING_GUEST_MODE, READING_SHADOW_PAGE_TABLES };
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);
	int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		unsigned long others = *vcpu_hcr(vcpu) & ~(HCR_VI | HCR_VF);

		KUNIT_EXPECT_FALSE(test, ask(test, vcpu, modes[i]));
		KUNIT_EXPECT_EQ(test, lines(vcpu), 0ul);
		pulse(d);
		/* Its thread may lose the bit. The line is not lost. */
		*vcpu_hcr(vcpu) &= ~HCR_VI;
		KUNIT_EXPECT_FALSE(test, ask(test, vcpu, modes[i]));
		KUNIT_EXPECT_EQ(test, lines(vcpu), (unsigned long)HCR_VI);
		KUNIT_EXPECT_EQ(test, *vcpu_hcr(vcpu) & ~HCR_VI, others);
		KUNIT_EXPECT_EQ(test, acknowledge(gic_of(d), interface(d, 0)), (u32)SPI);
		KUNIT_EXPECT_FALSE(test, ask(test, vcpu, modes[i]));
		KUNIT_EXPECT_EQ(test, lines(vcpu), 0ul);
		end(gic_of(d), interface(d, 0), SPI);
	}
}

static void group_0_may_be_the_fiq(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);

	gic_write(gic_of(d), interface(d, 0), VINTC_GICC, GICC_CTLR, 1 | 1 << 3);
	pulse(d);
	KUNIT_EXPECT_FALSE(test, ask(test, vcpu, IN_GUEST_MODE));
	KUNIT_EXPECT_EQ(test, lines(vcpu), (unsigned long)HCR_VF);
	gic_write(gic_of(d), interface(d, 0), VINTC_GICC, GICC_CTLR, 1);
	KUNIT_EXPECT_FALSE(test, ask(test, vcpu, IN_GUEST_MODE));
	KUNIT_EXPECT_EQ(test, lines(vcpu), (unsigned long)HCR_VI);
}

/* The other question: has it a reason not to sleep? Also asked by another thread. */
static void a_reason_not_to_sleep_hazard17(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);

	KUNIT_EXPECT_FALSE(test, ask(test, vcpu, IN_GUEST_MODE));
	KUNIT_EXPECT_FALSE(test, ask(test, vcpu_of(d, 1), IN_GUEST_MODE));
	KUNIT_EXPECT_FALSE(test, ask(test, vcpu, OUTSIDE_GUEST_MODE));
	pulse(d);
	KUNIT_EXPECT_TRUE(test, ask(test, vcpu, OUTSIDE_GUEST_MODE));
	KUNIT_EXPECT_FALSE(test, ask(test, vcpu_of(d, 1), OUTSIDE_GUEST_MODE));
	vcpu_load(vcpu);
	KUNIT_EXPECT_TRUE(test, ask(test, vcpu, OUTSIDE_GUEST_MODE));
	vcpu_put(vcpu);
	/* Asking answers, and does nothing. */
	*vcpu_hcr(vcpu) &= ~HCR_VI;
	KUNIT_EXPECT_TRUE(test, ask(test, vcpu, OUTSIDE_GUEST_MODE));
	KUNIT_EXPECT_EQ(test, lines(vcpu), 0ul);
}

/* ---- the PPIs that the host drives ---- */

struct timer_state {
	u64 cntv_ctl, cntv_cval, cntp_ctl, cntp_cval;
	bool pmu;
	u32 levels;
	u64 told;
};

/* Not U64_MAX: an emulator may add to it. */
#define FAR_AWAY	(1ull << 62)

static const struct timer_state timer_states[] = {
	{ 0, 0, 0, 0, false, 0, 0 },
	{ 1, 0, 0, 0, false, BIT(PPI_VTIMER), KVM_ARM_DEV_EL1_VTIMER },
	{ 3, 0, 0, 0, false, 0, 0 },
	{ 1, FAR_AWAY, 0, 0, false, 0, 0 },
	{ 0, 0, 1, 0, false, BIT(PPI_PTIMER), KVM_ARM_DEV_EL1_PTIMER },
	{ 0, 0, 3, 0, false, 0, 0 },
	{ 0, 0, 1, FAR_AWAY, false, 0, 0 },
	{ 0, 0, 0, 0, true, BIT(PPI_PMU), KVM_ARM_DEV_PMU },
	{ 1, 0, 1, 0, true, DRIVEN_PPIS, KVM_ARM_DEV_EL1_VTIMER | KVM_ARM_DEV_EL1_PTIMER | KVM_ARM_DEV_PMU },
};

static void set_timers(struct kvm_vcpu *vcpu, const struct timer_state *s)
{
	__vcpu_sys_reg(vcpu, CNTV_CTL_EL0) = s->cntv_ctl;
	__vcpu_sys_reg(vcpu, CNTV_CVAL_EL0) = s->cntv_cval;
	__vcpu_sys_reg(vcpu, CNTP_CTL_EL0) = s->cntp_ctl;
	__vcpu_sys_reg(vcpu, CNTP_CVAL_EL0) = s->cntp_cval;
	vcpu->arch.pmu.irq_level = s->pmu;
}

/* In memory and in the registers the timers say the same, and so does KVM learn. */
static void levels_of_the_driven_ppis(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);
	u32 in_memory, in_registers;
	int i;

	for (i = 0; i < ARRAY_SIZE(timer_states); i++) {
		const struct timer_state *s = &timer_states[i];

		set_timers(vcpu, s);
		in_memory = test_ppi_levels(vcpu);
		KUNIT_EXPECT_EQ_MSG(test, in_memory, s->levels, "%d", i);
		vcpu_load(vcpu);
		in_registers = test_ppi_levels(vcpu);
		KUNIT_EXPECT_EQ_MSG(test, in_registers, s->levels, "%d", i);
		KUNIT_EXPECT_FALSE(test, ask(test, vcpu, IN_GUEST_MODE));
		KUNIT_EXPECT_EQ_MSG(test, vintc_gic_levels(interface(d, 0)), s->levels, "%d", i);
		KUNIT_EXPECT_EQ_MSG(test, vcpu->run->s.regs.device_irq_level, s->told, "%d", i);
		vcpu_put(vcpu);
	}
	set_timers(vcpu, &timer_states[0]);
}

static void a_timer_is_a_reason_not_to_sleep(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);

	KUNIT_EXPECT_FALSE(test, ask(test, vcpu, IN_GUEST_MODE));
	set_timers(vcpu, &timer_states[1]);
	/* Another thread touches no register; its own looks. */
	KUNIT_EXPECT_FALSE(test, ask(test, vcpu, OUTSIDE_GUEST_MODE));
	vcpu_load(vcpu);
	KUNIT_EXPECT_TRUE(test, ask(test, vcpu, OUTSIDE_GUEST_MODE));
	vcpu_put(vcpu);
	set_timers(vcpu, &timer_states[0]);
}

/* A tracepoint has no vCPU for argument: it is the running one, if any. */
static void the_probes_know_the_running_vcpu(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);
	struct kvm_sync_regs *regs = &vcpu->run->s.regs;

	mechanism = VINTC_ARM64_TRACEPOINT;
	pulse(d);
	*vcpu_hcr(vcpu) &= ~HCR_VI;
	entry_probe(NULL, 0);
	level_probe(NULL, vcpu->vcpu_id, PPI_VTIMER, 1);
	KUNIT_EXPECT_EQ(test, lines(vcpu), 0ul);
	KUNIT_EXPECT_EQ(test, regs->device_irq_level, 0ull);

	vcpu_load(vcpu);
	entry_probe(NULL, 0);
	KUNIT_EXPECT_EQ(test, lines(vcpu), (unsigned long)HCR_VI);
	*vcpu_hcr(vcpu) &= ~HCR_VI;
	level_probe(NULL, vcpu->vcpu_id + 1, PPI_VTIMER, 1);
	KUNIT_EXPECT_EQ(test, lines(vcpu), 0ul);
	level_probe(NULL, vcpu->vcpu_id, PPI_PTIMER, 1);
	KUNIT_EXPECT_EQ(test, lines(vcpu), (unsigned long)HCR_VI);
	KUNIT_EXPECT_EQ(test, regs->device_irq_level, (u64)KVM_ARM_DEV_EL1_PTIMER);
	level_probe(NULL, vcpu->vcpu_id, PPI_PTIMER, 0);
	KUNIT_EXPECT_EQ(test, regs->device_irq_level, 0ull);
	vcpu_put(vcpu);
}

/* KVM need not look at the host's timer interrupt, unless one has come or its level is high. */
static void the_sync_after_an_exit(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct kvm_vcpu *vcpu = vcpu_of(d, 0);
	bool first, second, fires, other, interrupted;

	local_irq_disable();
	first = replace_sync(vcpu);
	second = replace_sync(vcpu);
	vcpu_vtimer(vcpu)->irq.level = true;
	fires = replace_sync(vcpu);
	vcpu_vtimer(vcpu)->irq.level = false;
	other = replace_sync(vcpu_of(d, 1));
	replace_sync(vcpu);
	preempt_disable();
	local_irq_enable();
	mdelay(30);
	local_irq_disable();
	interrupted = replace_sync(vcpu);
	local_irq_enable();
	preempt_enable();
	KUNIT_EXPECT_FALSE(test, first);
	KUNIT_EXPECT_TRUE(test, second);
	KUNIT_EXPECT_FALSE(test, fires);
	KUNIT_EXPECT_FALSE(test, other);
	KUNIT_EXPECT_FALSE(test, interrupted);
}

/* ---- whose vCPU, and may it run? ---- */

static void a_vm_without_a_device_is_not_ours(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	unsigned long answer = 77;
	struct kvm_vcpu *vcpu;

	vintc_test_device_anew(test, d);
	vcpu = vcpu_of(d, 0);
	KUNIT_EXPECT_FALSE(test, replace_notify(vcpu, &answer));
	KUNIT_EXPECT_FALSE(test, refuse_run(vcpu, &answer));
	KUNIT_EXPECT_EQ(test, answer, 77ul);
	KUNIT_EXPECT_EQ(test, choose(d, KVM_VINTC_MODEL_GICV2), 0l);
	KUNIT_EXPECT_FALSE(test, replace_notify(vcpu, &answer));
	KUNIT_EXPECT_TRUE(test, refuse_run(vcpu, &answer));
	KUNIT_EXPECT_EQ(test, (long)answer, -ENXIO);
}

/* The hook's functions are the hook's only; a vCPU's first run is everybody's. */
static void tracepoints_where_the_hook_finds_no_function(struct kunit *test)
{
	static const char *const of_the_hook[] = { "kvm_timer_should_notify_user",
						   "kvm_timer_sync_user" };
	int i;

	vintc_host.detach();
	for (i = 0; i < ARRAY_SIZE(of_the_hook); i++) {
		missing = of_the_hook[i];
		KUNIT_EXPECT_EQ(test, test_entry_attach(VINTC_ARM64_HOOK), -ENOENT);
		KUNIT_EXPECT_EQ(test, test_entry_attach(VINTC_ARM64_MECHANISMS),
				(int)VINTC_ARM64_TRACEPOINT);
		test_entry_detach();
	}
	missing = "kvm_arch_vcpu_run_pid_change";
	KUNIT_EXPECT_EQ(test, test_entry_attach(VINTC_ARM64_MECHANISMS), -ENOENT);
	missing = NULL;
	KUNIT_ASSERT_EQ(test, vintc_host.attach(), 0);
}

static struct kunit_case entry_cases[] = {
	KUNIT_CASE(an_entry_computes_the_line_in_each_mode),
	KUNIT_CASE(group_0_may_be_the_fiq),
	KUNIT_CASE(a_reason_not_to_sleep_hazard17),
	KUNIT_CASE(levels_of_the_driven_ppis),
	KUNIT_CASE(a_timer_is_a_reason_not_to_sleep),
	KUNIT_CASE(the_probes_know_the_running_vcpu),
	KUNIT_CASE(the_sync_after_an_exit),
	KUNIT_CASE(a_vm_without_a_device_is_not_ours),
	KUNIT_CASE(tracepoints_where_the_hook_finds_no_function),
	{}
};

static struct kunit_suite entry_suite = {
	.name = "vintc_entry",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = entry_init,
	.exit = vintc_test_device_exit,
	.test_cases = entry_cases,
};

kunit_test_suite(entry_suite);

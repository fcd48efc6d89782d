// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets while vCPUs are in hypercalls, RTAS calls and accesses, and while interrupts are
 * injected. Each of these is before the reset or after it as a whole: never half of it.
 *
 * A half of one would be seen in the state, which is looked at again and again: an ICP that
 * names a source without P, a source that waits for an ICP that would take it, a GIC's
 * active interrupt without its active priority, or the reverse.
 */
#include "common/lib/test.h"
#include "common/lib/threads.h"

#define SOURCE		0x1000u
#define SOURCES		8u
#define SPI		40u
#define CPUS		2

#define SOURCE_BITS(name)	KVM_VINTC_SOURCE_##name
#define IRQ_BITS(name)		KVM_VINTC_GIC_IRQ_##name

static void reset_it(struct hammer *h)
{
	must(reset(h->dev, 0));
}

static void inject_all(struct hammer *h)
{
	for (u32 i = 0; i < SOURCES; i++) {
		pulse(h->dev, h->number + i);
		signal_event(h->fd);
	}
}

/* ---- XICS ---- */

/*
 * Half of the sources are never ended. Of the others, H_EOI may come when a reset has
 * been between, and end an interrupt that was not accepted: that is the guest's error.
 */
static bool is_ended(u32 source)
{
	return (source - SOURCE) / CPUS & 1;
}

/* A vCPU as it boots and serves; whatever a reset leaves of that is answered. */
static void xics_vcpu(struct hammer *h)
{
	u32 taken;

	hcall(h->dev, h->cpu, H_CPPR, 0xff, 0);
	for (u32 i = h->cpu; i < SOURCES; i += CPUS)
		rtas(h->dev, h->cpu, KVM_VINTC_RTAS_SET_XIVE, SOURCE + i, server_of(i % CPUS), 4 + i,
		     NULL);
	hcall(h->dev, h->cpu, H_IPI, server_of(!h->cpu), 3);
	for (int i = 0; i < 8; i++) {
		taken = h_xirr(h->dev, h->cpu);
		if (!XIRR_XISR(taken))
			continue;
		if (XIRR_XISR(taken) == XISR_IPI)
			hcall(h->dev, h->cpu, H_IPI, server_of(h->cpu), 0xff);
		if (XIRR_XISR(taken) == XISR_IPI || is_ended(XIRR_XISR(taken)))
			hcall(h->dev, h->cpu, H_EOI, taken, 0);
		else
			hcall(h->dev, h->cpu, H_CPPR, 0xff, 0);
		h->seen++;
	}
}

static struct kvm_vintc_image_reg *must_have(const struct image *image, u64 id)
{
	struct kvm_vintc_image_reg *found = image_reg(image, id);

	if (!found)
		fatal("the image has no register %#lx", id);
	return found;
}

static u8 least(u8 a, u8 b, u8 c)
{
	return a < b ? a < c ? a : c : b < c ? b : c;
}

/* Nothing that is possible in a XICS between two operations is otherwise. */
static const char *what_is_wrong_with_xics(const struct image *image)
{
	u32 named[CPUS];
	u8 takes[CPUS];		/* what is more favoured than that */

	for (int cpu = 0; cpu < CPUS; cpu++) {
		u64 icp = must_have(image, KVM_VINTC_REG_ICP(server_of(cpu)))->value;

		named[cpu] = icp_xisr(icp);
		if (!named[cpu] && icp_pending(icp) != 0xff)
			return "a pending priority of nothing";
		if (named[cpu] && icp_pending(icp) >= icp_cppr(icp))
			return "XISR is not more favoured than CPPR";
		if (!named[cpu] && icp_mfrr(icp) < icp_cppr(icp))
			return "an IPI that is not presented";
		if (named[cpu] && named[cpu] != XISR_IPI && icp_mfrr(icp) < icp_pending(icp))
			return "an IPI that is more favoured than what is presented";
		takes[cpu] = least(icp_cppr(icp), icp_mfrr(icp), icp_pending(icp));
	}
	if (named[0] == named[1] && named[0] > XISR_IPI)
		return "a source that two ICPs name";
	for (u32 i = 0; i < SOURCES; i++) {
		u64 source = must_have(image, KVM_VINTC_REG_SOURCE(SOURCE + i))->value;
		bool is_named = named[0] == SOURCE + i || named[1] == SOURCE + i;
		u8 priority = source >> KVM_VINTC_SOURCE_PRIORITY_SHIFT;

		if (is_named && !(source & SOURCE_BITS(P)) && !is_ended(SOURCE + i))
			return "XISR names a source without P";
		if (source & SOURCE_BITS(WAITING) && priority < takes[i % CPUS])
			return "a source that waits, and that its ICP would take";
		if (source & SOURCE_BITS(Q) && !(source & SOURCE_BITS(P)))
			return "Q without P";
		if (source & SOURCE_BITS(WAITING) && is_named)
			return "a source that is presented and waits";
		if (source & SOURCE_BITS(MASKED_PENDING) && priority != 0xff)
			return "masked-pending of a source that is not masked";
	}
	return NULL;
}

static void look_at(struct __test_metadata *_metadata, int dev, u64 times,
		    const char *(*what_is_wrong)(const struct image *image))
{
	u64 looked = 0, busy = 0;

	while (looked < times) {
		struct image image;
		const char *wrong;
		int error = get_image(dev, 0, 0, &image);

		if (error == -EBUSY) {
			ASSERT_LT(busy++, 1000000);
			continue;
		}
		ASSERT_EQ(0, error);
		wrong = what_is_wrong(&image);
		image_free(&image);
		ASSERT_EQ(NULL, wrong) {
			TH_LOG("look %lu: %s", looked, wrong);
		}
		looked++;
	}
	TH_LOG("%lu looks, %lu times a vCPU was busy", looked, busy);
}

static void add_sources(int dev)
{
	for (u32 i = 0; i < SOURCES; i++)
		must(set_source(dev, SOURCE + i,
				source_state(server_of(i % CPUS), 4 + i, SOURCE_MSI)));
}

XICS_TEST(what_vcpus_do_in_a_xics_is_whole)
{
	struct hammer hammers[] = {
		{ .strike = xics_vcpu, .dev = self->dev, .cpu = 0 },
		{ .strike = xics_vcpu, .dev = self->dev, .cpu = 1 },
		{ .strike = inject_all, .dev = self->dev, .number = SOURCE, .fd = new_eventfd() },
		{ .strike = reset_it, .dev = self->dev },
	};

	add_sources(self->dev);
	must(assign_to(self->dev, hammers[2].fd, SOURCE));
	hammers_start(hammers, ARRAY_SIZE(hammers));
	look_at(_metadata, self->dev, soak(25), what_is_wrong_with_xics);
	/* They all go on: nobody hangs, and interrupts are taken between the resets. */
	EXPECT_TRUE(wait_for(hammers[0].seen > 5 && hammers[1].seen > 5 &&
			     hammers[3].strikes > 5));
	hammers_stop(hammers, ARRAY_SIZE(hammers));
	close(hammers[2].fd);
}

/* With the last reset over, a new machine works as if nothing had been. */
XICS_TEST(after_the_last_reset_nothing_comes_late)
{
	struct hammer hammers[] = {
		{ .strike = xics_vcpu, .dev = self->dev, .cpu = 0 },
		{ .strike = inject_all, .dev = self->dev, .number = SOURCE, .fd = new_eventfd() },
	};

	add_sources(self->dev);
	must(assign_to(self->dev, hammers[1].fd, SOURCE));
	for (u64 i = 0; i < soak(4); i++) {
		u64 before = hammers[0].strikes;

		hammers_start(hammers, ARRAY_SIZE(hammers));
		ASSERT_TRUE(wait_briefly(hammers[0].strikes > before));
		hammers_stop(hammers, ARRAY_SIZE(hammers));
		must(reset(self->dev, 0));
		for (int cpu = 0; cpu < CPUS; cpu++)
			ASSERT_EQ(ICP_RESET, reg(self->dev, KVM_VINTC_REG_ICP(server_of(cpu))));
		h_cppr(self->dev, 0, 0xff);
		for (u32 source = SOURCE; source < SOURCE + SOURCES; source++)
			rtas(self->dev, 0, KVM_VINTC_RTAS_SET_XIVE, source, server_of(0), 5, NULL);
		ASSERT_EQ(xirr(0xff, 0), h_xirr(self->dev, 0));
		pulse(self->dev, SOURCE);
		ASSERT_EQ(xirr(0xff, SOURCE), h_xirr(self->dev, 0));
		h_eoi(self->dev, 0, xirr(0xff, SOURCE));
		ASSERT_EQ(xirr(0xff, 0), h_xirr(self->dev, 0));
	}
	close(hammers[1].fd);
}

/* ---- GICv2 ---- */

static void gicv2_vcpu(struct hammer *h)
{
	u32 iar;

	gicd_write(h->dev, h->cpu, GICD_CTLR, GICD_ENABLE_GROUP0);
	gicc_write(h->dev, h->cpu, GICC_PMR, PRIORITY_LOWEST);
	gicc_write(h->dev, h->cpu, GICC_CTLR, GICC_ENABLE_GROUP0);
	for (u32 i = h->cpu; i < SOURCES; i += CPUS)
		enable_spi(h->dev, h->cpu, SPI + i, 0x40 + 8 * i, true);
	gicd_write(h->dev, h->cpu, GICD_SGIR, sgir_to(3, 2));
	for (int i = 0; i < 4; i++) {
		iar = gicc_read(h->dev, h->cpu, GICC_IAR);
		if (iar >= 1020)
			continue;
		gicc_write(h->dev, h->cpu, GICC_EOIR, iar);
		h->seen++;
	}
}

static const char *what_is_wrong_with_gicv2(const struct image *image)
{
	u32 active[CPUS] = {};

	for (u32 i = 0; i < image->header->count; i++) {
		u64 id = image->regs[i].id, value = image->regs[i].value;
		u32 priority = value & 0xff, cpu = (u32)id >> 16;
		u32 owner = value >> KVM_VINTC_GIC_IRQ_OWNER_SHIFT & 0xf;

		if (id >> KVM_VINTC_REG_CLASS_SHIFT != KVM_VINTC_REG_GIC_IRQ(0, 0) >>
						       KVM_VINTC_REG_CLASS_SHIFT)
			continue;
		if ((u32)id % 0x10000 >= 32)
			cpu = owner;
		if (value & IRQ_BITS(UNDROPPED) && !(value & IRQ_BITS(ACTIVE)))
			return "an interrupt that owes a drop and is not active";
		if (value & IRQ_BITS(UNDROPPED) && cpu < CPUS)
			active[cpu] |= 1u << priority / 8;
	}
	for (int cpu = 0; cpu < CPUS; cpu++) {
		u32 apr = must_have(image, KVM_VINTC_REG_GIC_CPU(cpu))->value;

		if (active[cpu] & ~apr)
			return "an active interrupt without its priority";
		if (apr & ~active[cpu])
			return "an active priority without an interrupt";
	}
	return NULL;
}

GICV2_TEST(what_vcpus_do_in_a_gicv2_is_whole)
{
	struct hammer hammers[] = {
		{ .strike = gicv2_vcpu, .dev = self->dev, .cpu = 0 },
		{ .strike = gicv2_vcpu, .dev = self->dev, .cpu = 1 },
		{ .strike = inject_all, .dev = self->dev, .number = SPI - 32, .fd = new_eventfd() },
		{ .strike = reset_it, .dev = self->dev },
	};

	must(assign_to(self->dev, hammers[2].fd, SPI - 32));
	hammers_start(hammers, ARRAY_SIZE(hammers));
	look_at(_metadata, self->dev, soak(25), what_is_wrong_with_gicv2);
	EXPECT_TRUE(wait_for(hammers[0].seen > 5 && hammers[1].seen > 5 &&
			     hammers[3].strikes > 5));
	hammers_stop(hammers, ARRAY_SIZE(hammers));
	close(hammers[2].fd);
}

/* ---- several at once ---- */

XICS_TEST(resets_of_several_threads)
{
	struct hammer hammers[4];

	add_sources(self->dev);
	for (int i = 0; i < ARRAY_SIZE(hammers); i++)
		hammers[i] = (struct hammer){ .strike = reset_it, .dev = self->dev };
	hammers_start(hammers, ARRAY_SIZE(hammers));
	for (int i = 0; i < ARRAY_SIZE(hammers); i++)
		EXPECT_TRUE(wait_for(hammers[i].strikes > 5));
	hammers_stop(hammers, ARRAY_SIZE(hammers));
	EXPECT_EQ(ICP_RESET, reg(self->dev, KVM_VINTC_REG_ICP(server_of(0))));
}

static void any_model(struct hammer *h)
{
	int error = reset(h->dev, KVM_VINTC_RESET_MODEL);

	/* Another is inside the device: it is refused and tried again. */
	if (error && error != -EBUSY && error != -ENXIO)
		fatal("RESET_MODEL: %s", error_name(-error));
	choose(h->dev, h->number);
}

static void use_it(struct hammer *h)
{
	struct kvm_vintc_command c;

	connect_cpu(h->dev, h->cpu, 1 + h->cpu);
	init_gicv2(h->dev);
	set_source(h->dev, SOURCE, source_state(1, 5, SOURCE_MSI));
	inject(h->dev, SOURCE, 2, NULL);
	inject(h->dev, 3, 2, NULL);
	hypercall(h->dev, h->cpu, H_XIRR, 0, 0, &c);
	assign_to(h->dev, h->fd, SOURCE);
	signal_event(h->fd);
	set_line_fd(h->dev, h->cpu, h->fd);
	reset(h->dev, 0);
}

XICS_TEST(models_are_chosen_anew_under_fire)
{
	struct hammer hammers[] = {
		{ .strike = use_it, .dev = self->dev, .cpu = 0, .fd = new_eventfd() },
		{ .strike = use_it, .dev = self->dev, .cpu = 1, .fd = new_eventfd() },
		{ .strike = any_model, .dev = self->dev, .number = KVM_VINTC_MODEL_XICS },
		{ .strike = any_model, .dev = self->dev, .number = KVM_VINTC_MODEL_GICV2 },
	};

	hammers_start(hammers, ARRAY_SIZE(hammers));
	for (int i = 0; i < ARRAY_SIZE(hammers); i++)
		EXPECT_TRUE(wait_for(hammers[i].strikes > 5));
	hammers_stop(hammers, ARRAY_SIZE(hammers));
	reset(self->dev, KVM_VINTC_RESET_MODEL);
	EXPECT_EQ(0, choose(self->dev, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(0, connect_cpu(self->dev, 0, 9));
	h_ipi(self->dev, 0, 9, 4);
	close(hammers[0].fd);
	close(hammers[1].fd);
}

COMMON_TEST_MAIN

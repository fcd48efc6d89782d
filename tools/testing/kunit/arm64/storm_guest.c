// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest of the storm: a kernel thread that sleeps, acknowledges, masks, retargets
 * and ends interrupts as a guest does.
 */
#include <linux/kthread.h>
#include <linux/rcuwait.h>

#include "storm.h"

static u32 pick(struct guest *guest, u32 below)
{
	return prandom_u32_state(&guest->random) % below;
}

static void guest_write(struct guest *guest, enum vintc_gic_frame frame, u32 offset, u32 value)
{
	gic_write(guest->storm->gic, guest->cpu, frame, offset, value);
}

static void handle_spi(struct guest *guest, u32 intid)
{
	struct storm *storm = guest->storm;
	struct spi *spi = &storm->spis[(intid - FIRST_SPI) % SPIS];

	storm_error(storm, intid < FIRST_SPI || intid >= FIRST_SPI + SPIS);
	/* An active interrupt is nobody else's. */
	storm_error(storm, atomic_inc_return(&spi->handlers) != 1);
	spi->handled++;
	if (!is_edge(intid))
		vintc_gic_inject(storm->gic, NULL, intid, VINTC_LOW);
	atomic_dec(&spi->handlers);
	end(storm->gic, guest->cpu, intid);
	smp_store_release(&spi->ended, spi->ended + 1);
}

static void handle_sgi(struct guest *guest, u32 iar)
{
	struct storm *storm = guest->storm;
	u32 sender = iar >> 10 & 7;

	storm_error(storm, sender != !guest->number);
	end(storm->gic, guest->cpu, iar);
	smp_store_release(&guest->sgis_handled, guest->sgis_handled + 1);
}

/* One SGI to the other at a time: one that pends is not counted twice. */
static void send_sgi(struct guest *guest)
{
	struct guest *other = &guest->storm->guests[!guest->number];

	if (READ_ONCE(guest->storm->stop_sending) ||
	    smp_load_acquire(&other->sgis_handled) != guest->sgis_sent)
		return;
	WRITE_ONCE(guest->sgis_sent, guest->sgis_sent + 1);
	guest_write(guest, VINTC_GICD, GICD_SGIR, 1u << (16 + other->number) | 5);
}

/* What a guest may do to interrupts at any time, and loses none by. */
static void configure(struct guest *guest)
{
	u32 intid = FIRST_SPI + pick(guest, SPIS), bit = 1u << intid % 32;

	switch (pick(guest, 5)) {
	case 0:
		guest_write(guest, VINTC_GICC, GICC_PMR, 0);
		guest_write(guest, VINTC_GICC, GICC_PMR, 0xff);
		break;
	case 1:
		guest_write(guest, VINTC_GICD, GICD_ICENABLER + intid / 32 * 4, bit);
		guest_write(guest, VINTC_GICD, GICD_ISENABLER + intid / 32 * 4, bit);
		break;
	case 2:
		vintc_gic_write(guest->storm->gic, guest->cpu, VINTC_GICD, GICD_ITARGETSR + intid, 1,
				1 + pick(guest, 3));
		break;
	case 3:
		vintc_gic_write(guest->storm->gic, guest->cpu, VINTC_GICD, GICD_IPRIORITYR + intid, 1,
				pick(guest, 16) << 3);
		break;
	default:
		send_sgi(guest);
	}
}

/* Through the entry as KVM goes there, a while in the guest, and out. */
static u32 enter(struct guest *guest)
{
	u32 lines, spins;

	vintc_test_load(guest->vcpu);
	local_irq_disable();
	lines = vintc_gic_enter(guest->storm->gic, guest->cpu, 0);
	local_irq_enable();
	for (spins = pick(guest, 64); spins && READ_ONCE(guest->vcpu->mode) == IN_GUEST_MODE; spins--)
		cpu_relax();
	vintc_test_unload(guest->vcpu);
	return lines;
}

int storm_guest(void *data)
{
	struct guest *guest = data;
	struct storm *storm = guest->storm;

	open_interface(storm->gic, guest->cpu);
	while (!kthread_should_stop()) {
		u32 iar, intid;

		rcuwait_wait_event(&guest->vcpu->wait,
				   vintc_test_line(guest->vcpu) || vintc_gic_wakes(guest->cpu) ||
				   kthread_should_stop(), TASK_IDLE);
		if (!enter(guest) && pick(guest, 4))
			continue;
		iar = acknowledge(storm->gic, guest->cpu);
		intid = iar & 0x3ff;
		if (intid < 16)
			handle_sgi(guest, iar);
		else if (intid != SPURIOUS)
			handle_spi(guest, intid);
		if (!READ_ONCE(storm->stop_sending))
			configure(guest);
		cond_resched();
	}
	return 0;
}

static int create(struct kunit_resource *resource, void *unused)
{
	resource->data = vintc_gic_create(NULL);
	return resource->data ? 0 : -ENOMEM;
}

static void destroy(struct kunit_resource *resource)
{
	vintc_gic_destroy(resource->data);
}

struct storm *make_storm(struct kunit *test, u32 rounds)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->rounds = rounds;
	storm->gic = kunit_alloc_resource(test, create, destroy, GFP_KERNEL, NULL);
	KUNIT_ASSERT_NOT_NULL(test, storm->gic);
	for (i = 0; i < GUESTS; i++) {
		struct guest *guest = &storm->guests[i];

		guest->storm = storm;
		guest->number = i;
		guest->vcpu = vintc_test_vcpu(test);
		prandom_seed_state(&guest->random, 1 + i);
		KUNIT_ASSERT_EQ(test, vintc_gic_connect(storm->gic, i, guest->vcpu, 0, NULL,
							&guest->cpu), VINTC_OK);
	}
	KUNIT_ASSERT_EQ(test, vintc_gic_init(storm->gic, 128), VINTC_OK);
	for (i = FIRST_SPI; i < FIRST_SPI + SPIS; i++)
		open_spi(storm->gic, storm->guests[0].cpu, i, 1 + i % 3, is_edge(i));
	return storm;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A resample irqfd: the level-sensitive interrupt of a device that lives in the kernel
 * (VFIO) or in another process (vhost-user). Here that device is a flag.
 */
#include "xics.h"

#define SOURCE	0x1000

/* The device, which asks for service, and its two eventfds. */
static bool asks;
static int trigger, resample;

static void assign(int device, uint32_t flags)
{
	struct kvm_irqfd irqfd = {
		.fd = trigger, .gsi = SOURCE, .resamplefd = resample,
		.flags = KVM_IRQFD_FLAG_RESAMPLE | flags,
	};

	MUST(ioctl(device, KVM_IRQFD, &irqfd));
}

static void raise_line(void)
{
	MUST(eventfd_write(trigger, 1));
}

/* Was it told to look again? It does, and raises if it still asks for service. */
static bool looks_again(void)
{
	eventfd_t count;

	if (eventfd_read(resample, &count))
		return false;
	if (asks)
		raise_line();
	return true;
}

int main(void)
{
	int vm = new_vm(1), device = new_xics(vm, 1);
	uint32_t xirr;

	plan(7);
	add_source(device, SOURCE, 0, 5, KVM_XICS_LEVEL_SENSITIVE);
	trigger = new_eventfd();
	resample = new_eventfd();
	assign(device, 0);

	asks = true;
	raise_line();
	xirr = h_xirr(device, 0);
	check(XISR(xirr) == SOURCE, "the signal raises the line");
	check(!looks_again(), "it stays up until the end of the interrupt");

	/* The guest has not served the device. */
	h_eoi(device, 0, xirr);
	check(looks_again(), "the end lets it go, and the device looks");
	xirr = h_xirr(device, 0);
	check(XISR(xirr) == SOURCE, "it still asks: the interrupt comes again");

	/* Now it has. */
	asks = false;
	h_eoi(device, 0, xirr);
	check(looks_again(), "the device looks again");
	check(XISR(h_xirr(device, 0)) == 0, "it asks no more: nothing comes");

	assign(device, KVM_IRQFD_FLAG_DEASSIGN);
	raise_line();
	check(XISR(h_xirr(device, 0)) == 0, "after the deassignment nothing comes");
	return failures != 0;
}

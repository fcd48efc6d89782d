// SPDX-License-Identifier: GPL-2.0-only
/* A VM's GICv2 from the outside: its life, and what is counted (controller.h). */
#include "gic.h"

using namespace vintc::gicv2;

vintc_gic *vintc_gic_create(void *owner)
{
	auto *gic = static_cast<vintc_gic *>(vintc_alloc(sizeof(vintc_gic)));

	if (gic) {
		gic->irqs = kPrivate;
		gic->owner = owner;
		gic->revision = kRevision;
	}
	return gic;
}

void vintc_gic_destroy(vintc_gic *gic)
{
	if (!gic)
		return;
	gic->for_each_cpu(0xff, [](vintc_gic_cpu &cpu) {
		cpu.pending.destroy();
		vintc_free(&cpu);
	});
	vintc_free(gic->spis);
	vintc_free(gic);
}

vintc_result vintc_gic_connect(vintc_gic *gic, u32 number, void *cpu, u32 sampled,
			       u32 (*sample)(void *cpu), vintc_gic_cpu **connected)
{
	if (number >= VINTC_GIC_CPUS)
		return VINTC_INVALID;
	if (gic->cpu(number))
		return VINTC_EXISTS;

	auto *made = static_cast<vintc_gic_cpu *>(vintc_alloc(sizeof(vintc_gic_cpu)));

	if (!made)
		return VINTC_NO_MEMORY;
	made->vcpu = cpu;
	made->number = number;
	made->sampled = sample ? sampled & ~((1u << kSgis) - 1) : 0;
	made->sample = sample;
	made->state.set(CpuState{});
	for (u32 intid = 0; intid < kPrivate; intid++)
		made->banked[intid].set(irq::at_reset(intid, made->bit()));
	gic->cpus[number % VINTC_GIC_CPUS].publish(made);
	*connected = made;
	return VINTC_OK;
}

vintc_result vintc_gic_init(vintc_gic *gic, u32 irqs)
{
	if (irqs < VINTC_GIC_IRQS_LEAST || irqs > VINTC_GIC_IRQS_MOST || irqs % 32)
		return VINTC_INVALID;

	bool made = true;

	gic->for_each_cpu(0xff,
			  [&](vintc_gic_cpu &cpu) { made = made && cpu.pending.create(irqs); });
	if (made && irqs > kPrivate) {
		gic->spis =
			static_cast<IrqCell *>(vintc_alloc((irqs - kPrivate) * sizeof(IrqCell)));
		made = gic->spis != nullptr;
	}
	if (!made) {
		gic->for_each_cpu(0xff, [](vintc_gic_cpu &cpu) { cpu.pending.destroy(); });
		return VINTC_NO_MEMORY;
	}
	gic->irqs = irqs;
	return VINTC_OK;
}

vintc_gic_cpu *vintc_gic_interface(vintc_gic *gic, u32 number)
{
	return gic->cpu(number);
}

u32 vintc_gic_cpu_number(const vintc_gic_cpu *cpu)
{
	return cpu->number;
}

void *vintc_gic_cpu_vcpu(const vintc_gic_cpu *cpu)
{
	return cpu->vcpu;
}

void vintc_gic_counts(const vintc_gic *gic, vintc_counts *counts)
{
	*counts = vintc_counts{};
	gic->for_each_cpu(0xff, [=](const vintc_gic_cpu &cpu) {
		counts->mmio += cpu.mmio.load();
		counts->ppis += cpu.ppis.load();
	});
}

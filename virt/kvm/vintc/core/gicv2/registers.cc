// SPDX-License-Identifier: GPL-2.0-only
/* GICD_* and GICC_* that are words of their own (registers.h). */
#include "registers.h"

using namespace vintc::gicv2;

namespace {

/*
 * Identification, in the format of the in-tree GICv2, whose registers these are:
 * product 'K', ARM's JEP106 code. The revision says what a VMM relies on: from 2 on
 * GICD_IGROUPR can be restored. A guest keeps the one that it came with.
 */
constexpr u32 kImplementer = 0x43b, kProduct = 0x4b;
constexpr u32 kRevisionShift = 12, kRevisionMask = 0xfu << kRevisionShift;
constexpr u32 kGicdIidr = kProduct << 24 | kImplementer; /* and the revision */
constexpr u32 kGiccIidr = kProduct << 20 | 2u << 16 | kImplementer;
constexpr u32 kIcpidr2 = 2u << 4 | 0xb; /* GICv2, by ARM */

/* Applies a change of the CPU interface, which then looks what it presents. */
template <class Transition> void change_interface(vintc_gic_cpu &cpu, Transition transition)
{
	cpu.state.update([=](CpuState &s) {
		transition(s);
		return cpu::look(s);
	});
}

/* ---- the distributor ---- */

u32 gicd_ctlr(vintc_gic &gic, vintc_gic_cpu &)
{
	return gic.forwarded.load();
}

void write_gicd_ctlr(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value)
{
	gic.forward(value, &cpu);
}

u32 gicd_typer(vintc_gic &gic, vintc_gic_cpu &)
{
	u32 cpus = 32u - u32(__builtin_clz(gic.connected()));

	return (cpus - 1) << 5 | (gic.irqs / 32 - 1);
}

u32 gicd_iidr(vintc_gic &gic, vintc_gic_cpu &)
{
	return kGicdIidr | gic.revision << kRevisionShift;
}

vintc_result set_gicd_iidr(vintc_gic &gic, vintc_gic_cpu &, u32 value)
{
	u32 revision = (value & kRevisionMask) >> kRevisionShift;

	if ((value ^ kGicdIidr) & ~kRevisionMask || revision < kFirstRevision ||
	    revision > kRevision)
		return VINTC_INVALID;
	gic.revision = revision;
	gic.groups_restorable = true;
	return VINTC_OK;
}

u32 icpidr2(vintc_gic &, vintc_gic_cpu &)
{
	return kIcpidr2;
}

void write_gicd_sgir(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value)
{
	gic.send_sgi(cpu, value);
}

/* ---- the CPU interface ---- */

u32 gicc_ctlr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return cpu.state.load().ctlr;
}

void write_gicc_ctlr(vintc_gic &, vintc_gic_cpu &cpu, u32 value)
{
	change_interface(cpu, [=](CpuState &s) { s.ctlr = value & ctlr::kMask; });
}

u32 gicc_pmr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return cpu.state.load().pmr;
}

void write_gicc_pmr(vintc_gic &, vintc_gic_cpu &cpu, u32 value)
{
	change_interface(cpu, [=](CpuState &s) { s.pmr = value & kPriorityMask; });
}

/* A VMM sees the 5 bits alone: the in-tree device's encoding. */
u32 get_gicc_pmr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return u32(cpu.state.load().pmr) >> kPriorityShift;
}

u32 gicc_bpr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return cpu.state.load().bpr;
}

void write_gicc_bpr(vintc_gic &, vintc_gic_cpu &cpu, u32 value)
{
	u8 bpr = value & 7;

	change_interface(cpu, [=](CpuState &s) { s.bpr = bpr < kLeastBpr ? kLeastBpr : bpr; });
}

u32 gicc_abpr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return cpu.state.load().abpr;
}

void write_gicc_abpr(vintc_gic &, vintc_gic_cpu &cpu, u32 value)
{
	u8 abpr = value & 7;

	change_interface(cpu, [=](CpuState &s) { s.abpr = abpr < kLeastAbpr ? kLeastAbpr : abpr; });
}

u32 gicc_apr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return cpu.state.load().apr;
}

void write_gicc_apr(vintc_gic &, vintc_gic_cpu &cpu, u32 value)
{
	change_interface(cpu, [=](CpuState &s) { s.apr = value; });
}

u32 gicc_rpr(vintc_gic &, vintc_gic_cpu &cpu)
{
	return cpu.state.load().running();
}

template <bool alias> u32 gicc_iar(vintc_gic &gic, vintc_gic_cpu &cpu)
{
	return gic.acknowledge(cpu, alias);
}

template <bool alias> u32 gicc_hppir(vintc_gic &gic, vintc_gic_cpu &cpu)
{
	return gic.highest_pending(cpu, alias);
}

template <bool alias> void write_gicc_eoir(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value)
{
	gic.end(cpu, value, alias);
}

void write_gicc_dir(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value)
{
	gic.deactivate(cpu, value);
}

u32 gicc_iidr(vintc_gic &, vintc_gic_cpu &)
{
	return kGiccIidr;
}

/* ---- the tables ---- */

u32 zero(vintc_gic &, vintc_gic_cpu &)
{
	return 0;
}

/* A VMM may write back what it read of a register that has no other value. */
vintc_result ignore(vintc_gic &, vintc_gic_cpu &, u32)
{
	return VINTC_OK;
}

/* A register whose guest and VMM see the same. */
template <void (*write)(vintc_gic &, vintc_gic_cpu &, u32)>
vintc_result set_by(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value)
{
	write(gic, cpu, value);
	return VINTC_OK;
}

vintc_result set_gicc_pmr(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value)
{
	write_gicc_pmr(gic, cpu, value << kPriorityShift);
	return VINTC_OK;
}

/* What a guest accesses all the time stands first. */
// clang-format off
constexpr Register kGicd[] = {
	/* offset  guest: read        write                   VMM: get      set */
	{ 0xf00,  nullptr,           write_gicd_sgir,        nullptr,      nullptr },                /* GICD_SGIR */
	{ 0x000,  gicd_ctlr,         write_gicd_ctlr,        gicd_ctlr,    set_by<write_gicd_ctlr> }, /* GICD_CTLR */
	{ 0x004,  gicd_typer,        nullptr,                gicd_typer,   ignore },                 /* GICD_TYPER */
	{ 0x008,  gicd_iidr,         nullptr,                gicd_iidr,    set_gicd_iidr },          /* GICD_IIDR */
	{ 0xfe8,  icpidr2,           nullptr,                icpidr2,      ignore },                 /* ICPIDR2 */
};

constexpr Register kGicc[] = {
	/* offset  guest: read        write                   VMM: get      set */
	{ 0x00c,  gicc_iar<false>,   nullptr,                nullptr,      nullptr },                /* GICC_IAR */
	{ 0x010,  nullptr,           write_gicc_eoir<false>, nullptr,      nullptr },                /* GICC_EOIR */
	{ 0x1000, nullptr,           write_gicc_dir,         nullptr,      nullptr },                /* GICC_DIR */
	{ 0x000,  gicc_ctlr,         write_gicc_ctlr,        gicc_ctlr,    set_by<write_gicc_ctlr> }, /* GICC_CTLR */
	{ 0x004,  gicc_pmr,          write_gicc_pmr,         get_gicc_pmr, set_gicc_pmr },           /* GICC_PMR */
	{ 0x008,  gicc_bpr,          write_gicc_bpr,         gicc_bpr,     set_by<write_gicc_bpr> }, /* GICC_BPR */
	{ 0x014,  gicc_rpr,          nullptr,                nullptr,      nullptr },                /* GICC_RPR */
	{ 0x018,  gicc_hppir<false>, nullptr,                nullptr,      nullptr },                /* GICC_HPPIR */
	{ 0x01c,  gicc_abpr,         write_gicc_abpr,        gicc_abpr,    set_by<write_gicc_abpr> }, /* GICC_ABPR */
	{ 0x020,  gicc_iar<true>,    nullptr,                nullptr,      nullptr },                /* GICC_AIAR */
	{ 0x024,  nullptr,           write_gicc_eoir<true>,  nullptr,      nullptr },                /* GICC_AEOIR */
	{ 0x028,  gicc_hppir<true>,  nullptr,                nullptr,      nullptr },                /* GICC_AHPPIR */
	{ 0x0d0,  gicc_apr,          write_gicc_apr,         gicc_apr,     set_by<write_gicc_apr> }, /* GICC_APR0 */
	{ 0x0d4,  nullptr,           nullptr,                zero,         ignore },                 /* GICC_APR1 */
	{ 0x0d8,  nullptr,           nullptr,                zero,         ignore },                 /* GICC_APR2 */
	{ 0x0dc,  nullptr,           nullptr,                zero,         ignore },                 /* GICC_APR3 */
	{ 0x0fc,  gicc_iidr,         nullptr,                gicc_iidr,    ignore },                 /* GICC_IIDR */
};
// clang-format on

template <u32 rows> const Register *find_in(const Register (&table)[rows], u32 offset)
{
	for (const Register &r : table)
		if (r.offset == offset)
			return &r;
	return nullptr;
}

} // namespace

const Register *vintc::gicv2::find_register(vintc_gic_frame frame, u32 offset)
{
	return frame == VINTC_GICD ? find_in(kGicd, offset) : find_in(kGicc, offset);
}

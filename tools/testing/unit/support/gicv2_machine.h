// SPDX-License-Identifier: GPL-2.0-only
/* A VM with a GICv2, as a test drives it: through controller.h only. */
#ifndef VINTC_UNIT_GICV2_MACHINE_H
#define VINTC_UNIT_GICV2_MACHINE_H

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <optional>

#include "core/controller.h"
#include "test_platform.h"

namespace vintc::test::gicv2 {

inline constexpr u32 kSpurious = 1023, kOtherGroup = 1022;

/* Registers of the distributor. Those with a field per interrupt start there. */
namespace gicd {
inline constexpr u32 kCtlr = 0x000, kTyper = 0x004, kIidr = 0x008, kIgroupr = 0x080,
		     kIsenabler = 0x100, kIcenabler = 0x180, kIspendr = 0x200, kIcpendr = 0x280,
		     kIsactiver = 0x300, kIcactiver = 0x380, kIpriorityr = 0x400,
		     kItargetsr = 0x800, kIcfgr = 0xc00, kNsacr = 0xe00, kSgir = 0xf00,
		     kCpendsgir = 0xf10, kSpendsgir = 0xf20, kIcpidr2 = 0xfe8;
} // namespace gicd

/* Registers of a CPU interface. */
namespace gicc {
inline constexpr u32 kCtlr = 0x00, kPmr = 0x04, kBpr = 0x08, kIar = 0x0c, kEoir = 0x10, kRpr = 0x14,
		     kHppir = 0x18, kAbpr = 0x1c, kAiar = 0x20, kAeoir = 0x24, kAhppir = 0x28,
		     kApr = 0xd0, kNsapr = 0xe0, kIidr = 0xfc, kDir = 0x1000;

/* Bits of GICC_CTLR. */
inline constexpr u32 kEnableGrp0 = 1, kEnableGrp1 = 2, kAckCtl = 4, kFiqEn = 8, kCbpr = 16,
		     kEoiMode = 1 << 9;
} // namespace gicc

/* A vCPU of a VM with a GIC. Its line is the request to pass vintc_gic_enter(). */
struct Vcpu : Cpu {
	std::atomic<u32> levels = 0; /* of its sampled PPIs */
	std::atomic<u32> lines = 0;  /* as it entered the guest last */
	std::atomic<u64> samples = 0;

	static u32 sample(void *cpu)
	{
		auto &vcpu = *static_cast<Vcpu *>(static_cast<Cpu *>(cpu));

		vcpu.samples++;
		return vcpu.levels;
	}
};

class Gic {
public:
	/* @sampled: PPIs of each CPU, as bits. @irqs 0: not ready yet. */
	explicit Gic(std::initializer_list<u32> cpus, u32 irqs = 0, u32 sampled = 0)
		: gic_(vintc_gic_create(&owner))
	{
		for (u32 cpu : cpus)
			EXPECT_EQ(connect(cpu, sampled), VINTC_OK);
		if (irqs)
			EXPECT_EQ(vintc_gic_init(gic_, irqs), VINTC_OK);
	}
	~Gic() { vintc_gic_destroy(gic_); }
	Gic(const Gic &) = delete;

	Owner owner; /* told of what was held up */

	vintc_gic *gic() { return gic_; }
	vintc_gic_cpu *cpu(u32 number) { return vintc_gic_interface(gic_, number); }
	Vcpu &vcpu(u32 number) { return vcpus_[number]; }
	const Vcpu &vcpu(u32 number) const { return vcpus_[number]; }

	vintc_result connect(u32 number, u32 sampled = 0)
	{
		Cpu *vcpu = number < VINTC_GIC_CPUS ? &vcpus_[number] : nullptr;
		vintc_gic_cpu *connected = nullptr;
		vintc_result result = vintc_gic_connect(
			gic_, number, vcpu, sampled, sampled ? Vcpu::sample : nullptr, &connected);

		EXPECT_EQ(result == VINTC_OK, connected != nullptr && connected == cpu(number));
		return result;
	}

	/* What the guest on that CPU does. */
	u64 read(u32 by, vintc_gic_frame frame, u32 offset, u32 width = 4)
	{
		return vintc_gic_read(gic_, cpu(by), frame, offset, width);
	}
	void write(u32 by, vintc_gic_frame frame, u32 offset, u64 value, u32 width = 4)
	{
		vintc_gic_write(gic_, cpu(by), frame, offset, width, value);
	}
	u32 gicd(u32 by, u32 offset) { return u32(read(by, VINTC_GICD, offset)); }
	void gicd(u32 by, u32 offset, u32 value) { write(by, VINTC_GICD, offset, value); }
	u32 gicc(u32 by, u32 offset) { return u32(read(by, VINTC_GICC, offset)); }
	void gicc(u32 by, u32 offset, u32 value) { write(by, VINTC_GICC, offset, value); }

	/* The bit, or the byte, of @intid in a register that has one for each. */
	bool bit(u32 by, u32 base, u32 intid)
	{
		return gicd(by, base + intid / 32 * 4) >> intid % 32 & 1;
	}
	void set_bit(u32 by, u32 base, u32 intid)
	{
		gicd(by, base + intid / 32 * 4, 1u << intid % 32);
	}
	u32 byte(u32 by, u32 base, u32 intid) { return u32(read(by, VINTC_GICD, base + intid, 1)); }
	void set_byte(u32 by, u32 base, u32 intid, u8 value)
	{
		write(by, VINTC_GICD, base + intid, value, 1);
	}

	u32 iar(u32 by) { return gicc(by, gicc::kIar); }
	void eoir(u32 by, u32 value) { gicc(by, gicc::kEoir, value); }

	/* @to: a set of CPUs. */
	void sgi(u32 from, u8 to, u32 intid) { gicd(from, gicd::kSgir, u32(to) << 16 | intid); }

	/* Both groups on everywhere, every priority admitted. */
	void open(u32 ctlr = gicc::kEnableGrp0 | gicc::kEnableGrp1 | gicc::kAckCtl)
	{
		for (u32 number = 0; number < VINTC_GIC_CPUS; number++)
			if (cpu(number)) {
				gicd(number, gicd::kCtlr, 3);
				gicc(number, gicc::kCtlr, ctlr);
				gicc(number, gicc::kPmr, 0xff);
			}
	}

	/* An enabled SPI for those CPUs (a set). */
	void set_spi(u32 intid, u8 targets, u8 priority, bool edge = false)
	{
		u32 by = 0, shift = intid % 16 * 2, icfgr = gicd::kIcfgr + intid / 16 * 4;

		while (!cpu(by))
			by++;
		gicd(by, icfgr, (gicd(by, icfgr) & ~(3u << shift)) | (edge ? 2u : 0) << shift);
		set_byte(by, gicd::kItargetsr, intid, targets);
		set_byte(by, gicd::kIpriorityr, intid, priority);
		set_bit(by, gicd::kIsenabler, intid);
	}

	/* What reaches the GIC from elsewhere. A PPI needs to know whose. */
	vintc_injected inject(u32 intid, vintc_input input, std::optional<u32> whose = {})
	{
		return vintc_gic_inject(gic_, whose ? cpu(*whose) : nullptr, intid, input);
	}

	/* The vCPU enters the guest: it takes the request, and gets its lines. */
	u32 enter(u32 number)
	{
		Vcpu &v = vcpus_[number];

		v.line = false;
		v.lines = vintc_gic_enter(gic_, cpu(number), v.levels);
		return v.lines;
	}

	/* In the guest with a line up, or about to enter. */
	bool looks(u32 number) const { return vcpus_[number].line || vcpus_[number].lines; }

	bool wakes(u32 number) { return vintc_gic_wakes(cpu(number)); }

	/* State, as the VMM sees it. */
	std::optional<u32> reg(u32 of, vintc_gic_frame frame, u32 offset)
	{
		u32 value = 0;

		if (vintc_gic_get_reg(gic_, cpu(of), frame, offset, &value) != VINTC_OK)
			return {};
		return value;
	}
	vintc_result set_reg(u32 of, vintc_gic_frame frame, u32 offset, u32 value)
	{
		return vintc_gic_set_reg(gic_, cpu(of), frame, offset, value);
	}
	std::optional<u32> info(u32 of, vintc_gic_info what, u32 intid)
	{
		u32 bits = 0;

		if (vintc_gic_get_info(gic_, cpu(of), what, intid, &bits) != VINTC_OK)
			return {};
		return bits;
	}
	vintc_result set_info(u32 of, vintc_gic_info what, u32 intid, u32 bits)
	{
		return vintc_gic_set_info(gic_, cpu(of), what, intid, bits);
	}

	/* Exact registers. */
	std::optional<u64> exact(vintc_reg_kind kind, u32 index)
	{
		vintc_reg reg = { .kind = kind, .index = index, .value = 0 };

		if (vintc_gic_get_exact(gic_, &reg) != VINTC_OK)
			return {};
		return reg.value;
	}
	vintc_result check_exact(vintc_reg_kind kind, u32 index, u64 value)
	{
		vintc_reg reg = { .kind = kind, .index = index, .value = value };

		return vintc_gic_check_exact(gic_, &reg);
	}
	vintc_result set_exact(vintc_reg_kind kind, u32 index, u64 value)
	{
		vintc_reg reg = { .kind = kind, .index = index, .value = value };
		vintc_result checked = vintc_gic_check_exact(gic_, &reg);

		if (checked == VINTC_OK)
			vintc_gic_set_exact(gic_, &reg);
		return checked;
	}
	void reset()
	{
		vintc_gic_reset(gic_);
		vintc_gic_settle(gic_);
	}

	vintc_counts counts()
	{
		vintc_counts c;

		vintc_gic_counts(gic_, &c);
		return c;
	}

private:
	vintc_gic *gic_;
	std::array<Vcpu, VINTC_GIC_CPUS> vcpus_;
};

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_MACHINE_H */

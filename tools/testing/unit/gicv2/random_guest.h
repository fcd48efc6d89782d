// SPDX-License-Identifier: GPL-2.0-only
/*
 * What guests and devices do to a GICv2, at random: a guest that writes and reads
 * what it likes, and one that is as Linux is.
 */
#ifndef VINTC_UNIT_GICV2_RANDOM_GUEST_H
#define VINTC_UNIT_GICV2_RANDOM_GUEST_H

#include <random>

#include "support/gicv2_pair.h"

namespace vintc::test::gicv2 {

class RandomGuest {
public:
	explicit RandomGuest(unsigned seed)
		: machine(kMachines[seed % std::size(kMachines)]), random(seed + 1)
	{
	}

	const Configuration &machine;

	/* A guest that writes and reads what it likes. */
	Op wild()
	{
		constexpr u32 kShown[] = { gicc::kIar, gicc::kAiar, gicc::kHppir, gicc::kAhppir,
					   gicc::kRpr };
		constexpr u32 kEnds[] = { gicc::kEoir, gicc::kAeoir, gicc::kDir };
		constexpr u32 kWidths[] = { 1, 2, 4, 4, 4, 8 };

		switch (below(24)) {
		case 0 ... 5:
			return inject();
		case 6:
			return levels();
		case 7 ... 8:
			return sgi();
		case 9 ... 12:
			return configure();
		case 13 ... 14:
			return mask();
		case 15 ... 16:
			return { .kind = Op::kTake, .cpu = cpu() };
		case 17 ... 18:
			return { .kind = Op::kEnd, .cpu = cpu() };
		case 19:
			return { .kind = Op::kDeactivate, .cpu = cpu() };
		case 20:
			return read(VINTC_GICC, any(kShown));
		case 21 ... 22:
			return write(VINTC_GICC, any(kEnds),
				     intid() | (one_in(2) ? u32(random()) << 10 : 0));
		default: {
			if (one_in(50))
				return { .kind = Op::kReset };

			auto frame = one_in(2) ? VINTC_GICD : VINTC_GICC;
			u32 offset = below(0x1100), width = any(kWidths);
			Op op = one_in(2) ? read(frame, offset)
					  : write(frame, offset, u32(random()));

			op.width = width;
			return op;
		}
		}
	}

	/* A guest as Linux is one: what it takes it ends, and groups stay as they are. */
	Op well_behaved()
	{
		switch (below(12)) {
		case 0 ... 3:
			return inject();
		case 4:
			return one_in(2) ? sgi() : levels();
		case 5 ... 6:
			return { .kind = Op::kTake, .cpu = cpu() };
		case 7 ... 9:
			return { .kind = one_in(3) ? Op::kDeactivate : Op::kEnd, .cpu = cpu() };
		case 10:
			return write(VINTC_GICC, gicc::kPmr, one_in(2) ? 0xf8 : priority());
		default:
			return one_in(2)
				       ? write_bits(one_in(3) ? gicd::kIcenabler : gicd::kIsenabler)
				       : write_byte(gicd::kItargetsr, below(256));
		}
	}

	/* From here on interrupts flow. */
	std::vector<Op> open()
	{
		std::vector<Op> ops;

		for (u32 cpu : cpus) {
			auto put = [&](vintc_gic_frame frame, u32 offset, u32 value) {
				ops.push_back({ .kind = Op::kWrite,
						.cpu = cpu,
						.frame = frame,
						.offset = offset,
						.value = value });
			};

			put(VINTC_GICD, gicd::kCtlr, 3);
			put(VINTC_GICC, gicc::kCtlr, 7 | (one_in(2) ? gicc::kEoiMode : 0));
			put(VINTC_GICC, gicc::kPmr, 0xff);
			for (u32 i = 0; i < machine.irqs; i += 4) {
				put(VINTC_GICD, gicd::kIpriorityr + i, u32(random()) & 0x78787878);
				put(VINTC_GICD, gicd::kItargetsr + i, u32(random()));
				put(VINTC_GICD, gicd::kIcfgr + i / 16 * 4, u32(random()));
				put(VINTC_GICD, gicd::kIsenabler + i / 32 * 4, ~0u);
			}
		}
		return ops;
	}

	/* A machine that is open, more often than not, and what happens there. */
	std::vector<Op> wild_sequence(size_t length)
	{
		std::vector<Op> ops = one_in(4) ? std::vector<Op>{} : open();

		while (length--) {
			ops.push_back(wild());
			if (ops.back().kind == Op::kReset)
				for (const Op &op : open())
					ops.push_back(op);
		}
		return ops;
	}

	std::vector<Op> well_behaved_sequence(size_t length)
	{
		std::vector<Op> ops = open();

		while (length--)
			ops.push_back(well_behaved());
		return ops;
	}

private:
	const std::vector<u32> cpus = machine.cpus;
	std::mt19937_64 random;

	u32 below(u32 n) { return u32(random() % n); }
	bool one_in(u32 n) { return below(n) == 0; }
	template <class Array> auto any(const Array &of) -> std::decay_t<decltype(of[0])>
	{
		return of[below(u32(std::size(of)))];
	}

	u32 cpu() { return one_in(2) ? cpus[0] : any(cpus); }

	/* A few of each kind, so that things meet there; rarely any. */
	u32 intid()
	{
		constexpr u32 kFew[] = { 0, 1, 15, 16, 27, 30, 31, 32, 33, 34, 63 };
		u32 last = machine.irqs - 1 - below(6);

		return one_in(50) ? below(1100) : one_in(20) ? last : any(kFew);
	}
	u32 priority() { return one_in(10) ? below(256) : 0x40 + below(5) * 8 + below(2) * 0x80; }

	Op read(vintc_gic_frame frame, u32 offset)
	{
		return { .kind = Op::kRead, .cpu = cpu(), .frame = frame, .offset = offset };
	}
	Op write(vintc_gic_frame frame, u32 offset, u32 value, u32 width = 4)
	{
		return { .kind = Op::kWrite,
			 .cpu = cpu(),
			 .frame = frame,
			 .offset = offset,
			 .width = width,
			 .value = value };
	}
	Op write_bits(u32 base)
	{
		u32 i = intid();
		u32 others = one_in(4) ? u32(random() & random() & random()) : 0;

		return write(VINTC_GICD, base + i / 32 * 4, 1u << i % 32 | others);
	}
	Op write_byte(u32 base, u32 value) { return write(VINTC_GICD, base + intid(), value, 1); }

	Op inject()
	{
		constexpr vintc_input kInputs[] = { VINTC_LOW,	VINTC_HIGH, VINTC_PULSE,
						    VINTC_HOLD, VINTC_HOLD, VINTC_RELEASE };

		return {
			.kind = Op::kInject, .cpu = cpu(), .value = any(kInputs), .intid = intid()
		};
	}
	Op levels() { return { .kind = Op::kLevels, .cpu = cpu(), .value = random() & ~0u }; }

	Op sgi()
	{
		u32 filter = one_in(4) ? below(4) : 0;

		return write(VINTC_GICD, gicd::kSgir,
			     filter << 24 | below(256) << 16 |
				     (one_in(8) ? u32(random()) & 0xffff : intid() & 15));
	}

	Op configure()
	{
		constexpr u32 kBitwise[] = { gicd::kIgroupr,   gicd::kIsenabler, gicd::kIsenabler,
					     gicd::kIcenabler, gicd::kIspendr,	 gicd::kIcpendr,
					     gicd::kIsactiver, gicd::kIcactiver };

		switch (below(10)) {
		case 0:
			return write(VINTC_GICD, gicd::kCtlr, one_in(2) ? 3 : u32(random()));
		case 1 ... 4:
			return write_bits(any(kBitwise));
		case 5:
			return write_byte(gicd::kIpriorityr, priority());
		case 6:
			return write_byte(gicd::kItargetsr, one_in(3) ? 0xff : below(256));
		case 7:
			return write(VINTC_GICD, gicd::kIcfgr + intid() / 16 * 4, u32(random()));
		case 8:
			return write_byte(one_in(2) ? gicd::kSpendsgir : gicd::kCpendsgir,
					  below(256));
		default:
			return write(VINTC_GICC, gicc::kCtlr, u32(random()) | (one_in(4) ? 0 : 7));
		}
	}

	Op mask()
	{
		switch (below(5)) {
		case 0:
			return write(VINTC_GICC, gicc::kBpr, below(9));
		case 1:
			return write(VINTC_GICC, gicc::kAbpr, below(9));
		case 2:
			return one_in(4) ? write(VINTC_GICC, gicc::kApr,
						 one_in(2) ? 0 : u32(random()))
					 : write(VINTC_GICC, gicc::kPmr, 0xf8);
		default:
			return write(VINTC_GICC, gicc::kPmr, one_in(2) ? 0xff : priority());
		}
	}
};

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_RANDOM_GUEST_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazard 12: each offset of both frames in each width and alignment, read and
 * written by the first and the last CPU, in every size of GIC, against the
 * reference.
 */
#include <random>

#include "support/gicv2_pair.h"

using namespace vintc::test::gicv2;

namespace {

const Configuration kConfigurations[] = {
	{ { 0 }, 32 },	  { { 0, 1 }, 32 },   { { 0, 1, 2, 3, 4, 5, 6, 7 }, 32 },
	{ { 0 }, 64 },	  { { 0, 1 }, 64 },   { { 0, 1, 2, 3, 4, 5, 6, 7 }, 64 },
	{ { 0 }, 1024 },  { { 0, 1 }, 1024 }, { { 0, 1, 2, 3, 4, 5, 6, 7 }, 1024 },
	{ { 2, 5 }, 96 },
};
constexpr u32 kWidths[] = { 1, 2, 4, 8 };
constexpr u32 kFrameSize[] = { 0x1000, 0x2000 };

class GicRegisters : public testing::TestWithParam<unsigned> {
protected:
	const Configuration &configuration = kConfigurations[GetParam()];
	Pair pair{ configuration };
	std::mt19937_64 random{ GetParam() };

	/* At every 64th offset with a look at the lines. */
	void apply(const Op &op)
	{
		std::string difference = op.offset % 64 ? pair.apply_alone(op) : pair.apply(op);

		ASSERT_TRUE(difference.empty()) << op << "\n" << difference;
	}

	void write(u32 cpu, vintc_gic_frame frame, u32 offset, u32 width, u64 value)
	{
		apply({ .kind = Op::kWrite,
			.cpu = cpu,
			.frame = frame,
			.offset = offset,
			.width = width,
			.value = value });
	}

	void read(u32 cpu, vintc_gic_frame frame, u32 offset, u32 width)
	{
		apply({ .kind = Op::kRead,
			.cpu = cpu,
			.frame = frame,
			.offset = offset,
			.width = width });
	}

	/* Something of everything: groups, priorities, pending and active ones. */
	void populate()
	{
		for (u32 cpu : pair.cpus) {
			for (u32 offset = gicd::kIgroupr; offset < gicd::kNsacr; offset += 4)
				write(cpu, VINTC_GICD, offset, 4, random());
			for (u32 offset = gicd::kSpendsgir; offset < gicd::kSpendsgir + 16;
			     offset += 4)
				write(cpu, VINTC_GICD, offset, 4, random());
			write(cpu, VINTC_GICD, gicd::kCtlr, 4, 3);
			write(cpu, VINTC_GICC, gicc::kCtlr, 4, random() | 7);
			write(cpu, VINTC_GICC, gicc::kPmr, 4, 0xff);
		}
	}

	void each_offset(u32 cpu, vintc_gic_frame frame, u32 width)
	{
		for (u32 offset = 0; offset < kFrameSize[frame] && !HasFatalFailure(); offset++) {
			/* Another write than one of a register would be seen here at the latest. */
			if (offset % (kFrameSize[frame] / 2) == 0) {
				std::string difference = pair.compare_state();

				ASSERT_TRUE(difference.empty()) << difference;
			}
			read(cpu, frame, offset, width);
			write(cpu, frame, offset, width, random());
			read(cpu, frame, offset, width);
		}
	}
};

TEST_P(GicRegisters, hazard12_every_offset_in_every_width)
{
	for (u32 cpu : { pair.cpus.front(), pair.cpus.back() })
		for (auto frame : { VINTC_GICD, VINTC_GICC })
			for (u32 width : kWidths) {
				populate();
				each_offset(cpu, frame, width);
				if (HasFatalFailure())
					return;
			}
}

/* Reset state is the reference's too: compare_state() alone finds that. */
TEST_P(GicRegisters, reset_state)
{
	EXPECT_EQ(pair.compare_state(), "");
}

INSTANTIATE_TEST_SUITE_P(, GicRegisters, testing::Range(0u, unsigned(std::size(kConfigurations))),
			 [](const auto &which) {
				 const Configuration &c = kConfigurations[which.param];

				 return std::to_string(c.cpus.size()) + "_cpus_" +
					std::to_string(c.irqs) + "_irqs";
			 });

} // namespace

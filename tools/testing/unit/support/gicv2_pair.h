// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core and the reference, side by side: an operation is done to both, and
 * what differs afterwards is told.
 */
#ifndef VINTC_UNIT_GICV2_PAIR_H
#define VINTC_UNIT_GICV2_PAIR_H

#include <sstream>
#include <string>
#include <vector>

#include "gicv2_configuration.h"
#include "gicv2_machine.h"
#include "gicv2_op.h"
#include "reference_gicv2.h"

namespace vintc::test::gicv2 {

class Pair {
public:
	explicit Pair(const Configuration &of)
		: cpus(of.cpus), core(of.cpus, of.irqs, of.sampled), model(of.set(), of.irqs)
	{
		for (u32 cpu : cpus) {
			model.sampled[cpu] = of.sampled;
			enter(cpu);
		}
		core.owner.ended = [this](u32 intid) {
			if (insists(told, intid))
				core.inject(intid, VINTC_HOLD, acting);
		};
		hear_of_the_model();
	}
	Pair(const Pair &) = delete;

	const std::vector<u32> cpus;
	Gic core;
	ReferenceGicv2 model;

	/*
	 * The core was restored from the state of @other's: enters the guest on each CPU.
	 * @exactly: by more than the registers of the architecture.
	 */
	std::string continue_as(const Pair &other, bool exactly)
	{
		differences.str("");
		model = other.model;
		hear_of_the_model();
		if (!exactly)
			model.forget_what_registers_omit();
		for (u32 cpu : cpus) {
			taken[cpu] = other.taken[cpu];
			ended[cpu] = other.ended[cpu];
			core.vcpu(cpu).levels = other.core.vcpu(cpu).levels.load();
			if (model.lines(cpu) && !core.wakes(cpu))
				differences << "cpu" << cpu << " is not woken\n";
			enter(cpu);
		}
		return differences.str();
	}

	/* Returns what differs: nothing, as one hopes. */
	std::string apply(const Op &op)
	{
		differences.str("");
		perform(op);
		for (u32 cpu : cpus)
			compare_lines(cpu);
		acted = 0;
		compare_told();
		return differences.str();
	}

	/* The same, with the lines left to the next apply(): much faster. */
	std::string apply_alone(const Op &op)
	{
		differences.str("");
		perform(op);
		return differences.str();
	}

	/* All state that reading does not change. */
	std::string compare_state()
	{
		differences.str("");
		for (u32 cpu : cpus) {
			for (u32 offset = 0; offset < 0x1000; offset += 4)
				compare_register(cpu, VINTC_GICD, offset);
			for (u32 offset = 0; offset < 0x104; offset += 4)
				if (offset != gicc::kIar && offset != gicc::kAiar)
					compare_register(cpu, VINTC_GICC, offset);
		}
		return differences.str();
	}

private:
	/* Who holds an input up holds it up again, in every other case. */
	static bool insists(std::vector<u32> &told, u32 intid)
	{
		told.push_back(intid);
		return told.size() % 2;
	}

	void hear_of_the_model()
	{
		model.ended = [this](u32 intid) {
			if (insists(model_told, intid))
				model.inject(int(acting), intid, VINTC_HOLD);
		};
	}

	void compare_told()
	{
		if (told != model_told)
			differences << "told of the end of " << told.size() << " inputs, not "
				    << model_told.size() << ", or of others\n";
	}

	void perform(const Op &op)
	{
		acting = op.cpu;
		if (op.kind != Op::kInject)
			acted |= 1u << op.cpu;
		switch (op.kind) {
		case Op::kRead:
			read(op.cpu, op.frame, op.offset, op.width);
			return;
		case Op::kWrite:
			write(op.cpu, op.frame, op.offset, op.width, op.value);
			return;
		case Op::kInject: {
			auto input = vintc_input(op.value);

			same("injected", core.inject(op.intid, input, op.cpu),
			     model.inject(int(op.cpu), op.intid, input));
			return;
		}
		case Op::kLevels:
			core.vcpu(op.cpu).levels = u32(op.value);
			model.set_sampled_lines(op.cpu, u32(op.value));
			enter(op.cpu);
			return;
		case Op::kTake: {
			u32 iar = read(op.cpu, VINTC_GICC, gicc::kIar, 4);

			if ((iar & 1023) < kOtherGroup)
				taken[op.cpu].push_back(iar);
			return;
		}
		case Op::kEnd:
			if (taken[op.cpu].empty())
				return;
			write(op.cpu, VINTC_GICC, gicc::kEoir, 4, taken[op.cpu].back());
			if (model.interface[op.cpu].ctlr & gicc::kEoiMode)
				ended[op.cpu].push_back(taken[op.cpu].back());
			taken[op.cpu].pop_back();
			return;
		case Op::kDeactivate:
			if (ended[op.cpu].empty())
				return;
			write(op.cpu, VINTC_GICC, gicc::kDir, 4, ended[op.cpu].front());
			ended[op.cpu].erase(ended[op.cpu].begin());
			return;
		case Op::kReset:
			core.reset();
			model.reset();
			return;
		}
	}

	u32 read(u32 cpu, vintc_gic_frame frame, u32 offset, u32 width)
	{
		u32 expected = model.read(cpu, frame, offset, width);

		same("read", core.read(cpu, frame, offset, width), expected);
		return expected;
	}

	void write(u32 cpu, vintc_gic_frame frame, u32 offset, u32 width, u64 value)
	{
		core.write(cpu, frame, offset, value, width);
		model.write(cpu, frame, offset, width, value);
	}

	/* A line may be up in vain, but not without any reason, and it is never missing. */
	void enter(u32 cpu)
	{
		u32 lines = core.enter(cpu), expected = model.lines(cpu);

		if (expected && !(lines & expected))
			same("lines", lines, expected);
		same("lines with a reason", lines & model.lines_with_reason(cpu), lines);
	}

	void same(const char *what, u64 got, u64 expected)
	{
		if (got != expected)
			differences << what << ": " << std::hex << got << ", not " << expected
				    << std::dec << "\n";
	}

	void compare_register(u32 cpu, vintc_gic_frame frame, u32 offset)
	{
		u64 got = core.read(cpu, frame, offset),
		    expected = model.read(cpu, frame, offset, 4);

		if (got != expected)
			differences << "cpu" << cpu << std::hex
				    << (frame == VINTC_GICD ? " GICD+" : " GICC+") << offset << ": "
				    << got << ", not " << expected << std::dec << "\n";
	}

	/* A CPU whose line has to rise is told to look, or is the one that acts. */
	void compare_lines(u32 cpu)
	{
		u32 lines = model.lines(cpu);

		if (lines && !(lines & core.vcpu(cpu).lines) && !core.vcpu(cpu).line &&
		    !(acted >> cpu & 1))
			differences << "cpu" << cpu << " is not told to look\n";
		if (lines && !core.wakes(cpu))
			differences << "cpu" << cpu << " is not woken\n";
		enter(cpu);
	}

	std::ostringstream differences;
	u32 acting = 0;
	std::vector<u32> told, model_told; /* of ended inputs, in order */
	u32 acted = 0; /* CPUs that left the guest since their lines were compared */
	std::vector<u32> taken[VINTC_GIC_CPUS], ended[VINTC_GIC_CPUS];
};

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_PAIR_H */

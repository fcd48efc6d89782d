// SPDX-License-Identifier: GPL-2.0-only
/* The transitions of an interrupt, from every state that two CPUs can tell apart. */
#include <gtest/gtest.h>

#include "core/gicv2/fields.h"

using namespace vintc::gicv2;

namespace {

/* Calls visit(state) for each. */
template <class Visit> void each_state(Visit visit)
{
	for (u32 flags = 0; flags < 256; flags++)
		for (u8 targets = 0; targets < 4; targets++)
			for (u8 sources = 0; sources < 4; sources++)
				for (u8 owner : { u8(0), u8(1), IrqState::kAnyone }) {
					IrqState s;

					s.priority = 0x48;
					s.targets = targets;
					s.sources = sources;
					s.owner = owner;
					s.enabled = flags & 1;
					s.group1 = flags & 2;
					s.edge = flags & 4;
					s.latch = flags & 8;
					s.line = flags & 16;
					s.active = flags & 32;
					s.undropped = flags & 64;
					s.held = flags & 128;
					visit(s);
				}
}

/* What `transition` makes of `s`. */
template <class Transition> IrqState after(IrqState s, Transition transition)
{
	transition(s);
	return s;
}

/* Does anything differ that the transition has no business with? */
bool configured_alike(const IrqState &a, const IrqState &b)
{
	return a.priority == b.priority && a.targets == b.targets && a.enabled == b.enabled &&
	       a.group1 == b.group1 && a.edge == b.edge;
}

TEST(GicIrqTransitions, pack_keeps_every_field)
{
	each_state([](const IrqState &s) { ASSERT_EQ(IrqState::unpack(s.pack()), s); });
	for (unsigned bit = 0; bit < 8; bit++) {
		IrqState s;

		s.priority = s.targets = s.sources = u8(1 << bit);
		s.source = bit;
		ASSERT_EQ(IrqState::unpack(s.pack()), s);
	}
	EXPECT_EQ(IrqState::unpack(0), IrqState{}) << "zeroed memory is the reset state";
}

TEST(GicIrqTransitions, a_candidate_is_enabled_and_pending_and_not_active)
{
	each_state([](const IrqState &s) {
		bool pending = s.latch || s.sources || ((s.line || s.held) && !s.edge);

		EXPECT_EQ(s.pending(), pending);
		EXPECT_EQ(s.candidate_at(), s.enabled && pending && !s.active ? s.targets : 0);
	});
}

/* It is high while it is driven high or held up. */
TEST(GicIrqTransitions, an_input_pends_an_edge_when_it_rises)
{
	constexpr vintc_input kInputs[] = { VINTC_LOW, VINTC_HIGH, VINTC_HOLD, VINTC_RELEASE };

	each_state([=](const IrqState &s) {
		for (vintc_input what : kInputs) {
			IrqState i = after(s, [=](IrqState &t) { irq::input(t, what); });
			bool line = what == VINTC_HIGH || (what != VINTC_LOW && s.line);
			bool held = what == VINTC_HOLD || (what != VINTC_RELEASE && s.held);
			bool rises = (line || held) && !(s.line || s.held);

			EXPECT_EQ(i.line, line);
			EXPECT_EQ(i.held, held);
			EXPECT_EQ(i.latch, s.latch || (s.edge && rises)) << "what pends stays";
			i.line = s.line;
			i.held = s.held;
			i.latch = s.latch;
			EXPECT_EQ(i, s) << "nothing else changes";
		}
	});
}

/* No such thing happens to an input: total, as controller.h has it. */
TEST(GicIrqTransitions, hazard12_nothing_happens_to_an_input)
{
	each_state([](const IrqState &s) {
		for (int what : { VINTC_RELEASE + 1, 7 })
			EXPECT_EQ(after(s, [=](IrqState &i) { irq::input(i, vintc_input(what)); }),
				  s);
	});
}

TEST(GicIrqTransitions, a_pulse_is_an_edge_and_no_level)
{
	each_state([](IrqState s) {
		IrqState pulsed = after(s, irq::pulse);

		s.latch |= s.edge;
		EXPECT_EQ(pulsed, s);
	});
}

TEST(GicIrqTransitions, an_acknowledgement_takes_what_pends)
{
	each_state([](const IrqState &s) {
		for (u8 cpu : { u8(0), u8(1), u8(7) }) {
			IrqState i = s;
			auto acknowledged = irq::acknowledge(i, cpu);

			ASSERT_EQ(acknowledged.done, s.candidate_at() >> cpu & 1);
			if (!acknowledged.done) {
				EXPECT_EQ(i, s);
				continue;
			}
			EXPECT_TRUE(configured_alike(i, s));
			EXPECT_TRUE(i.active && i.undropped && !i.latch);
			EXPECT_EQ(i.owner, cpu);
			EXPECT_EQ(i.line, s.line);
			EXPECT_EQ(i.held, s.held);
			EXPECT_EQ(i.candidate_at(), 0) << "nobody else gets it";
			if (s.sources) {
				EXPECT_EQ(1u << acknowledged.source, s.sources & -s.sources);
				EXPECT_EQ(i.sources, s.sources & (s.sources - 1));
			}
		}
	});
}

TEST(GicIrqTransitions, hazard18_an_end_by_the_owner_once)
{
	each_state([](const IrqState &s) {
		for (u8 cpu : { u8(0), u8(1), u8(7) })
			for (bool deactivates : { false, true }) {
				IrqState i = s, expected = s;
				bool owed = s.undropped &&
					    (s.owner == cpu || s.owner == IrqState::kAnyone);

				bool lets_go = owed && deactivates && s.active && s.held;

				if (owed) {
					expected.undropped = false;
					expected.active &= !deactivates;
					expected.held &= !lets_go;
				}

				EXPECT_EQ(irq::end(i, cpu, deactivates), owed);
				EXPECT_EQ(i, expected);
				EXPECT_FALSE(irq::end(i, cpu, deactivates));
			}
	});
}

/* What is not active is not deactivated: its input stays held up. */
TEST(GicIrqTransitions, a_deactivation_lets_go_what_is_held)
{
	each_state([](const IrqState &s) {
		IrqState i = s, expected = s;
		bool ended = irq::deactivate(i);

		expected.active = false;
		expected.held &= !s.active;
		EXPECT_EQ(i, expected);
		EXPECT_EQ(ended, s.active);
	});
}

TEST(GicIrqTransitions, who_activates_is_owed_an_end)
{
	each_state([](const IrqState &s) {
		IrqState i = after(s, irq::activate);

		EXPECT_TRUE(i.active);
		EXPECT_EQ(i.undropped, s.undropped || !s.active);
		if (!s.active && !s.undropped)
			EXPECT_EQ(i.owner, IrqState::kAnyone);
		else
			EXPECT_EQ(i.owner, s.owner);
		EXPECT_TRUE(configured_alike(i, s));
		EXPECT_EQ(i.pending(), s.pending());
	});
}

/* Whatever is written to a register, the fields keep to what they may be. */
TEST(GicIrqTransitions, hazard12_a_register_keeps_a_state_valid)
{
	constexpr Writer kWriters[] = { { .connected = 3, .groups = true, .guest = true },
					{ .connected = 1, .groups = false, .guest = false } };

	for (const Field &field : kFields)
		for (u32 intid : { 0u, 15u, 16u, 31u, 32u, 1019u })
			for (u32 value = 0; value < 1u << field.bits; value++)
				for (const Writer &writer : kWriters) {
					IrqState s;

					s.targets = 1;
					field.set(s, intid, value, writer);
					EXPECT_EQ(s.priority & ~kPriorityMask, 0);
					EXPECT_EQ((s.targets | s.sources) & ~writer.connected, 0);
					if (intid < kPrivate)
						EXPECT_TRUE(s.targets == 1 && !s.edge);
					if (intid < kSgis)
						EXPECT_FALSE(s.latch) << "an SGI has sources";
					if (!writer.groups)
						EXPECT_FALSE(s.group1);
				}
}

} // namespace

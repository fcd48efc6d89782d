// SPDX-License-Identifier: GPL-2.0-only
/* The transitions of a CPU interface, over every priority, binary point and GICC_CTLR. */
#include <gtest/gtest.h>

#include "core/gicv2/cpu.h"

using namespace vintc::gicv2;

namespace {

constexpr u32 kBothGroups = kGroup0 | kGroup1;

/* Calls visit(state) with each GICC_CTLR, and a few of everything else. */
template <class Visit> void each_state(Visit visit)
{
	for (u32 ctlr = 0; ctlr < 32; ctlr++)
		for (u32 bpr = kLeastBpr; bpr < 8; bpr++)
			for (u32 abpr = kLeastAbpr; abpr < 8; abpr++)
				for (u32 apr : { 0u, 1u, 1u << 31, 1u << 9, 3u << 12 })
					for (u32 pmr : { 0x00u, 0x48u, 0xf8u }) {
						CpuState s;

						s.ctlr = ctlr;
						s.bpr = bpr;
						s.abpr = abpr;
						s.apr = apr;
						s.pmr = pmr;
						visit(s);
					}
}

/* The group priority as the architecture draws it: how many of the upper bits count. */
u8 upper_bits(u8 priority, u32 bits)
{
	return u8(priority & ~(0xffu >> bits));
}

TEST(GicCpuTransitions, pack_keeps_every_field)
{
	each_state([](CpuState s) {
		for (u32 rest = 0; rest < 4; rest++) {
			s.lines = rest;
			s.level = rest * 9;
			s.look = rest & 1;
			ASSERT_EQ(CpuState::unpack(s.pack()), s);
		}
	});
	CpuState s;

	s.ctlr = ctlr::kMask;
	s.apr = ~0u;
	EXPECT_EQ(CpuState::unpack(s.pack()), s);
}

TEST(GicCpuTransitions, group_priorities)
{
	each_state([](const CpuState &s) {
		for (u32 priority = 0; priority < 256; priority += 8) {
			u32 own = 7 - s.bpr, group1 = s.ctlr & ctlr::kCbpr ? own : 8 - s.abpr;

			EXPECT_EQ(s.group_priority(u8(priority), false),
				  upper_bits(u8(priority), own));
			EXPECT_EQ(s.group_priority(u8(priority), true),
				  upper_bits(u8(priority), group1));
		}
	});
}

TEST(GicCpuTransitions, hazard18_what_is_accepted)
{
	each_state([](const CpuState &s) {
		u32 running = 0xff;

		for (u32 level = 32; level--;)
			if (s.apr >> level & 1)
				running = level * 8;
		EXPECT_EQ(s.running(), running);
		for (u32 priority = 0; priority < 256; priority += 8)
			for (bool group1 : { false, true })
				for (u32 forwarded = 0; forwarded < 4; forwarded++) {
					u32 group = group1 ? kGroup1 : kGroup0;
					bool enabled = s.ctlr & forwarded & group;
					bool preempts =
						s.group_priority(u8(priority), group1) < running;

					EXPECT_EQ(s.accepts(u8(priority), group1, forwarded),
						  enabled && priority < s.pmr && preempts);
				}
	});
}

/* The line follows the more favoured of two, in whichever order they come. */
TEST(GicCpuTransitions, the_more_favoured_of_two_is_signalled)
{
	each_state([](const CpuState &from) {
		for (u8 one : { u8(0x00), u8(0x40), u8(0x80) })
			for (u8 other : { u8(0x08), u8(0x48), u8(0xf0) })
				for (unsigned groups = 0; groups < 4; groups++) {
					bool group_of_one = groups & 1, group_of_other = groups & 2;
					CpuState s = from, t = from;
					auto line = [&](u8 priority, bool group1) {
						CpuState u = from;

						cpu::signal(u, priority, group1, kBothGroups);
						return u.lines;
					};
					u32 first = line(one, group_of_one),
					    second = line(other, group_of_other);
					u32 favoured = one < other ? first : second,
					    rest = one < other ? second : first;

					cpu::signal(s, one, group_of_one, kBothGroups);
					cpu::signal(s, other, group_of_other, kBothGroups);
					cpu::signal(t, other, group_of_other, kBothGroups);
					cpu::signal(t, one, group_of_one, kBothGroups);
					EXPECT_EQ(s.lines, favoured ? favoured : rest);
					EXPECT_EQ(t.lines, s.lines);
				}
	});
}

/* Whoever is told that it rose has to tell the CPU; nobody else need to. */
TEST(GicCpuTransitions, hazard17_a_line_rises_once)
{
	each_state([](CpuState s) {
		for (u8 priority : { u8(0xf0), u8(0x40), u8(0x40), u8(0x80), u8(0x00) })
			for (bool group1 : { false, true }) {
				u32 before = s.lines;
				bool looked = s.look;
				auto signalled = cpu::signal(s, priority, group1, kBothGroups);

				EXPECT_EQ(signalled.up, s.accepts(priority, group1, kBothGroups));
				EXPECT_EQ(signalled.rose, s.lines != before || (s.look && !looked));
				if (signalled.up)
					EXPECT_NE(s.lines, 0u);
			}
	});
}

TEST(GicCpuTransitions, accept_and_drop_nest)
{
	each_state([](const CpuState &from) {
		for (u32 priority = 0; priority < 256; priority += 8)
			for (bool group1 : { false, true }) {
				CpuState s = from;

				if (!s.accepts(u8(priority), group1, kBothGroups))
					continue;
				cpu::signal(s, u8(priority), group1, kBothGroups);
				cpu::accept(s, u8(priority), group1);
				EXPECT_EQ(s.running(), s.group_priority(u8(priority), group1));
				EXPECT_EQ(s.lines, 0u);
				EXPECT_FALSE(s.accepts(u8(priority), group1, kBothGroups))
					<< "it does not preempt itself";
				cpu::drop(s);
				EXPECT_EQ(s.apr, from.apr);
				EXPECT_TRUE(s.look);
			}
	});
}

TEST(GicCpuTransitions, a_look_is_asked_for_once)
{
	each_state([](CpuState s) {
		EXPECT_TRUE(cpu::look(s));
		EXPECT_FALSE(cpu::look(s));
		s.lines = cpu::kIrq;
		EXPECT_TRUE(cpu::begin_look(s));
		EXPECT_EQ(s.lines, 0u);
		EXPECT_FALSE(cpu::begin_look(s));
	});
}

/* A fall may be looked at later, unless another line may rise by it. */
TEST(GicCpuTransitions, hazard16_a_fall_that_may_uncover_another_is_told)
{
	each_state([](const CpuState &from) {
		for (u32 lines : { 0u, u32(cpu::kIrq), u32(cpu::kFiq) }) {
			CpuState s = from;

			s.lines = lines;

			auto fallen = cpu::fall(s);
			bool both = (s.ctlr & ctlr::kEnable) == ctlr::kEnable;
			bool fiq = both && s.ctlr & ctlr::kFiqEn;
			bool uncovers = fiq;

			for (u32 priority = 0; both && priority < 256; priority += 8)
				uncovers |= s.group_priority(u8(priority), false) !=
					    s.group_priority(u8(priority), true);
			EXPECT_EQ(fallen.looks, lines || uncovers);
			EXPECT_EQ(fallen.soon, uncovers);
			EXPECT_EQ(s.look, fallen.looks);
		}
	});
}

} // namespace

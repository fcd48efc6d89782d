// SPDX-License-Identifier: GPL-2.0-only
/* The transitions of a source, one by one, as the rows of the specification. */
#include <gtest/gtest.h>

#include "core/xics/source.h"

using namespace vintc::xics;
using source::Configured;
using source::Ended;
using source::Raised;

namespace {

constexpr SourceState kMsi = { .server = 3, .priority = 5, .saved_priority = 5, .exists = true };
constexpr SourceState kLevel = {
	.server = 3, .priority = 5, .saved_priority = 5, .exists = true, .level = true
};

/* `s` with some of its flags turned on. */
constexpr SourceState with(SourceState s, std::initializer_list<bool SourceState::*> flags)
{
	for (auto flag : flags)
		s.*flag = true;
	return s;
}

constexpr auto kP = &SourceState::p, kQ = &SourceState::q, kWaiting = &SourceState::waiting,
	       kMaskedPending = &SourceState::masked_pending;

constexpr SourceState masked(SourceState s, u8 saved = 5)
{
	s.priority = kLeastFavoured;
	s.saved_priority = saved;
	return s;
}

/* The transition answers so and leads there. */
template <class Transition, class Answer>
constexpr bool leads(SourceState from, Transition transition, Answer answer, SourceState to)
{
	return transition(from) == answer && from == to;
}

/* raise */
static_assert(leads(kMsi, source::raise, Raised::kDeliver, with(kMsi, { kP })));
static_assert(leads(with(kMsi, { kP }), source::raise, Raised::kCoalesced, with(kMsi, { kP, kQ })));
static_assert(leads(with(kMsi, { kP, kQ }), source::raise, Raised::kCoalesced,
		    with(kMsi, { kP, kQ })));
static_assert(leads(kLevel, source::raise, Raised::kDeliver, with(kLevel, { kP })));
static_assert(leads(with(kLevel, { kP }), source::raise, Raised::kCoalesced, with(kLevel, { kP })));
static_assert(leads(SourceState{}, source::raise, Raised::kUnknown, SourceState{}));

/* lower */
static_assert(leads(with(kMsi, { kP, kQ }), source::lower, true, with(kMsi, { kP, kQ })));
static_assert(leads(with(kLevel, { kP }), source::lower, true, kLevel));
static_assert(leads(with(kLevel, { kP, kWaiting }), source::lower, true,
		    with(kLevel, { kWaiting })));
static_assert(leads(with(masked(kLevel), { kP, kMaskedPending }), source::lower, true,
		    with(masked(kLevel), { kMaskedPending })));
static_assert(leads(SourceState{}, source::lower, false, SourceState{}));

/* EOI */
static_assert(leads(with(kMsi, { kP }), source::eoi, Ended::kDone, kMsi));
static_assert(leads(with(kMsi, { kP, kQ }), source::eoi, Ended::kDeliver, with(kMsi, { kP })));
static_assert(leads(kMsi, source::eoi, Ended::kDone, kMsi));
static_assert(leads(with(kLevel, { kP }), source::eoi, Ended::kDeliver, with(kLevel, { kP })));
static_assert(leads(kLevel, source::eoi, Ended::kDone, kLevel));
static_assert(leads(SourceState{}, source::eoi, Ended::kUnknown, SourceState{}));

/* Delivery: to an ICP if it is not masked. */
static_assert(leads(with(kMsi, { kP }), source::begin_delivery, true, with(kMsi, { kP })));
static_assert(leads(with(kMsi, { kP, kWaiting }), source::begin_delivery, true,
		    with(kMsi, { kP })));
static_assert(leads(with(masked(kMsi), { kP }), source::begin_delivery, false,
		    with(masked(kMsi), { kP, kMaskedPending })));
static_assert(leads(with(masked(kLevel), { kP, kWaiting }), source::begin_delivery, false,
		    with(masked(kLevel), { kP, kMaskedPending })));

/* Refused: it waits where it was refused, or not at all. */
constexpr bool waits(SourceState s, u32 server, u8 priority, bool answer)
{
	SourceState to = answer ? with(s, { kWaiting }) : s;

	return source::wait(s, server, priority) == answer && s == to;
}
static_assert(waits(with(kMsi, { kP }), 3, 5, true));
static_assert(waits(with(kMsi, { kP }), 4, 5, false));
static_assert(waits(with(kMsi, { kP }), 3, 6, false));
static_assert(waits(with(masked(kMsi), { kP }), 3, 5, false));
static_assert(leads(with(kMsi, { kP, kWaiting }), source::stop_waiting, true, with(kMsi, { kP })));
static_assert(leads(with(kMsi, { kP }), source::stop_waiting, false, with(kMsi, { kP })));

/* ibm,int-off, once and twice. */
static_assert(leads(with(kMsi, { kP, kWaiting }), source::int_off, Configured::kDone,
		    with(masked(kMsi), { kP, kWaiting })));
static_assert(leads(masked(kMsi), source::int_off, Configured::kDone, masked(kMsi, 0xff)));
static_assert(leads(SourceState{}, source::int_off, Configured::kUnknown, SourceState{}));

/* ibm,int-on */
static_assert(leads(masked(kMsi), source::int_on, Configured::kDone, kMsi));
static_assert(leads(with(masked(kMsi), { kP, kMaskedPending }), source::int_on,
		    Configured::kDeliver, with(kMsi, { kP })));
static_assert(leads(with(masked(kMsi), { kP, kWaiting }), source::int_on, Configured::kDeliver,
		    with(kMsi, { kP })));
static_assert(leads(with(masked(kMsi, 0xff), { kP, kMaskedPending }), source::int_on,
		    Configured::kDone, with(masked(kMsi, 0xff), { kP, kMaskedPending })));
static_assert(leads(SourceState{}, source::int_on, Configured::kUnknown, SourceState{}));

/* ibm,set-xive */
constexpr SourceState moved(SourceState s, u32 server, u8 priority)
{
	s.server = server;
	s.priority = s.saved_priority = priority;
	return s;
}
constexpr auto kMove = [](SourceState &s) { return source::set_xive(s, 9, 7); };
constexpr auto kMoveMasked = [](SourceState &s) { return source::set_xive(s, 9, 0xff); };
static_assert(leads(with(kMsi, { kP }), kMove, Configured::kDone, with(moved(kMsi, 9, 7), { kP })));
static_assert(leads(with(kMsi, { kP, kWaiting }), kMove, Configured::kDeliver,
		    with(moved(kMsi, 9, 7), { kP })));
static_assert(leads(with(masked(kMsi), { kP, kMaskedPending }), kMove, Configured::kDeliver,
		    with(moved(kMsi, 9, 7), { kP })));
static_assert(leads(with(masked(kMsi), { kP, kMaskedPending }), kMoveMasked, Configured::kDone,
		    with(moved(kMsi, 9, 0xff), { kP, kMaskedPending })));
static_assert(leads(with(kMsi, { kP, kWaiting }), kMoveMasked, Configured::kDone,
		    with(moved(kMsi, 9, 0xff), { kP, kWaiting })));
static_assert(leads(SourceState{}, kMove, Configured::kUnknown, SourceState{}));

/* The attribute's layout. */
constexpr u64 kServer3Priority5 = 0x5'00000003;
static_assert(source::to_attr(kMsi) == kServer3Priority5);
static_assert(source::to_attr(kLevel) == (kServer3Priority5 | 1ull << 40));
static_assert(source::to_attr(masked(kMsi)) == (kServer3Priority5 | 1ull << 41));
static_assert(source::to_attr(with(kMsi, { kP, kQ })) ==
	      (kServer3Priority5 | 1ull << 43 | 1ull << 44));
static_assert(source::to_attr(with(kMsi, { kP, kWaiting })) ==
	      (kServer3Priority5 | 1ull << 42 | 1ull << 43));
static_assert(source::to_attr(with(kLevel, { kP })) ==
	      (kServer3Priority5 | 1ull << 40 | 1ull << 42 | 1ull << 43));

TEST(SourceTransitions, pack_keeps_every_field)
{
	for (unsigned flags = 0; flags < 64; flags++)
		for (u32 server : { 0u, 1u, 65535u, 0x80000000u, ~0u })
			for (unsigned priority = 0; priority <= 0xff; priority++) {
				SourceState s = { .server = server,
						  .priority = u8(priority),
						  .saved_priority = u8(~priority),
						  .exists = (flags & 1) != 0,
						  .level = (flags & 2) != 0,
						  .p = (flags & 4) != 0,
						  .q = (flags & 8) != 0,
						  .waiting = (flags & 16) != 0,
						  .masked_pending = (flags & 32) != 0 };

				ASSERT_EQ(SourceState::unpack(s.pack()), s);
			}
}

TEST(SourceTransitions, hazard23_attribute_consistency_over_every_flag_combination)
{
	for (u64 flags = 0; flags < 32; flags++) {
		bool level = flags & 1, pending = flags & 4, presented = flags & 8,
		     queued = flags & 16;

		EXPECT_EQ(source::attr_consistent(flags << 40 | kServer3Priority5),
			  !queued || (!level && (pending || presented)))
			<< flags;
	}
	for (unsigned bit = 45; bit < 64; bit++)
		EXPECT_FALSE(source::attr_consistent(1ull << bit)) << bit;
}

} // namespace

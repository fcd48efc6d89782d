// SPDX-License-Identifier: GPL-2.0-only
/* The transitions of a source, one by one, as the rows of the specification. */
#include <gtest/gtest.h>

#include "core/xics/source_attr.h"
#include "core/xics/source_input.h"

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
	       kMaskedPending = &SourceState::masked_pending, kLine = &SourceState::line,
	       kHeld = &SourceState::held;

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

/* An MSI: high, a pulse and a hold each are one. */
template <class Raise> constexpr bool msi_comes(Raise raise, SourceState msi)
{
	return leads(msi, raise, Raised::kDeliver, with(msi, { kP })) &&
	       leads(with(msi, { kP }), raise, Raised::kCoalesced, with(msi, { kP, kQ })) &&
	       leads(with(msi, { kP, kQ }), raise, Raised::kCoalesced, with(msi, { kP, kQ }));
}
static_assert(msi_comes(source::high, kMsi));
static_assert(msi_comes(source::pulse, kMsi));
static_assert(msi_comes(source::hold, with(kMsi, { kHeld })));
static_assert(leads(kMsi, source::hold, Raised::kDeliver, with(kMsi, { kP, kHeld })));
static_assert(leads(with(kMsi, { kP, kQ }), source::low, true, with(kMsi, { kP, kQ })));
static_assert(leads(with(kMsi, { kP, kHeld }), source::low, true, with(kMsi, { kP, kHeld })));
static_assert(leads(with(kMsi, { kP, kQ, kHeld }), source::let_go, true, with(kMsi, { kP, kQ })));

/* A level, by its line, held, and by both. */
constexpr SourceState kUp = with(kLevel, { kP, kLine }), kHeldUp = with(kLevel, { kP, kHeld }),
		      kBoth = with(kLevel, { kP, kLine, kHeld });

static_assert(leads(kLevel, source::high, Raised::kDeliver, kUp));
static_assert(leads(kUp, source::high, Raised::kCoalesced, kUp));
static_assert(leads(kHeldUp, source::high, Raised::kCoalesced, kBoth));
static_assert(leads(kLevel, source::hold, Raised::kDeliver, kHeldUp));
static_assert(leads(kUp, source::hold, Raised::kCoalesced, kBoth));
static_assert(leads(kHeldUp, source::hold, Raised::kCoalesced, kHeldUp));
static_assert(leads(kLevel, source::pulse, Raised::kDeliver, kLevel));
static_assert(leads(kUp, source::pulse, Raised::kCoalesced, kUp));
static_assert(leads(kHeldUp, source::pulse, Raised::kCoalesced, kHeldUp));
static_assert(leads(kUp, source::low, true, kLevel));
static_assert(leads(kBoth, source::low, true, kHeldUp));
static_assert(leads(kHeldUp, source::let_go, true, kLevel));
static_assert(leads(kBoth, source::let_go, true, kUp));
static_assert(leads(with(kUp, { kWaiting }), source::low, true, with(kLevel, { kWaiting })));
static_assert(leads(with(masked(kHeldUp), { kMaskedPending }), source::let_go, true,
		    with(masked(kLevel), { kMaskedPending })));

/* No such source. */
static_assert(leads(SourceState{}, source::high, Raised::kUnknown, SourceState{}));
static_assert(leads(SourceState{}, source::pulse, Raised::kUnknown, SourceState{}));
static_assert(leads(SourceState{}, source::hold, Raised::kUnknown, SourceState{}));
static_assert(leads(SourceState{}, source::low, false, SourceState{}));
static_assert(leads(SourceState{}, source::let_go, false, SourceState{}));

/* EOI */
constexpr Ended kLetGoAgain = Ended(source::kEndedLetGo | source::kEndedAgain);

static_assert(leads(with(kMsi, { kP }), source::eoi, source::kEnded, kMsi));
static_assert(leads(with(kMsi, { kP, kQ }), source::eoi, source::kEndedAgain, with(kMsi, { kP })));
static_assert(leads(kMsi, source::eoi, source::kEnded, kMsi));
static_assert(leads(with(kMsi, { kP, kHeld }), source::eoi, source::kEndedLetGo, kMsi));
static_assert(leads(with(kMsi, { kP, kQ, kHeld }), source::eoi, kLetGoAgain, with(kMsi, { kP })));
static_assert(leads(with(kMsi, { kHeld }), source::eoi, source::kEndedLetGo, kMsi));
static_assert(leads(kUp, source::eoi, source::kEndedAgain, kUp));
static_assert(leads(kLevel, source::eoi, source::kEnded, kLevel));
static_assert(leads(kHeldUp, source::eoi, source::kEndedLetGo, kLevel));
static_assert(leads(kBoth, source::eoi, kLetGoAgain, kUp));
static_assert(leads(SourceState{}, source::eoi, source::kEndedUnknown, SourceState{}));

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
		    with(masked(kMsi), { kP, kMaskedPending })));
static_assert(leads(kBoth, source::int_off, Configured::kDone, masked(kBoth)));
static_assert(leads(masked(kMsi), source::int_off, Configured::kDone, masked(kMsi, 0xff)));
static_assert(leads(SourceState{}, source::int_off, Configured::kUnknown, SourceState{}));

/* ibm,int-on */
static_assert(leads(masked(kMsi), source::int_on, Configured::kDone, kMsi));
static_assert(leads(with(masked(kMsi), { kP, kMaskedPending }), source::int_on,
		    Configured::kDeliver, with(kMsi, { kP })));
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
		    with(moved(kMsi, 9, 0xff), { kP, kMaskedPending })));
static_assert(leads(SourceState{}, kMove, Configured::kUnknown, SourceState{}));

/* Power-on. */
constexpr SourceState kFresh = masked(moved(kMsi, 0, 0xff), 0xff),
		      kFreshLevel = masked(moved(kLevel, 0, 0xff), 0xff);
static_assert(source::reset(with(kMsi, { kP, kQ, kWaiting })) == kFresh);
static_assert(source::reset(with(masked(kMsi), { kP, kMaskedPending })) == kFresh);
static_assert(source::reset(with(kMsi, { kP, kHeld })) == with(kFresh, { kHeld }));
static_assert(source::reset(kLevel) == kFreshLevel);
static_assert(source::reset(with(kLevel, { kWaiting })) == kFreshLevel);
static_assert(source::reset(with(kUp, { kWaiting })) ==
	      with(kFreshLevel, { kP, kLine, kMaskedPending }));
static_assert(source::reset(kHeldUp) == with(kFreshLevel, { kP, kHeld, kMaskedPending }));

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

/* The attribute that a VMM sets, over inputs that are not the VMM's. */
constexpr u64 kLevelAttr = kServer3Priority5 | source_attr::kLevel;
constexpr u64 kUpAttr = kLevelAttr | source_attr::kPending | source_attr::kPresented;
constexpr bool set_attr(SourceState s, u64 attr, bool deliver, SourceState to)
{
	return leads(
		s, [=](SourceState &t) { return source::set_attr(t, attr); }, deliver, to);
}
static_assert(set_attr(SourceState{}, kServer3Priority5, false, kMsi));
static_assert(set_attr(with(kMsi, { kP, kQ, kWaiting }), kServer3Priority5, false, kMsi));
static_assert(set_attr(with(kMsi, { kP, kHeld }), kServer3Priority5, false, with(kMsi, { kHeld })));
static_assert(set_attr(kUp, kLevelAttr, false, kLevel));
static_assert(set_attr(kLevel, kUpAttr, true, kUp));
static_assert(set_attr(kLevel, kLevelAttr | source_attr::kPresented, false, kUp));
static_assert(set_attr(kHeldUp, kUpAttr, true, kHeldUp));
static_assert(set_attr(kBoth, kUpAttr, true, kBoth));
static_assert(set_attr(kHeldUp, kLevelAttr, true, kHeldUp));
static_assert(set_attr(kBoth, kLevelAttr, true, kHeldUp));
static_assert(set_attr(kHeldUp, kServer3Priority5, false, with(kMsi, { kHeld })));

TEST(SourceTransitions, pack_keeps_every_field)
{
	for (unsigned flags = 0; flags < 256; flags++)
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
						  .masked_pending = (flags & 32) != 0,
						  .line = (flags & 64) != 0,
						  .held = (flags & 128) != 0 };

				ASSERT_EQ(SourceState::unpack(s.pack()), s);
				ASSERT_EQ(s.pack() >> 48, flags);
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ICP's transitions, one by one, as PAPR has them. Most are checked by the
 * compiler: the transitions are constexpr.
 */
#include <gtest/gtest.h>

#include "core/xics/icp.h"

using namespace vintc::xics;

namespace {

constexpr u32 kA = 16, kB = 17;

constexpr IcpState state(u8 cppr, u32 xisr, u8 mfrr, u8 pending, bool resend = false)
{
	return { .cppr = cppr, .mfrr = mfrr, .pending = pending, .xisr = xisr, .resend = resend };
}

struct After {
	IcpState state;
	u32 displaced = kNoSource;
	bool resend = false, line = false, rose = false;

	constexpr bool operator==(const After &) const = default;
};

template <class Transition, class... Args>
constexpr After after(IcpState s, Transition transition, Args... args)
{
	IcpOutcome o = transition(s, args...);

	return { s, o.displaced, o.resend, o.line, o.rose };
}

constexpr bool refuses(IcpState s, u8 priority)
{
	IcpState was = s;

	return !icp::deliver(s, kB, priority).accepted && s == was;
}

/* Reset: nothing gets in, whatever its priority. */
static_assert(IcpState{} == state(0, 0, 0xff, 0xff));
static_assert(!IcpState{}.line() && refuses(IcpState{}, 0));

/* deliver */
static_assert(after(state(0xff, 0, 0xff, 0xff), icp::deliver, kA, u8(5)) ==
	      After{ state(0xff, kA, 0xff, 5), kNoSource, false, true, true });
static_assert(after(state(0xff, kB, 0xff, 6), icp::deliver, kA, u8(5)) ==
	      After{ state(0xff, kA, 0xff, 5), kB, false, true, false });
static_assert(after(state(0xff, kIpi, 6, 6), icp::deliver, kA, u8(5)) ==
	      After{ state(0xff, kA, 6, 5), kNoSource, false, true, false });
static_assert(refuses(state(5, 0, 0xff, 0xff), 5));  /* not more favoured than CPPR */
static_assert(refuses(state(0xff, 0, 5, 0xff), 5));  /* than MFRR */
static_assert(refuses(state(0xff, kA, 0xff, 5), 5)); /* than what is in XISR */
static_assert(refuses(state(0xff, 0, 0xff, 0xff, true), 0xff));
static_assert(after(state(0xff, 0, 0xff, 0xff, true), icp::deliver, kA, u8(5)).state.resend);

/* The note of one that waits, and its refusal when the ICP is open by now. */
constexpr bool notes(IcpState s, u8 priority)
{
	IcpState noted = s;

	noted.resend = true;
	return icp::note_waiting(s, priority) ? s == noted : s.accepts(priority);
}
static_assert(notes(state(5, 0, 0xff, 0xff), 5) && notes(state(5, 0, 0xff, 0xff, true), 5));
static_assert(notes(state(6, 0, 0xff, 0xff), 5));

/* H_XIRR */
constexpr bool accepts(IcpState s, u32 xirr, IcpState then)
{
	return icp::accept(s) == xirr && s == then;
}
static_assert(accepts(state(0xff, kA, 0xff, 5), 0xff000010, state(5, 0, 0xff, 0xff)));
static_assert(accepts(state(7, kIpi, 4, 4, true), 0x07000002, state(4, 0, 4, 0xff, true)));
static_assert(accepts(state(7, 0xffffff, 0xff, 0), 0x07ffffff, state(0, 0, 0xff, 0xff)));
static_assert(accepts(state(7, 0, 4, 0xff), 0x07000000, state(7, 0, 4, 0xff)));

/* H_CPPR, to a more favoured priority: what it no longer admits leaves XISR. */
static_assert(after(state(0xff, kA, 0xff, 5), icp::set_cppr, u8(6)) ==
	      After{ state(6, kA, 0xff, 5), kNoSource, false, true, false });
static_assert(after(state(0xff, kA, 0xff, 5), icp::set_cppr, u8(5)) ==
	      After{ state(5, 0, 0xff, 0xff), kA });
static_assert(after(state(0xff, kIpi, 5, 5, true), icp::set_cppr, u8(5)) ==
	      After{ state(5, 0, 5, 0xff, true) });

/* H_CPPR, to what it is already. */
static_assert(after(state(7, kA, 0xff, 5, true), icp::set_cppr, u8(7)) ==
	      After{ state(7, kA, 0xff, 5, true), kNoSource, false, true, false });

/* H_CPPR, to a less favoured priority: MFRR is looked at, then what waits. */
static_assert(after(state(5, 0, 5, 0xff), icp::set_cppr, u8(6)) ==
	      After{ state(6, kIpi, 5, 5), kNoSource, false, true, true });
static_assert(after(state(5, 0, 5, 0xff, true), icp::set_cppr, u8(0xff)) ==
	      After{ state(0xff, kIpi, 5, 5), kNoSource, true, true, true });
static_assert(after(state(5, kA, 0xff, 4, true), icp::set_cppr, u8(9)) ==
	      After{ state(9, kA, 0xff, 4), kNoSource, true, true, false });
static_assert(after(state(3, 0, 5, 0xff), icp::set_cppr, u8(5)) == After{ state(5, 0, 5, 0xff) });

/* H_EOI's priority step lowers likewise... */
static_assert(after(state(5, 0, 5, 0xff, true), icp::lower_priority, u8(0xff)) ==
	      After{ state(0xff, kIpi, 5, 5), kNoSource, true, true, true });
/* ...tries what waits even if nothing changed... */
static_assert(after(state(9, kA, 0xff, 4, true), icp::lower_priority, u8(9)) ==
	      After{ state(9, kA, 0xff, 4), kNoSource, true, true, false });
/* ...and strands nothing when a guest raises its priority with it. */
static_assert(after(state(9, kA, 6, 4), icp::lower_priority, u8(4)) ==
	      After{ state(4, 0, 6, 0xff), kA });
static_assert(after(state(9, kIpi, 4, 4), icp::lower_priority, u8(2)) ==
	      After{ state(2, 0, 4, 0xff) });

/* H_IPI */
static_assert(after(state(0xff, 0, 0xff, 0xff), icp::set_mfrr, u8(4)) ==
	      After{ state(0xff, kIpi, 4, 4), kNoSource, false, true, true });
static_assert(after(state(0xff, 0, 0xff, 0xff), icp::set_mfrr, u8(0)) ==
	      After{ state(0xff, kIpi, 0, 0), kNoSource, false, true, true });
static_assert(after(state(4, 0, 0xff, 0xff), icp::set_mfrr, u8(4)) ==
	      After{ state(4, 0, 4, 0xff) });
static_assert(after(state(0xff, kA, 0xff, 5), icp::set_mfrr, u8(5)) ==
	      After{ state(0xff, kIpi, 5, 5), kA, false, true,
		     false }); /* an IPI wins among equals */
static_assert(after(state(0xff, kA, 0xff, 5), icp::set_mfrr, u8(6)) ==
	      After{ state(0xff, kA, 6, 5), kNoSource, false, true, false });
static_assert(after(state(0xff, kIpi, 5, 5), icp::set_mfrr, u8(3)) ==
	      After{ state(0xff, kIpi, 3, 3), kNoSource, false, true, false });
static_assert(after(state(0xff, kIpi, 5, 5), icp::set_mfrr, u8(7)) ==
	      After{ state(0xff, kIpi, 7, 5), kNoSource, false, true, false }); /* stays as it is */
/* MFRR less favoured: what waits is tried. Equal: it is not. */
static_assert(after(state(4, 0, 2, 0xff, true), icp::set_mfrr, u8(3)) ==
	      After{ state(4, kIpi, 3, 3), kNoSource, true, true, true });
static_assert(after(state(4, 0, 4, 0xff, true), icp::set_mfrr, u8(0xff)) ==
	      After{ state(4, 0, 0xff, 0xff), kNoSource, true });
static_assert(after(state(4, 0, 4, 0xff, true), icp::set_mfrr, u8(4)) ==
	      After{ state(4, 0, 4, 0xff, true) });

/* KVM_REG_PPC_ICP_STATE is set: what was in XISR is dropped, a note is not. */
constexpr IcpOutcome restored(IcpState &s, IcpState to)
{
	return icp::restore(s, to);
}
static_assert(after(state(0xff, kA, 4, 3, true), restored, state(9, kB, 4, 2)) ==
	      After{ state(9, kB, 4, 2, true), kNoSource, false, true, false });
static_assert(after(state(0xff, kA, 4, 3, true), restored, state(9, 0, 5, 0xff)) ==
	      After{ state(9, 0, 5, 0xff), kNoSource, true });

/* The register's layout, and what may be put into it. */
static_assert(state(0x12, 0x345678, 0x9a, 0xbc).reg() == 0x123456789abc0000);
static_assert(!(state(1, 2, 3, 4, true).reg() & 0xffff));
static_assert(state(0xff, 0, 0, 0xff).consistent() && !state(0xff, 0, 0, 0).consistent());
static_assert(!state(0xff, 1, 0xff, 5).consistent() && !state(0xff, 3, 0xff, 5).consistent());
static_assert(!state(0xff, 15, 0xff, 5).consistent() && state(0xff, 16, 0xff, 5).consistent());
static_assert(state(6, kIpi, 5, 5).consistent() && !state(5, kIpi, 5, 5).consistent());
static_assert(state(9, kIpi, 6, 5).consistent() && !state(9, kIpi, 4, 5).consistent());
static_assert(!state(5, kA, 9, 5).consistent() && !state(9, kA, 5, 5).consistent());

TEST(IcpTransitions, hazard18_h_ipi_with_every_priority_and_every_cppr)
{
	for (unsigned cppr = 0; cppr <= 0xff; cppr++)
		for (unsigned mfrr = 0; mfrr <= 0xff; mfrr++) {
			IcpState s = state(u8(cppr), 0, 0xff, 0xff);
			IcpOutcome o = icp::set_mfrr(s, u8(mfrr));

			ASSERT_EQ(o.line, mfrr < cppr);
			ASSERT_EQ(o.rose, mfrr < cppr);
			ASSERT_EQ(s.xisr, mfrr < cppr ? kIpi : kNoSource);
			ASSERT_EQ(s.mfrr, mfrr);
		}
}

TEST(IcpTransitions, pack_and_register_keep_every_field)
{
	for (unsigned byte = 0; byte <= 0xff; byte++) {
		u8 v = u8(byte);

		for (bool note : { false, true }) {
			IcpState s = state(v, byte << 16 | (0xffu - byte) << 8 | byte, u8(~v),
					   u8(v + 77), note);
			IcpState without_note = s;

			without_note.resend = false;
			ASSERT_EQ(IcpState::unpack(s.pack()), s);
			ASSERT_EQ(IcpState::unpack(s.reg()), without_note);
			ASSERT_EQ(s.xirr(), byte << 24 | s.xisr);
		}
	}
}

} // namespace

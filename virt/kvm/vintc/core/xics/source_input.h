// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to a source's inputs: those of enum vintc_input, and the EOI, which
 * lets go what is held.
 */
#ifndef VINTC_CORE_XICS_SOURCE_INPUT_H
#define VINTC_CORE_XICS_SOURCE_INPUT_H

#include "source.h"

namespace vintc::xics::source {

enum class Raised {
	kUnknown,   /* no such source */
	kDeliver,   /* to be delivered */
	kCoalesced, /* one is on its way already */
};

/* An interrupt comes. */
constexpr Raised raise(SourceState &s)
{
	if (s.p) {
		s.q |= !s.level;
		return Raised::kCoalesced;
	}
	s.p = true;
	s.q = false;
	return Raised::kDeliver;
}

/* VINTC_HIGH */
constexpr Raised high(SourceState &s)
{
	if (!s.exists)
		return Raised::kUnknown;
	s.line |= s.level;
	return raise(s);
}

/* VINTC_PULSE: a level has fallen again before anybody sees it, but it came. */
constexpr Raised pulse(SourceState &s)
{
	if (!s.exists)
		return Raised::kUnknown;
	if (s.level)
		return s.p ? Raised::kCoalesced : Raised::kDeliver;
	return raise(s);
}

/* VINTC_HOLD */
constexpr Raised hold(SourceState &s)
{
	if (!s.exists)
		return Raised::kUnknown;
	s.held = true;
	return raise(s);
}

/* VINTC_LOW. An interrupt that is on its way stays on it. */
constexpr bool low(SourceState &s)
{
	s.line = false;
	if (s.level)
		s.p = s.held;
	return s.exists;
}

/* VINTC_RELEASE, likewise. */
constexpr bool let_go(SourceState &s)
{
	s.held = false;
	if (s.level)
		s.p = s.line;
	return s.exists;
}

/* What an EOI leaves to be done, in this order: a bit for each, so nothing is one test. */
enum Ended : u32 {
	kEnded = 0,
	kEndedUnknown = 1, /* no such source */
	kEndedLetGo = 2,   /* tell who held it */
	kEndedAgain = 4,   /* deliver */
};

/*
 * EOI: the next MSI is due if one is queued, a level if its line asserts it. Whether
 * it comes again is decided here: who holds it anew afterwards delivers it himself,
 * or finds that it is coming.
 */
constexpr Ended eoi(SourceState &s)
{
	if (!s.exists)
		return kEndedUnknown;

	bool held = s.held;

	s.held = false;
	s.p = s.level ? s.line : s.q;
	s.q = false;
	return Ended(held * kEndedLetGo | s.p * kEndedAgain);
}

} // namespace vintc::xics::source

#endif /* VINTC_CORE_XICS_SOURCE_INPUT_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazards 16 and 19, in every state that a source can come into: an interrupt that
 * came is in one place, and the attribute brings the state back, with the exceptions
 * that are asserted here.
 */
#include "xics/source_walk.h"

using namespace vintc::test;

namespace {

/* What a VMM has after it set what it got, at a server whose ICP is in reset. */
SourceState restored(const SourceState &s)
{
	u64 attr = source::to_attr(s);
	SourceState to;

	if (source::set_attr(to, attr) && source::begin_delivery(to))
		EXPECT_TRUE(source::wait(to, to.server, to.priority));
	return to;
}

TEST_P(SourceWalk, hazard16_an_interrupt_is_in_one_place)
{
	walk();
	EXPECT_GT(worlds.size(), 30u);
}

TEST_P(SourceWalk, hazard19_get_set_get_is_the_identity)
{
	walk();
	for (const World &w : worlds) {
		SourceState s = restored(w.s);

		EXPECT_EQ(source::to_attr(s), source::to_attr(w.s)) << w;
		EXPECT_EQ(s.server, w.s.server) << w;
		EXPECT_EQ(s.priority, w.s.priority) << w;
		EXPECT_EQ(s.saved_priority, w.s.saved_priority) << w;
		EXPECT_EQ(s.line || s.held, w.s.line || (w.s.level && w.s.held)) << w;
	}
}

/* On the device that it came from, also the inputs are as they were. */
TEST_P(SourceWalk, hazard19_setting_what_is_there_keeps_the_inputs)
{
	walk();
	for (const World &w : worlds) {
		SourceState s = w.s;

		source::set_attr(s, source::to_attr(s));
		EXPECT_EQ(s.line, w.s.line) << w;
		EXPECT_EQ(s.held, w.s.held) << w;
	}
}

TEST_P(SourceWalk, hazard19_no_interrupt_is_dropped_or_doubled_by_a_restore)
{
	walk();
	for (const World &w : worlds) {
		SourceState s = restored(w.s);
		bool kept_before = w.s.waiting || w.s.masked_pending,
		     kept = s.waiting || s.masked_pending;

		if (!w.s.level)
			EXPECT_EQ(kept, kept_before) << w;
		else
			/*
			 * The kernel's encoding has no place for "on its way" of
			 * a level: one that is asserted is delivered anew (also
			 * when an XISR has it: it comes once more, and the guest
			 * finds nothing to do), one that is not is forgotten.
			 */
			EXPECT_EQ(kept, w.s.p) << w;
	}
}

INSTANTIATE_TEST_SUITE_P(, SourceWalk, testing::Bool(),
			 [](const auto &which) { return which.param ? "level" : "msi"; });

/*
 * A guest that ends an MSI it never accepted makes the one state that the attribute
 * does not bring back: waiting, and P = 0. The interrupt is kept; P is set by the
 * restore. The register brings it back as it was.
 */
TEST(SourceRoundTrip, an_msi_ended_while_it_waits_comes_back_presented)
{
	SourceState s = { .server = 1,
			  .priority = 5,
			  .saved_priority = 5,
			  .exists = true,
			  .p = true,
			  .waiting = true };

	EXPECT_EQ(source::eoi(s), source::kEnded);
	EXPECT_EQ(source::to_attr(s) & source_attr::kPresented, 0u);
	EXPECT_NE(source::to_attr(s) & source_attr::kPending, 0u);

	SourceState to;

	EXPECT_TRUE(source::set_attr(to, source::to_attr(s)));
	EXPECT_TRUE(to.p);
}

} // namespace

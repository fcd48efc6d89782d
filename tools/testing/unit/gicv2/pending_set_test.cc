// SPDX-License-Identifier: GPL-2.0-only
/* The hints of what pends at a CPU: found by priority, then by INTID, as a sorted set has them. */
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>
#include <vector>

#include "core/gicv2/pending.h"

using namespace vintc::gicv2;

namespace {

using Entry = std::pair<u32, u32>; /* level, INTID */

class GicPendingSet : public testing::TestWithParam<u32> {
protected:
	GicPendingSet() { EXPECT_TRUE(pending->create(irqs)); }
	~GicPendingSet() override { pending->destroy(); }

	/* All entries, in the order in which they are found. */
	std::vector<Entry> found()
	{
		std::vector<Entry> all;

		pending->find([&](u32 level, u32 intid) {
			all.emplace_back(level, intid);
			return false;
		});
		return all;
	}

	const u32 irqs = GetParam();
	/* Zeroed, as the platform's memory is. */
	std::unique_ptr<PendingSet> pending{ new PendingSet() };
};

TEST_P(GicPendingSet, each_entry_alone)
{
	for (u32 level = 0; level < kLevels; level++)
		for (u32 intid = 0; intid < irqs; intid++) {
			EXPECT_TRUE(pending->empty());
			pending->add(level, intid);
			EXPECT_FALSE(pending->empty());
			EXPECT_EQ(found(), (std::vector<Entry>{ { level, intid } }));
			pending->remove(level, intid);
		}
	EXPECT_EQ(found(), std::vector<Entry>{});
}

TEST_P(GicPendingSet, any_entries_in_order)
{
	std::mt19937 random(irqs);
	std::set<Entry> expected;

	for (int i = 0; i < 2000; i++) {
		u32 level = random() % 4 * 9, intid = random() % irqs;

		if (random() % 2) {
			pending->add(level, intid);
			expected.emplace(level, intid);
		} else {
			pending->remove(level, intid);
			expected.erase({ level, intid });
		}
		ASSERT_EQ(pending->empty(), expected.empty());
		if (i % 16 == 0)
			ASSERT_EQ(found(), std::vector<Entry>(expected.begin(), expected.end()));
	}
}

/* As the search for the best one does with entries that lead to nothing. */
TEST_P(GicPendingSet, entries_go_while_they_are_visited)
{
	for (u32 intid = 0; intid < irqs; intid += 3)
		pending->add(intid % kLevels, intid);
	pending->find([&](u32 level, u32 intid) {
		pending->remove(level, intid);
		return false;
	});
	EXPECT_EQ(found(), std::vector<Entry>{});
	EXPECT_TRUE(pending->empty());
}

TEST_P(GicPendingSet, a_search_ends_where_it_is_told_to)
{
	u32 visits = 0;

	for (u32 intid = 0; intid < irqs; intid++)
		pending->add(intid % kLevels, intid);
	pending->find([&](u32, u32) { return ++visits == 3; });
	EXPECT_EQ(visits, 3u);
}

INSTANTIATE_TEST_SUITE_P(, GicPendingSet, testing::Values(32u, 64u, 96u, 1024u));

} // namespace

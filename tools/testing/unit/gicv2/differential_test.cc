// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hazards 12 and 20: long random sequences of what guests and devices do. After
 * each operation the core answers as the reference does, and presents what it
 * presents. A sequence that fails is made shorter before it is shown.
 */
#include "gicv2/random_guest.h"

using namespace vintc::test::gicv2;

namespace {

constexpr size_t kLength = 6000;

class GicDifferential : public testing::TestWithParam<unsigned> {
protected:
	RandomGuest guest{ GetParam() };

	/* What differs, and when it was first seen. */
	struct Failure {
		std::string difference;
		size_t after = 0;
	};

	Failure run(const std::vector<Op> &ops) const
	{
		Pair pair(guest.machine);

		for (size_t i = 0; i < ops.size(); i++) {
			std::string difference = pair.apply(ops[i]);

			if (difference.empty() && (i % 64 == 63 || i + 1 == ops.size()))
				difference = pair.compare_state();
			if (!difference.empty())
				return { difference, i + 1 };
		}
		return {};
	}

	/* Leaves out what the failure does not need: halves, quarters, at last single operations. */
	std::vector<Op> shrink(std::vector<Op> ops) const
	{
		for (size_t chunk = ops.size() / 2; chunk; chunk /= 2)
			for (size_t i = 0; i + chunk <= ops.size();) {
				std::vector<Op> fewer = ops;

				fewer.erase(fewer.begin() + long(i),
					    fewer.begin() + long(i + chunk));

				Failure f = run(fewer);

				if (f.difference.empty()) {
					i += chunk;
				} else {
					fewer.resize(f.after);
					ops = fewer;
				}
			}
		return ops;
	}

	void agree(std::vector<Op> ops)
	{
		Failure f = run(ops);

		if (f.difference.empty())
			return;
		ops.resize(f.after);
		ops = shrink(ops);

		std::ostringstream shown;

		for (const Op &op : ops)
			shown << "  " << op << "\n";
		FAIL() << guest.machine.cpus.size() << " CPUs, " << guest.machine.irqs << " irqs:\n"
		       << shown.str() << run(ops).difference;
	}
};

TEST_P(GicDifferential, hazard12_hazard20_wild_guest_agrees_with_the_reference)
{
	agree(guest.wild_sequence(kLength));
}

TEST_P(GicDifferential, hazard20_well_behaved_guest_agrees_with_the_reference)
{
	agree(guest.well_behaved_sequence(kLength));
}

INSTANTIATE_TEST_SUITE_P(, GicDifferential, testing::Range(0u, kSequences));

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 5 and 6: every allocation fails in turn; what failed works when it is tried again. */
#include "support/gicv2_machine.h"

using namespace vintc::test::gicv2;
using vintc::test::Memory;

namespace {

class GicAllocation : public testing::Test {
protected:
	~GicAllocation() override { EXPECT_EQ(Memory::in_use, in_use_before) << "leaked"; }

	/* As in xics/allocation_test.cc: returns how many allocations attempt() needs. */
	template <class Attempt> static long fail_each_in_turn(Attempt attempt)
	{
		for (long successes = 0;; successes++) {
			Memory::FailAfter fails(successes);

			if (attempt())
				return successes;
			EXPECT_LT(successes, 20);
		}
	}

	/* What a GIC holds, in bytes. */
	template <class Use> static u64 bytes(Use use)
	{
		u64 before = Memory::bytes;

		use();
		return Memory::bytes - before;
	}

	const long in_use_before = Memory::in_use;
};

TEST_F(GicAllocation, hazard5_create)
{
	vintc_gic *gic = nullptr;

	EXPECT_EQ(fail_each_in_turn([&] {
			  gic = vintc_gic_create(nullptr);
			  return gic != nullptr;
		  }),
		  1);
	vintc_gic_destroy(gic);
	vintc_gic_destroy(nullptr);
}

TEST_F(GicAllocation, hazard5_connect)
{
	Gic g({});

	for (u32 number : { 0u, 7u }) {
		EXPECT_GE(fail_each_in_turn([&] {
				  vintc_result result = g.connect(number);

				  EXPECT_TRUE(result == VINTC_OK || result == VINTC_NO_MEMORY);
				  EXPECT_EQ(g.cpu(number) != nullptr, result == VINTC_OK);
				  return result == VINTC_OK;
			  }),
			  1);
		EXPECT_EQ(g.connect(number), VINTC_EXISTS);
	}
}

TEST_F(GicAllocation, hazard5_init)
{
	for (u32 irqs : { 32u, 1024u }) {
		Gic g({ 0, 1, 2, 3, 4, 5, 6, 7 });
		long held = Memory::in_use;

		EXPECT_GE(fail_each_in_turn([&] {
				  vintc_result result = vintc_gic_init(g.gic(), irqs);

				  if (result != VINTC_OK) {
					  EXPECT_EQ(result, VINTC_NO_MEMORY);
					  EXPECT_EQ(Memory::in_use, held) << "kept by a failure";
					  EXPECT_EQ(g.inject(32, VINTC_HIGH), VINTC_UNKNOWN_SOURCE);
				  }
				  return result == VINTC_OK;
			  }),
			  1);
		g.open();
		g.sgi(0, 0x80, 3);
		EXPECT_EQ(g.iar(7), 3u);
		if (irqs > 32) {
			g.set_spi(1019, 0x80, 0x40);
			g.eoir(7, 3);
			g.inject(1019, VINTC_HIGH);
			EXPECT_EQ(g.iar(7), 1019u);
		}
	}
}

TEST_F(GicAllocation, hazard6_a_refused_call_takes_no_memory)
{
	Gic g({ 0 });
	long before = Memory::in_use;

	EXPECT_EQ(g.connect(8), VINTC_INVALID);
	EXPECT_EQ(g.connect(0), VINTC_EXISTS);
	EXPECT_EQ(vintc_gic_init(g.gic(), 33), VINTC_INVALID);
	EXPECT_EQ(vintc_gic_init(g.gic(), 2048), VINTC_INVALID);
	EXPECT_EQ(Memory::in_use, before);
}

TEST_F(GicAllocation, hazard6_no_access_and_no_injection_takes_any)
{
	Gic g({ 0, 1 }, 1024);
	long before = Memory::asked;

	g.open();
	for (u32 intid = 32; intid < 1020; intid++) {
		g.set_spi(intid, 3, u8(intid));
		g.inject(intid, VINTC_HIGH);
	}
	EXPECT_NE(g.enter(1), 0u);
	for (u32 offset = 0; offset < 0x2000; offset += 4)
		for (auto frame : { VINTC_GICD, VINTC_GICC }) {
			g.read(0, frame, offset);
			g.write(0, frame, offset, ~0u);
		}
	EXPECT_EQ(Memory::asked, before);
}

/* A word for each interrupt, and for each CPU 4 bytes of hints for each. */
TEST_F(GicAllocation, what_a_gic_holds)
{
	EXPECT_LE(bytes([] { Gic g({ 0, 1, 2, 3, 4, 5, 6, 7 }, 288); }), 20u << 10);
	EXPECT_LE(bytes([] { Gic g({ 0 }, 64); }), 2u << 10);
	EXPECT_LE(bytes([] { Gic g({ 0, 1, 2, 3, 4, 5, 6, 7 }, 1024); }), 48u << 10);
}

TEST_F(GicAllocation, hazard5_destroy_at_every_stage)
{
	{
		Gic g({});
	}
	{
		Gic g({ 0, 7 });
	}
	{
		Gic g({ 0, 7 }, 32);
	}
	{
		Gic g({ 3 }, 1024);

		g.open();
		g.set_spi(1000, 0xff, 0);
		g.inject(1000, VINTC_HIGH);
	}
}

} // namespace

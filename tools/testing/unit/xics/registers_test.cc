// SPDX-License-Identifier: GPL-2.0-only
/* Hazards 19 and 23: a XICS' state register by register: which there are, and what is refused. */
#include "support/machine.h"
#include "support/xics_registers.h"

using namespace vintc::test;

namespace {

/* Fields of KVM_VINTC_REG_SOURCE(), as the ABI has them. */
constexpr u64 kExists = 1ull << 48, kLevel = 1ull << 49, kP = 1ull << 50, kQ = 1ull << 51,
	      kWaiting = 1ull << 52, kKept = 1ull << 53, kLine = 1ull << 54, kHeld = 1ull << 55;

constexpr u64 exact(u32 server, u8 priority, u8 saved, u64 flags = 0)
{
	return server | u64(priority) << 32 | u64(saved) << 40 | kExists | flags;
}

class RegistersTest : public testing::Test {
protected:
	vintc_result check(vintc_reg_kind kind, u32 index, u64 value)
	{
		vintc_reg reg = { kind, index, value };

		return vintc_xics_check_reg(m.xics(), &reg);
	}
	vintc_result check_source(u64 value) { return check(VINTC_REG_SOURCE, 16, value); }

	void set(vintc_reg_kind kind, u32 index, u64 value)
	{
		vintc_reg reg = { kind, index, value };

		ASSERT_EQ(check(kind, index, value), VINTC_OK) << std::hex << value;
		vintc_xics_set_reg(m.xics(), &reg);
	}
	void settle() { vintc_xics_settle(m.xics()); }

	std::optional<u64> get(vintc_reg_kind kind, u32 index)
	{
		vintc_reg reg = { kind, index, 0 };
		vintc_result result = vintc_xics_get_reg(m.xics(), &reg);

		EXPECT_TRUE(result == VINTC_OK || result == VINTC_NOT_FOUND);
		return result == VINTC_OK ? std::optional(reg.value) : std::nullopt;
	}

	Machine m{ { 300, 0, 65535, 1 } };
};

TEST_F(RegistersTest, all_are_visited_by_kind_and_number)
{
	for (u32 number : { (1u << 24) - 1, 16u, 0x800000u, 17u, 600u })
		ASSERT_EQ(m.set_source(number, attr::source(1, 5)), VINTC_OK);

	u64 reset = icp_reg(0, 0, 0xff, 0xff), source = exact(1, 5, 5);
	Registers expected = {
		{ VINTC_REG_ICP, 0, reset },
		{ VINTC_REG_ICP, 1, reset },
		{ VINTC_REG_ICP, 300, reset },
		{ VINTC_REG_ICP, 65535, reset },
		{ VINTC_REG_SOURCE, 16, source },
		{ VINTC_REG_SOURCE, 17, source },
		{ VINTC_REG_SOURCE, 600, source },
		{ VINTC_REG_SOURCE, 0x800000, source },
		{ VINTC_REG_SOURCE, 0xffffff, source },
	};

	EXPECT_EQ(registers_of(m.xics()), expected);
	for (const vintc_reg &reg : expected)
		EXPECT_EQ(get(reg.kind, reg.index), reg.value);
}

TEST_F(RegistersTest, what_is_not_there_is_not_found)
{
	ASSERT_EQ(m.set_source(16, attr::source(1, 5)), VINTC_OK);
	for (u32 server : { 2u, 301u, 65536u, ~0u }) {
		EXPECT_EQ(get(VINTC_REG_ICP, server), std::nullopt);
		EXPECT_EQ(check(VINTC_REG_ICP, server, icp_reg(0, 0, 0xff, 0xff)), VINTC_NOT_FOUND);
	}
	for (u32 number : { 17u, 600u, 0x800000u, 0u, 15u, 1u << 24, ~0u })
		EXPECT_EQ(get(VINTC_REG_SOURCE, number), std::nullopt);
	for (u32 number : { 0u, 2u, 15u, 1u << 24, ~0u })
		EXPECT_EQ(check(VINTC_REG_SOURCE, number, exact(1, 5, 5)), VINTC_NOT_FOUND);
	for (auto kind : { VINTC_REG_GIC_DIST, VINTC_REG_GIC_CPU, VINTC_REG_GIC_IRQ }) {
		EXPECT_EQ(get(kind, 16), std::nullopt);
		EXPECT_EQ(check(kind, 16, exact(1, 5, 5)), VINTC_NOT_FOUND);
	}
}

TEST_F(RegistersTest, a_check_leaves_everything_as_it_was)
{
	ASSERT_EQ(m.set_source(16, attr::source(1, 5)), VINTC_OK);

	Registers before = registers_of(m.xics());

	EXPECT_EQ(check(VINTC_REG_SOURCE, 16, exact(0, 6, 6, kP)), VINTC_OK);
	EXPECT_EQ(check(VINTC_REG_SOURCE, 0x5000, exact(0, 6, 6, kP)), VINTC_OK);
	EXPECT_EQ(check(VINTC_REG_ICP, 0, icp_reg(9, 16, 6, 5)), VINTC_OK);
	EXPECT_EQ(registers_of(m.xics()), before);
	EXPECT_EQ(m.inject(0x5000), VINTC_UNKNOWN_SOURCE);
}

TEST_F(RegistersTest, hazard23_icps_that_are_refused)
{
	u64 good = icp_reg(9, 16, 6, 5);

	EXPECT_EQ(check(VINTC_REG_ICP, 0, good), VINTC_OK) << "whether the source is there or not";
	for (unsigned bit = 0; bit < 16; bit++)
		EXPECT_EQ(check(VINTC_REG_ICP, 0, good | 1ull << bit), VINTC_INVALID) << bit;
	for (u64 bad :
	     { icp_reg(9, 0, 6, 5), icp_reg(9, 1, 6, 5), icp_reg(9, 15, 6, 5), icp_reg(9, 16, 5, 5),
	       icp_reg(5, 16, 6, 5), icp_reg(9, kIpi, 4, 5), icp_reg(5, kIpi, 5, 5) })
		EXPECT_EQ(check(VINTC_REG_ICP, 0, bad), VINTC_INVALID) << std::hex << bad;
	for (u64 fine : { icp_reg(9, kIpi, 5, 5), icp_reg(9, 0xffffff, 6, 5),
			  icp_reg(0xff, 0, 0, 0xff), icp_reg(0, 0, 0, 0xff) })
		EXPECT_EQ(check(VINTC_REG_ICP, 0, fine), VINTC_OK) << std::hex << fine;
}

TEST_F(RegistersTest, what_an_icp_needs)
{
	auto needs = [](vintc_reg_kind kind, u64 value) {
		vintc_reg reg = { kind, 16, value };

		return vintc_xics_reg_needs(&reg);
	};

	EXPECT_EQ(needs(VINTC_REG_ICP, icp_reg(9, 16, 6, 5)), 16u);
	EXPECT_EQ(needs(VINTC_REG_ICP, icp_reg(9, 0xffffff, 6, 5)), 0xffffffu);
	EXPECT_EQ(needs(VINTC_REG_ICP, icp_reg(9, kIpi, 5, 5)), 0u);
	EXPECT_EQ(needs(VINTC_REG_ICP, icp_reg(9, 0, 5, 0xff)), 0u);
	EXPECT_EQ(needs(VINTC_REG_SOURCE, exact(0x1234, 5, 5)), 0u);
}

/* Every combination of flags, of an MSI and a level, masked and not. */
TEST_F(RegistersTest, hazard23_sources_that_are_refused)
{
	for (u64 flags = 0; flags < 256; flags++)
		for (u8 priority : { u8(5), kMasked }) {
			u64 f = flags << 48;
			bool level = f & kLevel, p = f & kP, q = f & kQ, line = f & kLine,
			     held = f & kHeld, masked = priority == kMasked;
			bool good = (f & kExists) && (level ? p == (line || held) : !line) &&
				    (!q || (p && !level)) && !(masked && f & kWaiting) &&
				    !(!masked && f & kKept);

			EXPECT_EQ(check_source((exact(0, priority, 5) & ~kExists) | f),
				  good ? VINTC_OK : VINTC_INVALID)
				<< std::hex << f << " " << +priority;
		}
	for (unsigned bit = 56; bit < 64; bit++)
		EXPECT_EQ(check_source(exact(0, 5, 5) | 1ull << bit), VINTC_INVALID) << bit;
}

TEST_F(RegistersTest, a_source_wants_its_server_unless_it_is_masked_for_good)
{
	for (u32 nobody : { 2u, 65536u, ~0u }) {
		EXPECT_EQ(check_source(exact(nobody, 5, 5)), VINTC_INVALID);
		EXPECT_EQ(check_source(exact(nobody, kMasked, 5)), VINTC_INVALID);
		EXPECT_EQ(check_source(exact(nobody, 5, kMasked)), VINTC_INVALID);
		EXPECT_EQ(check_source(exact(nobody, kMasked, kMasked)), VINTC_OK);
	}
	EXPECT_EQ(check_source(exact(65535, 5, 5)), VINTC_OK);
}

/* What the attribute makes P of comes back as it was. */
TEST_F(RegistersTest, hazard19_an_msi_ended_while_it_waits)
{
	ASSERT_EQ(m.set_source(16, attr::source(0, 5)), VINTC_OK);
	EXPECT_EQ(m.inject(16), VINTC_DELIVERED);
	EXPECT_EQ(m.eoi(0, 16), VINTC_H_SUCCESS);

	Registers before = registers_of(m.xics());
	Machine to({ 300, 0, 65535, 1 });

	EXPECT_EQ(get(VINTC_REG_SOURCE, 16), exact(0, 5, 5, kWaiting));
	restore(to.xics(), before);
	EXPECT_EQ(registers_of(to.xics()), before);
}

/* A VMM's own making: what its ICP would accept does not wait for a next time. */
TEST_F(RegistersTest, settling_delivers_what_needs_not_wait)
{
	set(VINTC_REG_ICP, 0, icp_reg(0xff, 0, 0xff, 0xff));
	set(VINTC_REG_SOURCE, 16, exact(0, 6, 6, kP | kWaiting));
	set(VINTC_REG_SOURCE, 17, exact(0, 5, 5, kP | kWaiting));
	set(VINTC_REG_SOURCE, 18, exact(1, 5, 5, kP | kWaiting));
	settle();
	EXPECT_TRUE(m.line(0));
	EXPECT_FALSE(m.line(1));
	EXPECT_EQ(get(VINTC_REG_ICP, 0), icp_reg(0xff, 17, 0xff, 5));
	EXPECT_EQ(get(VINTC_REG_SOURCE, 16), exact(0, 6, 6, kP | kWaiting));
	EXPECT_EQ(get(VINTC_REG_SOURCE, 18), exact(1, 5, 5, kP | kWaiting));
	for (u32 number : { 17u, 16u }) {
		EXPECT_EQ(m.xirr(0), 0xff000000 | number);
		EXPECT_EQ(m.eoi(0, 0xff000000 | number), VINTC_H_SUCCESS);
	}
	EXPECT_EQ(m.cppr(1, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(m.xirr(1), 0xff000012u);
}

/* Lines follow, up and down, and a vCPU that sleeps is made to look. */
TEST_F(RegistersTest, settling_drives_the_lines)
{
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	EXPECT_EQ(m.ipi(0, 0, 4), VINTC_H_SUCCESS);
	EXPECT_TRUE(m.line(0));

	u64 kicks = m.cpu(1).kicks;

	set(VINTC_REG_ICP, 0, icp_reg(0xff, 0, 0xff, 0xff));
	set(VINTC_REG_ICP, 1, icp_reg(0xff, kIpi, 4, 4));
	settle();
	EXPECT_FALSE(m.line(0));
	EXPECT_TRUE(m.line(1));
	EXPECT_EQ(m.cpu(1).kicks, kicks + 1);
}

/* Hints of the state before lead nowhere, and the counters go on. */
TEST_F(RegistersTest, a_reset_keeps_what_is_no_state)
{
	ASSERT_EQ(m.set_source(16, attr::source(0, 5)), VINTC_OK);
	EXPECT_EQ(m.inject(16), VINTC_DELIVERED);

	vintc_counts before = m.counts();

	vintc_xics_reset(m.xics());
	settle();
	EXPECT_EQ(m.counts().hypercalls, before.hypercalls);
	EXPECT_EQ(m.counts().resends, before.resends);
	EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	EXPECT_FALSE(m.line(0));
	EXPECT_EQ(m.connect(0), VINTC_EXISTS);
	EXPECT_EQ(get(VINTC_REG_SOURCE, 16), exact(0, kMasked, kMasked));
}

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
/* A VM with one source, whose inputs something happens to. */
#ifndef VINTC_UNIT_XICS_INPUTS_H
#define VINTC_UNIT_XICS_INPUTS_H

#include "support/machine.h"

namespace vintc::test {

inline constexpr u32 S = 16;

class Inputs : public testing::Test {
protected:
	Inputs()
	{
		m.on_input_ended([this](u32 source) {
			EXPECT_EQ(source, S);
			ended++;
			if (again) {
				again = false;
				EXPECT_NE(m.inject(S, VINTC_HOLD), VINTC_UNKNOWN_SOURCE);
			}
		});
		EXPECT_EQ(m.cppr(0, 0xff), VINTC_H_SUCCESS);
	}

	void make(u64 flags) { ASSERT_EQ(m.set_source(S, attr::source(0, 5, flags)), VINTC_OK); }

	/* Accepts S, which has to be there. */
	void accept()
	{
		EXPECT_TRUE(m.line(0));
		EXPECT_EQ(m.xirr(0), 0xff000000 | S);
	}
	void eoi() { EXPECT_EQ(m.eoi(0, 0xff000000 | S), VINTC_H_SUCCESS); }

	/* Nothing is there, and nothing comes. */
	void idle()
	{
		EXPECT_FALSE(m.line(0));
		EXPECT_EQ(m.xirr(0), 0xff000000);
	}

	bool held() { return exact() >> 55 & 1; }
	u64 exact()
	{
		vintc_reg reg = { VINTC_REG_SOURCE, S, 0 };

		EXPECT_EQ(vintc_xics_get_reg(m.xics(), &reg), VINTC_OK);
		return reg.value;
	}

	Machine m{ { 0, 1 } };
	unsigned ended = 0;
	bool again = false; /* what is let go is held again at once */
};

} // namespace vintc::test

#endif /* VINTC_UNIT_XICS_INPUTS_H */

// SPDX-License-Identifier: GPL-2.0-only
/* All registers of a XICS, to be compared and carried to another. */
#ifndef VINTC_UNIT_XICS_REGISTERS_H
#define VINTC_UNIT_XICS_REGISTERS_H

#include <gtest/gtest.h>

#include <ios>
#include <ostream>
#include <vector>

#include "core/controller.h"

inline bool operator==(const vintc_reg &a, const vintc_reg &b)
{
	return a.kind == b.kind && a.index == b.index && a.value == b.value;
}

inline void PrintTo(const vintc_reg &reg, std::ostream *os)
{
	*os << (reg.kind == VINTC_REG_ICP ? "ICP " : "source ") << std::hex << reg.index << ": "
	    << reg.value;
}

namespace vintc::test {

using Registers = std::vector<vintc_reg>;

inline Registers registers_of(const vintc_xics *xics)
{
	Registers all;

	vintc_xics_visit_regs(
		xics,
		[](void *arg, const vintc_reg *reg) {
			static_cast<Registers *>(arg)->push_back(*reg);
		},
		&all);
	return all;
}

/* Makes the state of a XICS with the same servers, and not yet any source, that. */
inline void restore(vintc_xics *xics, const Registers &registers)
{
	for (const vintc_reg &reg : registers)
		ASSERT_EQ(vintc_xics_check_reg(xics, &reg), VINTC_OK)
			<< testing::PrintToString(reg);
	for (const vintc_reg &reg : registers)
		vintc_xics_set_reg(xics, &reg);
	vintc_xics_settle(xics);
}

} // namespace vintc::test

#endif /* VINTC_UNIT_XICS_REGISTERS_H */

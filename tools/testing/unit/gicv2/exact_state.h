// SPDX-License-Identifier: GPL-2.0-only
/* The state of a GIC as its exact registers, and how it gets into another one. */
#ifndef VINTC_UNIT_GICV2_EXACT_STATE_H
#define VINTC_UNIT_GICV2_EXACT_STATE_H

#include <linux/kvm_vintc.h>

#include <vector>

#include "support/gicv2_machine.h"

namespace vintc::test::gicv2 {

struct Exact {
	vintc_reg_kind kind;
	u32 index;
	u64 value;

	bool operator==(const Exact &) const = default;
	auto place() const { return std::pair(kind, index); }

	friend std::ostream &operator<<(std::ostream &os, const Exact &e)
	{
		return os << e.kind << "/" << std::hex << e.index << " " << e.value << std::dec;
	}
};

/* All of them, in the order in which they are told. */
inline std::vector<Exact> exact_state(Gic &g)
{
	std::vector<Exact> all;

	vintc_gic_visit_regs(
		g.gic(),
		[](void *arg, const vintc_reg *r) {
			static_cast<std::vector<Exact> *>(arg)->push_back(
				{ r->kind, r->index, r->value });
		},
		&all);
	return all;
}

inline void restore_exactly(Gic &g, const std::vector<Exact> &state)
{
	for (const Exact &e : state)
		EXPECT_EQ(g.set_exact(e.kind, e.index, e.value), VINTC_OK) << e;
	vintc_gic_settle(g.gic());
}

/* What is left of @state by a reset: a new machine's, with the inputs as they are. */
inline std::vector<Exact> at_power_on(const std::vector<Exact> &state, std::vector<Exact> fresh)
{
	constexpr u64 kInputs = KVM_VINTC_GIC_IRQ_LINE | KVM_VINTC_GIC_IRQ_HELD;

	for (size_t i = 0; i < state.size(); i++)
		if (state[i].kind == VINTC_REG_GIC_IRQ)
			fresh[i].value |= state[i].value & kInputs;
	return fresh;
}

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_EXACT_STATE_H */

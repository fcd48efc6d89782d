// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is done to a GICv2, as a value: so a sequence of operations can be run again,
 * made shorter and shown.
 */
#ifndef VINTC_UNIT_GICV2_OP_H
#define VINTC_UNIT_GICV2_OP_H

#include <ostream>

#include "core/controller.h"

namespace vintc::test::gicv2 {

struct Op {
	enum Kind : u8 {
		kRead,	     /* of a register, by the guest */
		kWrite,	     /* likewise */
		kInject,     /* an input, @value is what it does */
		kLevels,     /* of the sampled PPIs, and enters the guest */
		kTake,	     /* IAR, and remembers what came */
		kEnd,	     /* EOIR of what this CPU took last */
		kDeactivate, /* DIR of what this CPU ended first, in EOImode 1 */
		kReset,	     /* by the VMM */
	} kind;
	u32 cpu = 0;
	vintc_gic_frame frame = VINTC_GICD;
	u32 offset = 0, width = 4;
	u64 value = 0;
	u32 intid = 0;

	friend std::ostream &operator<<(std::ostream &os, const Op &op)
	{
		static constexpr const char *kNames[] = { "read", "write", "inject",	 "levels",
							  "take", "end",   "deactivate", "reset" };

		os << "cpu" << op.cpu << " " << kNames[op.kind] << std::hex;
		if (op.kind <= kWrite)
			os << (op.frame == VINTC_GICD ? " GICD+" : " GICC+") << op.offset << "/"
			   << op.width;
		if (op.kind == kInject)
			os << " intid " << std::dec << op.intid;
		if (op.kind == kWrite || op.kind == kInject || op.kind == kLevels)
			os << " " << op.value;
		return os << std::dec;
	}
};

} // namespace vintc::test::gicv2

#endif /* VINTC_UNIT_GICV2_OP_H */

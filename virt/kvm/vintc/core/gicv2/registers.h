// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers that are words of their own, as tables. Each row says what a
 * guest reads and writes and what a VMM does; where there is no function the
 * guest reads zero and its writes are ignored, and a VMM finds no register.
 */
#ifndef VINTC_CORE_GICV2_REGISTERS_H
#define VINTC_CORE_GICV2_REGISTERS_H

#include "gic.h"

namespace vintc::gicv2 {

struct Register {
	u16 offset;
	u32 (*read)(vintc_gic &gic, vintc_gic_cpu &cpu);
	void (*write)(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value);
	u32 (*get)(vintc_gic &gic, vintc_gic_cpu &cpu);
	vintc_result (*set)(vintc_gic &gic, vintc_gic_cpu &cpu, u32 value);
};

/* The register at this offset of a frame, or null. */
const Register *find_register(vintc_gic_frame frame, u32 offset);

} // namespace vintc::gicv2

#endif /* VINTC_CORE_GICV2_REGISTERS_H */

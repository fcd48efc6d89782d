// SPDX-License-Identifier: GPL-2.0-only
/* The least that the core can run on: what is counted is the core. */
#include "core/platform.h"

#include <cstdlib>

#include "rows.h"

using vintc::native::Cpu;

extern "C" {

void *vintc_alloc(unsigned long size)
{
	return std::calloc(1, size);
}

void vintc_free(void *memory)
{
	std::free(memory);
}

void vintc_line_raise(void *cpu, bool)
{
	static_cast<Cpu *>(cpu)->line = true;
}

void vintc_line_lower(void *cpu)
{
	static_cast<Cpu *>(cpu)->line = false;
}

void vintc_input_ended(void *, u32) {}
void vintc_rejected(void *, u32) {}
void vintc_resent(void *, u32) {}

u64 vintc_timebase(void)
{
	return 0;
}

} // extern "C"

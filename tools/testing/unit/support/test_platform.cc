// SPDX-License-Identifier: GPL-2.0-only
#include "test_platform.h"

#include <cstdio>
#include <cstdlib>

using vintc::test::Cpu;
using vintc::test::Memory;
using vintc::test::Owner;

namespace {

[[noreturn]] void breach(const char *rule)
{
	std::fprintf(stderr, "platform.h: %s\n", rule);
	std::abort();
}

bool may_act_as(const Cpu &cpu)
{
	std::thread::id owner = cpu.runs_on;

	return owner == std::thread::id{} || owner == std::this_thread::get_id();
}

/* Moves the line, as the only thing that other threads see. */
void set_line(Cpu &cpu, bool up)
{
	if (vintc::test::before_line_change)
		vintc::test::before_line_change();
	cpu.line = up;
}

} // namespace

extern "C" {

void *vintc_alloc(unsigned long size)
{
	Memory::asked++;
	if (u64 largest = Memory::largest; size > largest)
		Memory::largest = size;
	if (Memory::left >= 0 && Memory::left-- <= 0) {
		Memory::left = 0;
		return nullptr;
	}
	Memory::in_use++;
	Memory::bytes += size;
	return std::calloc(1, size);
}

void vintc_free(void *memory)
{
	if (memory)
		Memory::in_use--;
	std::free(memory);
}

void vintc_line_raise(void *opaque, bool self)
{
	auto &cpu = *static_cast<Cpu *>(opaque);

	if (self && !may_act_as(cpu))
		breach("a raise by another thread says it is the vCPU's own");
	if (!self)
		cpu.kicks++;
	set_line(cpu, true);
	cpu.line.notify_all();
}

void vintc_line_lower(void *opaque)
{
	auto &cpu = *static_cast<Cpu *>(opaque);

	if (!may_act_as(cpu))
		breach("a running vCPU's line is lowered by another thread");
	set_line(cpu, false);
}

void vintc_input_ended(void *opaque, u32 input)
{
	auto *owner = static_cast<Owner *>(opaque);

	if (owner && owner->ended)
		owner->ended(input);
}

void vintc_rejected(void *opaque, u32)
{
	static_cast<Cpu *>(opaque)->rejected++;
}

void vintc_resent(void *opaque, u32)
{
	static_cast<Cpu *>(opaque)->resent++;
}

u64 vintc_timebase(void)
{
	return vintc::test::timebase++;
}

} // extern "C"

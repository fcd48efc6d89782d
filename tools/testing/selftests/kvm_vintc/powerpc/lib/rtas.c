// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <string.h>

#include "rtas.h"

void rtas_write(struct vm *vm, u64 block, int index, u32 value)
{
	u32 word = htobe32(value);

	memcpy(vm->memory + block + 4 * index, &word, sizeof(word));
}

u32 rtas_read(struct vm *vm, u64 block, int index)
{
	u32 word;

	memcpy(&word, vm->memory + block + 4 * index, sizeof(word));
	return be32toh(word);
}

void rtas_prepare(struct vm *vm, u64 block, u32 token, u32 nargs, u32 nret,
		  const u32 *args)
{
	rtas_write(vm, block, 0, token);
	rtas_write(vm, block, 1, nargs);
	rtas_write(vm, block, 2, nret);
	for (u32 i = 0; i < RTAS_WORDS; i++)
		rtas_write(vm, block, RTAS_HEADER + i, i < nargs ? args[i] : RTAS_FILL);
}

static int call(struct vcpu *cpu, enum rtas_service service, u32 nargs, u32 nret,
		const u32 *args)
{
	struct hcall h;

	rtas_prepare(cpu->vm, RTAS_BLOCK, rtas_token(service), nargs, nret, args);
	h = hcall(cpu, H_RTAS, RTAS_BLOCK);
	if (h.left_to_userspace || h.r[3] != H_SUCCESS)
		fatal("RTAS service %d: r3 %ld%s", service, (s64)h.r[3],
		      h.left_to_userspace ? ", left to userspace" : "");
	return rtas_read(cpu->vm, RTAS_BLOCK, RTAS_HEADER + nargs);
}

int rtas_set_xive(struct vcpu *cpu, u32 source, u32 server, u32 priority)
{
	return call(cpu, RTAS_SET_XIVE, 3, 1, (u32[]){ source, server, priority });
}

int rtas_get_xive(struct vcpu *cpu, u32 source, u32 *server, u32 *priority)
{
	int status = call(cpu, RTAS_GET_XIVE, 1, 3, (u32[]){ source });

	*server = rtas_read(cpu->vm, RTAS_BLOCK, RTAS_HEADER + 2);
	*priority = rtas_read(cpu->vm, RTAS_BLOCK, RTAS_HEADER + 3);
	return status;
}

int rtas_int_off(struct vcpu *cpu, u32 source)
{
	return call(cpu, RTAS_INT_OFF, 1, 1, (u32[]){ source });
}

int rtas_int_on(struct vcpu *cpu, u32 source)
{
	return call(cpu, RTAS_INT_ON, 1, 1, (u32[]){ source });
}

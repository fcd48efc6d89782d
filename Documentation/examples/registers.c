// SPDX-License-Identifier: GPL-2.0-only
/* One register at a time: all of a device's, listed, read, and set in another one. */
#include "xics.h"

#define SOURCE	0x1000

/* How long the list is, and then the list; to be freed. */
static struct kvm_reg_list *list_of(int device)
{
	struct kvm_reg_list *list = calloc(1, sizeof(*list));

	while (ioctl(device, KVM_GET_REG_LIST, list)) {
		if (errno != E2BIG)
			MUST(-1);
		list = realloc(list, sizeof(*list) + list->n * sizeof(list->reg[0]));
	}
	return list;
}

static uint64_t get_reg(int device, uint64_t id)
{
	uint64_t value;
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };

	MUST(ioctl(device, KVM_GET_ONE_REG, &one));
	return value;
}

static int set_reg(int device, uint64_t id, uint64_t value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };

	return ioctl(device, KVM_SET_ONE_REG, &one);
}

/* An ICP may name a source: in a second round all sources are there. */
static void copy(int from, int to)
{
	struct kvm_reg_list *list = list_of(from);

	for (int round = 0; round < 2; round++)
		for (uint64_t i = 0; i < list->n; i++)
			if (set_reg(to, list->reg[i], get_reg(from, list->reg[i])) && round)
				MUST(-1);
	free(list);
}

int main(void)
{
	int from = new_xics(new_vm(1), 1), to = new_xics(new_vm(1), 1);
	uint64_t source;

	plan(5);
	add_source(from, SOURCE, 0, 5, 0);
	irq_line(from, SOURCE, 1);
	irq_line(from, SOURCE, 1);
	source = get_reg(from, KVM_VINTC_REG_SOURCE(SOURCE));
	check(source & KVM_VINTC_SOURCE_P && source & KVM_VINTC_SOURCE_Q,
	      "presented, and queued once more");
	check(get_reg(from, KVM_VINTC_REG_ICP(0)) == 0xff001000ff050000,
	      "CPPR ff, XISR 1000, MFRR ff, pending priority 5");
	check(set_reg(from, KVM_VINTC_REG_ICP(0), 1) && errno == EINVAL, "a reserved bit");

	copy(from, to);
	check(get_reg(to, KVM_VINTC_REG_SOURCE(SOURCE)) == source, "the source was copied");
	check(XISR(h_xirr(to, 0)) == SOURCE, "and its interrupt can be taken");
	return failures != 0;
}

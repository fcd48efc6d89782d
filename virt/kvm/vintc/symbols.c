// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of KVM that it does not export. A kprobe may be placed on any
 * function by name, and tells its address when it is registered.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>

#include "vintc.h"

static typeof(kvm_register_device_ops) *register_device_ops;
static typeof(kvm_unregister_device_ops) *unregister_device_ops;

/*
 * The probe may sit behind what the function begins with (POWER's global entry
 * point, a landing pad); sprint_symbol() says how far: "name+0x8/0x120 [kvm]".
 */
static unsigned long symbol_start(unsigned long addr)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long offset = 0;
	char *plus;

	sprint_symbol(text, addr);
	plus = strchr(text, '+');
	if (plus)
		sscanf(plus, "+%lx", &offset);
	return addr - offset;
}

static void *resolve(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	unsigned long addr;
	int r = register_kprobe(&probe);

	if (r) {
		pr_err("this kernel has no %s (%d)\n", name, r);
		return NULL;
	}
	addr = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return (void *)symbol_start(addr);
}

int vintc_symbols_resolve(void)
{
	register_device_ops = resolve("kvm_register_device_ops");
	unregister_device_ops = resolve("kvm_unregister_device_ops");
	return register_device_ops && unregister_device_ops ? 0 : -ENOENT;
}

int vintc_register_device_ops(const struct kvm_device_ops *ops, u32 type)
{
	return register_device_ops(ops, type);
}

void vintc_unregister_device_ops(u32 type)
{
	unregister_device_ops(type);
}

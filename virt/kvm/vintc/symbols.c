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
static typeof(kvm_io_bus_register_dev) *io_bus_register_dev;
static typeof(kvm_io_bus_unregister_dev) *io_bus_unregister_dev;

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

void *vintc_symbol(const char *name)
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
	register_device_ops = vintc_symbol("kvm_register_device_ops");
	unregister_device_ops = vintc_symbol("kvm_unregister_device_ops");
	io_bus_register_dev = vintc_symbol("kvm_io_bus_register_dev");
	io_bus_unregister_dev = vintc_symbol("kvm_io_bus_unregister_dev");
	return register_device_ops && unregister_device_ops && io_bus_register_dev &&
	       io_bus_unregister_dev ? 0 : -ENOENT;
}

int vintc_register_device_ops(const struct kvm_device_ops *ops, u32 type)
{
	return register_device_ops(ops, type);
}

void vintc_unregister_device_ops(u32 type)
{
	unregister_device_ops(type);
}

int vintc_io_bus_register(struct kvm *kvm, enum kvm_bus bus, gpa_t base, int size,
			  struct kvm_io_device *io)
{
	return io_bus_register_dev(kvm, bus, base, size, io);
}

/* It fails without memory, and then the whole bus is gone: the outcome is the same. */
void vintc_io_bus_unregister(struct kvm *kvm, enum kvm_bus bus, struct kvm_io_device *io)
{
	io_bus_unregister_dev(kvm, bus, io);
}

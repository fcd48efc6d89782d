// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of KVM that it does not export. A kprobe may be placed on any
 * function by name, and tells its address when it is registered.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>

#include "vintc.h"

/*
 * Static calls are direct ones where the architecture can patch code. Through a
 * pointer a function may not be called that the kernel itself calls directly only:
 * x86 makes such one no target of indirect branches (IBT).
 */
DEFINE_STATIC_CALL_NULL(register_device_ops, kvm_register_device_ops);
DEFINE_STATIC_CALL_NULL(unregister_device_ops, kvm_unregister_device_ops);
DEFINE_STATIC_CALL_NULL(io_bus_register_dev, kvm_io_bus_register_dev);
DEFINE_STATIC_CALL_NULL(io_bus_unregister_dev, kvm_io_bus_unregister_dev);
DEFINE_STATIC_CALL_NULL(device_from_filp, kvm_device_from_filp);

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

/* Disabled, it is never put in place: on POWER what is looked for may be data among the text. */
void *vintc_symbol(const char *name)
{
	struct kprobe probe = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };
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

#define resolve(call, name)					\
({								\
	typeof(name) *function = vintc_symbol(#name);		\
								\
	if (function)						\
		static_call_update(call, function);		\
	!!function;						\
})

int vintc_symbols_resolve(void)
{
	return resolve(register_device_ops, kvm_register_device_ops) &&
	       resolve(unregister_device_ops, kvm_unregister_device_ops) &&
	       resolve(io_bus_register_dev, kvm_io_bus_register_dev) &&
	       resolve(io_bus_unregister_dev, kvm_io_bus_unregister_dev) &&
	       resolve(device_from_filp, kvm_device_from_filp) ? 0 : -ENOENT;
}

int vintc_register_device_ops(const struct kvm_device_ops *ops, u32 type)
{
	return static_call(register_device_ops)(ops, type);
}

void vintc_unregister_device_ops(u32 type)
{
	static_call(unregister_device_ops)(type);
}

/* NULL: it is no KVM device's. */
struct kvm_device *vintc_device_from_file(struct file *file)
{
	return static_call(device_from_filp)(file);
}

int vintc_io_bus_register(struct kvm *kvm, enum kvm_bus bus, gpa_t base, int size,
			  struct kvm_io_device *io)
{
	return static_call(io_bus_register_dev)(kvm, bus, base, size, io);
}

/* It fails without memory, and then the whole bus is gone: the outcome is the same. */
void vintc_io_bus_unregister(struct kvm *kvm, enum kvm_bus bus, struct kvm_io_device *io)
{
	static_call(io_bus_unregister_dev)(kvm, bus, io);
}

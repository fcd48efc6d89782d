// SPDX-License-Identifier: GPL-2.0-only
/*
 * <debugfs>/kvm/<pid>-<fd>/vintc: the counters of a device, a line each. KVM
 * removes the directory, and waits for readers, before the VM's devices go.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "vintc.h"

static int counters_show(struct seq_file *m, void *unused)
{
	static const char *const names[KVM_VINTC_COUNTERS] = {
		[KVM_VINTC_COUNT_HYPERCALL] = "hypercalls",
		[KVM_VINTC_COUNT_RTAS] = "rtas-calls",
		[KVM_VINTC_COUNT_LINE] = "line-injections",
		[KVM_VINTC_COUNT_IRQFD] = "irqfd-injections",
		[KVM_VINTC_COUNT_REJECT] = "rejections",
		[KVM_VINTC_COUNT_RESEND] = "resends",
		[KVM_VINTC_COUNT_MMIO] = "mmio-accesses",
		[KVM_VINTC_COUNT_PPI] = "ppi-rises",
	};
	u64 counts[KVM_VINTC_COUNTERS];
	int i;

	vintc_counters(m->private, counts);
	for (i = 0; i < KVM_VINTC_COUNTERS; i++)
		seq_printf(m, "%s %llu\n", names[i], counts[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

void vintc_debugfs_create(struct vintc_device *dev)
{
	if (!IS_ERR_OR_NULL(dev->kvm->debugfs_dentry))
		debugfs_create_file("vintc", 0444, dev->kvm->debugfs_dentry, dev, &counters_fops);
}

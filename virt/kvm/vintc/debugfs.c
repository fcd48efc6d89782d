// SPDX-License-Identifier: GPL-2.0-only
/*
 * <debugfs>/kvm/<pid>-<fd>/vintc: the counters of a device, a line each; of the VM's
 * further devices vintc-1, vintc-2... KVM removes the directory, and waits for
 * readers, before the VM's devices go.
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
	struct vintc_device *dev = m->private;
	u64 counts[KVM_VINTC_COUNTERS];
	int i;

	if (down_read_killable(&dev->model_sem))
		return -EINTR;
	vintc_counters(dev, counts);
	up_read(&dev->model_sem);
	for (i = 0; i < KVM_VINTC_COUNTERS; i++)
		seq_printf(m, "%s %llu\n", names[i], counts[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

static bool is_taken(const char *name, struct dentry *directory)
{
	struct dentry *other = debugfs_lookup(name, directory);

	dput(other);
	return other;
}

/* Under kvm->lock. */
void vintc_debugfs_create(struct vintc_device *dev)
{
	struct dentry *directory = dev->kvm->debugfs_dentry;
	char name[16] = "vintc";
	int i;

	if (IS_ERR_OR_NULL(directory) || dev->has_debugfs)
		return;
	for (i = 1; is_taken(name, directory); i++) {
		if (i == VINTC_DEVICES)
			return;
		snprintf(name, sizeof(name), "vintc-%d", i);
	}
	debugfs_create_file(name, 0444, directory, dev, &counters_fops);
	dev->has_debugfs = true;
}

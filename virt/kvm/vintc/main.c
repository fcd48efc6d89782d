// SPDX-License-Identifier: GPL-2.0-only
/* kvm-vintc: loading and unloading. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "vintc.h"

static int mechanism_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", vintc_host.mechanism());
}

static const struct kernel_param_ops mechanism_ops = { .get = mechanism_get };
module_param_cb(mechanism, &mechanism_ops, NULL, 0444);
MODULE_PARM_DESC(mechanism, "How the guests' accesses are caught on this host (read only)");

static int __init vintc_init(void)
{
	int r;

	r = vintc_symbols_resolve();
	if (r)
		return r;
	r = vintc_irqfd_init();
	if (r)
		return r;
	r = vintc_host.attach();
	if (r)
		goto no_host;
	r = vintc_device_register();
	if (r)
		goto no_device;
	pr_info("ready: %s\n", vintc_host.mechanism());
	return 0;

no_device:
	vintc_host.detach();
no_host:
	vintc_irqfd_exit();
	return r;
}

/* No device is left: each pins the module. */
static void __exit vintc_exit(void)
{
	vintc_device_unregister();
	vintc_host.detach();
	vintc_irqfd_exit();
}

module_init(vintc_init);
module_exit(vintc_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Virtual interrupt controllers for KVM guests");

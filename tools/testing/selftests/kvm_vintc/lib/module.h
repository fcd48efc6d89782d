/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading and unloading the module, for the tests that do. */
#ifndef VINTC_MODULE_H
#define VINTC_MODULE_H

#include "util.h"

/* The module's file, from the environment (KVM_VINTC_KO); NULL if none was given. */
const char *module_path(void);

/*
 * 0 or -errno, as finit_module(2) and delete_module(2) have it; neither waits. The
 * parameters are those in the environment (KVM_VINTC_PARAMETERS), or those given.
 */
int module_load(void);
int module_load_with(const char *parameters);
int module_unload(void);

/* The references go with the last descriptor; an exiting process may take a while. */
bool module_unload_patiently(void);

/* How many references it has; -ENOENT if it is not loaded. */
int module_references(void);

#endif /* VINTC_MODULE_H */

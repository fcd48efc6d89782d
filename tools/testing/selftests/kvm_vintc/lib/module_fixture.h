/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests that load and unload the module. */
#ifndef VINTC_MODULE_FIXTURE_H
#define VINTC_MODULE_FIXTURE_H

#include "module.h"
#include "test.h"

/* Each test begins with the module loaded, whatever became of the test before. */
FIXTURE(module) {
	int unused;
};
FIXTURE_SETUP(module)
{
	if (module_path() && module_references() < 0)
		must(module_load());
}
FIXTURE_TEARDOWN(module)
{
}
#define MODULE_TEST(name)	TEST_F_TIMEOUT(module, name, TIMEOUT)

#define NEEDS_MODULE()							\
do {									\
	if (!module_path())						\
		SKIP(return, "KVM_VINTC_KO does not say where the module is"); \
} while (0)

#endif /* VINTC_MODULE_FIXTURE_H */

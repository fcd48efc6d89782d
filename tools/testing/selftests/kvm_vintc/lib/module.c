// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

const char *module_path(void)
{
	return getenv("KVM_VINTC_KO");
}

int module_load_with(const char *parameters)
{
	int fd = must(neg_errno(open(module_path(), O_RDONLY | O_CLOEXEC)));
	int error = neg_errno(syscall(SYS_finit_module, fd, parameters, 0));

	close(fd);
	return error;
}

int module_load(void)
{
	const char *parameters = getenv("KVM_VINTC_PARAMETERS");

	return module_load_with(parameters ? parameters : "");
}

int module_unload(void)
{
	return neg_errno(syscall(SYS_delete_module, "kvm_vintc", O_NONBLOCK));
}

bool module_unload_patiently(void)
{
	return wait_for(module_references() == 0) && wait_for(module_unload() == 0);
}

int module_references(void)
{
	FILE *file = fopen("/sys/module/kvm_vintc/refcnt", "re");
	int references;

	if (!file)
		return neg_errno(-1);
	if (fscanf(file, "%d", &references) != 1)
		fatal("the module's refcnt is no number");
	fclose(file);
	return references;
}

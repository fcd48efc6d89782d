# SPDX-License-Identifier: GPL-2.0-only
#
# kvm-vintc. `make help` tells what there is; README.rst what for.

# The virtual hosts' architectures: ppc64le, arm64, x86-64.
HOST ?= power9
BUILD := build
JOBS ?= $(shell nproc)

VIRTUAL_HOST := tools/virtual-host/virtual-host

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup module modules run test soak bench check doc clean FORCE

help:
	@echo 'make run            boot a virtual KVM host, load the module, run a Linux guest on it [HOST=power9 or arm64]'
	@echo 'make test           all tests; ends with "N passed, N failed, N skipped"'
	@echo 'make soak           a guest saved, restored and migrated under load [HOST=power9 or arm64] [ROUNDS=100]'
	@echo 'make bench          instruction counts against the peers, on every host: build/bench/<host>.json, and'
	@echo '                    Documentation/performance.rst [HOST=power9, powernv8, ...: one, and no page]'
	@echo 'make check          style and ABI checks only'
	@echo 'make module         kvm-vintc.ko for the kernel of this machine [KDIR=...]'
	@echo 'make modules        kvm-vintc.ko for the virtual hosts: build/{ppc64le,arm64,x86-64}{,-6.12}/'
	@echo 'make doc            the manual as HTML: build/doc/ (needs sphinx-build)'
	@echo 'make setup          install the Debian packages that the above need'
	@echo 'make clean          remove build/'
	@echo
	@echo 'Kernels and QEMU that were built are kept in $${XDG_CACHE_HOME:-~/.cache}/kvm-vintc.'

setup:
	@tools/setup

# ---- the module ----------------------------------------------------------------

KDIR ?= /lib/modules/$(shell uname -r)/build

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

# For a virtual host: build/<architecture>[-debug]/kvm-vintc.ko. kbuild knows what
# is out of date.
build/%/kvm-vintc.ko: FORCE
	@tools/build-module $*

VARIANTS := $(foreach arch,ppc64le arm64 x86-64,$(arch) $(arch)-6.12)

modules: $(VARIANTS:%=build/%/kvm-vintc.ko)

# ---- what the project is for -----------------------------------------------------

run: setup
	@tools/run $(HOST)

test: setup
	@tools/testing/run-tests

ROUNDS ?= 100

soak: setup
	@tools/run $(HOST) --storm $(ROUNDS)

# All of them, unless HOST was given.
bench: setup
	@tools/bench/bench $(if $(filter file,$(origin HOST)),,$(HOST))

check: setup
	@tools/testing/run-tests --only check

doc:
	sphinx-build -q -W -b html Documentation $(BUILD)/doc

clean:
	rm -rf $(BUILD)

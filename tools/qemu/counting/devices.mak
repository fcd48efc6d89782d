# SPDX-License-Identifier: GPL-2.0-only
# The devices of the emulator that counts: bare-metal POWER, with its console.
CONFIG_POWERNV=y
CONFIG_SERIAL_ISA=y
# POWERNV does not link without this.
CONFIG_ACPI=y

# SPDX-License-Identifier: GPL-2.0-only
"""The virtual hosts: how the emulator is told to be each of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Machine:
    """A host as a QEMU command, and what it needs to have KVM."""

    what: str
    arch: str
    emulator: str
    machine: str
    cpu: str
    console: str
    modules: tuple[str, ...]  # that make /dev/kvm
    smp: int = 2
    memory: str = "2G"
    flags: tuple[str, ...] = field(default=())
    # Of the kernel's command line: always, and for runs that must repeat exactly.
    append: str = ""
    repeatable: str = ""


# Security mitigations the emulator does not know; a pseries machine will not start otherwise.
_NO_MITIGATIONS = "cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off"
_POWER_MODULES = ("kvm", "kvm-hv")

_FIXED_ADDRESSES = "nokaslr norandmaps randomize_kstack_offset=off"


def _arm64(what: str, gic: int, cpu: str) -> Machine:
    return Machine(what, "arm64", "qemu-system-aarch64", f"virt,virtualization=on,gic-version={gic}", cpu,
                   "ttyAMA0", (), repeatable=_FIXED_ADDRESSES)


MACHINES = {
    "power9": Machine("KVM in an LPAR: a radix POWER9 guest that may have guests", "ppc64le", "qemu-system-ppc64",
                      f"pseries,cap-nested-hv=on,{_NO_MITIGATIONS}", "POWER9", "hvc0", _POWER_MODULES),
    "powernv9": Machine("bare-metal POWER9", "ppc64le", "qemu-system-ppc64",
                        "powernv9", "POWER9", "hvc0", _POWER_MODULES),
    # With smp=2 it has two cores: the emulator knows no threads of POWER8, and no split cores.
    "powernv8": Machine("bare-metal POWER8 (hashed page table, real-mode hypercalls)", "ppc64le", "qemu-system-ppc64",
                        "powernv8", "POWER8", "hvc0", _POWER_MODULES, smp=1),
    "arm64": _arm64("arm64 with a GICv3 and no GICv2 emulation, nVHE", 3, "cortex-a72"),
    "arm64-vhe": _arm64("the same with the host's kernel at EL2 (VHE)", 3, "cortex-a76"),
    # The GICv2's virtual CPU interface lets the kernel offer a GICv2 of its own.
    "arm64-gicv2": _arm64("arm64 with a GICv2, and KVM's own to compare with, nVHE", 2, "cortex-a72"),
    # On one thread: with two the kernel's patches to its own code were seen half done (an int3 oops).
    "x86-64": Machine("x86-64 with AMD's SVM", "x86-64", "qemu-system-x86_64",
                      "q35", "max", "ttyS0", ("kvm-amd",), flags=("-accel", "tcg,thread=single"),
                      # On a busy machine its ticks come too late for the kernel's check of them.
                      append="no_timer_check",
                      repeatable=_FIXED_ADDRESSES),
}

# Time is then a count of instructions, the same in every run.
_ICOUNT = ["-icount", "shift=0,sleep=off", "-seed", "1", "-rtc", "base=2020-01-01,clock=vm"]


@dataclass
class Wishes:
    """What a caller wants different from a machine's defaults."""

    smp: int | None = None
    memory: str | None = None
    cpu: str | None = None
    icount: bool = False
    append: str = ""
    emulator: str | None = None
    flags: list[str] = field(default_factory=list)


def command(machine: Machine, kernel: str, initrd: str, wishes: Wishes) -> list[str]:
    """The emulator's command line."""
    # A wide log keeps the line at which the script began; an oops ends the run at once.
    append = [f"console={machine.console}", "quiet", "printk.time=1", "log_buf_len=4M", "oops=panic"]
    if machine.append:
        append.append(machine.append)
    if wishes.icount and machine.repeatable:
        append.append(machine.repeatable)
    if wishes.append:
        append.append(wishes.append)
    return [wishes.emulator or machine.emulator, "-M", machine.machine, "-cpu", wishes.cpu or machine.cpu,
            "-smp", str(wishes.smp or machine.smp), "-m", wishes.memory or machine.memory,
            "-nographic", "-vga", "none", "-nodefaults", "-no-reboot", "-monitor", "none", "-serial", "stdio",
            *machine.flags, *(_ICOUNT if wishes.icount else []),
            "-kernel", kernel, "-initrd", initrd, "-append", " ".join(append), *wishes.flags]

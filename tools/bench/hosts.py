# SPDX-License-Identifier: GPL-2.0-only
"""Where is measured: the virtual hosts, and what runs on them; and the machine that builds."""

from __future__ import annotations

from dataclasses import dataclass

from rows import ARM64_ROWS, NATIVE_ROWS, POWER_ROWS, Row

OURS, IN_TREE, IN_TREE_GICV2, USERSPACE = "ours", "in-tree", "in-tree-gicv2", "userspace"


@dataclass(frozen=True)
class Variant:
    """A way to load the module; `rows` limits what is measured with it."""

    name: str
    parameters: str = ""
    vmm_options: str = ""
    rows: tuple[str, ...] | None = None

    def chosen(self, rows: list[str]) -> list[str]:
        """Those of the rows that are measured."""
        return [row for row in rows if self.rows is None or row in self.rows]


@dataclass(frozen=True)
class Boot:
    """A boot of a virtual host: the peers that it has, and whether ours is measured, too."""

    machine: str
    peers: tuple[str, ...]
    ours: bool = True
    cpu: str | None = None  # where it is not the virtual host's own
    smp: int | None = None  # the same
    counting: bool = False  # by the emulator of tools/qemu/counting
    without: tuple[tuple[str, str], ...] = ()  # peer and row: what cannot be measured there

    def rows_of(self, peer: str, rows: list[str]) -> list[str]:
        """Those of the rows that a peer is measured with."""
        return [row for row in rows if (peer, row) not in self.without]


@dataclass(frozen=True)
class Host:
    """What gives one table and one JSON document."""

    name: str
    cpu: str
    arch: str  # as the virtual hosts have it: of the module
    vmm: str  # the directory
    counter: str
    instructions: str  # to a tick
    rows: tuple[Row, ...]
    boots: tuple[Boot, ...]
    variants: tuple[Variant, ...]  # the default first
    prepare: str = ""  # for the host's shell

    @property
    def peers(self) -> tuple[str, ...]:
        """Everybody that ours is compared to."""
        return tuple(peer for boot in self.boots for peer in boot.peers)

    @property
    def unit_note(self) -> str:
        """What a figure means, and what not."""
        return (f"A tick is one of {self.counter} on a machine whose clock counts instructions ({self.instructions} "
                "of them a tick): the work that guest and host do for one operation, the loop around it included. "
                "Not counted: cache and TLB misses, what an exception costs, contention, and what the emulator "
                "itself does for a nested guest. So it says how much work there is, not how long it takes.")

    def script(self, boot: Boot, rows: list[str]) -> str:
        """What runs in a boot: the peers as they are without the module, then ours."""
        lines = ["set -e", 'echo "kernel $(uname -r)"', self.prepare + NO_POLLING]
        lines += [f"/bench-vmm {peer} {' '.join(own)}" for peer in boot.peers if (own := boot.rows_of(peer, rows))]
        for variant in self.variants if boot.ours else ():
            chosen = variant.chosen(rows)
            if chosen:
                lines += [f"echo variant {variant.name}", f"insmod /modules/kvm-vintc.ko {variant.parameters}".rstrip(),
                          " ".join(["/bench-vmm", *variant.vmm_options.split(), OURS, *chosen]), "rmmod kvm_vintc"]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Native:
    """The machine that builds, for the core alone: it has no guest, no kernel and no peer."""

    name: str = "native"
    rows: tuple[Row, ...] = NATIVE_ROWS
    cpu: str = ""  # the run tells
    peers: tuple[str, ...] = ()
    unit_note: str = ("A figure is the instructions of this machine that the core executes for one operation, counted "
                      "by callgrind, the loop around it and the check of each answer included; ns is the processor's "
                      "time for it, by Google Benchmark, the least of nine runs. The instructions are the same in "
                      "every run of one build. The time is an indication only: caches and branch predictors are warm, "
                      "nobody contends, and there is no guest, so no exit and no entry either.")


# A processor that waits by polling counts instructions that are no work of anybody's.
NO_POLLING = "echo 0 >/sys/module/kvm/parameters/halt_poll_ns"
_NO_SNOOZE = """\
for state in /sys/devices/system/cpu/cpu*/cpuidle/state*; do
	[ "$(cat $state/name)" != snooze ] || echo 1 >$state/disable
done
"""

# Who serves a hypercall: real mode, the tracepoint (D) or, after KVM's run loop, the substitute of kvmppc_hv_ops (A).
_HCALL_ROWS = ("h-ipi", "h-xirr", "h-cppr", "h-eoi-msi", "ipi-cycle", "ipi-ping-pong", "ipi-to-running", "msi-cycle")
_POWER9_VARIANTS = (Variant("D"), Variant("A", "fast_hypercalls=0", rows=_HCALL_ROWS))
_POWER8_VARIANTS = (
    Variant("real-mode"),
    Variant("D", "realmode=0", rows=_HCALL_ROWS),
    Variant("A", "realmode=0 fast_hypercalls=0", rows=_HCALL_ROWS),
)

# How the timers' levels reach the controller.
_TIMER_ROWS = ("null-exit", "timer-cycle")
_ARM64_VARIANTS = (
    Variant("hook"),
    Variant("tracepoint", "timer=tracepoint", rows=_TIMER_ROWS),
    Variant("userspace", "timer=userspace", "--forward-timers", rows=_TIMER_ROWS),
)


def _power(name: str, cpu: str, boot: Boot, variants: tuple[Variant, ...]) -> Host:
    return Host(name, cpu, "ppc64le", "power", "the guest's timebase", "1.953", POWER_ROWS, (boot,), variants,
                _NO_SNOOZE)


def _bare_metal(name: str) -> Boot:
    # A vCPU that sends and one that is sent to want a processor each.
    return Boot(name, (IN_TREE, USERSPACE), smp=2, counting=True)


# The distribution's emulator lets the other processor run for a whole turn within an exit to the VMM.
_POWER9_BOOT = Boot("power9", (IN_TREE, USERSPACE), without=((USERSPACE, "ipi-to-running"),))


def _arm64(name: str, machine: str, cpu: str) -> Host:
    # A host has one kind of GIC: in-tree GICv2 needs a boot of its own, where there is nothing for ours to do.
    boots = (Boot(machine, (IN_TREE, USERSPACE)), Boot("arm64-gicv2", (IN_TREE_GICV2,), ours=False, cpu=cpu))
    return Host(name, cpu, "arm64", "arm64", "the architected counter", "16", ARM64_ROWS, boots, _ARM64_VARIANTS)


# What is measured by the name that it is asked for.
HOSTS = {
    "power9": (_power("power9", "POWER9", _POWER9_BOOT, _POWER9_VARIANTS),),
    "powernv9": (_power("powernv9", "POWER9", _bare_metal("powernv9"), _POWER9_VARIANTS),),
    "powernv8": (_power("powernv8", "POWER8", _bare_metal("powernv8"), _POWER8_VARIANTS),),
    "arm64": (_arm64("arm64", "arm64", "cortex-a72"), _arm64("arm64-vhe", "arm64-vhe", "cortex-a76")),
}

# The same with the machine that builds.
ALL: dict[str, tuple[Host | Native, ...]] = {**HOSTS, "native": (Native(),)}

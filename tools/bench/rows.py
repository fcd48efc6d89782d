# SPDX-License-Identifier: GPL-2.0-only
"""What is measured, in the order of the table."""

from __future__ import annotations

from dataclasses import dataclass

TICKS, BYTES, INSTRUCTIONS = "ticks", "bytes", "instructions"


@dataclass(frozen=True)
class Row:
    """A row of the table, and in one sentence what it counts."""

    name: str
    what: str
    unit: str = TICKS
    ways: tuple[str, ...] = ()  # of ours: other ways to do the same


def _state_rows(machine: str, in_tree: str) -> tuple[Row, ...]:
    others = ("one-by-one is KVM_{}_ONE_REG of every register, changed-since an image of the ten registers that {}; "
              f"in-tree is {in_tree}; attributes is the same on ours.")
    ways = ("one-by-one", "changed-since", "attributes")
    return (
        Row(f"save-{machine}", "KVM_VINTC_GET_STATE of the whole device; "
            + others.format("GET", "changed since another one, made with KVM_VINTC_STATE_TRACK"), ways=ways),
        Row(f"restore-{machine}", "KVM_VINTC_SET_STATE of the whole device, after a reset; "
            + others.format("SET", "changed"), ways=ways),
    )


def _lookup_rows(in_tree: str) -> tuple[Row, ...]:
    return (
        Row("route-lookup-1", "An eventfd is signalled that is an irqfd of a GSI: the whole system call. The input at "
            "its end is masked, and pends already; the routing table has one GSI. command is the same by "
            f"KVM_VINTC_CMD_INJECT. {in_tree}", ways=("command",)),
        Row("route-lookup-1000", "The same with a table of 1,000 GSIs, of which eight take turns.", ways=("command",)),
        Row("route-lookup-65536", "The same with a table of 65,536 GSIs.", ways=("command",)),
    )


POWER_ROWS = (
    Row("null-hcall", "A hypercall that kvm-hv answers itself (H_CONFER to nobody): ours is a VM without a controller "
        "while the module is loaded, in-tree a VM with in-tree XICS before it is."),
    Row("null-hcall-beside", "The same while another VM has such a controller, ours or in-tree."),
    Row("h-ipi", "H_IPI of priority 0xff to oneself: nothing is delivered."),
    Row("h-xirr", "H_XIRR with nothing pending."),
    Row("h-cppr", "H_CPPR, to 5 and to 0xff in turn, with nothing pending."),
    Row("h-eoi-msi", "H_EOI of an MSI that is in service inside another's service: the CPPR goes back to that of the "
        "outer one."),
    Row("ipi-cycle", "H_IPI to oneself, H_XIRR that takes it, H_IPI of 0xff, H_EOI."),
    Row("ipi-ping-pong", "An IPI to another vCPU that sleeps in H_CEDE, and its IPI back that ends our own sleep: two "
        "IPI cycles with handlers, two wakeups; each vCPU on a processor of its own, none of which waits by polling."),
    Row("ipi-to-running", "H_IPI to a vCPU that runs in the guest on another processor and is kicked out of it: what it "
        "costs the sender. The median of 31, each of which is answered by an IPI."),
    Row("msi-cycle", "An exit to the VMM, which injects an MSI (in the kernel: KVM_IRQ_LINE), then H_XIRR and H_EOI."),
    Row("line-to-handler", "From the VMM's injection (in the kernel: KVM_IRQ_LINE), the vCPU being outside KVM_RUN, to "
        "the first line of the guest's handler."),
    Row("irqfd-to-handler", "The same from a write to an eventfd that is an irqfd of the source; userspace has a "
        "thread on another processor that waits for it and injects."),
    Row("ipi-2-vcpus", "H_IPI that presents an IPI to the other of 2 connected vCPUs, which is not running."),
    Row("ipi-64-vcpus", "The same to the last of 64 connected vCPUs."),
    Row("ipi-256-vcpus", "The same to the last of 256."),
    Row("resend-1000-waiting", "H_EOI that lets one of 1,000 MSIs through that wait behind the CPPR."),
    Row("resend-1-of-16384", "H_EOI that lets the only MSI through that waits, of 16,384 that exist."),
    *_lookup_rows("In-tree XICS has no table."),
    *_state_rows("16-vcpus-4096-sources", "an attribute for each source and a register for each vCPU, restored over "
                 "masked sources"),
    Row("memory-16-vcpus-1024-sources", "Slab memory of the kernel for a controller with 16 connected vCPUs and 1,024 "
        "sources, from KVM_CREATE_DEVICE to the last source; the VM and its vCPUs not included.", BYTES),
)

# In-tree is a GICv3, whose guest has system registers for a CPU interface.
ARM64_ROWS = (
    Row("null-exit", "HVC that KVM answers itself (PSCI_VERSION), in a VM with the controller; before our module is "
        "loaded, but for ours."),
    Row("null-exit-in-tree-vm", "The same in a VM with the in-tree GICv3: ours is with our module loaded, and our "
        "GICv2 in another VM, in-tree is before that; without the host's own timer tick, whose phase would tell."),
    Row("null-exit-userspace-vm", "The same in a VM with no controller in the kernel: ours is with our module loaded, "
        "and our GICv2 in another VM, userspace is before that; without the host's own timer tick."),
    Row("mmio-read", "A read of GICC_PMR."),
    Row("mmio-write", "A write of GICC_PMR, which changes nothing."),
    Row("distributor-read", "A read of GICD_ISENABLER1."),
    Row("sgi-self", "An SGI to oneself: the write that sends it, the interrupt taken, IAR, EOIR."),
    Row("sgi-other-wfi", "An SGI to another vCPU that sleeps in WFI, and its SGI back that ends our own sleep: two SGI "
        "cycles with handlers, two wakeups; each vCPU on a processor of its own, none of which waits by polling."),
    Row("timer-cycle", "The virtual timer programmed for now, its interrupt taken, IAR, the timer masked, EOIR."),
    Row("line-to-handler", "From the VMM's injection of an SPI (in the kernel: KVM_IRQ_LINE), the vCPU being outside "
        "KVM_RUN, to the first line of the guest's handler."),
    Row("irqfd-to-handler", "The same from a write to an eventfd that is an irqfd of the SPI; userspace has a thread "
        "on another processor that waits for it and injects."),
    *_lookup_rows("An in-tree table has at most 4,096 GSIs, and the irqfd keeps what it found there."),
    *_state_rows("8-vcpus-1020-irqs", "every register that QEMU saves, one by one, of at most 992 interrupts, and "
                 "restored over the same state"),
    Row("memory-8-vcpus-992-interrupts", "Slab memory of the kernel for a controller of 8 vCPUs and 992 interrupts, "
        "from KVM_CREATE_DEVICE to its initialisation; the VM and its vCPUs, in which in-tree ones keep their private "
        "interrupts, not included.", BYTES),
)


def _native_rows(*rows: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(name, what, INSTRUCTIONS) for name, what in rows)


NATIVE_ROWS = _native_rows(
    ("ipi-cycle", "H_IPI to oneself, H_XIRR that takes it, H_IPI of 0xff, H_EOI."),
    ("msi-cycle", "An MSI comes, H_XIRR takes it, H_EOI."),
    ("ipi-2-servers", "The cycle of an IPI from the first of 2 servers to the last: H_IPI, and there H_XIRR, H_IPI of "
     "0xff, H_EOI."),
    ("ipi-64-servers", "The same with 64 servers."),
    ("ipi-256-servers", "The same with 256 servers."),
    ("resend-1000-waiting", "H_XIRR that takes an MSI, its H_EOI that lets one of 1,000 through that wait behind the "
     "CPPR, and the first again, which waits."),
    ("resend-1-of-16384", "The same where one waits, of 16,384 sources that exist."),
    ("sgi-cycle", "GICv2: an SGI to oneself, IAR, EOIR, with the entry to the guest after each access."),
    ("spi-cycle", "GICv2: an edge-triggered SPI, the entry to the guest, IAR, EOIR, with the entry after each access."),
    ("route-lookup-1", "The first target of a GSI is looked up in a routing table of one GSI."),
    ("route-lookup-1000", "The same in a table of 1,000 GSIs, of which eight take turns."),
    ("route-lookup-65536", "The same in a table of 65,536 GSIs."),
)

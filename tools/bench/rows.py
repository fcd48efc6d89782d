# SPDX-License-Identifier: GPL-2.0-only
"""What is measured, in the order of the table."""

from __future__ import annotations

from dataclasses import dataclass

TICKS, BYTES = "ticks", "bytes"


@dataclass(frozen=True)
class Row:
    """A row of the table, and in one sentence what it counts."""

    name: str
    what: str
    unit: str = TICKS


POWER_ROWS = (
    Row("null-hcall", "A hypercall that kvm-hv answers itself (H_CONFER to nobody): ours is a VM without a controller "
        "while the module is loaded, in-tree a VM with in-tree XICS before it is."),
    Row("h-ipi", "H_IPI of priority 0xff to oneself: nothing is delivered."),
    Row("h-xirr", "H_XIRR with nothing pending."),
    Row("h-cppr", "H_CPPR, to 5 and to 0xff in turn, with nothing pending."),
    Row("h-eoi-msi", "H_EOI of an MSI that is in service inside another's service: the CPPR goes back to that of the "
        "outer one."),
    Row("ipi-cycle", "H_IPI to oneself, H_XIRR that takes it, H_IPI of 0xff, H_EOI."),
    Row("ipi-ping-pong", "An IPI to another vCPU that sleeps in H_CEDE, and its IPI back that ends our own sleep: two "
        "IPI cycles with handlers, two wakeups; each vCPU on a processor of its own, none of which waits by polling."),
    Row("msi-cycle", "An exit to the VMM, which injects an MSI (in the kernel: KVM_IRQ_LINE), then H_XIRR and H_EOI."),
    Row("line-to-handler", "From the VMM's injection (in the kernel: KVM_IRQ_LINE), the vCPU being outside KVM_RUN, to "
        "the first line of the guest's handler."),
    Row("irqfd-to-handler", "The same from a write to an eventfd that is an irqfd of the source."),
    Row("ipi-64-vcpus", "H_IPI that presents an IPI to the last of 64 connected vCPUs, which is not running."),
    Row("ipi-256-vcpus", "The same with 256 connected vCPUs."),
    Row("resend-1000-waiting", "H_EOI that lets one of 1,000 MSIs through that wait behind the CPPR."),
    Row("resend-1-of-16384", "H_EOI that lets the only MSI through that waits, of 16,384 that exist."),
    Row("memory-16-vcpus-1024-sources", "Slab memory of the kernel for a controller with 16 connected vCPUs and 1,024 "
        "sources, from KVM_CREATE_DEVICE to the last source; the VM and its vCPUs not included.", BYTES),
)

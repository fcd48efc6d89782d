# SPDX-License-Identifier: GPL-2.0-only
"""What guest/host-run makes of the kernel's histograms, and what it lets pass."""

from __future__ import annotations

import subprocess
import tempfile
import unittest
from pathlib import Path

FILES = Path(__file__).resolve().parent.parent / "guest/host.d"
RESTART = 2**64 - 4  # -EINTR as a histogram shows it

SETTING = """
set -eu
work=$1 irqchip=$2 starts=1
fail() { echo "FAIL $*"; exit 1; }
say() { echo "$*"; }
. "$3/exits"
. "$3/aarch64"
"""


def histogram(*rows: str) -> str:
    """The file `hist` of an event with these rows."""
    hits = sum(int(row.split()[-1]) for row in rows)
    return "# event histogram\n#\n\n" + "\n".join(rows) + f"\n\nTotals:\n    Hits: {hits}\n    Dropped: 0\n"


def mmio(address: int, count: int) -> str:
    """A row of the MMIO exits, which are counted in buckets."""
    first = address & ~0xffff
    return f"{{ gpa: ~ {first:>10}-{first + 0xffff} }} hitcount: {count:>10}"


class Exits(unittest.TestCase):
    """A run on an arm64 host in which all is well, and how little is too much."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.work = Path(scratch.name)
        self.reasons = {(6, 0): 700, (24, 0): 2, (10, RESTART): 3, (6, RESTART): 1}
        self.addresses = {0x09000000: 400, 0x08020000: 2, 0x10000000: 200, 0x4010010000: 98}
        self.signals = 4
        self.counters = {"mmio-accesses": 5, "ppi-rises": 6, "irqfd-injections": 7, "rejections": 0}

    def run_with(self, command: str, irqchip: str = "vintc") -> str:
        rows = [f"{{ reason: {reason:>10}, errno: {errno:>10} }} hitcount: {count}"
                for (reason, errno), count in self.reasons.items()]
        # The second histogram of that event, which only tells the one of addresses what to count.
        (self.work / "exits").write_text(histogram(*rows) + histogram("{ common_pid:        134 } hitcount:       700"))
        (self.work / "mmio").write_text(histogram(*(mmio(*item) for item in self.addresses.items())))
        (self.work / "lines").write_text(histogram("{ type:          1 } hitcount:         12"))
        (self.work / "signals").write_text(histogram(f"{{ sig:         10 }} hitcount: {self.signals}"))
        (self.work / "counters").write_text("".join(f"{name} {count}\n" for name, count in self.counters.items()))
        return subprocess.run(["sh", "-c", SETTING + command, "sh", self.work, irqchip, FILES],
                              capture_output=True, text=True, check=False).stdout

    def move(self, count: int, address: int) -> None:
        """Some exits go to another address."""
        self.addresses[0x09000000] -= count
        self.addresses[address] = count

    def test_table(self) -> None:
        table = dict(line.rsplit(maxsplit=1) for line in self.run_with("show_table").splitlines() if line[:1] == " ")
        table = {name.strip(): int(count) for name, count in table.items()}
        self.assertEqual(table["KVM_RUN calls"], 706)
        self.assertEqual(table["ended by mmio"], 700)
        self.assertEqual(table["ended by signal"], 4)
        self.assertEqual(table["ended by system event"], 2)
        self.assertEqual(table["UART"], 400)
        self.assertEqual(table["GICv2m"], 2)
        self.assertEqual(table["PCI and others"], 298)
        self.assertEqual(table["lines set by KVM_IRQ_LINE"], 12)
        self.assertEqual(table["ppi-rises"], 6)

    def test_good(self) -> None:
        self.assertEqual(self.run_with("check_table"), "")

    def test_access_that_left_the_kernel(self) -> None:
        for address in (0x08000000, 0x0800ffff, 0x08010000, 0x0801fffc, 0x080a0000, 0x080c0000, 0x08ffffff):
            with self.subTest(hex(address)):
                self.setUp()
                self.move(1, address)
                self.assertIn("left the kernel", self.run_with("check_table"))
                self.assertEqual(self.run_with("check_table", "userspace"), "")

    def test_exit_for_a_timer(self) -> None:
        self.signals = 3
        self.assertIn("left for a timer", self.run_with("check_table"))
        self.assertEqual(self.run_with("check_table", "userspace"), "")

    def test_many_exits(self) -> None:
        self.reasons[6, 0] += 11300
        self.addresses[0x10000000] += 11300
        self.assertEqual(self.run_with("check_table"), "")
        self.reasons[6, 0] += 1
        self.addresses[0x10000000] += 1
        self.assertIn("more than 12000", self.run_with("check_table"))

    def test_addresses_that_are_not_all_exits(self) -> None:
        self.addresses[0x10000000] -= 1
        self.assertIn("by device 699", self.run_with("check_table"))

    def test_nothing_counted(self) -> None:
        self.addresses = {0x10000000: 700}
        self.assertIn("not even the console", self.run_with("check_table"))

    def test_counters(self) -> None:
        for name in ("mmio-accesses", "ppi-rises", "irqfd-injections"):
            with self.subTest(name):
                self.setUp()
                self.counters[name] = 0
                self.assertIn(name, self.run_with("check_table"))
                self.assertEqual(self.run_with("check_table", "in-tree"), "")
                del self.counters[name]
                self.assertIn(name, self.run_with("check_table"))


if __name__ == "__main__":
    unittest.main()

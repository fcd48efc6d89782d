# SPDX-License-Identifier: GPL-2.0-only
"""Peers are measured before the module is there, and ours with each way to load it."""

import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import runs  # noqa: E402
from hosts import ALL, HOSTS, Boot, Host, Variant  # noqa: E402
from rows import Row  # noqa: E402

ROWS = (Row("null-exit", "An exit."), Row("sgi-self", "An SGI."))
HOST = Host("test", "CPU", "arm64", "arm64", "a clock", "16", ROWS,
            (Boot("machine", ("in-tree", "userspace")), Boot("other", ("in-tree-gicv2",), ours=False)),
            (Variant("hook"), Variant("userspace", "timer=userspace", "--forward-timers", ("null-exit",))))


class Script(unittest.TestCase):
    def commands(self, boot: int, rows: list[str]) -> list[str]:
        script = HOST.script(HOST.boots[boot], rows).splitlines()
        return [line for line in script if line.startswith(("/bench-vmm", "insmod", "rmmod", "variant"))]

    def test_peers_then_ours(self):
        self.assertEqual(self.commands(0, ["null-exit", "sgi-self"]), [
            "/bench-vmm in-tree null-exit sgi-self", "/bench-vmm userspace null-exit sgi-self",
            "insmod /modules/kvm-vintc.ko", "/bench-vmm ours null-exit sgi-self", "rmmod kvm_vintc",
            "insmod /modules/kvm-vintc.ko timer=userspace", "/bench-vmm --forward-timers ours null-exit",
            "rmmod kvm_vintc"])

    def test_a_variant_without_a_row_is_left_out(self):
        self.assertNotIn("timer=userspace", HOST.script(HOST.boots[0], ["sgi-self"]))

    def test_what_a_peer_cannot_is_left_out(self):
        boot = Boot("machine", ("in-tree", "userspace"), ours=False, without=(("userspace", "sgi-self"),))
        for rows, commands in ((["null-exit", "sgi-self"], ["in-tree null-exit sgi-self", "userspace null-exit"]),
                               (["sgi-self"], ["in-tree sgi-self"])):
            script = HOST.script(boot, rows).splitlines()
            self.assertEqual([line for line in script if line.startswith("/bench-vmm")],
                             [f"/bench-vmm {command}" for command in commands])

    def test_a_boot_without_ours_loads_no_module(self):
        self.assertEqual(self.commands(1, ["sgi-self"]), ["/bench-vmm in-tree-gicv2 sgi-self"])


class Hosts(unittest.TestCase):
    def test_each_has_a_document_of_its_own(self):
        names = [host.name for hosts in ALL.values() for host in hosts]
        self.assertEqual(len(names), len(set(names)))

    def test_a_name_is_that_of_one_thing(self):
        for host in (host for hosts in HOSTS.values() for host in hosts):
            ways = {way for row in host.rows for way in row.ways}
            names = [*host.peers, *ways, *(row.name for row in host.rows)]
            self.assertEqual(len(names), len(set(names)))

    def test_variants_name_rows(self):
        for host in (host for hosts in HOSTS.values() for host in hosts):
            rows = {row.name for row in host.rows}
            self.assertIsNone(host.variants[0].rows, "the default has every row")
            for variant in host.variants:
                self.assertLessEqual(set(variant.rows or ()), rows)


class Command(unittest.TestCase):
    """How a virtual host is booted."""

    def command(self, boot: Boot) -> list[str]:
        with tempfile.TemporaryDirectory() as directory, mock.patch.object(runs, "OUT", Path(directory)), \
                mock.patch.object(runs, "build_emulator", lambda: Path("/cache/product/qemu")):
            return runs.command(HOST, boot, "name", "", None)

    def test_the_distributions_emulator_is_the_usual_one(self):
        words = self.command(HOST.boots[0])
        self.assertIn("--icount", words)
        self.assertTrue(set(words).isdisjoint(("--qemu", "--smp", "--cpu")))

    def test_the_one_that_counts_has_its_firmware_beside_it(self):
        words = self.command(Boot("powernv8", ("in-tree",), smp=2, counting=True))
        self.assertEqual(words[words.index("--qemu") + 1], "/cache/product/qemu")
        self.assertIn("--qemu-arg=/cache/product/share", words)
        self.assertEqual(words[words.index("--smp") + 1], "2")

    def test_a_bare_metal_host_needs_the_one_that_counts(self):
        for boot in (boot for hosts in HOSTS.values() for host in hosts for boot in host.boots):
            self.assertEqual(boot.counting, boot.machine.startswith("powernv"), boot.machine)


if __name__ == "__main__":
    unittest.main()

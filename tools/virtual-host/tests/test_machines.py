# SPDX-License-Identifier: GPL-2.0-only
"""The hosts: what the emulator is told for each, and that it knows them."""

from __future__ import annotations

import subprocess
import unittest

import tests.support  # noqa: F401
from arches import ARCHES
from machines import MACHINES, Wishes, command

ARM64 = ("arm64", "arm64-vhe", "arm64-gicv2")


def told(host: str, wishes: Wishes | None = None) -> list[str]:
    return command(MACHINES[host], "kernel", "initrd", wishes or Wishes())


def value(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


class Command(unittest.TestCase):
    """The words of the emulator's command line."""

    def test_every_host(self) -> None:
        for name, machine in MACHINES.items():
            with self.subTest(name):
                self.assertIn(machine.arch, ARCHES)
                words = told(name)
                self.assertEqual((value(words, "-cpu"), value(words, "-m")), (machine.cpu, machine.memory))
                self.assertNotIn("-icount", words)

    def test_arm64_hosts_may_have_guests(self) -> None:
        for name in ARM64:
            with self.subTest(name):
                self.assertIn("virtualization=on", value(told(name), "-M"))

    def test_arm64_interrupt_controllers(self) -> None:
        found = {name: value(told(name), "-M").rpartition("gic-version=")[2] for name in ARM64}
        self.assertEqual(found, {"arm64": "3", "arm64-vhe": "3", "arm64-gicv2": "2"})

    def test_repeatable(self) -> None:
        for name in ARM64:
            with self.subTest(name):
                words = told(name, Wishes(icount=True))
                self.assertEqual(value(words, "-icount"), "shift=0,sleep=off")
                self.assertIn("nokaslr", value(words, "-append").split())
                self.assertNotIn("nokaslr", value(told(name), "-append").split())

    def test_wishes(self) -> None:
        words = told("arm64", Wishes(smp=1, memory="3G", cpu="max", append="quieter", flags=["-S"]))
        self.assertEqual([value(words, option) for option in ("-smp", "-m", "-cpu")], ["1", "3G", "max"])
        self.assertTrue(value(words, "-append").endswith(" quieter"))
        self.assertEqual(words[-1], "-S")


class Emulator(unittest.TestCase):
    """The installed emulators take the machines and processors: they start, and are told to quit."""

    def test_knows_every_host(self) -> None:
        for name, machine in MACHINES.items():
            with self.subTest(name):
                # Nothing is loaded and nothing runs.
                done = subprocess.run([machine.emulator, "-M", machine.machine, "-cpu", machine.cpu, "-smp",
                                       str(machine.smp), "-m", machine.memory, "-nodefaults", "-display", "none", "-S",
                                       "-monitor", "stdio", *machine.flags],
                                      input="quit\n", text=True, capture_output=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()

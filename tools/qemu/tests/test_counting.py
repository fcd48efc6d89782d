# SPDX-License-Identifier: GPL-2.0-only
"""The emulator that counts is made from its own patches, and not from those for KVM hosts."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import unittest
from pathlib import Path
from unittest import mock

DIRECTORY = Path(__file__).resolve().parent.parent / "counting"
loader = importlib.machinery.SourceFileLoader("qemu_counting", str(DIRECTORY / "build"))
counting = importlib.util.module_from_spec(importlib.util.spec_from_loader("qemu_counting", loader))
sys.dont_write_bytecode = True
sys.modules["qemu_counting"] = counting
loader.exec_module(counting)


class MadeFrom(unittest.TestCase):
    def test_the_series_is_all_there_is(self) -> None:
        self.assertEqual(sorted(counting.our_patches()), sorted((DIRECTORY / "patches").glob("*.patch")))
        self.assertTrue(counting.our_patches())

    def test_inputs(self) -> None:
        archive = mock.Mock()
        target = counting.qemu.Target("arch", "triplet", "ppc64", (), ())
        with mock.patch.object(counting.qemu, "compiler", return_value=str(DIRECTORY / "build")):
            made_from = counting.describe(target, archive)
        self.assertEqual([name for name in made_from["inputs"] if name.endswith(".patch")],
                         [f"tools/qemu/counting/patches/{path.name}" for path in counting.our_patches()])
        self.assertNotIn("abi", made_from)

    def test_it_has_no_kvm(self) -> None:
        self.assertFalse([option for option in counting.CONFIGURE if "kvm" in option or "vhost" in option])
        self.assertIn("--static", counting.CONFIGURE)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: GPL-2.0-only
"""What a QEMU is made from: which part of the ABI header makes it another one."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

FILE = Path(__file__).resolve().parent.parent / "build"
loader = importlib.machinery.SourceFileLoader("qemu_build", str(FILE))
build = importlib.util.module_from_spec(importlib.util.spec_from_loader("qemu_build", loader))
sys.dont_write_bytecode = True
sys.modules["qemu_build"] = build
loader.exec_module(build)

HEADER = """
/* KVM_VINTC_ONE: the first one. */
#define KVM_VINTC_ONE 1
#define KVM_VINTC_TWO (KVM_VINTC_ONE + \\
                       KVM_VINTC_OTHER)	/* a sum */
#define KVM_VINTC_OTHER 3
#define KVM_VINTC_UNUSED 4
"""


class Abi(unittest.TestCase):
    """The definitions that the patches use, by whatever way."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.header = Path(scratch.name, "header.h")
        self.patch = Path(scratch.name, "0001-a.patch")
        self.patch.write_text("+    use(KVM_VINTC_TWO, KVM_VINTC_UNKNOWN);\n")
        self.header.write_text(HEADER)

    def abi(self) -> dict[str, str]:
        with mock.patch.object(build, "ABI_HEADER", self.header), \
                mock.patch.object(build, "our_patches", lambda: [self.patch]):
            return build.abi()

    def test_used_and_what_that_uses(self) -> None:
        self.assertEqual(set(self.abi()), {"KVM_VINTC_TWO", "KVM_VINTC_ONE", "KVM_VINTC_OTHER"})

    def test_changes_with_what_is_used(self) -> None:
        before = self.abi()
        self.header.write_text(HEADER.replace("OTHER 3", "OTHER 5"))
        self.assertNotEqual(self.abi(), before)

    def test_nothing_else_changes_it(self) -> None:
        before = self.abi()
        self.header.write_text(HEADER.replace("first one", "one").replace("UNUSED 4", "UNUSED 5"))
        self.assertEqual(self.abi(), before)


if __name__ == "__main__":
    unittest.main()

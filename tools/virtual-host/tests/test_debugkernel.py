# SPDX-License-Identifier: GPL-2.0-only
"""The debug kernels: options that kconfig does not take, what is kept, and what QEMU boots."""

from __future__ import annotations

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import tests.support  # noqa: F401
import debugkernel
from arches import ARCHES

ARM64, PPC64LE = ARCHES["arm64"], ARCHES["ppc64le"]

# A kernel that knows two options, one of which it sets whatever is asked for.
KCONFIG = """\
tinyconfig:
\techo '# CONFIG_SMALL is not set' >.config
olddefconfig:
\tsed -i -n '/^CONFIG_GOOD=/p' .config
\techo CONFIG_ALWAYS=y >>.config
"""


class Scratch(unittest.TestCase):
    """A directory of its own."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name)


class Options(Scratch):
    """The files of options."""

    def configure(self, options: str) -> None:
        (self.root / "Makefile").write_text(KCONFIG)
        debugkernel._configure(["make", "-C", str(self.root)], self.root, options)

    def test_taken(self) -> None:
        self.configure("# why\nCONFIG_GOOD=y\nCONFIG_ALWAYS=y\nCONFIG_OLD=n\n")

    def test_unknown(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "CONFIG_GONE=y"):
            self.configure("CONFIG_GOOD=y\nCONFIG_GONE=y\n")

    def test_not_switched_off(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "CONFIG_ALWAYS=n"):
            self.configure("CONFIG_ALWAYS=n\n")

    def test_files(self) -> None:
        for name, file in debugkernel.OPTIONS.items():
            with self.subTest(name):
                lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
                self.assertEqual([line for line in lines if not re.fullmatch(r"CONFIG_[A-Z0-9_]+=\S+", line)], [])
                options = [line.partition("=")[0] for line in lines]
                self.assertEqual(len(options), len(set(options)))

    def test_kernels_find_the_same_mistakes(self) -> None:
        def finds(file: Path) -> set[str]:
            return set(file.read_text().partition("# What finds mistakes\n")[2].split("\n"))

        missing = finds(debugkernel.OPTIONS["ppc64le"]) - finds(debugkernel.OPTIONS["arm64"])
        self.assertEqual({line for line in missing if line and "PPC" not in line and not line.startswith("#")}, set())


class Product(Scratch):
    """What is left of a tree that has been built."""

    def test_kept(self) -> None:
        tree, path = self.root / "tree", self.root / "product"
        for name in ("vmlinux", "Makefile", "Module.symvers", "scripts/module.lds", "kernel/fork.c",
                     "arch/arm64/Makefile", "arch/arm64/include/generated/asm/cpucaps.h", "arch/powerpc/Makefile"):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(name)
        path.mkdir()
        debugkernel._keep(tree, path, ARM64)
        self.assertEqual({str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()},
                         {"boot/vmlinux", "build/Makefile", "build/Module.symvers", "build/scripts/module.lds",
                          "build/arch/arm64/Makefile", "build/arch/arm64/include/generated/asm/cpucaps.h"})

    def test_arm64_boots_the_flat_image(self) -> None:
        (self.root / "boot").mkdir()
        source = """.global _start
                    .text; _start: .ascii "code"
                    .data; .ascii "data"
                    .section .comment; .ascii "no"
                 """
        subprocess.run([f"{ARM64.cross}gcc", "-nostdlib", "-static", "-Wl,-N", "-o", self.root / "boot/vmlinux",
                        "-x", "assembler", "-"], input=source, text=True, check=True, capture_output=True)
        debugkernel._flatten(self.root, ARM64)
        image = debugkernel.image(self.root, ARM64).read_bytes()
        self.assertTrue(image.startswith(b"code"), image)
        self.assertTrue(image.rstrip(b"\0").endswith(b"data"), image)

    def test_power_boots_vmlinux(self) -> None:
        self.assertEqual(debugkernel.image(self.root, PPC64LE).name, "vmlinux")

    def test_one_architectures_step_is_not_anothers(self) -> None:
        self.assertNotEqual(debugkernel._recipe(PPC64LE), debugkernel._recipe(ARM64))
        self.assertEqual(debugkernel._recipe(PPC64LE), debugkernel.cache.recipe(
            debugkernel._make, debugkernel._configure, debugkernel._compile, debugkernel._keep, debugkernel._KEPT))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs: what cpio reads in it, and that the same tree gives the same bytes."""

from __future__ import annotations

import io
import lzma
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import tests.support  # noqa: F401
import image
import modules
from cpio import Tree


def archive(tree: Tree) -> bytes:
    out = io.BytesIO()
    tree.write(out)
    return out.getvalue()


class Cpio(unittest.TestCase):
    """A tree, as another program sees it."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name)

    def tree(self) -> Tree:
        source = self.root / "source"
        (source / "inner").mkdir(parents=True, exist_ok=True)
        (source / "inner/odd").write_bytes(b"12345")
        (source / "tool").write_text("#!/bin/sh\n")
        (source / "tool").chmod(0o755)
        if not (source / "link").is_symlink():
            os.symlink("tool", source / "link")
        tree = Tree()
        tree.copy(source, "/opt/it")
        tree.text("init", "hello\n", 0o755)
        return tree

    def test_cpio_unpacks_it(self) -> None:
        out = self.root / "out"
        out.mkdir()
        subprocess.run(["cpio", "-id", "--quiet"], input=archive(self.tree()), cwd=out, check=True)
        self.assertEqual((out / "opt/it/inner/odd").read_bytes(), b"12345")
        self.assertEqual(os.readlink(out / "opt/it/link"), "tool")
        self.assertEqual((out / "init").read_text(), "hello\n")
        self.assertEqual((out / "opt/it/tool").stat().st_mode & 0o777, 0o755)
        self.assertEqual((out / "opt/it/inner/odd").stat().st_mode & 0o777, 0o644)

    def test_device(self) -> None:
        tree = Tree()
        tree.node("dev/console", 5, 1)
        listing = subprocess.run(["cpio", "-itv", "--quiet"], input=archive(tree), check=True, capture_output=True)
        self.assertRegex(listing.stdout.decode(), r"crw------- +1 root +root +5, +1 .* dev/console")

    def test_repeats_exactly(self) -> None:
        first = archive(self.tree())
        os.utime(self.root / "source/tool", (1, 1))
        self.assertEqual(archive(self.tree()), first)

    def test_replaced(self) -> None:
        tree = Tree()
        tree.text("a", "one")
        tree.text("/a", "two")
        self.assertEqual(archive(tree).count(b"a\0"), 1)


class Add(unittest.TestCase):
    """SRC[:DEST] of the command line."""

    def test_destinations(self) -> None:
        here = Path(__file__)
        for text, dest in {f"{here}": f"/{here.name}", f"{here}:/bin/x": "/bin/x",
                           f"{here}:/bin/": f"/bin/{here.name}", f"{here.parent}/": "/tests"}.items():
            with self.subTest(text):
                self.assertEqual(image.parse_add(text)[1], dest)

    def test_missing(self) -> None:
        with self.assertRaises(FileNotFoundError):
            image.parse_add("/nowhere/at-all:/x")


class Modules(unittest.TestCase):
    """The order to load modules in."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = Path(scratch.name)
        (self.directory / "modules.dep").write_text(
            "kernel/vhost_net.ko: kernel/vhost.ko kernel/tap.ko kernel/tun.ko kernel/vhost_iotlb.ko\n"
            "kernel/vhost.ko: kernel/vhost_iotlb.ko\nkernel/vhost_iotlb.ko:\nkernel/tap.ko: kernel/tun.ko\n"
            "kernel/tun.ko:\nkernel/kvm-hv.ko: kernel/kvm.ko\nkernel/kvm.ko:\n")
        (self.directory / "modules.builtin").write_text("kernel/virtio_pci.ko\n")

    def order(self, *names: str) -> list[str]:
        return [path.stem for path in modules.in_load_order(self.directory, list(names))]

    def test_dependencies_first_and_once(self) -> None:
        self.assertEqual(self.order("vhost-net", "tun", "kvm_hv"),
                         ["vhost_iotlb", "tun", "tap", "vhost", "vhost_net", "kvm", "kvm-hv"])

    def test_uncompressed(self) -> None:
        packed, plain = self.directory / "kvm.ko.xz", self.directory / "tun.ko"
        packed.write_bytes(lzma.compress(b"module"))
        plain.touch()
        self.assertEqual(image._unpacked(plain, self.directory), plain)
        unpacked = image._unpacked(packed, self.directory)
        self.assertEqual((unpacked.name, unpacked.read_bytes()), ("kvm.ko", b"module"))

    def test_built_in(self) -> None:
        self.assertEqual(self.order("virtio_pci"), [])

    def test_missing(self) -> None:
        with self.assertRaises(modules.ModuleMissing):
            self.order("no_such")


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs of a host or of a guest: busybox, an init, modules, and whatever is added."""

from __future__ import annotations

import gzip
import lzma
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import modules
import products
from arches import Arch
from cpio import Tree

_INIT = Path(__file__).resolve().parent / "init"


@dataclass
class Contents:
    """What goes into an initramfs besides busybox."""

    init: Path = _INIT
    script: Path | None = None
    load: list[str] = field(default_factory=list)  # distribution modules the init loads
    copy: list[str] = field(default_factory=list)  # distribution modules it does not
    module_files: list[Path] = field(default_factory=list)  # modules of our own
    add: list[tuple[Path, str]] = field(default_factory=list)
    expect_kvm: bool = False


def parse_add(text: str) -> tuple[Path, str]:
    """SRC[:DEST] of a command line; DEST defaults to the file's name in the root."""
    source, _, dest = text.partition(":")
    path = Path(source)
    if not path.exists():
        raise FileNotFoundError(f"{source} does not exist")
    if dest.endswith("/"):
        dest += path.resolve().name
    return path, dest or "/" + path.resolve().name


def build(arch: Arch, kernel_modules: Path, contents: Contents, out: Path) -> None:
    """Writes the initramfs to `out`, compressed if its name ends in .gz."""
    tree = Tree()
    for directory in ("proc", "sys", "dev", "tmp", "root"):
        tree.directory(directory)
    tree.node("dev/console", 5, 1)
    tree.node("dev/null", 1, 3)
    tree.file("bin/busybox", products.busybox(arch))
    tree.link("bin/sh", "busybox")
    tree.text("init", contents.init.read_text(), 0o755)
    if contents.script:
        tree.file("script", contents.script)
    if contents.expect_kvm:
        tree.text("expect-kvm", "")
    for source, dest in contents.add:
        tree.copy(source, dest)
    with tempfile.TemporaryDirectory() as scratch:
        _add_modules(tree, arch, kernel_modules, contents, Path(scratch))
        _write(tree, out)


def _add_modules(tree: Tree, arch: Arch, kernel_modules: Path, contents: Contents, scratch: Path) -> None:
    for listing, names in (("load", contents.load), ("copied", contents.copy)):
        files = [_unpacked(file, scratch) for file in modules.in_load_order(kernel_modules, names)]
        for file in files:
            tree.file(f"modules/{file.name}", file)
        tree.text(f"modules/{listing}", "".join(f"{file.name}\n" for file in files))
    for file in contents.module_files:
        if not file.is_file():
            raise FileNotFoundError(f"{file} does not exist")
        stripped = scratch / file.name
        subprocess.run([f"{arch.cross}strip", "--strip-debug", "-o", str(stripped), str(file)], check=True)
        tree.file(f"modules/{file.name}", stripped)


def _unpacked(module: Path, scratch: Path) -> Path:
    """The module, if need be uncompressed: that takes an emulated host long."""
    if module.suffix != ".xz":
        return module
    plain = scratch / module.stem
    plain.write_bytes(lzma.decompress(module.read_bytes()))
    return plain


def _write(tree: Tree, out: Path) -> None:
    with open(out, "wb") as raw:
        if out.suffix == ".gz":
            with gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as packed:
                tree.write(packed)  # type: ignore[arg-type]
        else:
            tree.write(raw)

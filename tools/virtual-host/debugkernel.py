# SPDX-License-Identifier: GPL-2.0-only
"""Debug kernels of our own, for what Debian's leave out: KUnit, KASAN, lockdep and their like.

They are made from Debian's linux-source: tinyconfig and a file of options.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import kernelsource
from arches import Arch
import cache
import debian

_HERE = Path(__file__).resolve().parent

# Where the options of each architecture's debug kernel are.
OPTIONS = {name: _HERE / f"debug-{name}.config" for name in ("ppc64le", "arm64")}

# What external modules are built against, of a tree that has been built.
_KEPT = ["Makefile", ".config", "Module.symvers", "System.map", "include", "scripts",
         "arch/{arch}/Makefile*", "arch/{arch}/include", "arch/{arch}/tools", "arch/{arch}/lib/crtsavres.o",
         "arch/{arch}/kernel/module.lds"]

_PROGRESS_SECONDS = 20


def root(arch: Arch) -> tuple[Path, str]:
    """The product's directory, and the kernel's release.

    It holds boot/vmlinux and what image() names, lib/modules, and build/ for external modules.
    """
    archive = debian.Archive("native")
    options = OPTIONS[arch.name].read_text()

    def describe() -> dict[str, Any]:
        compiler = subprocess.check_output([f"{arch.cross}gcc", "--version"], text=True).splitlines()[0]
        return {"source": kernelsource.package(archive), "options": options, "compiler": compiler,
                "recipe": _recipe(arch)}

    def make(path: Path, made_from: dict[str, Any]) -> None:
        _make(path, arch, archive, made_from["source"], options)
        if not _boots_vmlinux(arch):
            _flatten(path, arch)

    path = debian.product(f"debug-kernel-{arch.name}", [archive], describe, make)
    return path, next((path / "lib/modules").iterdir()).name


def image(path: Path, arch: Arch) -> Path:
    """What QEMU boots, in the product's directory."""
    return path / "boot" / arch.image


def _recipe(arch: Arch) -> str:
    """A hash of how it is made, and of nothing that only another architecture's kernel needs."""
    return cache.recipe(_make, _configure, _compile, _keep, _KEPT, *([] if _boots_vmlinux(arch) else [_flatten]))


def _boots_vmlinux(arch: Arch) -> bool:
    return arch.image == "vmlinux"


def _make(path: Path, arch: Arch, archive: debian.Archive, source: dict[str, str], options: str) -> None:
    begun = time.monotonic()
    cache.say(f"building the debug kernel for {arch.name} from {source['package']} {source['version']}: "
              "this takes some minutes, once")
    with kernelsource.tarball(archive, source) as tarball:
        tree = tarball.parent / "tree"
        tree.mkdir()
        subprocess.run(["tar", "-xJf", tarball, "-C", tree, "--strip-components=1"], check=True)
        log = archive.state.parent / f"debug-kernel-{arch.name}.log"
        make = ["make", "-C", str(tree), f"ARCH={arch.kbuild}", f"CROSS_COMPILE={arch.cross}"]
        _configure(make, tree, options)
        _compile([*make, f"-j{os.cpu_count()}", "vmlinux", "modules"], log)
        _compile([*make, f"INSTALL_MOD_PATH={path}", "modules_install"], log)
        _keep(tree, path, arch)
        log.unlink()
    cache.say(f"the debug kernel took {time.monotonic() - begun:.0f} s")


def _configure(make: list[str], tree: Path, options: str) -> None:
    """tinyconfig and the options, none of which kconfig may have changed."""
    subprocess.run([*make, "-s", "tinyconfig"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    config = tree / ".config"
    with open(config, "a", encoding="ascii") as file:
        file.write(options)
    subprocess.run([*make, "-s", "olddefconfig"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    have = dict(re.findall(r"(?m)^(CONFIG_\w+)=(.*)$", config.read_text()))
    refused = [f"{name}={value}" for name, value in re.findall(r"(?m)^(CONFIG_\w+)=(.*)$", options)
               if have.get(name, "n") != value]
    if refused:
        raise RuntimeError(f"the kernel does not take these options: {' '.join(refused)}")


def _compile(command: list[str], log: Path) -> None:
    """Runs make, saying now and then how far it is."""
    begun = said = time.monotonic()
    objects = 0
    with open(log, "w", encoding="utf-8") as record, subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        assert process.stdout is not None
        for line in process.stdout:
            record.write(line)
            objects += line.startswith(("  CC ", "  AS "))
            now = time.monotonic()
            if now - said > _PROGRESS_SECONDS:
                said = now
                cache.say(f"  {objects} objects after {now - begun:.0f} s")
    if process.returncode:
        tail = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-25:])
        raise RuntimeError(f"the kernel did not build; the log, {log}, ends with:\n{tail}")


def _keep(tree: Path, path: Path, arch: Arch) -> None:
    """Takes the kernel and what external modules need out of the built tree."""
    (path / "boot").mkdir()
    shutil.move(tree / "vmlinux", path / "boot" / "vmlinux")
    build = path / "build"
    for pattern in _KEPT:
        for source in tree.glob(pattern.format(arch=arch.kbuild)):
            target = build / source.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
    for link in (path / "lib/modules").glob("*/[bs]*"):
        if link.is_symlink():
            link.unlink()


def _flatten(path: Path, arch: Arch) -> None:
    """The kernel as it lies in memory: what an arm64 boot loader takes."""
    subprocess.run([f"{arch.cross}objcopy", "-O", "binary", "-S", *(f"--remove-section={name}" for name in
                    (".note", ".note.gnu.build-id", ".comment")), path / "boot/vmlinux", image(path, arch)], check=True)

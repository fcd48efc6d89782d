# SPDX-License-Identifier: GPL-2.0-only
"""What hosts and builds are made of: kernels, their headers, busybox, kselftest.

Everything comes from Debian's archive into the user's cache.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator

from arches import ARCHES, Arch
import cache  # from tools/lib, which arches put on the path
import debian
import debugkernel
import kernelsource


@dataclass(frozen=True)
class Kernel:
    """A kernel that boots, its modules, and what modules are built against."""

    image: Path
    release: str
    modules: Path  # lib/modules/<release>, with modules.dep
    headers: Path  # for make -C


@functools.lru_cache(maxsize=None)
def kernel(arch: Arch, kind: str = "stock") -> Kernel:
    """The kernel of a kind, made if need be."""
    if kind == "stock":
        return _stock(arch)
    if kind == "debug":
        if arch.name not in debugkernel.ARCHES:
            raise debian.NotAvailable(f"there is no debug kernel for {arch.name}")
        root, release = debugkernel.root(arch)
        return Kernel(root / "boot" / "vmlinux", release, root / "lib/modules" / release, root / "build")
    raise ValueError(f"unknown kind of kernel: {kind}")


# Debian's kernel

def _candidates(target: debian.Archive, build: debian.Archive, flavour: str) -> Iterator[dict[str, str]]:
    """The packages of each kernel whose image and headers the archive has, newest first."""
    for meta in target.records(f"linux-image-{flavour}"):
        for image in target.depends(meta["Package"], r"linux-image-.*", meta["Version"]):
            release = image.removeprefix("linux-image-")
            try:
                headers = target.record(f"linux-headers-{release}")
                common, = target.depends(headers["Package"], r"linux-headers-.*-common")
                kbuild, = target.depends(headers["Package"], r"linux-kbuild-.*")
                yield {"release": release, "native": build.arch, "common": common, "kbuild": kbuild,
                       "versions": " ".join([target.record(image)["Version"], headers["Version"],
                                             target.record(common)["Version"], build.record(kbuild)["Version"]])}
            except (debian.NotAvailable, ValueError):
                continue


def _stock(arch: Arch) -> Kernel:
    target, build = debian.Archive(arch.debian), debian.Archive("native")
    tried: set[str] = set()

    def describe() -> dict[str, str]:
        for candidate in _candidates(target, build, arch.flavour):
            if candidate["release"] not in tried:
                return candidate
        raise debian.NotAvailable(f"no archive has both the image and the headers of a kernel for {arch.debian}")

    def make(root: Path, found: dict[str, str]) -> None:
        tried.add(found["release"])
        _unpack_stock(root, target, build, found)

    while True:
        # An index may name what its mirror no longer has: then the next older kernel will do.
        try:
            root = debian.product(f"kernel-{arch.name}", [target, build], describe, make)
            break
        except debian.DownloadFailed as failure:
            cache.say(f"{failure}\ntrying an older kernel")
    release = next((root / "lib/modules").iterdir()).name
    return Kernel(root / "boot" / f"{arch.image}-{release}", release, root / "lib/modules" / release,
                  root / "usr/src" / f"linux-headers-{release}")


def _unpack_stock(root: Path, target: debian.Archive, build: debian.Archive, found: dict[str, str]) -> None:
    release = found["release"]
    target.unpack([f"linux-image-{release}", f"linux-headers-{release}", found["common"]], root)
    # The tools in it run here, so it is this machine's own.
    build.unpack([found["kbuild"]], root)
    makefile = root / "usr/src" / f"linux-headers-{release}" / "Makefile"
    text = re.sub(r"(?m)^include /usr/src/", "include $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)/",
                  makefile.read_text())
    makefile.write_text(text)
    index_modules(root, release)
    shutil.rmtree(root / "usr/share", ignore_errors=True)


def index_modules(root: Path, release: str) -> None:
    """Writes modules.dep and its companions, as installing the package would have done."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    subprocess.run(["depmod", "-b", str(root), release], check=True, env={**os.environ, "PATH": path})


# Programs and headers

def busybox(arch: Arch) -> Path:
    """A static busybox."""
    archive = debian.Archive(arch.debian)
    root = debian.product(f"busybox-{arch.name}", [archive], lambda: archive.versions(["busybox-static"]),
                          lambda path, _: archive.unpack(["busybox-static"], path))
    return root / "bin/busybox"


def kselftest() -> Path:
    """A directory with the kernel's own kselftest.h and kselftest_harness.h."""
    archive = debian.Archive("native")

    def make(path: Path, found: dict[str, Any]) -> None:
        cache.say("taking kselftest's headers out of the kernel's source")
        wanted = re.compile(r"[^/]+/tools/testing/selftests/(kselftest(_harness)?\.h)")
        with kernelsource.tarball(archive, found) as tarball, tarfile.open(tarball) as source:
            for member in source:
                match = wanted.fullmatch(member.name)
                if match:
                    content = source.extractfile(member)
                    assert content is not None
                    (path / match.group(1)).write_bytes(content.read())
        if not (path / "kselftest_harness.h").exists():
            raise debian.NotAvailable("the kernel's source has no kselftest_harness.h")

    return debian.product("kselftest", [archive], lambda: kernelsource.package(archive), make)


# The list a Makefile reads

def listing(arch_name: str, kind: str, names: list[str]) -> list[str]:
    """NAME=VALUE lines for the names asked for, or for all."""
    arch = ARCHES[arch_name]
    values: dict[str, Callable[[], object]] = {
        "KERNEL_IMAGE": lambda: kernel(arch, kind).image,
        "KERNEL_RELEASE": lambda: kernel(arch, kind).release,
        "MODULES": lambda: kernel(arch, kind).modules,
        "HEADERS": lambda: kernel(arch, kind).headers,
        "MAKE_ARGS": lambda: " ".join(arch.make_args()),
        "CROSS_COMPILE": lambda: arch.cross,
        "BUSYBOX": lambda: busybox(arch),
        "KSELFTEST": kselftest,
    }
    for name in names:
        if name not in values:
            raise ValueError(f"no product is called {name}; there are {', '.join(values)}")
    return [f"{name}={values[name]()}" for name in names or values]

# SPDX-License-Identifier: GPL-2.0-only
"""What hosts and builds are made of: kernels, their headers, busybox, kselftest.

Everything comes from Debian's archive into the user's cache.
"""

from __future__ import annotations

import functools
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from arches import ARCHES, Arch
import cache
import debian
import debugkernel
import kernelsource
import stockkernel


@dataclass(frozen=True)
class Kernel:
    """A kernel that boots, its modules, and what modules are built against."""

    image: Path
    release: str
    modules: Path  # lib/modules/<release>, with modules.dep
    headers: Path  # for make -C


# The kernels there are: Debian's default, Debian's newest of a series, and one of our own.
KERNELS = ("stock", "stock-6.12", "debug")


@functools.lru_cache(maxsize=None)
def kernel(arch: Arch, kind: str = "stock") -> Kernel:
    """The kernel of a kind, made if need be."""
    if kind.startswith("stock"):
        root, release = stockkernel.root(arch, kind.removeprefix("stock").removeprefix("-"))
        image, headers = root / "boot" / f"{arch.image}-{release}", root / "usr/src" / f"linux-headers-{release}"
    else:
        if arch.name not in debugkernel.OPTIONS:
            raise debian.NotAvailable(f"there is no debug kernel for {arch.name}")
        root, release = debugkernel.root(arch)
        image, headers = debugkernel.image(root, arch), root / "build"
    return Kernel(image, release, root / "lib/modules" / release, headers)


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
                content = source.extractfile(member) if match else None
                if match and content:
                    (path / match.group(1)).write_bytes(content.read())
        if not (path / "kselftest_harness.h").exists():
            raise debian.NotAvailable("the kernel's source has no kselftest_harness.h")

    return debian.product("kselftest", [archive], lambda: kernelsource.package(archive), make)


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

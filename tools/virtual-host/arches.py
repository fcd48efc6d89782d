# SPDX-License-Identifier: GPL-2.0-only
"""The architectures of virtual hosts, and what each world calls them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))
import debian  # noqa: E402


@dataclass(frozen=True)
class Arch:
    """One architecture under all its names."""

    name: str
    debian: str  # of Debian's packages
    flavour: str  # of Debian's kernel
    kbuild: str  # ARCH= of the kernel
    triplet: str  # of the compiler
    image: str  # the kernel file QEMU boots, under boot/ in Debian's package

    @property
    def cross(self) -> str:
        """The prefix of compilers and binutils."""
        return self.triplet + "-"

    def make_args(self) -> list[str]:
        """What kbuild must be told; the DEB_ names keep Debian's .kernelvariables from choosing a compiler."""
        return [f"ARCH={self.kbuild}", f"CROSS_COMPILE={self.cross}", f"DEB_BUILD_ARCH={debian.native()}",
                f"DEB_HOST_ARCH={self.debian}", f"DEB_HOST_GNU_TYPE={self.triplet}"]


ARCHES = {arch.name: arch for arch in (
    Arch("ppc64le", "ppc64el", "powerpc64le", "powerpc", "powerpc64le-linux-gnu", "vmlinux"),
    Arch("arm64", "arm64", "arm64", "arm64", "aarch64-linux-gnu", "vmlinuz"),
    Arch("x86-64", "amd64", "amd64", "x86_64", "x86_64-linux-gnu", "vmlinuz"),
)}

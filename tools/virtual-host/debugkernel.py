# SPDX-License-Identifier: GPL-2.0-only
"""A debug kernel of our own, for what Debian's kernels leave out: KUnit, KASAN, lockdep."""

from __future__ import annotations

from pathlib import Path

from arches import Arch

ARCHES: dict[str, str] = {}


def root(arch: Arch) -> tuple[Path, str]:
    raise NotImplementedError

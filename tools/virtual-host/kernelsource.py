# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's source, as Debian's linux-source package has it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import arches  # noqa: F401  (puts tools/lib on the path)
import debian


def package(archive: debian.Archive) -> dict[str, str]:
    """The current source package and its version."""
    name, = archive.depends("linux-source", r"linux-source-.*")
    return {"package": name, "version": archive.record(name)["Version"]}


@contextmanager
def tarball(archive: debian.Archive, found: dict[str, str]) -> Iterator[Path]:
    """The source as a compressed tar file, while the context lasts."""
    with tempfile.TemporaryDirectory(dir=archive.state) as scratch:
        archive.unpack([f"{found['package']}={found['version']}"], scratch)
        file, = Path(scratch, "usr/src").glob("linux-source-*.tar.xz")
        yield file

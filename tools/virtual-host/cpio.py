# SPDX-License-Identifier: GPL-2.0-only
"""A file tree in memory, written as a cpio archive in the kernel's "newc" format.

The same tree always gives the same bytes: entries are sorted, owned by root
and carry no time.  Device nodes need no privilege, since none is made here.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO


@dataclass
class _Entry:
    mode: int
    content: bytes = b""
    file: Path | None = None
    device: tuple[int, int] = (0, 0)

    def data(self) -> bytes:
        return self.file.read_bytes() if self.file else self.content


class Tree:
    """The root file system of an initramfs."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    @staticmethod
    def _name(path: str) -> str:
        return str(PurePosixPath("/") / path).lstrip("/")

    def _add(self, path: str, entry: _Entry) -> None:
        name = self._name(path)
        for parent in PurePosixPath(name).parents:
            if str(parent) != ".":
                self._entries.setdefault(str(parent), _Entry(stat.S_IFDIR | 0o755))
        self._entries[name] = entry

    def directory(self, path: str, mode: int = 0o755) -> None:
        """A directory; those above it come by themselves."""
        if self._name(path):
            self._add(path, _Entry(stat.S_IFDIR | mode))

    def text(self, path: str, content: str, mode: int = 0o644) -> None:
        """A file with this text."""
        self._add(path, _Entry(stat.S_IFREG | mode, content.encode()))

    def node(self, path: str, major: int, minor: int) -> None:
        """A character device."""
        self._add(path, _Entry(stat.S_IFCHR | 0o600, device=(major, minor)))

    def link(self, path: str, target: str) -> None:
        """A symbolic link."""
        self._add(path, _Entry(stat.S_IFLNK | 0o777, target.encode()))

    def file(self, path: str, source: Path) -> None:
        """A copy of a file, which is read when the archive is written."""
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        self._add(path, _Entry(stat.S_IFREG | mode, file=source))

    def copy(self, source: Path, path: str) -> None:
        """A copy of a file, or of a directory and all in it."""
        if not source.is_dir():
            self.file(path, source)
            return
        self.directory(path)
        for item in sorted(source.iterdir()):
            inside = f"{path}/{item.name}"
            if item.is_symlink():
                self.link(inside, os.readlink(item))
            else:
                self.copy(item, inside)

    def write(self, out: BinaryIO) -> None:
        """Writes the archive."""
        for number, name in enumerate(sorted(self._entries), start=1):
            _write_entry(out, number, name, self._entries[name])
        _write_entry(out, 0, "TRAILER!!!", _Entry(0))


def _write_entry(out: BinaryIO, number: int, name: str, entry: _Entry) -> None:
    data, encoded = entry.data(), name.encode() + b"\0"
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    #         ino     mode        uid gid links  time size       dev    rdev           name          checksum
    fields = [number, entry.mode, 0, 0, links, 0, len(data), 0, 0, *entry.device, len(encoded), 0]
    out.write(b"070701" + b"".join(b"%08X" % value for value in fields))
    out.write(encoded + b"\0" * (-(110 + len(encoded)) % 4))
    out.write(data + b"\0" * (-len(data) % 4))

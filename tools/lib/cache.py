# SPDX-License-Identifier: GPL-2.0-only
"""The user's cache of products that are expensive to make.

A product is a directory named by a hash of everything it was made from.  It
appears whole or not at all, and is never changed afterwards, so any number of
clones and processes may share it.
"""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

# A product nobody has asked for in this time goes when a newer one of its kind is made.
_FORGOTTEN_AFTER = 60 * 24 * 3600


def say(text: str) -> None:
    """Progress for a person, kept apart from what a program reads."""
    print(text, file=sys.stderr, flush=True)


def root() -> Path:
    """The project's directory in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(base) / "kvm-vintc"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file at `path`, against other processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process to finish with {path.stem}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def key_of(made_from: Any) -> str:
    """A short hash of a JSON-like description."""
    text = json.dumps(made_from, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def recipe(*parts: Any) -> str:
    """A short hash of how a product is made: of functions' source, and of values."""
    return key_of([inspect.getsource(part) if inspect.isfunction(part) else part for part in parts])


def path_of(kind: str, made_from: Any) -> Path:
    """Where the product of this description is, or would be."""
    return root() / kind / key_of(made_from)


def find(kind: str, made_from: Any) -> Path | None:
    """The product, or None when it has yet to be made."""
    path = path_of(kind, made_from)
    if not path.is_dir():
        return None
    os.utime(path)
    return path


def get(kind: str, made_from: Any, make: Callable[[Path], None]) -> Path:
    """The product; `make` fills an empty directory with it when it is missing.

    The directory `make` is given moves afterwards: nothing in the product may
    hold its absolute path.
    """
    found = find(kind, made_from)
    if found:
        return found
    path = path_of(kind, made_from)
    with locked(path.with_suffix(".lock")):
        found = find(kind, made_from)
        if found:
            return found
        _remove_abandoned(path.parent)
        making = Path(tempfile.mkdtemp(prefix=f"making-{os.getpid()}-", dir=path.parent))
        try:
            making.chmod(0o755)
            make(making)
            (making / "made-from.json").write_text(json.dumps(made_from, indent=1, sort_keys=True) + "\n")
            making.rename(path)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return path


def _remove_abandoned(kind: Path) -> None:
    """Removes what a killed process left half-made, and products long unused."""
    for entry in kind.iterdir():
        if entry.name.startswith("making-"):
            gone = not Path("/proc", entry.name.split("-")[1]).exists()
        else:
            gone = entry.is_dir() and time.time() - entry.stat().st_mtime > _FORGOTTEN_AFTER
        if gone:
            shutil.rmtree(entry, ignore_errors=True)

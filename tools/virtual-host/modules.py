# SPDX-License-Identifier: GPL-2.0-only
"""Kernel modules by name, with all they depend on, in the order to load them."""

from __future__ import annotations

from pathlib import Path


class ModuleMissing(RuntimeError):
    """The kernel has no module of that name, loadable or built in."""


def _key(name: str) -> str:
    return Path(name).name.split(".ko")[0].replace("-", "_")


def in_load_order(directory: Path, names: list[str]) -> list[Path]:
    """The files of the named modules and their dependencies under lib/modules/<release>.

    What is built into the kernel needs no file and is left out.
    """
    depends: dict[str, tuple[str, list[str]]] = {}
    for line in (directory / "modules.dep").read_text().splitlines():
        file, _, needed = line.partition(":")
        depends[_key(file)] = (file, needed.split())
    builtin = {_key(line) for line in (directory / "modules.builtin").read_text().splitlines()}
    ordered: list[Path] = []
    for name in names:
        if _key(name) in depends:
            file, needed = depends[_key(name)]
            # modules.dep names them the nearest first: the last must be loaded first.
            for each in [*reversed(needed), file]:
                if directory / each not in ordered:
                    ordered.append(directory / each)
        elif _key(name) not in builtin:
            raise ModuleMissing(f"{directory.name} has no module {name}")
    return ordered

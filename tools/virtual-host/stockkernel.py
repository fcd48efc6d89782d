# SPDX-License-Identifier: GPL-2.0-only
"""Debian's own kernels: image, modules, and headers that work where they are unpacked.

The release has one by default; an archive may have those of other series, too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Iterable, Iterator

from arches import Arch
import cache
import debian

# How long a package that an index names and no mirror has is left alone.
_RETRY_AFTER = 24 * 3600


def root(arch: Arch, series: str = "") -> tuple[Path, str]:
    """The product's directory, laid out as Debian's packages are, and the kernel's release.

    With a series ("6.12"), the newest kernel of that; else the one the release has by default.
    """
    target, build = debian.Archive(arch.debian), debian.Archive("native")
    kind = f"kernel-{arch.name}-{series}".rstrip("-")

    def unavailable(found: dict[str, str]) -> Path:
        return cache.path_of(kind, found).with_suffix(".unavailable")

    def describe() -> dict[str, str]:
        for candidate in _candidates(target, build, _images(target, arch.flavour, series)):
            mark = unavailable(candidate)
            if not mark.exists() or time.time() - mark.stat().st_mtime > _RETRY_AFTER:
                return candidate
        which = f"{series} kernel" if series else "kernel"
        raise debian.NotAvailable(f"no archive has both the image and the headers of a {which} for {arch.debian}")

    def make(path: Path, found: dict[str, str]) -> None:
        try:
            _unpack(path, target, build, found)
        except debian.DownloadFailed:
            unavailable(found).touch()
            raise

    while True:
        try:
            path = debian.product(kind, [target, build], describe, make)
            return path, next((path / "lib/modules").iterdir()).name
        except debian.DownloadFailed as failure:
            cache.say(f"{failure}\nlooking for an older kernel")


def _images(target: debian.Archive, flavour: str, series: str) -> Iterator[str]:
    """The packages of images, newest first."""
    if series:
        yield from target.newest_first(rf"linux-image-{re.escape(series)}\.[^-]+-{re.escape(flavour)}")
        return
    for meta in target.records(f"linux-image-{flavour}"):
        yield from target.depends(meta["Package"], r"linux-image-.*", meta["Version"])


def _candidates(target: debian.Archive, build: debian.Archive, images: Iterable[str]) -> Iterator[dict[str, str]]:
    """The packages of each kernel whose image and headers are both in the index."""
    for image in images:
        release = image.removeprefix("linux-image-")
        try:
            headers = f"linux-headers-{release}"
            common, = target.depends(headers, r"linux-headers-.*-common")
            kbuild, = target.depends(headers, r"linux-kbuild-.*")
            versions = [*target.versions([image, headers, common]).values(), *build.versions([kbuild]).values()]
        except (debian.NotAvailable, ValueError):
            continue
        yield {"release": release, "common": common, "kbuild": kbuild, "versions": " ".join(versions),
               "native": build.arch, "recipe": cache.recipe(_unpack, index_modules)}


def _unpack(path: Path, target: debian.Archive, build: debian.Archive, found: dict[str, str]) -> None:
    release = found["release"]
    target.unpack([f"linux-image-{release}", f"linux-headers-{release}", found["common"]], path)
    # The tools in it run here, so it is this machine's own.
    build.unpack([found["kbuild"]], path)
    makefile = path / "usr/src" / f"linux-headers-{release}" / "Makefile"
    text, count = re.subn(r"(?m)^include /usr/src/", "include $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)/",
                          makefile.read_text())
    if count != 1:
        raise RuntimeError("the headers' Makefile does not include the common one as it used to")
    makefile.write_text(text)
    index_modules(path, release)
    shutil.rmtree(path / "usr/share", ignore_errors=True)


def index_modules(path: Path, release: str) -> None:
    """Writes modules.dep and its companions, as installing the package would have done."""
    search = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    subprocess.run(["depmod", "-b", str(path), release], check=True, env={**os.environ, "PATH": search})

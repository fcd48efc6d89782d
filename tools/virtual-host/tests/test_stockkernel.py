# SPDX-License-Identifier: GPL-2.0-only
"""Which packages a kernel is made from."""

from __future__ import annotations

import re
import unittest
from typing import Any, cast

import tests.support  # noqa: F401
import debian
import stockkernel


class Index:
    """An archive's index: the dependencies of its packages. A version is the package's place in it."""

    arch = "amd64"

    def __init__(self, packages: dict[str, list[str]]) -> None:
        self.packages = packages

    def records(self, name: str) -> list[dict[str, str]]:
        return [{"Package": name, "Version": self.versions([name])[name]}] if name in self.packages else []

    def versions(self, names: list[str]) -> dict[str, str]:
        if not set(names) <= set(self.packages):
            raise debian.NotAvailable(" ".join(names))
        return {name: str(list(self.packages).index(name)) for name in names}

    def depends(self, name: str, regex: str, version: str | None = None) -> list[str]:
        if name not in self.packages:
            raise debian.NotAvailable(name)
        return [other for other in self.packages[name] if re.fullmatch(regex, other)]

    def newest_first(self, regex: str) -> list[str]:
        return [name for name in reversed(self.packages) if re.fullmatch(regex, name)]


def headers_of(release: str, series: str) -> dict[str, list[str]]:
    return {f"linux-headers-{release}-amd64": [f"linux-headers-{release}-common", f"linux-kbuild-{series}"],
            f"linux-headers-{release}-common": [], f"linux-kbuild-{series}": []}


INDEX = Index({
    "linux-image-amd64": ["linux-image-6.1.0-9-amd64"],
    "linux-image-6.1.0-9-amd64": [], **headers_of("6.1.0-9", "6.1"),
    "linux-image-6.12.7+x-amd64": [], **headers_of("6.12.7+x", "6.12.7"),
    "linux-image-6.12.10+x-amd64": [], **headers_of("6.12.10+x", "6.12.10"),
    # Its headers have not come yet.
    "linux-image-6.12.11+x-amd64": [],
    "linux-image-6.12.11+x-rt-amd64": [], "linux-image-6.12.11+x-amd64-dbg": [], "linux-image-6.120.1-amd64": [],
})


def releases(series: str) -> list[str]:
    archive = cast(Any, INDEX)
    images = stockkernel._images(archive, "amd64", series)
    return [found["release"] for found in stockkernel._candidates(archive, archive, images)]


class Choice(unittest.TestCase):
    """The kernels that could be had, the best first."""

    def test_default(self) -> None:
        self.assertEqual(releases(""), ["6.1.0-9-amd64"])

    def test_series(self) -> None:
        self.assertEqual(releases("6.12"), ["6.12.10+x-amd64", "6.12.7+x-amd64"])

    def test_none(self) -> None:
        self.assertEqual(releases("6.13"), [])


if __name__ == "__main__":
    unittest.main()

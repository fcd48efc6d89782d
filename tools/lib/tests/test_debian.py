# SPDX-License-Identifier: GPL-2.0-only
"""What is asked of Debian's indices, with apt's answers made up."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import aptsources  # noqa: E402
import debian  # noqa: E402

SOURCE = aptsources.Source(["http://mirror/"], ["bookworm", "bookworm-security"], ["main"], {"Signed-By": "key"})


class Archive(debian.Archive):
    """An archive in a directory of its own; an index is fetched for suites in `good` only."""

    def __init__(self, state: Path, good: set[str], packages: dict[str, str]) -> None:
        self.arch, self.state, self._records = debian.native(), state, {}
        self.good, self.packages = good, packages
        (state / "lists").mkdir(parents=True)

    @staticmethod
    def _sources_of_apt() -> list[aptsources.Source]:
        return [SOURCE]

    def _run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        out = ""
        if command[1] == "update":
            stanzas = aptsources.parse_deb822((self.state / "debian.sources").read_text())
            for suite in " ".join(stanza["Suites"] for stanza in stanzas).split():
                (self.state / f"lists/mirror_dists_{suite}_InRelease").write_text("Suite: old" + suite + "\n")
                if suite in self.good:
                    (self.state / f"lists/mirror_dists_{suite}_main_binary_Packages.lz4").touch()
        elif command[1] == "pkgnames":
            out = "\n".join([*self.packages, "only-mentioned"])
        elif command[-1] in self.packages:
            out = f"Package: {command[-1]}\nVersion: {self.packages[command[-1]]}\n"
        return subprocess.CompletedProcess(command, 0, out, "")


class Indices(unittest.TestCase):
    """Debian's indices."""

    def archive(self, good: set[str], packages: dict[str, str] | None = None) -> Archive:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        quiet = mock.patch.object(debian.cache, "say")
        quiet.start()
        self.addCleanup(quiet.stop)
        return Archive(Path(scratch.name, "amd64"), good, packages or {})

    def suites(self, archive: Archive) -> list[dict[str, str]]:
        return aptsources.parse_deb822((archive.state / "debian.sources").read_text())

    def test_every_index_is_there(self) -> None:
        archive = self.archive({"bookworm", "bookworm-security"})
        archive.update()
        self.assertEqual([stanza["Suites"] for stanza in self.suites(archive)], ["bookworm bookworm-security"])

    def test_a_missing_index_has_another_name(self) -> None:
        archive = self.archive({"bookworm", "oldbookworm-security"})
        archive.update()
        first, second = self.suites(archive)
        self.assertEqual(second["Suites"], "oldbookworm-security")
        self.assertEqual((second["Signed-By"], second["Check-Valid-Until"]), ("key", "no"))
        # And it is so whenever the archive is asked again.
        archive._configure()
        self.assertEqual(self.suites(archive), [first, second])

    def test_the_proper_name_is_tried_first_each_time(self) -> None:
        archive = self.archive({"bookworm", "oldbookworm-security"})
        archive.update()
        archive.good.add("bookworm-security")
        archive.update()
        self.assertEqual(len(self.suites(archive)), 1)

    def test_newest_first(self) -> None:
        archive = self.archive(set(), {"linux-6.12.9": "6.12.9-1", "linux-6.12.10": "6.12.10-1", "linux-6.1": "6.1-3"})
        self.assertEqual(archive.newest_first(r"linux-6\.12\..*"), ["linux-6.12.10", "linux-6.12.9"])
        self.assertEqual(archive.newest_first(r"only-.*"), [])


if __name__ == "__main__":
    unittest.main()

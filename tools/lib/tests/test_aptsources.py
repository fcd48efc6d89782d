# SPDX-License-Identifier: GPL-2.0-only
"""Which entries of /etc/apt are Debian's, and what is kept of them."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import aptsources  # noqa: E402

ONE_LINE = """\
# deb http://mirror.example/commented bookworm main
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
deb http://mirror.example/debian bookworm main contrib # ours
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/security bookworm-security main
deb https://vendor.example/apt cloud-sdk-bookworm main
deb https://vendor.example/apt bookworm stable
deb http://mirror.example/debian trixie main
"""

DEB822 = """\
Types: deb deb-src
URIs: http://mirror.example/debian
# in between
Suites: bookworm bookworm-updates nodistro
Components: main
Architectures: amd64
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF

Types: deb
Enabled: no
URIs: http://mirror.example/off
Suites: bookworm
Components: main

Types: deb-src
URIs: http://mirror.example/sources
Suites: bookworm
Components: main
"""


class Sources(unittest.TestCase):
    def found(self, **files: str) -> list[aptsources.Source]:
        with tempfile.TemporaryDirectory() as scratch:
            etc = Path(scratch)
            (etc / "sources.list.d").mkdir()
            for name, text in files.items():
                stem, _, suffix = name.partition("_")
                (etc / "sources.list.d" / f"{stem}.{suffix}").write_text(text)
            return aptsources.debian_sources(etc, "bookworm")

    def test_one_line(self) -> None:
        found = self.found(a_list=ONE_LINE)
        self.assertEqual([source.uris + source.suites for source in found],
                         [["http://mirror.example/debian", "bookworm"],
                          ["https://mirror.example/security", "bookworm-security"]])
        self.assertEqual(found[0].components, ["main", "contrib"])
        self.assertEqual(found[1].options, {"Signed-By": "/k.gpg"})

    def test_deb822(self) -> None:
        source, = self.found(a_sources=DEB822)
        self.assertEqual(source.suites, ["bookworm", "bookworm-updates"])
        self.assertNotIn("Architectures", source.options)
        self.assertIn("\n .\n mQINBF", source.stanza("deb"))
        self.assertEqual(aptsources.parse_deb822(source.stanza("deb deb-src"))[0]["Types"], "deb deb-src")

    def test_other_files_are_not_read(self) -> None:
        self.assertEqual(self.found(a_save=ONE_LINE), [])


if __name__ == "__main__":
    unittest.main()

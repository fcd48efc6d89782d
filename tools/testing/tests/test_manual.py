# SPDX-License-Identifier: GPL-2.0-only
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import manual  # noqa: E402

HEADER = "#define KVM_VINTC_GRP_MODEL 1\n#define  KVM_VINTC_MODEL_XICS 1\n#define OTHER 2\n"


class Names(unittest.TestCase):
    def test_whole_and_cut_names_count(self) -> None:
        self.assertEqual(manual.unnamed(HEADER, "``KVM_VINTC_GRP_MODEL``, ``_XICS``"), [])
        self.assertEqual(manual.unnamed(HEADER, "``GRP_MODEL`` and ``MODEL_XICS``"), [])

    def test_a_name_that_is_missing(self) -> None:
        self.assertEqual(manual.unnamed(HEADER, "KVM_VINTC_GRP_MODEL, XICSS"), ["KVM_VINTC_MODEL_XICS"])
        self.assertEqual(manual.unnamed(HEADER, "KVM_VINTC_GRP_MOD"),
                         ["KVM_VINTC_GRP_MODEL", "KVM_VINTC_MODEL_XICS"])


class Excerpts(unittest.TestCase):
    def lost(self, options: str, file: str = "a.c") -> list[str]:
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch)
            (directory / "a.c").write_text("int first;\nint second;\n")
            return manual.lost_excerpts(f"text\n\n.. literalinclude:: {file}\n{options}\nmore\n", directory)

    def test_marks_in_their_order(self) -> None:
        self.assertEqual(self.lost("   :language: c\n   :start-at: int first\n   :end-before: int second\n"), [])

    def test_a_mark_that_is_not_there(self) -> None:
        self.assertEqual(self.lost("   :start-at: int third\n"), ["a.c: int third"])

    def test_marks_in_another_order(self) -> None:
        self.assertEqual(self.lost("   :start-at: int second\n   :end-before: int first\n"), ["a.c: int first"])

    def test_a_file_that_is_not_there(self) -> None:
        self.assertEqual(self.lost("   :start-at: int first\n", "b.c"), ["b.c: int first"])
        self.assertEqual(self.lost("", "b.c"), ["b.c"])


if __name__ == "__main__":
    unittest.main()

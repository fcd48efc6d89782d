# SPDX-License-Identifier: GPL-2.0-only
"""What no kernel may be given must be seen in the module's file."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from checks import misaligned_patch_sites  # noqa: E402

SECTIONS = """
  [ 1] .text             PROGBITS        0000000000000000 000040 000100 00  AX  0   0  8
  [12] .text.unlikely    PROGBITS        0000000000000000 000140 000020 00  AX  0   0  4
"""


def relocations(*sites: str) -> str:
    rows = "".join(f"0000000000000000  0000001a00000101 R_AARCH64_ABS64  0000000000000000 {site}\n" for site in sites)
    return ("\nRelocation section '.rela.text' at offset 0x1 contains 1 entry:\n"
            "0000000000000004  0000001a00000101 R_AARCH64_CALL26  0000000000000000 .text + 4\n"
            "\nRelocation section '.rela__patchable_function_entries' at offset 0x2 contains some entries:\n" + rows)


class PatchSites(unittest.TestCase):
    def test_aligned(self):
        self.assertEqual(misaligned_patch_sites(SECTIONS, relocations(".text + 0", ".text + a8")), [])

    def test_in_a_section_of_four(self):
        self.assertEqual(misaligned_patch_sites(SECTIONS, relocations(".text.unlikely + 0")), [".text.unlikely+0x0"])

    def test_in_the_middle(self):
        self.assertEqual(misaligned_patch_sites(SECTIONS, relocations(".text + a4")), [".text+0xa4"])

    def test_none_at_all(self):
        self.assertEqual(misaligned_patch_sites(SECTIONS, ""), ["it has no place to patch"])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: GPL-2.0-only
"""check-image lets a whole image through, and nothing else."""

import subprocess
import tempfile
import unittest
from pathlib import Path

REALMODE = Path(__file__).resolve().parents[3] / "arch/powerpc/kvm/vintc/realmode"
PREFIX = "powerpc64le-linux-gnu-"
LIMIT = "0x8000"

WHOLE = """
	.abiversion 2
	.section .head.text, "ax"
	.globl head
head:	.long	entry - head
entry:	beq	vintc_real_entry
	bctr
	.text
vintc_real_entry:
	mr	29, 30
	li	30, 1
	bl	inner
	mr	30, 29
	blr
inner:	std	30, 16(1)
	cmpdi	30, 0
	blr
"""


def check(assembly: str, limit: str = LIMIT) -> str:
    """What check-image complains about in an image of this; nothing if it lets it through."""
    with tempfile.TemporaryDirectory() as scratch:
        made, image = Path(scratch) / "image.o", Path(scratch) / "image.elf"
        subprocess.run([f"{PREFIX}gcc", "-c", "-x", "assembler", "-", "-o", made], input=assembly, text=True, check=True)
        subprocess.run([f"{PREFIX}ld", "-m", "elf64lppc", "--emit-relocs", "--unresolved-symbols=ignore-all",
                        "-T", REALMODE / "image.lds", "-o", image, made], check=True, capture_output=True)
        done = subprocess.run(["sh", REALMODE / "check-image", f"{PREFIX}readelf", f"{PREFIX}objdump", image, limit],
                              capture_output=True, text=True, check=False)
        assert bool(done.returncode) == bool(done.stderr), done
        return done.stderr


class CheckImage(unittest.TestCase):
    def test_whole(self) -> None:
        self.assertEqual("", check(WHOLE))

    def test_empty(self) -> None:
        self.assertIn("it has no code", check(""))

    def test_call_outside(self) -> None:
        self.assertIn("it needs printk", check(WHOLE + "\tbl printk\n"))

    def test_toc(self) -> None:
        complaint = check(WHOLE + "\taddis 3, 2, word@toc@ha\n\tld 3, word@toc@l(3)\n\t.data\nword:\t.quad 0\n")
        self.assertIn("R_PPC64_TOC16_HA", complaint)
        self.assertIn("a section .data", complaint)

    def test_own_table_of_contents(self) -> None:
        self.assertIn(" .TOC.", check(WHOLE + "0:\taddis 2, 12, .TOC.-0b@ha\n\taddi 2, 2, .TOC.-0b@l\n"))

    def test_address(self) -> None:
        self.assertIn("R_PPC64_ADDR64", check(WHOLE + "\t.quad inner\n"))

    def test_constants(self) -> None:
        self.assertIn("a section .rodata", check(WHOLE + '\t.section .rodata, "a"\n\t.long 1\n'))

    def test_zeroed_data(self) -> None:
        self.assertIn("a section .bss", check(WHOLE + "\t.lcomm zeroes, 8\n"))

    def test_size(self) -> None:
        self.assertIn("more than 32768", check(WHOLE + f"\t.space {LIMIT}\n"))

    def test_register(self) -> None:
        self.assertIn("r30 is written by clobbers", check(WHOLE + "clobbers:\n\tclrlwi 30, 9, 24\n\tblr\n"))


if __name__ == "__main__":
    unittest.main()

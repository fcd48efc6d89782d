# SPDX-License-Identifier: GPL-2.0-only
"""The page says what was measured, what was not, and invents nothing."""

import json
import re
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import chart  # noqa: E402
import documents  # noqa: E402
import performance  # noqa: E402
import results  # noqa: E402
from hosts import ALL  # noqa: E402

IPI = {"row": "ipi-cycle", "what": "A cycle.", "unit": "ticks", "ours": 4600.0, "in-tree": 4200.0, "userspace": 11000.0,
       "ratio": {"in-tree": 1.0952, "userspace": 0.4182}, "variants": {"D": 4600.0, "A": 5000.0}}
SAVE = {"row": "save", "what": "A save.", "unit": "ticks", "ours": 300.0, "ratio": {"slowly": 0.3333},
        "variants": {"D": 300.0}, "ways": {"slowly": 900.0}}
MEMORY = {"row": "memory", "what": "Memory.", "unit": "bytes", "ours": 20248.0, "in-tree": 54776.0, "ratio": {},
          "variants": {}}
NATIVE = {"row": "ipi-cycle", "what": "A native cycle.", "unit": "instructions", "ours": 428.0, "ns": 33.3, "ratio": {},
          "variants": {}}
GOALS = """\
power9 ipi-cycle ours/in-tree   <= 1.12 must
power9 ipi-cycle ours/in-tree   <= 1.03 aim
power9 ipi-cycle ours/userspace <  0.42 must
power9 h-xirr    ours/in-tree   <= 1.03 must
power9 memory    ours-in-tree   <= 0    aim
"""


def document(host: str, *rows: dict, kernel: str = "6.1.0-99-test") -> dict:
    return {"host": host, "cpu": f"CPU of {host}", "kernel": kernel, "unit note": f"Ticks of {host}.",
            "rows": list(rows)}


class Generated(unittest.TestCase):
    """Files that are made from documents."""

    def files(self, *contents: dict, goals: str = GOALS) -> dict[str, str]:
        with tempfile.TemporaryDirectory() as directory:
            where = Path(directory)
            for content in contents:
                (where / f"{content['host']}.json").write_text(json.dumps(content))
            (where / "goals").write_text(goals)
            return performance.generate(documents.read_all(where), where / "goals")


class Page(Generated):
    def page(self, *contents: dict) -> str:
        return self.files(*contents)["performance.rst"]

    def line(self, row: str, *contents: dict) -> list[str]:
        """The words of a row in the first table that has it."""
        return next(line.split() for line in self.page(*contents).splitlines() if line.startswith(f"``{row}`` "))

    def test_a_row_with_its_peers(self):
        words = self.line("ipi-cycle", document("power9", IPI))
        self.assertEqual(words[1:6], ["4,600.0", "4,200.0", "1.095", "11,000.0", "0.418"])
        self.assertEqual(" ".join(words[6:]), "<= 1.12 of in-tree: met (1.095); "
                         "aim <= 1.03 of in-tree: missed (1.095); < 0.42 of userspace: met (0.418)")

    def test_a_missing_peer_is_told(self):
        words = self.line("save", document("power9", IPI, SAVE))
        self.assertEqual(words[1:], ["300.0", "no", "peer", "no", "peer"])

    def test_a_host_without_any_peer(self):
        words = self.line("ipi-cycle", document("native", NATIVE))
        self.assertEqual(words[1:], ["428.0", "33.3", "no", "peer"])

    def test_a_row_that_was_not_measured_is_told(self):
        self.assertEqual(self.line("h-ipi", document("power9", IPI))[1:], ["not", "measured"])
        self.assertIn("<= 1.03 of in-tree: not measured", self.page(document("power9", IPI)))

    def test_other_ways_and_variants(self):
        page = self.page(document("power9", IPI, SAVE))
        for words in (["``ipi-cycle``", "loaded", "with", "A", "5,000.0", "0.920"],
                      ["``save``", "by", "slowly", "900.0", "0.333"]):
            self.assertIn(words, [line.split() for line in page.splitlines()])
        self.assertNotIn("loaded with D", page)

    def test_missed_goals_are_listed(self):
        page = self.page(document("power9", IPI, MEMORY))
        self.assertIn("Of 3 limits that must be kept, 2 are met, and these not:\n\n"
                      "* power9, ``h-xirr``: <= 1.03 of in-tree: not measured\n", page)
        self.assertIn("Of 2 aims, 1 are met", page)
        self.assertIn("<= in-tree + 0: met (-34528.000)", page)

    def test_hosts_without_figures_are_listed(self):
        others = [host.name for hosts in ALL.values() for host in hosts if host.name != "power9"]
        (told,) = re.findall(r"Not measured when this page was made: ([^.]*)\.", self.page(document("power9", IPI)))
        self.assertEqual(told.split(), ", ".join(f"``{name}``" for name in others).split())
        everything = [document(name, IPI) for name in ["power9", *others]]
        self.assertNotIn("Not measured when", self.page(*everything))

    def test_a_host_that_nobody_expects_is_shown(self):
        page = self.page(document("another", IPI), document("power9", IPI))
        self.assertLess(page.index("``power9``: CPU"), page.index("``another``: CPU"))

    def test_a_goal_of_every_row_is_each_rows(self):
        files = self.files(document("power9", IPI, SAVE), goals="power9 * ours/userspace <= 0.4 aim\n")
        self.assertIn("* power9, ``ipi-cycle``: aim <= 0.4 of userspace: missed (0.418)", files["performance.rst"])
        self.assertIn("Of 1 aims, 0 are met", files["performance.rst"])

    def test_the_kernel_is_named_by_its_series(self):
        page = self.page(document("power9", IPI))
        self.assertIn("CPU of power9, Linux 6.1;", page)
        self.assertNotIn("6.1.0", page)

    def test_what_is_the_same_is_told_once(self):
        same = [{**document(host, IPI), "unit note": "Ticks."} for host in ("arm64", "arm64-vhe")]
        page = self.page(*same)
        self.assertEqual(page.count("A cycle."), 1)
        self.assertIn("The rows count what those of ``arm64`` count.", page)
        self.assertIn("``arm64``, ``arm64-vhe``\n   Ticks.\n", page)

    def test_tables_are_well_formed(self):
        lines = self.page(document("power9", IPI, SAVE, MEMORY), document("native", NATIVE)).splitlines()
        borders = [index for index, line in enumerate(lines) if line.startswith("=") and " " in line]
        self.assertEqual(len(borders) % 3, 0)
        for first, _, last in zip(*[iter(borders)] * 3):
            gaps = [index for index, sign in enumerate(lines[first]) if sign == " "]
            for line in lines[first:last + 1]:
                self.assertLessEqual(len(line), len(lines[first]))
                self.assertTrue(all(line[gap:gap + 1] in ("", " ") for gap in gaps), line)

    def test_malformed_documents_are_refused(self):
        for row in ({**IPI, "ours": "4600"}, {**IPI, "in-tree": -1}, {**IPI, "userspace": True}, {"row": "ipi-cycle"},
                    {**IPI, "ours": None}):
            with self.subTest(row=row), self.assertRaises(results.Malformed):
                self.page(document("power9", row))

    def test_nothing_measured_is_no_page(self):
        with tempfile.TemporaryDirectory() as directory, self.assertRaises(results.Malformed):
            performance.write(Path(directory))


class Chart(Generated):
    def marks(self, *contents: dict) -> tuple[list[ElementTree.Element], list[str]]:
        """The marks behind the legend's own, and all texts."""
        root = ElementTree.fromstring(self.files(*contents)["performance.svg"])
        texts = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
        return [each for each in root if each.get("class") == "mark"], texts

    def test_a_mark_for_each_ratio(self):
        marks, texts = self.marks(document("power9", IPI, SAVE, MEMORY))
        self.assertEqual(len(marks), 3)
        for number in ("1.095", "0.418", "0.370"):
            self.assertIn(number, texts)
        self.assertEqual(texts.count("no peer"), 1)

    def test_places(self):
        circle = next(mark for mark in self.marks(document("power9", IPI))[0] if mark.get("cx"))
        equal, double = chart._x(1), chart._x(2)  # pylint: disable=protected-access
        self.assertTrue(equal < float(circle.get("cx")) < double)

    def test_what_is_beyond_the_axis_is_written(self):
        marks, texts = self.marks(document("power9", {**IPI, "ours": 4200.0 * 450}))
        self.assertIn("450", texts)
        self.assertFalse([mark for mark in marks if mark.get("cx")], "it is an arrow")

    def test_a_host_without_peers(self):
        marks, texts = self.marks(document("native", NATIVE))
        self.assertEqual((marks, texts.count("no peer")), ([], 1))

    def test_every_peer_has_a_style(self):
        peers = {peer for hosts in ALL.values() for host in hosts for peer in host.peers}
        self.assertLessEqual(peers, set(chart.STYLES))


if __name__ == "__main__":
    unittest.main()

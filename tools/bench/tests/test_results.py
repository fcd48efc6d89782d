# SPDX-License-Identifier: GPL-2.0-only
"""No figure is invented, and no goal is met by a figure that is not there."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import results  # noqa: E402
from rows import POWER_ROWS, Row  # noqa: E402

ROWS = (Row("ipi-cycle", "A cycle."), Row("h-xirr", "An H_XIRR."))
OUTPUT = """\
kernel 6.1.0-test
bench in-tree ipi-cycle 42000 10
bench userspace ipi-cycle 110000 10
variant A
bench ours ipi-cycle 46000 10
variant D
bench ours ipi-cycle 43000 10
noise of some kind
"""


def goal(comparison: str, limit: float, binding: bool = True, row: str = "ipi-cycle") -> results.Goal:
    return results.Goal(row, "in-tree", comparison, limit, binding)


class Parse(unittest.TestCase):
    def test_ours_is_the_first_variant(self):
        figures = results.parse(OUTPUT.splitlines())
        self.assertEqual(figures.peers["ours"]["ipi-cycle"], 4600)
        self.assertEqual(figures.variants, {"A": {"ipi-cycle": 4600}, "D": {"ipi-cycle": 4300}})
        self.assertEqual(figures.kernel, "6.1.0-test")

    def test_malformed_lines_are_refused(self):
        for line in ("bench ours ipi-cycle 46000", "bench ours ipi-cycle many 10", "bench ours ipi-cycle 1 0",
                     "kernel"):
            with self.subTest(line=line), self.assertRaises(results.Malformed):
                results.parse([line])


class Goals(unittest.TestCase):
    figures = results.parse(OUTPUT.splitlines())

    def test_limits(self):
        # 4600 / 4200 = 1.095
        self.assertEqual(results.missed(self.figures, [goal("<=", 1.12), goal("<", 1.10)]), [])
        for missed in (goal("<=", 1.09), goal("<", 1.095)):
            self.assertEqual(results.missed(self.figures, [missed]), [missed])

    def test_a_missing_figure_is_a_missed_goal(self):
        absent = goal("<=", 1.0, row="h-xirr")
        self.assertEqual(results.missed(self.figures, [absent]), [absent])

    def test_an_aim_binds_nobody(self):
        self.assertEqual(results.missed(self.figures, [goal("<=", 0.5, binding=False)]), [])

    def test_every_goal_names_a_row(self):
        rows = {row.name for row in POWER_ROWS}
        goals = results.read_goals(Path(__file__).parents[1] / "goals", "power9")
        self.assertTrue(any(each.binding for each in goals))
        for each in goals:
            self.assertIn(each.row, rows)
            self.assertIn(each.peer, results.PEERS)

    def test_a_bad_goal_is_refused(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("power9 ipi-cycle in-tree <= 1.0 perhaps\n")
            file.flush()
            with self.assertRaises(results.Malformed):
                results.read_goals(Path(file.name), "power9")


class Output(unittest.TestCase):
    figures = results.parse(OUTPUT.splitlines())

    def test_json(self):
        document = results.as_json("power9", ROWS, self.figures)
        (row,) = document["rows"]
        self.assertEqual(row, {"row": "ipi-cycle", "what": "A cycle.", "unit": "ticks",
                               "ours": 4600.0, "in-tree": 4200.0, "userspace": 11000.0,
                               "ratio": {"in-tree": 1.0952, "userspace": 0.4182},
                               "variants": {"A": 4600.0, "D": 4300.0}})
        self.assertEqual(document["kernel"], "6.1.0-test")

    def test_a_peer_without_a_figure_is_absent(self):
        (row,) = results.as_json("power9", ROWS, results.parse(["bench ours h-xirr 10 1"]))["rows"]
        self.assertNotIn("in-tree", row)
        self.assertEqual(row["ratio"], {})

    def test_table_marks_goals(self):
        text = results.table(ROWS, self.figures, [goal("<=", 1.12), goal("<=", 1.03, binding=False), goal("<", 1.0)])
        self.assertIn("1.095", text)
        for mark in ("1.12: met", "1.03: aim missed", "1.00: MISSED"):
            self.assertIn(mark, text)
        self.assertNotIn("h-xirr", text)


if __name__ == "__main__":
    unittest.main()

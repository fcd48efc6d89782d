# SPDX-License-Identifier: GPL-2.0-only
"""No figure is invented, and no goal is met by a figure that is not there."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import results  # noqa: E402
from hosts import ALL, Boot, Host, Native, Variant  # noqa: E402
from rows import Row  # noqa: E402

ROWS = (Row("ipi-cycle", "A cycle."), Row("h-xirr", "An H_XIRR."), Row("save", "A save.", ways=("slowly",)))
HOST = Host("test", "CPU", "ppc64le", "power", "a clock", "2", ROWS, (Boot("machine", ("in-tree", "userspace")),),
            (Variant("A"), Variant("D")))
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

WAYS = """\
variant A
bench ours:slowly save 9000 10
bench ours save 3000 10
bench ours ipi-cycle 46000 10
"""


NATIVE = """\
kernel 6.1.0-test
cpu x86_64, a model
bench ours ipi-cycle 856032 2000
time ipi-cycle 33.4
"""


def goal(comparison: str, limit: float, binding: bool = True, row: str = "ipi-cycle",
         figure: str = "ours/in-tree") -> results.Goal:
    return results.Goal(row, figure, comparison, limit, binding)


class Parse(unittest.TestCase):
    def test_ours_is_the_first_variant(self):
        figures = results.parse(OUTPUT.splitlines())
        self.assertEqual(figures.peers["ours"]["ipi-cycle"], 4600)
        self.assertEqual(figures.variants, {"A": {"ipi-cycle": 4600}, "D": {"ipi-cycle": 4300}})
        self.assertEqual(figures.kernel, "6.1.0-test")

    def test_malformed_lines_are_refused(self):
        for line in ("bench ours ipi-cycle 46000", "bench ours ipi-cycle many 10", "bench ours ipi-cycle 1 0",
                     "kernel", "time ipi-cycle", "time ipi-cycle soon"):
            with self.subTest(line=line), self.assertRaises(results.Malformed):
                results.parse([line])

    def test_other_ways_are_no_peers(self):
        figures = results.parse(WAYS.splitlines())
        self.assertEqual(figures.ways, {"slowly": {"save": 900}})
        self.assertEqual(figures.peers["ours"], {"save": 300, "ipi-cycle": 4600})
        self.assertEqual(figures.variants, {"A": {"save": 300, "ipi-cycle": 4600}})

    def test_a_peer_has_no_other_ways(self):
        with self.assertRaises(results.Malformed):
            results.parse(["bench in-tree:slowly save 9000 10"])


class Goals(unittest.TestCase):
    figures = results.parse(OUTPUT.splitlines())

    def test_limits(self):
        # 4600 / 4200 = 1.095
        self.assertEqual(results.missed(self.figures, [goal("<=", 1.12), goal("<", 1.10)]), [])
        for missed in (goal("<=", 1.09), goal("<", 1.095)):
            self.assertEqual(results.missed(self.figures, [missed]), [missed])

    def test_figures_that_are_no_ratio(self):
        for figure, value in (("ours", 4600), ("ours-in-tree", 400), ("ours-userspace", -6400)):
            with self.subTest(figure=figure):
                self.assertEqual(results.missed(self.figures, [goal("<=", value, figure=figure)]), [])
                missed = goal("<", value, figure=figure)
                self.assertEqual(results.missed(self.figures, [missed]), [missed])

    def test_ours_is_compared_with_another_way_and_another_row(self):
        figures = results.parse(WAYS.splitlines())
        for figure, value in (("ours/slowly", 0.333), ("ours/ipi-cycle", 0.065)):
            with self.subTest(figure=figure):
                for met in (goal("<=", value, row="save", figure=figure), goal(">=", value, row="save", figure=figure)):
                    self.assertEqual(results.missed(figures, [met]), [])
                missed = goal("<", value, row="save", figure=figure)
                self.assertEqual(results.missed(figures, [missed]), [missed])

    def test_a_missing_figure_is_a_missed_goal(self):
        for absent in (goal("<=", 1.0, row="h-xirr"), goal("<=", 9.0, row="h-xirr", figure="ours"),
                       goal("<=", 9.0, figure="ours-in-tree-gicv2"), goal("<=", 9.0, figure="ours/slowly"),
                       goal("<=", 9.0, figure="ours/h-xirr")):
            with self.subTest(goal=absent):
                self.assertEqual(results.missed(self.figures, [absent]), [absent])

    def test_an_aim_binds_nobody(self):
        self.assertEqual(results.missed(self.figures, [goal("<=", 0.5, binding=False)]), [])

    def test_every_goal_names_figures_that_there_are(self):
        for host in (host for hosts in ALL.values() for host in hosts):
            goals = results.read_goals(Path(__file__).parents[1] / "goals", host.name)
            self.assertTrue(any(each.binding for each in goals), host.name)
            rows = {row.name: row for row in host.rows}
            for each in goals:
                if each.row == results.EVERY_ROW:
                    self.assertIn(each.other, host.peers)
                else:
                    self.assertIn(each.row, rows)
                    self.assertIn(each.other, ("", *host.peers, *rows, *rows[each.row].ways))

    def test_a_goal_of_every_row_is_one_of_each_that_the_peer_has(self):
        figures = results.parse([*OUTPUT.splitlines(), "bench userspace h-xirr 50 10", "bench ours save 10 10"])
        every = goal("<=", 0.4, binding=False, row="*", figure="ours/userspace")
        rows = [each.row for each in results.goals_of([every], figures)]
        self.assertEqual(rows, ["ipi-cycle", "h-xirr"])

    def test_a_rows_own_goal_comes_before_that_of_every_row(self):
        every = goal("<=", 0.4, binding=False, row="*", figure="ours/userspace")
        own = goal("<", 0.42, figure="ours/userspace")
        self.assertEqual(results.goals_of([every, own, goal("<=", 1.0)], self.figures), [own, goal("<=", 1.0)])
        (found,) = results.goals_of([every], self.figures)
        self.assertEqual((found.row, found.limit, found.binding), ("ipi-cycle", 0.4, False))

    def test_a_bad_goal_is_refused(self):
        for line in ("power9 ipi-cycle ours/in-tree <= 1.0 perhaps", "power9 ipi-cycle in-tree <= 1.0 must",
                     "power9 ipi-cycle ours*in-tree <= 1.0 must", "power9 ipi-cycle ours > 1.0 must"):
            with self.subTest(line=line), tempfile.NamedTemporaryFile("w") as file:
                file.write(line + "\n")
                file.flush()
                with self.assertRaises(results.Malformed):
                    results.read_goals(Path(file.name), "power9")


class Output(unittest.TestCase):
    figures = results.parse(OUTPUT.splitlines())

    def test_json(self):
        document = results.as_json(HOST, self.figures)
        (row,) = document["rows"]
        self.assertEqual(row, {"row": "ipi-cycle", "what": "A cycle.", "unit": "ticks",
                               "ours": 4600.0, "in-tree": 4200.0, "userspace": 11000.0,
                               "ratio": {"in-tree": 1.0952, "userspace": 0.4182},
                               "variants": {"A": 4600.0, "D": 4300.0}})
        self.assertEqual([document[key] for key in ("host", "cpu", "kernel")], ["test", "CPU", "6.1.0-test"])

    def test_other_ways(self):
        figures = results.parse(WAYS.splitlines())
        row = results.as_json(HOST, figures)["rows"][-1]
        self.assertEqual((row["ours"], row["ratio"], row["ways"]), (300.0, {"slowly": 0.3333}, {"slowly": 900.0}))
        self.assertIn("save, ours slowly: 900.0, ratio 0.3333", results.table(HOST, figures, []))

    def test_the_machine_that_builds(self):
        host = Native(rows=ROWS)
        figures = results.parse(NATIVE.splitlines())
        document = results.as_json(host, figures)
        self.assertEqual(document["cpu"], "x86_64, a model")
        self.assertEqual(document["rows"], [{"row": "ipi-cycle", "what": "A cycle.", "unit": "ticks", "ours": 428.016,
                                             "ns": 33.4, "ratio": {}, "variants": {}}])
        self.assertEqual(results.table(host, figures, []).splitlines()[1].split(), ["ipi-cycle", "428.0", "33.4"])

    def test_a_peer_without_a_figure_is_absent(self):
        (row,) = results.as_json(HOST, results.parse(["bench ours h-xirr 10 1"]))["rows"]
        self.assertNotIn("in-tree", row)
        self.assertEqual(row["ratio"], {})

    def test_table_marks_goals(self):
        text = results.table(HOST, self.figures, [goal("<=", 1.12), goal("<=", 1.03, binding=False), goal("<", 1.0)])
        self.assertIn("1.095", text)
        for mark in ("1.12: met", "1.03: aim missed", "< 1: MISSED"):
            self.assertIn(mark, text)
        self.assertIn("ipi-cycle, ours by variant: A 4600.0, D 4300.0", text)
        self.assertNotIn("h-xirr", text)


if __name__ == "__main__":
    unittest.main()

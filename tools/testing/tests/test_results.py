# SPDX-License-Identifier: GPL-2.0-only
"""The runner must not count what did not run, nor miss what failed."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import FAILED, PASSED, SKIPPED, from_tap  # noqa: E402


def outcomes(text: str) -> list[tuple[str, str]]:
    return [(r.name, r.outcome) for r in from_tap(text)]


class FromTap(unittest.TestCase):
    def test_flat(self):
        self.assertEqual(outcomes("TAP version 13\n1..2\n[boot noise]\nok 1 one\r\nnot ok 2 two\n"),
                         [("one", PASSED), ("two", FAILED)])

    def test_programs_are_told_apart(self):
        self.assertEqual(outcomes("# a_test\n1..1\nok 1 one\n# b_test\n1..1\nok 1 one\n"),
                         [("a_test: one", PASSED), ("b_test: one", PASSED)])

    def test_skip_is_no_pass(self):
        found = from_tap("1..1\nok 1 one # SKIP no such device\n")
        self.assertEqual((found[0].outcome, found[0].why), (SKIPPED, "no such device"))
        found = from_tap("1..1\nok 1 # SKIP no such device\n")
        self.assertEqual(found[0].outcome, SKIPPED)

    def test_suite_lines_do_not_count(self):
        text = "KTAP version 1\n1..1\n    KTAP version 1\n    1..2\n    ok 1 a\n    not ok 2 b\nnot ok 1 suite\n"
        self.assertEqual(outcomes(text), [("a", PASSED), ("b", FAILED)])

    def test_two_suites(self):
        text = "1..2\n    1..1\n    ok 1 a\nok 1 first\n    1..1\n    ok 1 b\nok 2 second\n"
        self.assertEqual(outcomes(text), [("a", PASSED), ("b", PASSED)])

    def test_a_program_that_dies_fails(self):
        found = from_tap("# a_test\n1..3\nok 1 one\n# b_test\n1..1\nok 1 one\n")
        self.assertIn(("a_test: all of them ran", FAILED), [(r.name, r.outcome) for r in found])

    def test_a_failure_says_why(self):
        found = from_tap("# a_test\n1..3\n# Starting 3 tests\n#  RUN  one ...\n# it is odd\n#  OK  one\nok 1 one\n"
                         "# an event\n#  RUN  two ...\n# a.c:7:two:Expected 0\n# two: Test failed\nnot ok 2 two\n"
                         "#  RUN  three ...\nnot ok 3 three\n")
        self.assertEqual([r.why for r in found], ["", "a.c:7:two:Expected 0", ""])
        found = from_tap("1..1\n    # Subtest: suite\n    1..1\n    # a: EXPECTATION FAILED at a.c:7\n"
                         "    Expected b, but\n    not ok 1 a\nnot ok 1 suite\n")
        self.assertEqual([r.why for r in found], ["a: EXPECTATION FAILED at a.c:7"])

    def test_nothing_is_nothing(self):
        self.assertEqual(outcomes("all is well\n"), [])


if __name__ == "__main__":
    unittest.main()

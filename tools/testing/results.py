# SPDX-License-Identifier: GPL-2.0-only
"""What tests said: outcomes, and how to read them from TAP, KTAP and XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Result:
    """The outcome of one test; `why` explains a failure or a skip."""

    name: str
    outcome: str
    why: str = ""


@dataclass
class _Line:
    """A line of TAP that bears a result or a plan, and how deep it is nested."""

    depth: int
    result: Result | None = None
    planned: int | None = None


_RESULT = re.compile(r"^( *)(not )?ok (\d+)(?:[ \t-]+(.*))?$")
_PLAN = re.compile(r"^( *)1\.\.(\d+)")
_DIRECTIVE = re.compile(r"#\s*(SKIP|TODO|XFAIL)\b\s*(.*)$", re.IGNORECASE)
_PROGRAM = re.compile(r"^# (\w+)$")
# What a test says while it runs; kselftest's own steps are set off by two blanks.
_DIAGNOSTIC = re.compile(r"^ *# (\S.*)$")
_BEGINS = re.compile(r"^# +RUN ")


def _tap_line(text: str) -> _Line | None:
    if match := _PLAN.match(text):
        return _Line(len(match[1]), planned=int(match[2]))
    match = _RESULT.match(text)
    if not match:
        return None
    name = (match[4] or f"test {match[3]}").strip()
    outcome, why = (FAILED if match[2] else PASSED), ""
    if directive := _DIRECTIVE.search(name):
        name = name[: directive.start()].strip() or f"test {match[3]}"
        if directive[1].upper() == "SKIP":
            outcome, why = SKIPPED, directive[2]
    return _Line(len(match[1]), Result(name, outcome, why))


def from_tap(text: str) -> list[Result]:
    """
    The tests of a TAP or KTAP stream, whatever else is between its lines. Of a
    nested stream the innermost results count; the line of a suite follows its
    tests, and is no test of its own. A line "# name" begins another program. A
    plan that was not fulfilled is a failure: the program died. A failed test is
    explained by the first thing it said.
    """
    results: list[Result] = []
    said = ""
    program, planned, seen, last_depth = "", 0, 0, 0

    def close() -> None:
        if seen < planned:
            results.append(Result(f"{program or 'tests'}: all of them ran", FAILED,
                                  f"{seen} of {planned} reported"))

    for raw in text.splitlines():
        line = raw.rstrip("\r ")
        if match := _PROGRAM.match(line):
            close()
            program, planned, seen, last_depth = match[1], 0, 0, 0
            continue
        parsed = _tap_line(line)
        if not parsed:
            if _BEGINS.match(line):
                said = ""
            elif match := _DIAGNOSTIC.match(line):
                said = said or match[1]
            continue
        first_said, said = said, ""
        if parsed.planned is not None:
            planned += parsed.planned
            continue
        seen += 1
        assert parsed.result
        if parsed.result.outcome == FAILED:
            parsed.result.why = first_said
        is_suite = parsed.depth < last_depth
        last_depth = parsed.depth
        if not is_suite:
            prefix = f"{program}: " if program else ""
            results.append(Result(prefix + parsed.result.name, parsed.result.outcome, parsed.result.why))
    close()
    return results


def from_junit(path: Path) -> list[Result]:
    """The tests of a GoogleTest XML report."""
    results = []
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{path.stem}: {case.get('classname')}.{case.get('name')}"
        failure, skipped = case.find("failure"), case.find("skipped")
        if failure is not None:
            results.append(Result(name, FAILED, (failure.get("message") or "").split("\n")[0]))
        elif skipped is not None or case.get("result") == "skipped":
            results.append(Result(name, SKIPPED, (skipped.get("message") if skipped is not None else "") or ""))
        elif case.get("status") == "run":
            results.append(Result(name, PASSED))
    return results

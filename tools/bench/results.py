# SPDX-License-Identifier: GPL-2.0-only
"""The figures of a run: from the host's output to the table and to JSON."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable

from rows import BYTES, Row

OURS, IN_TREE, USERSPACE = "ours", "in-tree", "userspace"
PEERS = (IN_TREE, USERSPACE)

UNIT_NOTE = ("A tick is one of the guest's timebase on a machine whose clock counts instructions (1.953 of them a "
             "tick): the work that guest and host do for one operation, the loop around it included. Not counted: "
             "cache and TLB misses, what an exception costs, contention, and what the emulator itself does for a "
             "nested guest. So it says how much work there is, not how long it takes.")

_COMPARE = {"<": operator.lt, "<=": operator.le}


class Malformed(ValueError):
    """The host's output is not what the benchmark prints."""


@dataclass(frozen=True)
class Goal:
    """A limit of ours divided by a peer's."""

    row: str
    peer: str
    comparison: str
    limit: float
    binding: bool

    def met(self, ratio: float) -> bool:
        """Whether the ratio is within the limit; as exact as it is printed."""
        return _COMPARE[self.comparison](round(ratio, 3), self.limit)

    def __str__(self) -> str:
        digits = 2 if round(self.limit, 2) == self.limit else 3
        return f"{self.peer} {self.comparison} {self.limit:.{digits}f}"


def read_goals(path: Path, host: str) -> list[Goal]:
    """The goals of a host."""
    goals = []
    for line in path.read_text(encoding="ascii").splitlines():
        words = line.split("#")[0].split()
        if not words or words[0] != host:
            continue
        _, row, peer, comparison, limit, kind = words
        if kind not in ("must", "aim") or comparison not in _COMPARE:
            raise Malformed(f"{path}: {line}")
        goals.append(Goal(row, peer, comparison, float(limit), kind == "must"))
    return goals


@dataclass
class Figures:
    """Ticks for one operation, by row, of each peer and of each variant of ours."""

    peers: dict[str, dict[str, float]] = field(default_factory=dict)
    variants: dict[str, dict[str, float]] = field(default_factory=dict)
    kernel: str = ""

    def ratio(self, row: str, peer: str) -> float | None:
        """Ours divided by the peer's, if there are both."""
        ours, theirs = (self.peers.get(name, {}).get(row) for name in (OURS, peer))
        return ours / theirs if ours is not None and theirs else None


def parse(lines: Iterable[str]) -> Figures:
    """Reads what a host printed.

    The lines are `kernel RELEASE`, `variant NAME` before the figures of each
    variant of ours, and `bench PEER ROW TOTAL OPERATIONS`.  The first variant is
    what a user gets by default.
    """
    figures, variant = Figures(), ""
    for words in (line.split() for line in lines):
        if not words or words[0] not in ("kernel", "variant", "bench"):
            continue
        try:
            if words[0] == "kernel":
                (figures.kernel,) = words[1:]
            elif words[0] == "variant":
                (variant,) = words[1:]
            else:
                _add(figures, variant, *words[1:])
        except (TypeError, ValueError, ZeroDivisionError) as error:
            raise Malformed(" ".join(words)) from error
    return figures


def _add(figures: Figures, variant: str, peer: str, row: str, total: str, operations: str) -> None:
    value = int(total) / int(operations)
    if peer == OURS:
        figures.variants.setdefault(variant, {})[row] = value
    if peer != OURS or len(figures.variants) == 1:
        figures.peers.setdefault(peer, {})[row] = value


def table(rows: Iterable[Row], figures: Figures, goals: list[Goal]) -> str:
    """The figures for people."""
    lines = [f"{'row':28} {'ours':>10} {'in-tree':>10} {'ratio':>6} {'userspace':>10} {'ratio':>6}  goals"]
    for row in rows:
        if not any(row.name in by_row for by_row in figures.peers.values()):
            continue
        form = ".0f" if row.unit == BYTES else ".1f"
        cells = [f"{row.name:28} {_cell(figures.peers.get(OURS, {}).get(row.name), form, 10)}"]
        for peer in PEERS:
            cells.append(_cell(figures.peers.get(peer, {}).get(row.name), form, 10))
            cells.append(_cell(figures.ratio(row.name, peer), ".3f", 6))
        lines.append(" ".join(cells) + "  " + "; ".join(_mark(goal, figures) for goal in goals if goal.row == row.name))
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: float | None, form: str, width: int) -> str:
    return f"{'-' if value is None else format(value, form):>{width}}"


def _mark(goal: Goal, figures: Figures) -> str:
    ratio = figures.ratio(goal.row, goal.peer)
    if ratio is None:
        return f"{goal}: not measured"
    if goal.met(ratio):
        return f"{goal}: {'met' if goal.binding else 'aim met'}"
    return f"{goal}: {'MISSED' if goal.binding else 'aim missed'}"


def missed(figures: Figures, goals: list[Goal]) -> list[Goal]:
    """The binding goals that are not met, or whose figures are not there."""
    found = []
    for goal in goals:
        ratio = figures.ratio(goal.row, goal.peer)
        if goal.binding and (ratio is None or not goal.met(ratio)):
            found.append(goal)
    return found


def as_json(host: str, rows: Iterable[Row], figures: Figures) -> dict[str, Any]:
    """The figures for machines; a peer that has none of a row is absent there."""
    return {"host": host, "kernel": figures.kernel, "unit note": UNIT_NOTE,
            "rows": [_row_as_json(row, figures) for row in rows
                     if any(row.name in by_row for by_row in figures.peers.values())]}


def _row_as_json(row: Row, figures: Figures) -> dict[str, Any]:
    entry: dict[str, Any] = {"row": row.name, "what": row.what, "unit": row.unit}
    for peer in (OURS, *PEERS):
        value = figures.peers.get(peer, {}).get(row.name)
        if value is not None:
            entry[peer] = round(value, 3)
    ratios = {peer: figures.ratio(row.name, peer) for peer in PEERS}
    entry["ratio"] = {peer: round(ratio, 4) for peer, ratio in ratios.items() if ratio is not None}
    entry["variants"] = {name: round(by_row[row.name], 3)
                         for name, by_row in figures.variants.items() if row.name in by_row}
    return entry

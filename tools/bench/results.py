# SPDX-License-Identifier: GPL-2.0-only
"""The figures of a run: from the host's output to the table and to JSON."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Iterable

from hosts import OURS, Host, Native
from rows import BYTES, Row

_COMPARE = {"<": operator.lt, "<=": operator.le, ">=": operator.ge}
EVERY_ROW = "*"


class Malformed(ValueError):
    """The host's output is not what the benchmark prints."""


@dataclass(frozen=True)
class Goal:
    """A limit of a figure: ours, ours/OTHER or ours-OTHER; of a row, or of every row that has it."""

    row: str
    figure: str
    comparison: str
    limit: float
    binding: bool

    @property
    def other(self) -> str:
        """What ours is compared to: a peer, another way of ours or ours in another row; or empty."""
        return self.figure[len(OURS) + 1:]

    def value(self, figures: Figures) -> float | None:
        """The figure, if all that it is made of is there."""
        if not self.other:
            return figures.of(OURS, self.row)
        difference = self.figure[len(OURS)] == "-"
        return (figures.difference if difference else figures.ratio)(self.row, self.other)

    def met(self, value: float) -> bool:
        """Whether the figure is within the limit; as exact as it is printed."""
        return _COMPARE[self.comparison](round(value, 3), self.limit)

    def __str__(self) -> str:
        return f"{self.figure} {self.comparison} {self.limit:g}"


def read_goals(path: Path, host: str) -> list[Goal]:
    """The goals of a host."""
    goals = []
    for line in path.read_text(encoding="ascii").splitlines():
        words = line.split("#")[0].split()
        if not words or words[0] != host:
            continue
        _, row, figure, comparison, limit, kind = words
        if kind not in ("must", "aim") or comparison not in _COMPARE or not re.fullmatch(f"{OURS}([/-].+)?", figure):
            raise Malformed(f"{path}: {line}")
        goals.append(Goal(row, figure, comparison, float(limit), kind == "must"))
    return goals


def goals_of(goals: list[Goal], figures: Figures) -> list[Goal]:
    """With one for each row instead of those for every row: a row's own against the same other comes before."""
    own = {(goal.row, goal.other) for goal in goals}
    found = []
    for goal in goals:
        rows = [goal.row] if goal.row != EVERY_ROW else [
            row for row in figures.peers.get(goal.other, {}) if (row, goal.other) not in own]
        found += [replace(goal, row=row) for row in rows]
    return found


@dataclass
class Figures:
    """Ticks for one operation, by row, of each peer, of each variant of ours, and of each other way of ours."""

    peers: dict[str, dict[str, float]] = field(default_factory=dict)
    variants: dict[str, dict[str, float]] = field(default_factory=dict)
    ways: dict[str, dict[str, float]] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)  # of ours, nanoseconds
    kernel: str = ""
    cpu: str = ""

    def of(self, peer: str, row: str) -> float | None:
        """A peer's figure, if there is one."""
        return self.peers.get(peer, {}).get(row)

    def other(self, row: str, name: str) -> float | None:
        """What ours can be compared to: the figure of a peer, of another way of ours, or ours of another row."""
        if name in self.ways:
            return self.ways[name].get(row)
        ours = self.of(OURS, name)
        return self.of(name, row) if ours is None else ours

    def ratio(self, row: str, other: str) -> float | None:
        """Ours divided by the other, if there are both."""
        ours, theirs = self.of(OURS, row), self.other(row, other)
        return ours / theirs if ours is not None and theirs else None

    def difference(self, row: str, other: str) -> float | None:
        """How much more ours is than the other, if there are both."""
        ours, theirs = self.of(OURS, row), self.other(row, other)
        return ours - theirs if ours is not None and theirs is not None else None

    def has(self, row: str) -> bool:
        """Whether anybody has a figure of that row."""
        return any(row in by_row for by_row in self.peers.values())


def parse(lines: Iterable[str]) -> Figures:
    """Reads what a host printed.

    The lines are `kernel RELEASE`, `variant NAME` before the figures of each
    variant of ours, and `bench PEER ROW TOTAL OPERATIONS`.  The first variant is
    what a user gets by default.  A PEER `ours:WAY` is another way of ours to do it.
    The machine that builds has `cpu NAME...` and `time ROW NANOSECONDS`, too.
    """
    figures, variant = Figures(), ""
    for words in (line.split() for line in lines):
        if not words or words[0] not in ("kernel", "cpu", "variant", "bench", "time"):
            continue
        try:
            if words[0] == "kernel":
                (figures.kernel,) = words[1:]
            elif words[0] == "cpu":
                figures.cpu = " ".join(words[1:])
            elif words[0] == "variant":
                (variant,) = words[1:]
            elif words[0] == "time":
                row, nanoseconds = words[1:]
                figures.times[row] = float(nanoseconds)
            else:
                _add(figures, variant, *words[1:])
        except (TypeError, ValueError, ZeroDivisionError) as error:
            raise Malformed(" ".join(words)) from error
    return figures


def _add(figures: Figures, variant: str, peer: str, row: str, total: str, operations: str) -> None:
    value = int(total) / int(operations)
    ours, _, way = peer.partition(":")
    if way:
        if ours != OURS:
            raise ValueError(peer)
        figures.ways.setdefault(way, {})[row] = value
        return
    if peer == OURS and variant:
        figures.variants.setdefault(variant, {})[row] = value
    if peer != OURS or len(figures.variants) <= 1:
        figures.peers.setdefault(peer, {})[row] = value


def table(host: Host | Native, figures: Figures, goals: list[Goal]) -> str:
    """The figures for people."""
    wide = {peer: max(len(peer), 10) for peer in host.peers}
    heads = " ".join(f"{peer:>{wide[peer]}} {'ratio':>6}" for peer in host.peers)
    time_head = f"{'ns':>10} " if figures.times else ""
    lines = [f"{'row':30} {'ours':>10} {time_head}{heads}  goals"]
    for row in host.rows:
        if not figures.has(row.name):
            continue
        form = ".0f" if row.unit == BYTES else ".1f"
        cells = [f"{row.name:30} {_cell(figures.of(OURS, row.name), form, 10)}"]
        if figures.times:
            cells.append(_cell(figures.times.get(row.name), ".1f", 10))
        for peer in host.peers:
            cells.append(_cell(figures.of(peer, row.name), form, wide[peer]))
            cells.append(_cell(figures.ratio(row.name, peer), ".3f", 6))
        lines.append(" ".join(cells) + "  " + "; ".join(_mark(goal, figures) for goal in goals if goal.row == row.name))
    return "\n".join(line.rstrip() for line in lines + _variants(host, figures))


def _variants(host: Host | Native, figures: Figures) -> list[str]:
    """What there is of other ways to load the module, and of other ways of ours to do the same."""
    rows = [row for row in host.rows if sum(row.name in by_row for by_row in figures.variants.values()) > 1]
    lines = [f"{row.name}, ours by variant: " + ", ".join(
        f"{name} {by_row[row.name]:.1f}" for name, by_row in figures.variants.items() if row.name in by_row)
        for row in rows]
    return lines + [f"{row.name}, ours {name}: {by_row[row.name]:.1f}" + _ratio(figures.ratio(row.name, name))
                    for row in host.rows for name, by_row in figures.ways.items() if row.name in by_row]


def _ratio(value: float | None) -> str:
    return "" if value is None else f", ratio {value:.4f}"


def _cell(value: float | None, form: str, width: int) -> str:
    return f"{'-' if value is None else format(value, form):>{width}}"


def _mark(goal: Goal, figures: Figures) -> str:
    value = goal.value(figures)
    if value is None:
        return f"{goal}: not measured"
    if goal.met(value):
        return f"{goal}: {'met' if goal.binding else 'aim met'}"
    return f"{goal}: {'MISSED' if goal.binding else 'aim missed'}"


def missed(figures: Figures, goals: list[Goal]) -> list[Goal]:
    """The binding goals that are not met, or whose figures are not there."""
    found = []
    for goal in goals:
        value = goal.value(figures)
        if goal.binding and (value is None or not goal.met(value)):
            found.append(goal)
    return found


def as_json(host: Host | Native, figures: Figures) -> dict[str, Any]:
    """The figures for machines; a peer that has none of a row is absent there."""
    return {"host": host.name, "cpu": figures.cpu or host.cpu, "kernel": figures.kernel, "unit note": host.unit_note,
            "rows": [_row_as_json(host, row, figures) for row in host.rows if figures.has(row.name)]}


def _row_as_json(host: Host | Native, row: Row, figures: Figures) -> dict[str, Any]:
    entry: dict[str, Any] = {"row": row.name, "what": row.what, "unit": row.unit}
    for peer in (OURS, *host.peers):
        value = figures.of(peer, row.name)
        if value is not None:
            entry[peer] = round(value, 3)
    if row.name in figures.times:
        entry["ns"] = figures.times[row.name]
    ratios = {other: figures.ratio(row.name, other) for other in (*host.peers, *row.ways)}
    entry["ratio"] = {other: round(ratio, 4) for other, ratio in ratios.items() if ratio is not None}
    entry["variants"] = _of_row(figures.variants, row)
    if row.ways:
        entry["ways"] = _of_row(figures.ways, row)
    return entry


def _of_row(figures: dict[str, dict[str, float]], row: Row) -> dict[str, float]:
    return {name: round(by_row[row.name], 3) for name, by_row in figures.items() if row.name in by_row}

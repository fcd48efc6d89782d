# SPDX-License-Identifier: GPL-2.0-only
"""The chart: for each row, what ours is in proportion to each peer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator
from xml.sax.saxutils import escape

# A colour and a shape for each peer, told apart without colours, too.
STYLES = {"in-tree": ("#0072b2", "circle"), "in-tree-gicv2": ("#007a5a", "triangle"),
           "userspace": ("#c44e00", "square")}
NO_PEER = "no peer"
_LEAST, _MOST, _TICKS = 0.03, 4.0, (0.05, 0.1, 0.2, 0.5, 1, 2, 4)
_LEFT, _RIGHT, _WIDTH, _PITCH, _COLUMN = 250, 690, 980, 16, 92
_GREY, _TEXT = "#777777", "#222222"


@dataclass(frozen=True)
class Line:
    """A row: its ratios, and the limits that are set to them, by peer."""

    name: str
    ratios: dict[str, float]
    limits: dict[str, list[float]]


@dataclass(frozen=True)
class Panel:
    """The rows of a host."""

    title: str
    lines: list[Line]

    @property
    def empty(self) -> bool:
        """Whether nothing is to be compared."""
        return not any(line.ratios for line in self.lines)

    @property
    def height(self) -> int:
        """All of it, with the room beneath."""
        return 52 + (0 if self.empty else len(self.lines) * _PITCH)


def _x(ratio: float) -> float:
    share = math.log(min(max(ratio, _LEAST), _MOST) / _LEAST) / math.log(_MOST / _LEAST)
    return _LEFT + share * (_RIGHT - _LEFT)


def _text(x: float, y: float, text: str, colour: str = _TEXT, anchor: str = "start", weight: str = "normal") -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}">'
            f'{escape(text)}</text>')


def _line(x: float, top: float, bottom: float, colour: str, width: float) -> str:
    return (f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="{colour}" '
            f'stroke-width="{width}"/>')


def _polygon(colour: str, *points: tuple[float, float], hollow: bool = False) -> str:
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    fill = f'fill="none" stroke="{colour}" stroke-width="1.5"' if hollow else f'fill="{colour}"'
    return f'<polygon class="mark" points="{corners}" {fill}/>'


def _mark(peer: str, ratio: float, y: float) -> str:
    """A ratio; beyond the axis it is an arrow at the axis' end."""
    colour, shape = STYLES[peer]
    x = _x(ratio)
    if not _LEAST <= ratio <= _MOST:
        way = 6 if ratio > _MOST else -6
        return _polygon(colour, (x, y - 4), (x + way, y), (x, y + 4))
    if shape == "circle":
        return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    if shape == "square":
        return _polygon(colour, (x - 3.5, y - 3.5), (x + 3.5, y - 3.5), (x + 3.5, y + 3.5), (x - 3.5, y + 3.5))
    return _polygon(colour, (x, y - 5), (x + 5, y + 4), (x - 5, y + 4), hollow=True)


def number(ratio: float) -> str:
    """As many digits as tell something."""
    return f"{ratio:.3f}" if ratio < 10 else f"{ratio:.0f}"


def _row(line: Line, y: float) -> Iterator[str]:
    yield _text(_LEFT - 10, y + 4, line.name, anchor="end")
    if not line.ratios:
        yield _text(_x(1) + 8, y + 4, NO_PEER, _GREY)
    for peer, limits in line.limits.items():
        for limit in limits:
            yield _line(_x(limit), y - 7, y + 7, STYLES[peer][0], 1.5)
    for peer, ratio in line.ratios.items():
        yield _mark(peer, ratio, y)
        column = list(STYLES).index(peer)
        yield _text(_RIGHT + (column + 0.95) * _COLUMN, y + 4, number(ratio), STYLES[peer][0], "end")


def _panel(panel: Panel, top: float) -> Iterator[str]:
    yield _text(10, top + 14, panel.title, weight="bold")
    if panel.empty:
        yield _text(10, top + 32, NO_PEER, _GREY)
        return
    bottom = top + 26 + len(panel.lines) * _PITCH
    for tick in _TICKS:
        yield _line(_x(tick), top + 20, bottom, _TEXT if tick == 1 else "#dddddd", 1)
        yield _text(_x(tick), bottom + 12, f"{tick:g}", _GREY, "middle")
    for index, line in enumerate(panel.lines):
        yield from _row(line, top + 32 + index * _PITCH)


def _legend() -> Iterator[str]:
    yield _text(10, 20, "Work for one operation: ours divided by the peer's (logarithmic; left of 1, ours does less)",
                weight="bold")
    yield _text(10, 40, "a vertical stroke is the limit that a goal sets; an arrow is beyond the axis", _GREY)
    for column, (peer, (colour, _)) in enumerate(STYLES.items()):
        right = _RIGHT + (column + 0.95) * _COLUMN
        # The mark of any ratio, moved to the head of its column.
        yield f'<g transform="translate({right - 6 - _x(1):.1f},0)">{_mark(peer, 1, 40)}</g>'
        yield _text(right, 60, peer, colour, "end")


def svg(panels: list[Panel]) -> str:
    """The chart of some hosts."""
    parts, top = list(_legend()), 66
    for panel in panels:
        parts += _panel(panel, top)
        top += panel.height
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}" '
            'font-family="sans-serif" font-size="11">',
            "<!-- SPDX-License-Identifier: GPL-2.0-only; made by tools/bench/page -->",
            "<title>Work for one operation: ours divided by the peer's</title>",
            f'<rect width="{_WIDTH}" height="{top}" fill="white"/>']
    return "\n".join([*head, *parts, "</svg>"]) + "\n"

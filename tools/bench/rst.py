# SPDX-License-Identifier: GPL-2.0-only
"""reStructuredText that can be read as it is."""

from __future__ import annotations

import textwrap
from typing import Iterable

WIDTH = 88


def heading(text: str) -> str:
    """A title of a section."""
    return f"{text}\n{'=' * len(text)}\n"


def paragraph(text: str, indent: str = "", first: str | None = None) -> str:
    """A text, wrapped; `first` is what its first line has before it instead of the indent."""
    return textwrap.fill(text, WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
                         break_on_hyphens=False, break_long_words=False) + "\n"


def bullets(texts: Iterable[str]) -> str:
    """A list."""
    return "".join(paragraph(text, "  ", "* ") for text in texts)


def definitions(items: Iterable[tuple[str, str]]) -> str:
    """Terms, and beneath each what it is."""
    return "".join(f"{term}\n" + paragraph(text, "   ") for term, text in items)


def table(heads: list[str], lines: list[list[str]], figures: set[int]) -> str:
    """A simple table; the columns in `figures` are flush right. Empty cells are allowed but in the first column."""
    widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(heads))]

    def row(cells: list[str]) -> str:
        return " ".join(f"{cell:>{width}}" if column in figures else f"{cell:<{width}}"
                        for column, (cell, width) in enumerate(zip(cells, widths))).rstrip()

    border = " ".join("=" * width for width in widths)
    return "\n".join([border, row(heads), border, *map(row, lines), border]) + "\n"

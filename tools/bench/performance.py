# SPDX-License-Identifier: GPL-2.0-only
"""Documentation/performance.rst and its chart, from the figures that there are."""

from __future__ import annotations

import string
from collections.abc import Iterable
from pathlib import Path

import chart
import documents
import results
from documents import Document
from hosts import ALL, OURS
from rows import BYTES, Row
from rst import bullets, definitions, heading, paragraph, table

Measured = tuple[Document, list[results.Goal]]

HERE = Path(__file__).resolve().parent
DOCUMENTATION = HERE.parents[1] / "Documentation"
KNOWN = [host for hosts in ALL.values() for host in hosts]
TITLES = {"power9": "XICS on a POWER9 host that is itself a guest",
          "powernv9": "XICS on a bare-metal POWER9 host",
          "powernv8": "XICS on a bare-metal POWER8 host",
          "arm64": "GICv2 on an arm64 host whose kernel is in EL1 (nVHE)",
          "arm64-vhe": "GICv2 on an arm64 host whose kernel is in EL2 (VHE)",
          "native": "The core alone, on the machine that builds"}
NOT_MEASURED = "not measured"


def _title(host: str) -> str:
    return TITLES.get(host, host)


def _figure(value: float, row: Row) -> str:
    return f"{value:,.0f}" if row.unit == BYTES else f"{value:,.1f}"


# ---- goals -------------------------------------------------------------------------


def _limit(goal: results.Goal) -> str:
    if not goal.other:
        return f"{goal.comparison} {goal.limit:g}"
    if goal.figure[len(OURS)] == "-":
        return f"{goal.comparison} {goal.other} + {goal.limit:g}"
    return f"{goal.comparison} {goal.limit:g} of {goal.other}"


def _verdict(goal: results.Goal, figures: results.Figures) -> str:
    """The goal, and whether it is met by which figure."""
    value = goal.value(figures)
    said = NOT_MEASURED if value is None else f"{'met' if goal.met(value) else 'missed'} ({value:.3f})"
    return f"{'' if goal.binding else 'aim '}{_limit(goal)}: {said}"


def _goals(everything: list[Measured]) -> str:
    """How many there are, and each that is missed."""
    parts = []
    for binding, kind in ((True, "limits that must be kept"), (False, "aims")):
        goals = [(document, goal) for document, goals in everything for goal in goals if goal.binding == binding]
        missed = [(document, goal) for document, goal in goals
                  if (value := goal.value(document.figures)) is None or not goal.met(value)]
        parts.append(paragraph(f"Of {len(goals)} {kind}, {len(goals) - len(missed)} are met"
                               + (", and these not:" if missed else ".")))
        if missed:
            parts.append(bullets(f"{document.host}, ``{goal.row}``: {_verdict(goal, document.figures)}"
                                 for document, goal in missed))
    return "\n".join(parts)


# ---- a host --------------------------------------------------------------------------


def _cells(document: Document, row: Row, goals: list[results.Goal]) -> list[str]:
    figures = document.figures
    ours = figures.of(OURS, row.name)
    missing = chart.NO_PEER if figures.has(row.name) else ""
    cells = [f"``{row.name}``", NOT_MEASURED if ours is None else _figure(ours, row)]
    if figures.times:
        cells.append(f"{figures.times[row.name]:,.1f}" if row.name in figures.times else "")
    for peer in document.peers:
        theirs, ratio = figures.of(peer, row.name), figures.ratio(row.name, peer)
        cells += [missing if theirs is None else _figure(theirs, row), "" if ratio is None else chart.number(ratio)]
    if not document.peers:
        cells.append(missing)
    return [*cells, "; ".join(_verdict(goal, figures) for goal in goals if goal.row == row.name)]


def _rows(document: Document) -> list[Row]:
    """Those that were measured, and those that there are beside them."""
    measured = {row.name for row in document.rows}
    known = [row for host in KNOWN if host.name == document.host for row in host.rows]
    return [*document.rows, *(row for row in known if row.name not in measured)]


def _others(document: Document) -> list[str]:
    """Other ways to load the module, and other ways of ours to do the same."""
    figures, lines = document.figures, []
    for row in document.rows:
        ours = figures.of(OURS, row.name)
        for kind, known in (("loaded with", list(figures.variants.items())[1:]), ("by", list(figures.ways.items()))):
            lines += [[f"``{row.name}``", f"{kind} {name}", _figure(by_row[row.name], row),
                       chart.number(ours / by_row[row.name]) if ours is not None and by_row[row.name] else ""]
                      for name, by_row in known if row.name in by_row]
    if not lines:
        return []
    return [paragraph("Other ways of ours to do the same; the ratio is the first table's figure divided by this one:"),
            table(["row", "", "ours", "ratio"], lines, figures={2, 3})]


def _meanings(document: Document, before: list[Document]) -> str:
    """What the rows count, unless another host's are the same."""
    for other in before:
        if _rows(other) == _rows(document):
            return paragraph(f"The rows count what those of ``{other.host}`` count.")
    return "What the rows count:\n\n" + definitions((f"``{row.name}``", row.what) for row in _rows(document))


def _host(measured: Measured, before: list[Document]) -> str:
    document, goals = measured
    heads = ["row", "ours", *(["ns"] if document.figures.times else [])]
    heads += [head for peer in document.peers for head in (peer, "ratio")] or ["peers"]
    units = " and ".join(sorted({row.unit for row in document.rows} - {BYTES}))
    where = f"{document.cpu}, Linux {document.series}" if document.peers else document.cpu
    memory = "; memory in bytes" if any(row.unit == BYTES for row in document.rows) else ""
    return "\n".join([
        heading(_title(document.host)), paragraph(f"``{document.host}``: {where}; {units} for one operation{memory}."),
        table([*heads, "goals"], [_cells(document, row, goals) for row in _rows(document)],
              figures=set(range(1, len(heads)))),
        *_others(document), _meanings(document, before)])


def _absent(found: dict[str, Document]) -> str:
    """The hosts that have no figures."""
    missing = [f"``{host.name}``" for host in KNOWN if host.name not in found]
    return paragraph("Not measured when this page was made: " + ", ".join(missing) + ".") if missing else ""


def _notes(found: Iterable[Document]) -> str:
    """What a figure means: once for all hosts that have it in common."""
    hosts: dict[str, list[str]] = {}
    for document in found:
        hosts.setdefault(document.unit_note, []).append(f"``{document.host}``")
    return definitions((", ".join(names), note) for note, names in hosts.items())


# ---- the whole ------------------------------------------------------------------------


def _panel(document: Document, goals: list[results.Goal]) -> chart.Panel:
    lines = []
    for row in document.rows:
        ratios = {peer: ratio for peer in document.peers
                  if (ratio := document.figures.ratio(row.name, peer)) is not None}
        limits: dict[str, list[float]] = {}
        for goal in goals:
            if goal.row == row.name and goal.other in ratios and goal.figure == f"{OURS}/{goal.other}":
                limits.setdefault(goal.other, []).append(goal.limit)
        lines.append(chart.Line(row.name, ratios, limits))
    return chart.Panel(f"{document.host}: {_title(document.host)}", lines)


def generate(found: dict[str, Document], goals_file: Path) -> dict[str, str]:
    """The files of the page, by their names."""
    order = [host.name for host in KNOWN if host.name in found]
    order += [name for name in found if name not in order]
    everything = [(found[name], results.goals_of(results.read_goals(goals_file, name), found[name].figures))
                  for name in order]
    in_order = [document for document, _ in everything]
    template = string.Template((HERE / "performance.rst.in").read_text(encoding="ascii"))
    page = template.substitute(
        goals=_goals(everything), notes=_notes(in_order), absent=_absent(found),
        hosts="\n".join(_host(each, in_order[:index]) for index, each in enumerate(everything)))
    panels = [_panel(*each) for each in everything]
    return {"performance.rst": page.rstrip() + "\n", "performance.svg": chart.svg(panels)}


def write(directory: Path) -> list[str]:
    """Makes the page from what is in build/bench; answers the names of the files."""
    found = documents.read_all(directory)
    if not found:
        raise results.Malformed(f"{directory}: nothing has been measured")
    files = generate(found, HERE / "goals")
    for name, content in files.items():
        (DOCUMENTATION / name).write_text(content, encoding="utf-8")
    return [f"Documentation/{name}" for name in files]

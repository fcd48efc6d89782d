# SPDX-License-Identifier: GPL-2.0-only
"""What has been measured: build/bench/HOST.json, read again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hosts import OURS
from results import Figures, Malformed
from rows import Row

# Every other member of a row is a peer's figure, or ours.
_NO_FIGURE = {"row", "what", "unit", "ns", "ratio", "variants", "ways"}


@dataclass(frozen=True)
class Document:
    """The figures of a host, with what they mean."""

    host: str
    cpu: str
    kernel: str
    unit_note: str
    rows: tuple[Row, ...]
    peers: tuple[str, ...]
    figures: Figures

    @property
    def series(self) -> str:
        """Of the kernel, without the distribution's own numbers."""
        return ".".join(self.kernel.split(".")[:2])


def read(path: Path) -> Document:
    """One document."""
    try:
        return _document(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"{path}: {error!r}") from error


def read_all(directory: Path) -> dict[str, Document]:
    """Those of all hosts, by the host's name."""
    documents = map(read, sorted(directory.glob("*.json")))
    return {document.host: document for document in documents}


def _document(content: dict[str, Any]) -> Document:
    figures = Figures()
    rows, peers = [], {}
    for entry in content["rows"]:
        name = entry["row"]
        rows.append(Row(name, entry["what"], entry["unit"], tuple(entry.get("ways", {}))))
        for peer in (key for key in entry if key not in _NO_FIGURE):
            figures.peers.setdefault(peer, {})[name] = _figure(entry[peer])
            peers[peer] = True
        for kind, known in (("variants", figures.variants), ("ways", figures.ways)):
            for other, value in entry.get(kind, {}).items():
                known.setdefault(other, {})[name] = _figure(value)
        if "ns" in entry:
            figures.times[name] = _figure(entry["ns"])
    return Document(content["host"], content["cpu"], content["kernel"], content["unit note"], tuple(rows),
                    tuple(peer for peer in peers if peer != OURS), figures)


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise ValueError(f"{value!r} is no figure")
    return float(value)

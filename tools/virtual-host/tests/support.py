# SPDX-License-Identifier: GPL-2.0-only
"""Puts the tool's modules on the path, and feeds console texts to it."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "lib")]

from console import Console  # noqa: E402

BOOT = ["SLOF", "[    0.000000] Linux version"]
BEGINS = ["[    4.100000] virtual-host-log: script begins", "virtual-host: script begins, up 4.10 s"]


def log_of(kernel_lines: list[str]) -> list[str]:
    """What the init prints once the script is over."""
    return ["virtual-host: kernel log begins, up 9.00 s", *kernel_lines, "virtual-host: kernel log ends, up 9.10 s"]


def done(status: int) -> list[str]:
    """The init's last words."""
    return [f"virtual-host: done with status {status}, up 9.20 s"]


def whole(script: list[str], log: list[str], status: int = 0) -> list[str]:
    """A run from the firmware to the end."""
    return [*BOOT, *BEGINS, *script, *log_of([BOOT[1], BEGINS[0], *log]), *done(status)]


def fed(lines: list[str]) -> Console:
    """A console that has seen these lines."""
    console = Console()
    for line in lines:
        console.feed(line)
    return console

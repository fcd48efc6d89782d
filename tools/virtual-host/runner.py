# SPDX-License-Identifier: GPL-2.0-only
"""Runs an emulator, follows its console and says how the run ended."""

from __future__ import annotations

import enum
import os
import selectors
import subprocess
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable

from console import Console, Stage

# How long the text of a panic may take to come out.
_PANIC_SECONDS = 5.0
_END_SECONDS = 10.0


class Result(enum.IntEnum):
    """How a run ended; the exit status of the tool."""

    GOOD = 0
    SCRIPT_FAILED = 1
    KERNEL_TROUBLE = 2
    HANG = 3
    EMULATOR_FAILED = 4


class Ending(enum.Enum):
    """Why the console was followed no further."""

    DONE = "the host was done"
    PANIC = "the kernel panicked"
    EXIT = "the emulator ended by itself"
    BOOT = "the host had not booted after {boot:.0f} s"
    SILENT_BOOT = "the host hung while it booted: no output for {boot_silence:.0f} s"
    SILENCE = "the host hung: no output for {silence:.0f} s"
    TIME = "the host was not done after {total:.0f} s"


@dataclass
class Limits:
    """How long a run may take, and how long it may say nothing, in seconds."""

    total: float
    silence: float  # of the script
    boot: float  # until the script begins
    boot_silence: float = float("inf")  # of a boot that is not quiet


@dataclass
class Run:
    """A run that has ended."""

    result: Result
    reasons: list[str]
    console: Console
    seconds_to_script: float | None
    seconds: float
    tail: list[str]  # of the console


class _Pipe:
    """The lines of a pipe, as they come."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._rest = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(pipe, selectors.EVENT_READ)

    def read(self, seconds: float) -> tuple[bool, list[str]]:
        """Whether anything came within that time, and the lines now complete; EOFError at the end."""
        if not self._selector.select(max(0.0, seconds)):
            return False, []
        data = os.read(self._pipe.fileno(), 65536)
        if not data:
            raise EOFError
        *lines, self._rest = (self._rest + data).split(b"\n")
        return True, [_clean(line) for line in lines]

    def rest(self) -> list[str]:
        """The line that was never completed, if there is one."""
        return [_clean(self._rest)] if self._rest else []


def _clean(line: bytes) -> str:
    """A line without carriage returns and a firmware's control characters."""
    return "".join(c for c in line.decode("utf-8", "replace") if c == "\t" or c >= " ")


def run(command: list[str], limits: Limits, log: Path, show: Callable[[str], None], everything: bool = False) -> Run:
    """Runs the emulator until its host is done, in trouble, silent for too long or out of time.

    `show` is given the script's lines as they come, or all lines of the console.
    """
    console = Console()
    tail: deque[str] = deque(maxlen=40)
    begun = time.monotonic()
    script_at: list[float] = []
    # The emulator must not outlive this process, however that ends.
    process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    ending: Ending | None = None
    try:
        with open(log, "w", encoding="utf-8", buffering=1) as record:
            def take(line: str) -> None:
                record.write(line + "\n")
                tail.append(line)
                if console.feed(line) or everything:
                    show(line)
                if console.stage is Stage.SCRIPT and not script_at:
                    script_at.append(time.monotonic() - begun)

            ending = _follow(_Pipe(process.stdout), console, limits, take)
    finally:
        status = _end(process, ending is Ending.EXIT)
    result, reasons = judge(console, ending, status, limits)
    return Run(result, reasons, console, script_at[0] if script_at else None, time.monotonic() - begun, list(tail))


def hung_before_script(run: Run) -> bool:
    """Whether the host's own kernel stood still while it booted, before anything of ours ran."""
    return run.result is Result.HANG and run.seconds_to_script is None


def _follow(pipe: _Pipe, console: Console, limits: Limits, take: Callable[[str], None]) -> Ending:
    begun = last_sign = time.monotonic()
    panic_at: float | None = None
    while True:
        end, ending = min(_ends(console, limits, begun, last_sign, panic_at), key=lambda each: each[0])
        now = time.monotonic()
        if now >= end:
            break
        try:
            alive, lines = pipe.read(end - now)
        except EOFError:
            ending = Ending.EXIT if panic_at is None else Ending.PANIC
            break
        if alive:
            last_sign = time.monotonic()
        for line in lines:
            take(line)
        if console.stage is Stage.END:
            return Ending.DONE
        if console.dying and panic_at is None:
            panic_at = time.monotonic()
    for line in pipe.rest():
        take(line)
    return ending


def _ends(console: Console, limits: Limits, begun: float, last_sign: float,
          panic_at: float | None) -> list[tuple[float, Ending]]:
    """When the run is over if nothing comes, and why."""
    ends = [(begun + limits.total, Ending.TIME)]
    if panic_at is not None:
        ends.append((panic_at + _PANIC_SECONDS, Ending.PANIC))
    elif console.stage is Stage.BOOT:
        ends += [(begun + limits.boot, Ending.BOOT), (last_sign + limits.boot_silence, Ending.SILENT_BOOT)]
    else:
        ends.append((last_sign + limits.silence, Ending.SILENCE))
    return ends


def _end(process: subprocess.Popen[bytes], exiting: bool) -> int | None:
    """Ends the emulator.  Its exit status if it ended by itself."""
    try:
        return process.wait(_END_SECONDS if exiting else 0)
    except subprocess.TimeoutExpired:
        process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return None


def judge(console: Console, ending: Ending, status: int | None, limits: Limits) -> tuple[Result, list[str]]:
    """The result of a run, and in words what is wrong.

    Trouble in the kernel comes first: a hang or a failed script is then its consequence.
    """
    reasons = list(console.notes)
    if console.troubles:
        reasons += [f"{trouble.kind}: {trouble.text}" for trouble in console.troubles]
    if ending is not Ending.DONE:
        reasons.append(ending.value.format(**vars(limits)))
    if console.status:
        reasons.append(f"the script returned {console.status}")
    if console.troubles:
        return Result.KERNEL_TROUBLE, reasons
    if ending is Ending.EXIT:
        if status:
            reasons.append(f"the emulator's exit status is {status}")
            return Result.EMULATOR_FAILED, reasons
        reasons.append("the host stopped before its script had ended")
        return Result.KERNEL_TROUBLE, reasons
    if ending in (Ending.BOOT, Ending.SILENT_BOOT, Ending.SILENCE, Ending.TIME):
        return Result.HANG, reasons
    return (Result.SCRIPT_FAILED if console.status else Result.GOOD), reasons

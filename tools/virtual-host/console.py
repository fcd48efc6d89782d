# SPDX-License-Identifier: GPL-2.0-only
"""Reads a host's console: how far it got, and whether its kernel is in trouble."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field

# Messages after which a kernel is not to be trusted.  They count whenever they come.
FATAL = {
    "panic": r"Kernel panic - not syncing",
    "oops": r"Oops:|Internal error: |BUG: unable to handle|Unable to handle kernel |BUG: Unable to handle"
            r"|BUG: Kernel NULL pointer dereference|general protection fault|kernel BUG at |Bad mode in "
            r"|Unrecoverable \w+|Kernel stack overflow",
    "KASAN": r"BUG: KASAN: ",
}

# Messages that are a failure of what the script did.  Those of the boot are the kernel's own affair.
TROUBLE = {
    "lockdep": r"WARNING: (?:possible |inconsistent lock|bad unlock|held lock|lock held|suspicious RCU|Nested lock"
               r"|HARDIRQ|SOFTIRQ)|INFO: (?:possible|trying to register)|BUG: MAX_LOCK|BUG: held lock",
    "warning": r"WARNING: ",
    "UBSAN": r"UBSAN: ",
    "soft lockup": r"(?:watchdog: )?BUG: soft lockup|BUG: workqueue lockup",
    "hard lockup": r"(?:[Ww]atchdog\b.*)?\b(?:self-)?detected [Hh]ard LOCKUP",
    "RCU stall": r"(?:rcu: )?INFO: \w+ (?:self-)?detected .*stall|rcu: .*kthread starved",
    "hung task": r"INFO: task .* blocked for more than",
    "leak": r"kmemleak: \d+ new suspected memory leaks",
    "debug objects": r"ODEBUG: ",
    "bug": r"BUG[ :]",
}

# Lines of stock kernels that look like trouble and are not; each with its reason.
ALLOWED: list[tuple[str, str]] = [
    (r"WARNING: CPU: \d+ PID: \d+ at arch/powerpc/kvm/book3s_hv\.c:\d+ kvmppc_core_vcpu_load_hv\+",
     "KVM patches the scheduler when the first VM comes, and the emulator may go on with the code from"
     " before, as far as we know (Documentation/testing.rst, Virtual hosts)"),
]

_KERNEL_LINE = re.compile(r"\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? (.*)")
_MARK = re.compile(r"virtual-host: (.*)")
_BEGINNING = "script begins"


class Stage(enum.Enum):
    """How far the host has come."""

    BOOT = enum.auto()
    SCRIPT = enum.auto()
    LOG = enum.auto()
    END = enum.auto()


@dataclass(frozen=True)
class Trouble:
    """One message of a kernel in trouble."""

    kind: str
    text: str


def classify(message: str, booting: bool) -> str | None:
    """What kind of trouble a kernel message tells of, if any."""
    if any(re.search(pattern, message) for pattern, _ in ALLOWED):
        return None
    for kind, pattern in FATAL.items():
        if re.search(pattern, message):
            return kind
    if not booting:
        for kind, pattern in TROUBLE.items():
            if re.match(pattern, message):
                return kind
    return None


@dataclass
class Console:
    """Follows a console line by line."""

    stage: Stage = Stage.BOOT
    status: int | None = None  # of the script
    boot_seconds: float | None = None  # of the guest's own clock
    notes: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    _log_has_beginning: bool = False
    _log_before_it: list[Trouble] = field(default_factory=list)

    def feed(self, line: str) -> bool:
        """Takes one line; says whether a person should see it."""
        kernel = _KERNEL_LINE.search(line)
        # A kernel message may come in the middle of a line somebody else is writing.
        own = line[:kernel.start()] if kernel else line
        mark = _MARK.search(own)
        if mark:
            self._mark(mark.group(1))
        if kernel:
            self._kernel_line(kernel.group(1))
        return self.stage is Stage.SCRIPT and not mark

    @property
    def dying(self) -> bool:
        """The kernel has panicked or is about to: nothing more will come of it."""
        return any(trouble.kind == "panic" for trouble in self.troubles)

    def _kernel_line(self, message: str) -> None:
        if message == f"virtual-host-log: {_BEGINNING}":
            self._log_has_beginning = True
            return
        in_boots_log = self.stage is Stage.LOG and not self._log_has_beginning
        kind = classify(message, booting=self.stage is Stage.BOOT)
        if kind:
            doubtful = in_boots_log and kind not in FATAL
            self._found([Trouble(kind, message)], self._log_before_it if doubtful else self.troubles)

    @staticmethod
    def _found(troubles: list[Trouble], where: list[Trouble]) -> None:
        where += [trouble for trouble in troubles if trouble not in where]

    def _log_ended(self) -> None:
        """If the log does not reach back to the beginning of the script, nothing in it is of the boot."""
        if not self._log_has_beginning and self.boot_seconds is not None:
            self.notes.append("the kernel log had overflowed; what was lost could not be checked")
            self._found(self._log_before_it, self.troubles)

    def _mark(self, text: str) -> None:
        done = re.match(r"done with status (\d+)", text)
        if text.startswith(_BEGINNING):
            self.stage = Stage.SCRIPT
            up = re.search(r"up ([\d.]+) s", text)
            self.boot_seconds = float(up.group(1)) if up else None
        elif text.startswith("kernel log begins"):
            self.stage, self._log_has_beginning, self._log_before_it = Stage.LOG, False, []
        elif text.startswith("kernel log ends"):
            self._log_ended()
        elif done:
            self.stage, self.status = Stage.END, int(done.group(1))
        else:
            self.notes.append(text)

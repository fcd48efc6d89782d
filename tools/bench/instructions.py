# SPDX-License-Identifier: GPL-2.0-only
"""From the emulator's log of every instruction to the functions of one operation."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Callable, Iterable

# As "log exec" has it: thread, translated code, then [flags/PC/more flags/...].
_EXECUTED = re.compile(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/([0-9a-f]+)")


class Symbols:
    """Functions by address."""

    def __init__(self, functions: Iterable[tuple[int, str]]) -> None:
        self._functions = sorted(functions)
        self._addresses = [address for address, _ in self._functions]

    @staticmethod
    def read(lines: Iterable[str]) -> Symbols:
        """The functions among lines as nm and /proc/kallsyms write them."""
        words = (line.split() for line in lines)
        # Names like $x mark where code begins, not a function.
        return Symbols((int(word[0], 16), word[2]) for word in words
                       if len(word) > 2 and word[1] in "tT" and not word[2].startswith("$"))

    @property
    def addresses(self) -> list[int]:
        """Where functions begin, in order."""
        return self._addresses

    def renamed(self, rename: Callable[[int, str], tuple[int, str] | None]) -> Symbols:
        """Those that `rename` gives another address and name."""
        return Symbols(renamed for each in self._functions if (renamed := rename(*each)))

    def find(self, address: int) -> str:
        """The function that an address is in."""
        index = bisect.bisect_right(self._addresses, address) - 1
        return self._functions[index][1] if index >= 0 else hex(address)


@dataclass(frozen=True)
class Arm64:
    """Whose an address is: the host's kernel, its part in EL2, the guest or the VMM."""

    kernel: Symbols
    hypervisor: Symbols
    guest: Symbols

    GUEST = range(0x40000000, 0x40400000)
    VMM = range(0x1000000)  # it is static
    # Without VHE the code in EL2 is elsewhere, but by a multiple of this.
    HYPERVISOR_ALIGNMENT = 1 << 21
    _PREFIX = "__kvm_nvhe_"

    @staticmethod
    def of(kernel: Symbols, guest: Symbols) -> Arm64:
        """The kernel's symbols tell those of EL2."""
        def in_el2(address: int, name: str) -> tuple[int, str] | None:
            if not name.startswith(Arm64._PREFIX):
                return None
            return address % Arm64.HYPERVISOR_ALIGNMENT, name[len(Arm64._PREFIX):]
        return Arm64(kernel, kernel.renamed(in_el2), guest)

    @staticmethod
    def place(address: int, _flags: int) -> int:
        """What is executed there differs by the address alone."""
        return address

    def function(self, address: int) -> str:
        """The function that an address is in, with the place before it."""
        if address >> 48 == 0xffff:
            return self.kernel.find(address)
        if address in self.GUEST:
            return "guest " + self.guest.find(address)
        if address in self.VMM:
            return "vmm"
        return "EL2 " + self.hypervisor.find(address % self.HYPERVISOR_ALIGNMENT)


@dataclass(frozen=True)
class Power:
    """The same for a bare-metal POWER host, whose kernel does a part of its work in real mode."""

    kernel: Symbols
    guest: Symbols
    kernel_end: int  # of what is built in

    # Without translation guest and host have the same addresses: the guest is put where nobody is.
    GUEST = range(1 << 56, (1 << 56) + (1 << 24))
    _LINEAR, _MODULES = 0xc << 60, 0xc008 << 48
    _HYPERVISOR, _PROBLEM_STATE = 1 << 1, 1 << 14  # in the emulator's flags

    @staticmethod
    def of(kernel: Symbols, guest: Symbols) -> Power:
        """The last function that is built in tells where others' memory begins."""
        return Power(kernel, guest, max(address for address in kernel.addresses if address < Power._MODULES))

    @staticmethod
    def place(address: int, flags: int) -> int:
        """The guest's apart, and the kernel's in real mode where it is with translation."""
        if not flags & Power._HYPERVISOR:
            return Power.GUEST.start + address
        return address if flags & Power._PROBLEM_STATE else address | Power._LINEAR

    def function(self, address: int) -> str:
        """The function that an address is in, with the place before it."""
        if address in self.GUEST:
            return "guest " + self.guest.find(address - self.GUEST.start)
        if address < self._LINEAR:
            return "vmm"
        return "real-mode image" if self.kernel_end < address < self._MODULES else self.kernel.find(address)


def executed(log: Iterable[str], place: Callable[[int, int], int]) -> list[int]:
    """The addresses of the instructions, in the order of their execution."""
    return [place(int(match.group(1), 16), int(match.group(2), 16)) for match in map(_EXECUTED.match, log) if match]


def operations(addresses: list[int], guest: range) -> list[list[int]]:
    """Cuts the log where the guest's loop begins anew.

    Most of the loop's instructions are executed once for each operation; the
    first of those is where it begins.
    """
    times = Counter(address for address in addresses if address in guest)
    if not times:
        raise ValueError("the guest did not run while the log was written")
    (usual, _), = Counter(times.values()).most_common(1)
    begin = min(address for address, number in times.items() if number == usual)
    cuts = [index for index, address in enumerate(addresses) if address == begin]
    return [addresses[start:end] for start, end in zip(cuts, cuts[1:])]


def typical(among: list[list[int]]) -> list[int]:
    """The operation of median length: none that the host's own timer came into."""
    if not among:
        raise ValueError("no operation was executed from its beginning to its end")
    return sorted(among, key=len)[len(among) // 2]


def by_function(operation: list[int], function: Callable[[int], str]) -> list[tuple[str, int]]:
    """The instructions in each function, most first."""
    return Counter(map(function, operation)).most_common()


def in_order(operation: list[int], function: Callable[[int], str]) -> list[tuple[str, int]]:
    """The instructions in each stay in a function, as they came."""
    return [(name, len(list(stay))) for name, stay in groupby(map(function, operation))]

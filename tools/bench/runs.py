# SPDX-License-Identifier: GPL-2.0-only
"""Builds what a virtual host needs for a run, and the command that boots it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hosts import Boot, Host

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = ROOT / "build/bench"
VIRTUAL_HOST = ROOT / "tools/virtual-host/virtual-host"


class Failed(RuntimeError):
    """There are no figures."""


def _make(what: str, *arguments: str) -> None:
    if subprocess.run(["make", "--no-print-directory", *arguments], check=False).returncode:
        raise Failed(f"{what} does not build")


def build_vmm(name: str) -> Path:
    """The VMM with its guest."""
    OUT.mkdir(parents=True, exist_ok=True)
    _make("the VMM", "-s", "-C", str(HERE / name), f"OUT={OUT / name}")
    return OUT / name / "bench-vmm"


def build_module(arch: str) -> Path:
    """The module for the hosts' kernel."""
    module = f"build/{arch}/kvm-vintc.ko"
    _make("the module", "-C", str(ROOT), module)
    return ROOT / module


def build_emulator() -> Path:
    """The one that counts on bare-metal hosts."""
    done = subprocess.run([str(ROOT / "tools/qemu/counting/build")], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failed("the emulator that counts does not build")
    return Path(done.stdout.strip())


def command(host: Host, boot: Boot, name: str, script: str, module: Path | None) -> list[str]:
    """Boots the host, with its script and its console in files of that name."""
    file = OUT / f"{name}.script"
    file.write_text(script, encoding="ascii")
    words = [str(VIRTUAL_HOST), "boot", boot.machine, "--icount", "--script", str(file), "--timeout", "1500",
             "--log", str(console(name)), "--add", f"{OUT / host.vmm}/bench-vmm:/bench-vmm"]
    words += ["--module-file", str(module)] if module else []
    words += ["--cpu", boot.cpu] if boot.cpu else []
    words += ["--smp", str(boot.smp)] if boot.smp else []
    if boot.counting:
        emulator = build_emulator()
        words += ["--qemu", str(emulator), "--qemu-arg=-L", f"--qemu-arg={emulator.parent / 'share'}"]
    return words


def native(rows: list[str]) -> list[str]:
    """What the core's own run on this machine printed."""
    done = subprocess.run([str(HERE / "native/run"), *rows], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failed("the run on this machine failed")
    return done.stdout.splitlines()


def console(name: str) -> Path:
    """The file of a run's console."""
    return OUT / f"{name}.console"

# SPDX-License-Identifier: GPL-2.0-only
"""The stages of `make test`: what each runs, where, and how its results are read."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import checks
from results import FAILED, PASSED, Result, from_junit, from_tap

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
LOGS = BUILD / "test"
KSELFTESTS = ROOT / "tools/testing/selftests/kvm_vintc"
EXAMPLES = ROOT / "Documentation/examples"

# The programs of an architecture are the same ones for all of its hosts.
BUILDING_KSELFTESTS = threading.Lock()


@dataclass
class Stage:
    """`run` answers the results of the tests that it ran."""

    name: str
    what: str
    run: Callable[[], list[Result]]


def log_file(name: str) -> Path:
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"


def command(log: Path, *argv: str | Path) -> int:
    """Runs a program with its output appended to a log."""
    with log.open("a") as out:
        return subprocess.run([str(a) for a in argv], cwd=ROOT, stdin=subprocess.DEVNULL,
                              stdout=out, stderr=subprocess.STDOUT, check=False).returncode


def must(log: Path, *argv: str | Path) -> None:
    if command(log, *argv):
        raise RuntimeError(f"{Path(str(argv[0])).name} {argv[1] if len(argv) > 1 else ''} failed, see {log}")


def fresh_log(name: str) -> Path:
    log = log_file(name)
    log.write_text("")
    return log


def module(variant: str, log: Path) -> Path:
    """The module for a virtual host, built if need be."""
    must(log, "make", "--no-print-directory", f"build/{variant}/kvm-vintc.ko")
    return BUILD / variant / "kvm-vintc.ko"


def product(variant: str, name: str) -> str:
    """One of the lines that `virtual-host products` printed for a module's build."""
    for line in (BUILD / variant / "products").read_text().splitlines():
        key, _, value = line.partition("=")
        if key == name:
            return value
    raise KeyError(name)


# Debian's default kernel is "stock"; this is the other series of its kernels that we know.
NEWER = "stock-6.12"


def variant_of(arch: str, kernel: str) -> str:
    """What tools/build-module calls the module for this kernel."""
    return f"{arch}-{kernel}".removesuffix("-stock").replace("-stock-", "-")


@dataclass(frozen=True)
class Host:
    """A virtual host to test on, and what the tools and the kernel call its architecture."""

    name: str
    arch: str
    kbuild: str


# ---- stages ------------------------------------------------------------------------


def unit() -> list[Result]:
    log = fresh_log("unit")
    reports = BUILD / "unit"
    for old in reports.glob("*.xml"):
        old.unlink()
    status = command(log, ROOT / "tools/testing/unit/run")
    found = [r for report in sorted(reports.glob("*.xml")) for r in from_junit(report)]
    if status and not any(r.outcome == FAILED for r in found):
        found.append(Result("unit: every program ended well", FAILED, f"see {log}"))
    return found


def tools() -> list[Result]:
    """The Python tests of the tools, and of this runner."""
    log = fresh_log("tools")
    found = []
    for tests in sorted({p.parent for p in (ROOT / "tools").rglob("test_*.py")}):
        where = tests.relative_to(ROOT)
        done = subprocess.run(["python3", "-m", "unittest", "discover", "-v", "-s", tests], cwd=tests.parent,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        with log.open("a") as out:
            out.write(done.stdout + done.stderr)
        cases = checks.unittest_results(str(where), done.stderr)
        if done.returncode and not any(r.outcome == FAILED for r in cases):
            cases.append(Result(f"{where}: ran", FAILED, f"see {log}"))
        found += cases
    return found


def modules() -> list[Result]:
    """The module builds for every architecture, and has in it what it may have."""
    log = fresh_log("modules")
    found = []
    for arch in ("ppc64le", "arm64", "x86-64"):
        for kernel in ("stock", NEWER):
            built = module(variant_of(arch, kernel), log)
            found.append(Result(f"{built.parent.name}: builds", PASSED))
            found += checks.module_contents(built.parent.name, built)
    return found


def boot(name: str, host: str, script: Path, files: list[str], *options: str) -> list[Result]:
    """Boots a host, runs a script in it, and reads the TAP that comes out."""
    log = log_file(name)
    console = LOGS / f"{name}.console"
    status = command(log, ROOT / "tools/virtual-host/virtual-host", "boot", host, "--script", script,
                     "--log", console, *options, *[word for f in files for word in ("--add", f)])
    found = from_tap(console.read_text(errors="replace") if console.exists() else "")
    clean = f"{name}: the host's kernel is well, and the script ended"
    reasons = {0: "", 1: "the script failed", 2: "the kernel complained", 3: "it hung", 4: "the emulator failed"}
    if status == 0 or (status == 1 and any(r.outcome == FAILED for r in found)):
        return found + [Result(clean, PASSED)]
    return found + [Result(clean, FAILED, f"{reasons.get(status, status)}, see {console}")]


def kselftests(name: str, host: Host, kernel: str, only: str, *options: str) -> list[Result]:
    """All of the host's kselftests, or those whose names match `only` as a whole; options are of the boot."""
    log = fresh_log(name)
    variant = variant_of(host.arch, kernel)
    ko = module(variant, log)
    built = BUILD / "kselftests" / host.kbuild
    with BUILDING_KSELFTESTS:
        must(log, "make", "-j2", "-C", KSELFTESTS, f"ARCH={host.kbuild}", f"OUT={built}",
             f"KSELFTEST={product(variant, 'KSELFTEST')}")
        must(log, "make", "-C", EXAMPLES, f"ARCH={host.kbuild}", f"OUT={built}")
    files = [f"{p}:/kselftests/{p.name}" for p in sorted(built.iterdir())
             if p.is_file() and (p.name == "run-all" or re.fullmatch(only, p.name))]
    if kernel != "debug":
        lacking = BUILD / "kselftests" / f"{name}-lacking"
        must(log, ROOT / "tools/testing/load/lacking", ko, host.kbuild, lacking)
        files += [f"{lacking}:/lacking", f"{ROOT / 'tools/testing/load/in-host'}:/load-in-host"]
    return boot(name, host.name, ROOT / "tools/testing/kselftests-in-host", files,
                "--kernel", kernel, "--module-file", str(ko), "--timeout", "2400", *options)


def kunit(host: Host) -> list[Result]:
    name = f"kunit-{host.name}"
    log = fresh_log(name)
    ko = module(f"{host.arch}-kunit", log)
    # Who drives the timers is a question on arm64 only; a module without suites answers it.
    files = [f"{module('arm64-debug', log)}:/modules/plain.ko"] if host is ARM64 else []
    return boot(name, host.name, ROOT / "tools/testing/kunit/run-in-host", files,
                "--kernel", "debug", "--module-file", str(ko), "--timeout", "1800")


def guest(host: Host, irqchip: str) -> list[Result]:
    name = f"guest-{host.name}-{irqchip}"
    log = fresh_log(name)
    status = command(log, ROOT / "tools/run", host.name, "--irqchip", irqchip)
    what = f"{host.name}: a Linux guest does disk and network I/O on {irqchip}"
    return [Result(what, FAILED if status else PASSED, f"see {log}" if status else "")]


def migrate(host: Host, rounds: int, *more: str) -> list[Result]:
    """A guest under load is saved, restored and moved; then what else is asked for."""
    name = f"migrate-{host.name}"
    log = fresh_log(name)
    status = command(log, ROOT / "tools/run", host.name, "--storm", str(rounds), *more)
    found = from_tap(log.read_text(errors="replace"))
    if status and not any(r.outcome == FAILED for r in found):
        found.append(Result(f"{name}: the host's kernel is well, and the script ended", FAILED, f"see {log}"))
    return found


POWER9, POWERNV9, POWERNV8 = (Host(name, "ppc64le", "powerpc") for name in ("power9", "powernv9", "powernv8"))
ARM64, ARM64_VHE, ARM64_GICV2 = (Host(name, "arm64", "arm64") for name in ("arm64", "arm64-vhe", "arm64-gicv2"))
X86_64 = Host("x86-64", "x86-64", "x86")

ALL = ".*"
# What has no guest is the same on every host of an architecture: there, once is enough.
ANYWHERE = "|".join([p.stem for p in (KSELFTESTS / "common").glob("*.c")] + ["example_.*"])
GUESTS = rf"(?!({ANYWHERE})$).*"
# A debug kernel is slow, and sees what others do not: where threads meet, things end, memory lacks or input is bad.
SEEN_BY_DEBUG = (r"(gicv2_)?(access|allocation|bad_image|busy|ends|guest_reset|hypercall|ipi|irqfd|kill|lifetime"
                 r"|module|race|reset|run|timer|tracing)_test|.*_(fire|storm)_test")
# On a kernel of another series: what depends on how KVM does things.
ARM64_ON_NEWER = r"gicv2_(device|run|timer|pmu|irqfd|lifetime|state|module)_test|(command_abi|busy|ends|example_.*)_test"
POWER_ON_NEWER = r"(hypercall|rtas|irqfd|lifetime|state|module)_test|(command_abi|busy|ends|example_.*)_test"

KSELFTESTS_ON = (
    (POWER9, "stock", ALL), (POWERNV9, "stock", GUESTS), (POWERNV8, "stock", GUESTS), (POWER9, "debug", SEEN_BY_DEBUG),
    (ARM64, "stock", ALL), (ARM64_VHE, "stock", GUESTS), (ARM64_GICV2, "stock", GUESTS),
    (ARM64, "debug", SEEN_BY_DEBUG), (POWER9, NEWER, POWER_ON_NEWER), (ARM64, NEWER, ARM64_ON_NEWER))


def all_stages() -> list[Stage]:
    """In the order of how soon they tell something."""
    stages = [
        Stage("check", "style, licences, the ABI header", lambda: checks.source_tree(ROOT, fresh_log("check"))),
        Stage("tools", "the tools' own tests", tools),
        Stage("unit", "the core on this machine, under sanitizers", unit),
        Stage("modules", "the module for every architecture", modules),
    ]
    for kernel in ("stock", NEWER):
        name = f"abi-x86-64-{kernel.removeprefix('stock-')}"
        stages.append(Stage(name, f"the ABI on a host without a port, {kernel} kernel",
                            lambda name=name, kernel=kernel: kselftests(name, X86_64, kernel, ALL)))
    for host, kernel, only in KSELFTESTS_ON:
        name = f"kselftests-{host.name}-{kernel.removeprefix('stock-')}"
        stages.append(Stage(name, f"the ABI and small guests, {host.name} host, {kernel} kernel",
                            lambda name=name, host=host, kernel=kernel, only=only: kselftests(name, host, kernel, only)))
    name = "kselftests-powernv8-smp"
    stages.append(Stage(name, "real mode on a POWER8 of two processors",
                        lambda name=name: kselftests(name, POWERNV8, "stock", "(realmode|ipi)_test", "--smp", "2")))
    for host in (POWER9, ARM64):
        stages.append(Stage(f"kunit-{host.name}", "the module from inside, debug kernel",
                            lambda host=host: kunit(host)))
    for host in (POWER9, ARM64):
        stages.append(Stage(f"guest-{host.name}", f"a Linux guest in QEMU on our controller, {host.name} host",
                            lambda host=host: guest(host, "vintc")))
    # On POWER each of the six ways between two irqchips, and ours to ours, once.
    stages.append(Stage("migrate-power9", "a guest under load is saved, restored and moved between irqchips; CPU hotplug",
                        lambda: migrate(POWER9, 14, "--hotplug", "2")))
    stages.append(Stage("migrate-arm64", "a guest under load is saved, restored and moved between irqchips",
                        lambda: migrate(ARM64, 6)))
    return stages

# SPDX-License-Identifier: GPL-2.0-only
"""Checks that need no host: the source tree, the ABI header, what is in a module."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import manual
from results import FAILED, PASSED, SKIPPED, Result

LICENCE = "SPDX-License-Identifier: GPL-2.0-only"
# The text of the licence, and what an empty directory would need.
NO_LICENCE_LINE = {"COPYING"}

# What the C++ run time would bring in, and the kernel does not have.
FOREIGN_SYMBOL = re.compile(r"^(__cxa_|__gxx_|_Unwind|_Zn[wa]|_Zd[la]|__atomic_|__aarch64_|__sync_)")
FOREIGN_SECTION = re.compile(r"^\.(init_array|ctors|fini_array|dtors|gcc_except_table|eh_frame)")

TOOL_PREFIX = {"ppc64le": "powerpc64le-linux-gnu-", "arm64": "aarch64-linux-gnu-", "x86-64": ""}


def _result(name: str, complaints: list[str]) -> Result:
    return Result(name, FAILED if complaints else PASSED, "; ".join(complaints[:5]))


def _output(*argv: str | Path) -> str:
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=True).stdout


def _files(root: Path) -> list[Path]:
    """What git tracks, or everything where there is no git."""
    try:
        listed = _output("git", "-C", root, "ls-files", "-z").split("\0")
    except (subprocess.CalledProcessError, FileNotFoundError):
        listed = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]
    return [root / name for name in listed if name and (root / name).is_file()]


def _licences(root: Path, files: list[Path]) -> Result:
    def names_it(file: Path) -> bool:
        lines = file.read_text(errors="replace").splitlines()
        # A patch names it in its message; QEMU's is "or later".
        text = "\n".join(lines if file.suffix == ".patch" else lines[:5])
        return LICENCE in text.replace("-or-later", "-only")

    missing = [str(f.relative_to(root)) for f in files if f.name not in NO_LICENCE_LINE and not names_it(f)]
    return _result("every file names its licence", missing)


def _core_includes(root: Path) -> Result:
    """The core includes files of its own, and nothing else but the types of the kernel for C."""
    core = root / "virt/kvm/vintc/core"
    wrong = []
    for source in core.rglob("*.[hc]*"):
        for line in source.read_text().splitlines():
            match = re.match(r"\s*#\s*include\s*(\S+)", line)
            if not match or match[1] == "<linux/types.h>":
                continue
            target = (source.parent / match[1].strip('"')).resolve()
            if match[1].startswith("<") or core not in target.parents:
                wrong.append(f"{source.relative_to(root)}: {match[1]}")
    return _result("the core includes nothing from outside", wrong)


def _core_atomics(root: Path) -> Result:
    wrong = [str(s.relative_to(root)) for s in (root / "virt/kvm/vintc/core").rglob("*.[hc]*")
             if s.name not in ("atomic.h", "bounds.h")
             and re.search(r"__atomic_|__sync_|\bvolatile\b|\basm\b", s.read_text())]
    return _result("one file of the core knows about atomics", wrong)


def _format(root: Path) -> Result:
    sources = [str(f) for f in (root / "virt/kvm/vintc/core").rglob("*")
               if f.suffix == ".cc" or (f.suffix == ".h" and "extern \"C\"" not in f.read_text())]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *sources], capture_output=True, text=True,
                          cwd=root, check=False)
    return _result("the core is formatted", [done.stderr.split("\n")[0]] if done.returncode else [])


def _uapi_header(root: Path) -> list[Result]:
    """The header stands alone: as C and C++, for 32 and 64 bits, without warnings."""
    found = []
    include = root / "include/uapi"
    variants = [("gcc", "-std=gnu99", "c"), ("g++", "-std=gnu++17", "c++"),
                ("powerpc64le-linux-gnu-gcc", "-std=gnu99", "c"), ("aarch64-linux-gnu-gcc", "-std=gnu99", "c")]
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "alone.c"
        source.write_text("#include <linux/kvm_vintc.h>\n"
                          "__u64 id(void) { return KVM_VINTC_REG_ICP(1); }\n"
                          "char reg_of_server_1[KVM_VINTC_REG_ICP(1) =="
                          " (KVM_REG_PPC | KVM_REG_SIZE_U64 | 0x8cULL | 1ULL << 32) ? 1 : -1];\n")
        for compiler, standard, language in variants:
            done = subprocess.run([compiler, "-x", language, standard, "-Wall", "-Wextra", "-Wpedantic", "-Wno-long-long",
                                   "-Werror", "-fsyntax-only", f"-I{include}", str(source)],
                                  capture_output=True, text=True, check=False)
            found.append(_result(f"the ABI header alone: {compiler} {standard}",
                                 [done.stderr.split("\n")[0]] if done.returncode else []))
    return found


def _manual(root: Path) -> list[Result]:
    unnamed, lost = manual.complaints(root)
    return [_result("the manual names all of the ABI header", unnamed),
            _result("the manual's excerpts of the examples exist", lost)]


def source_tree(root: Path, log: Path) -> list[Result]:
    """All checks of the source tree."""
    files = _files(root)
    found = [_licences(root, files), _core_includes(root), _core_atomics(root), _format(root), *_uapi_header(root),
             *_manual(root)]
    log.write_text("".join(f"{r.outcome}  {r.name}  {r.why}\n" for r in found))
    return found


def misaligned_patch_sites(sections: str, relocations: str) -> list[str]:
    """
    Where arm64's newer kernels could not patch a function for tracing: they write eight
    bytes in front of it at once, and stop with a BUG if these are not aligned. What gcc
    takes to be cold it aligns to four. From `readelf -SW` and `readelf -rW`.
    """
    alignment = {m[1]: int(m[2]) for m in re.finditer(r"^ *\[ *\d+\] (\S+) .* (\d+)$", sections, re.MULTILINE)}
    tables = [part for part in relocations.split("Relocation section ") if part.startswith("'.rela__patchable_")]
    sites = [site for part in tables for site in re.findall(r"(\S+) \+ ([0-9a-f]+)$", part, re.MULTILINE)]
    if not sites:
        return ["it has no place to patch"]
    return [f"{name}+0x{offset}" for name, offset in sites if alignment[name] % 8 or int(offset, 16) % 8]


def _patch_sites(variant: str, prefix: str, module: Path) -> list[Result]:
    if not variant.startswith("arm64-"):
        return []
    return [_result(f"{variant}: every function can be traced",
                    misaligned_patch_sites(*(_output(f"{prefix}readelf", option, module) for option in ("-SW", "-rW"))))]


def module_contents(variant: str, module: Path) -> list[Result]:
    """Nothing of the C++ run time, no constructor, and a hold on kvm where there is one."""
    prefix = next(prefix for arch, prefix in TOOL_PREFIX.items() if variant.startswith(arch))
    symbols = [line.split()[-1] for line in _output(f"{prefix}nm", "-u", module).splitlines()]
    sections = re.findall(r"^\s*\d+\s+(\S+)", _output(f"{prefix}objdump", "-h", module), re.MULTILINE)
    return [_result(f"{variant}: no C++ run time", [s for s in symbols if FOREIGN_SYMBOL.match(s)]),
            _result(f"{variant}: no constructors or unwinding", [s for s in sections if FOREIGN_SECTION.match(s)]),
            *_patch_sites(variant, prefix, module)]


def unittest_results(where: str, text: str) -> list[Result]:
    """The cases of `python3 -m unittest -v`."""
    found = []
    for match in re.finditer(r"^(\w+) \(([\w.]+)\).*?\.\.\. (?:.*?)(ok|FAIL|ERROR|skipped(?: '(.*)')?)$", text,
                             re.MULTILINE | re.DOTALL):
        outcome = PASSED if match[3] == "ok" else SKIPPED if match[3].startswith("skipped") else FAILED
        found.append(Result(f"{where}: {match[1]}", outcome, match[4] or ""))
    return found

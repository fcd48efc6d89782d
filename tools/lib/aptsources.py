# SPDX-License-Identifier: GPL-2.0-only
"""The machine's own package sources: what /etc/apt says, in both formats.

Only Debian's own archives are of use here, since nobody else carries the
kernels of another architecture.  They are told by what is common to every
mirror of them: a suite of the running release, and the component main.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_POCKETS = r"(?:-updates|-security|-proposed-updates|-backports|/updates)?"
# What ties an entry to the machine's own architecture.
_DROPPED_OPTIONS = {"architectures", "arch", "architectures-add", "architectures-remove", "targets", "target",
                    "languages", "lang", "pdiffs", "by-hash", "enabled"}
_LONG_OPTION_NAMES = {"signed-by": "Signed-By", "trusted": "Trusted", "check-valid-until": "Check-Valid-Until"}


@dataclass
class Source:
    """One entry: where, which suites, which components, and its options."""

    uris: list[str]
    suites: list[str]
    components: list[str]
    options: dict[str, str] = field(default_factory=dict)

    def stanza(self, types: str) -> str:
        """The entry as deb822 text for the given types ("deb", "deb deb-src")."""
        fields = {"Types": types, "URIs": " ".join(self.uris), "Suites": " ".join(self.suites),
                  "Components": " ".join(self.components), **self.options}
        return "".join(f"{name}: {value}\n" for name, value in fields.items())


def parse_deb822(text: str) -> list[dict[str, str]]:
    """Stanzas of a deb822 text; a continued value keeps its line breaks."""
    stanzas: list[dict[str, str]] = []
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line[:1] in (" ", "\t"):
                if name:
                    fields[name] += "\n" + line
            elif ":" in line:
                name, value = line.split(":", 1)
                fields[name] = value.strip()
        if fields:
            stanzas.append(fields)
    return stanzas


def _from_deb822(text: str) -> list[Source]:
    found = []
    for stanza in parse_deb822(text):
        fields = {name.lower(): value for name, value in stanza.items()}
        if fields.get("enabled", "yes").lower() in ("no", "false") or "deb" not in fields.get("types", "").split():
            continue
        options = {name: value for name, value in stanza.items()
                   if name.lower() not in _DROPPED_OPTIONS | {"types", "uris", "suites", "components"}}
        found.append(Source(fields.get("uris", "").split(), fields.get("suites", "").split(),
                            fields.get("components", "").split(), options))
    return found


def _from_one_line(text: str) -> list[Source]:
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]+)", line)
        if not match:
            continue
        bracket, uri, suite, components = match.groups()
        options = {}
        for option in (bracket or "").split():
            name, _, value = option.partition("=")
            if name.lower() not in _DROPPED_OPTIONS:
                options[_LONG_OPTION_NAMES.get(name.lower(), name)] = value.replace(",", " ")
        found.append(Source([uri], [suite], components.split(), options))
    return found


def codename(os_release: Path = Path("/etc/os-release")) -> str:
    """The running release's code name, as os-release gives it."""
    match = re.search(r'^VERSION_CODENAME="?([\w-]+)', os_release.read_text(), re.MULTILINE)
    if not match:
        raise RuntimeError(f"{os_release} names no release: is this Debian?")
    return match.group(1)


def debian_sources(etc: Path, release: str) -> list[Source]:
    """Debian's own entries for `release` under `etc` (usually /etc/apt)."""
    found: list[Source] = []
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if path.is_file() and path.suffix in (".list", ".sources"):
            parse = _from_deb822 if path.suffix == ".sources" else _from_one_line
            found += parse(path.read_text())
    ours = re.compile(rf"(?:{re.escape(release)}|stable|oldstable){_POCKETS}")
    kept = []
    for source in found:
        source.suites = [suite for suite in source.suites if ours.fullmatch(suite)]
        source.uris = [uri for uri in source.uris if not uri.startswith("cdrom:")]
        if source.suites and source.uris and "main" in source.components:
            kept.append(source)
    return kept

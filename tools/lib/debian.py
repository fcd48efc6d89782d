#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Debian packages of any architecture, without root and without installing.

Each architecture has an apt state of its own in the project's cache: its own
lists, an empty dpkg status, and the machine's own Debian sources.  Nothing of
the system's apt or dpkg is written.

The network is used only for what is not there yet: package lists are fetched
when there are none, or when something missing has to be downloaded and the
lists are a few hours old.  UPDATE=1 in the environment fetches them anew.

A mirror may hold an index that does not match the signed list of a suite's
indices, for days.  The suite is then looked for under its other name, such as
oldstable for a release's own, where the mirror may have a matching pair.  It is
signed as well, and may be older.

  debian.py unpack ARCH DEST PACKAGE...   unpack packages into DEST
  debian.py source PACKAGE DEST           a source tree with Debian's patches
  debian.py version ARCH PACKAGE...       the versions that would be used
  debian.py depends ARCH PACKAGE REGEX    the dependencies whose name matches

ARCH is Debian's name (amd64, arm64, ppc64el, ...) or "native".
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parent))
import aptsources  # noqa: E402
import cache  # noqa: E402

_LISTS_ARE_OLD_AFTER = 6 * 3600

# Read after the user's configuration, so that proxies and the like stay.
_APT_CONF = """\
#clear APT::Update;
#clear APT::Architectures;
#clear DPkg;
APT::Architecture "{arch}";
APT::Architectures {{ "{arch}"; }};
APT::Sandbox::User "root";
Dir::Etc::SourceList "{state}/debian.sources";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{state}";
Dir::State::Lists "{state}/lists";
Dir::State::status "{state}/status";
Dir::Cache "{state}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Acquire::GzipIndexes "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-large::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-hidpi::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-large-hidpi::DefaultEnabled "false";
"""


class NotAvailable(RuntimeError):
    """No archive of this machine has what was asked for."""


class DownloadFailed(NotAvailable):
    """An index names it, but its file could not be had."""


@functools.lru_cache(maxsize=None)
def native() -> str:
    """Debian's name of this machine's architecture."""
    return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()


def _compare_versions(a: str, b: str) -> int:
    if a == b:
        return 0
    return -1 if subprocess.run(["dpkg", "--compare-versions", a, "lt", b], check=False).returncode == 0 else 1


_by_age = functools.cmp_to_key(_compare_versions)


class Archive:
    """Debian's archive as seen by a machine of one architecture."""

    # Once in the life of a process is enough.
    _updated: set[str] = set()

    def __init__(self, arch: str = "native") -> None:
        self.arch = native() if arch == "native" else arch
        self.state = cache.root() / "apt" / self.arch
        self._records: dict[str, list[dict[str, str]]] = {}
        self._configure()
        wanted = os.environ.get("UPDATE") == "1" and self.arch not in self._updated
        if wanted or self._lists_age() == float("inf"):
            self.update()

    # The state

    def _configure(self) -> None:
        sources = self._sources_of_apt()
        if not sources:
            raise NotAvailable("/etc/apt names no Debian archive of this release")
        sources += self._renamed(sources)
        # The same entries serve for sources: one native index of them is enough.
        types = "deb deb-src" if self.arch == native() else "deb"
        with cache.locked(self.state.parent / f"{self.arch}.lock"):
            for name in ("lists/partial", "cache/archives/partial", "downloads"):
                (self.state / name).mkdir(parents=True, exist_ok=True)
            for name, text in {
                "status": "",
                "apt.conf": _APT_CONF.format(arch=self.arch, state=self.state),
                "debian.sources": "\n".join(source.stanza(types) for source in sources),
            }.items():
                path = self.state / name
                if not path.exists() or path.read_text() != text:
                    path.write_text(text)

    @staticmethod
    def _sources_of_apt() -> list[aptsources.Source]:
        return aptsources.debian_sources(Path("/etc/apt"), aptsources.codename())

    def _renamed(self, sources: list[aptsources.Source]) -> list[aptsources.Source]:
        """The entries for suites whose other name is to be tried, as update() found."""
        names = self.state / "other-names"
        other = dict(line.split() for line in names.read_text().splitlines()) if names.exists() else {}
        return [aptsources.Source(source.uris, [other[suite]], source.components,
                                  {**source.options, "Check-Valid-Until": "no"})
                for source in sources for suite in source.suites if suite in other]

    def _run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        tool, *rest = command
        return subprocess.run([tool, "-c", str(self.state / "apt.conf"), "-q", *rest], cwd=cwd, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}, check=False)

    def _lists_age(self) -> float:
        """Seconds since the lists were fetched; infinite when there are none."""
        stamp = self.state / "updated"
        return time.time() - stamp.stat().st_mtime if stamp.exists() else float("inf")

    def update(self) -> None:
        """Fetches the package lists.  A suite that fails does no harm by itself."""
        cache.say(f"fetching Debian's package lists for {self.arch}")
        self._use_other_names({})
        done = self._fetch_lists()
        missing = {suite: other for source in self._sources_of_apt() for suite in source.suites
                   if not self._has_list(suite) and (other := self._other_name(suite))}
        if missing:
            self._use_other_names(missing)
            self._fetch_lists()
        if not any((self.state / "lists").glob("*_Packages*")):
            raise NotAvailable(f"no package list for {self.arch} could be fetched:\n{done.stderr.strip()}")
        for line in done.stderr.splitlines():
            if line.startswith("E: Failed to fetch"):
                cache.say(f"  not fatal: {line[3:]}")
        if done.returncode == 0 or re.search(r"(?m)^(Get|Hit):", done.stdout):
            (self.state / "updated").touch()
        self._updated.add(self.arch)
        self._records.clear()

    def _fetch_lists(self) -> subprocess.CompletedProcess[str]:
        with cache.locked(self.state.parent / f"{self.arch}.lock"):
            return self._run("apt-get", "update")

    def _has_list(self, suite: str) -> bool:
        return any((self.state / "lists").glob(f"*_dists_{suite.replace('/', '_')}_*_Packages*"))

    def _other_name(self, suite: str) -> str | None:
        """What the suite's own release file calls it besides; this machine's architecture has one."""
        for release in (self._sources().state / "lists").glob(f"*_dists_{suite.replace('/', '_')}_InRelease"):
            match = re.search(r"(?m)^Suite: (\S+)$", release.read_text(errors="replace"))
            if match and match.group(1) != suite:
                return match.group(1)
        return None

    def _use_other_names(self, names: dict[str, str]) -> None:
        (self.state / "other-names").write_text("".join(f"{suite} {other}\n" for suite, other in names.items()))
        self._configure()

    def refresh(self) -> bool:
        """Fetches the lists if they may be out of date; says whether it did."""
        if self.arch in self._updated or self._lists_age() < _LISTS_ARE_OLD_AFTER:
            return False
        self.update()
        return True

    # What is there

    def records(self, name: str) -> list[dict[str, str]]:
        """Every version of a package, as its index describes it, newest first."""
        if name not in self._records:
            text = self._run("apt-cache", "show", "--all-versions", name).stdout
            self._records[name] = [r for r in aptsources.parse_deb822(text) if r.get("Package") == name]
        return self._records[name]

    def record(self, name: str, version: str | None = None) -> dict[str, str]:
        """The newest version of a package, or the one asked for."""
        for record in self.records(name):
            if version in (None, record["Version"]):
                return record
        raise NotAvailable(f"no package {name}{'=' + version if version else ''} for {self.arch}")

    def versions(self, names: list[str]) -> dict[str, str]:
        """The newest version of each package: what a cache key is made of."""
        return {name: self.record(name)["Version"] for name in names}

    def depends(self, name: str, regex: str, version: str | None = None) -> list[str]:
        """The direct dependencies of a package whose whole name matches."""
        found = []
        for item in re.split(r"[,|]", self.record(name, version).get("Depends", "")):
            match = re.match(r"\s*([a-z0-9][a-z0-9+.-]*)", item)
            if match and re.fullmatch(regex, match.group(1)) and match.group(1) not in found:
                found.append(match.group(1))
        return found

    def newest_first(self, regex: str) -> list[str]:
        """The packages whose whole name matches, the one of the newest version first."""
        names = [name for name in self._run("apt-cache", "pkgnames").stdout.split() if re.fullmatch(regex, name)]
        # A name may be known only because another package mentions it.
        real = {name: self.records(name)[0]["Version"] for name in names if self.records(name)}
        return sorted(real, key=lambda name: _by_age(real[name]), reverse=True)

    def source_version(self, name: str) -> str:
        """The version of the source package that source() would unpack."""
        text = self._sources()._run("apt-cache", "showsrc", "--only-source", name).stdout
        versions = [r["Version"] for r in aptsources.parse_deb822(text) if "Version" in r]
        if not versions:
            raise NotAvailable(f"no source package {name}")
        return max(versions, key=_by_age)

    def _sources(self) -> Archive:
        return self if self.arch == native() else Archive("native")

    # Getting it

    def download(self, name: str, version: str | None = None) -> Path:
        """The package file, from the cache or from the archive."""
        record = self.record(name, version)
        target = self.state / "downloads" / f"{name}_{record['Version']}_{record['Architecture']}.deb"
        if target.exists():
            return target
        cache.say(f"downloading {name} {record['Version']} ({int(record['Size']) // 1000} kB)")
        with tempfile.TemporaryDirectory(dir=self.state) as scratch:
            done = self._run("apt-get", "download", f"{name}={record['Version']}", cwd=Path(scratch))
            files = list(Path(scratch).glob("*.deb"))
            if done.returncode or len(files) != 1:
                raise DownloadFailed(f"cannot download {name} (are the package lists old? UPDATE=1 fetches them):\n"
                                     f"{done.stderr.strip()}")
            files[0].rename(target)
        return target

    def unpack(self, names: list[str], dest: Path | str) -> None:
        """Unpacks packages into `dest`, with none of their dependencies.

        A name may carry a version: "name=version".
        """
        Path(dest).mkdir(parents=True, exist_ok=True)
        for name in names:
            package, _, version = name.partition("=")
            subprocess.run(["dpkg-deb", "-x", self.download(package, version or None), str(dest)], check=True)

    def source(self, name: str, dest: Path | str) -> None:
        """Unpacks a source package, Debian's patches applied, as `dest`."""
        archive, version = self._sources(), self.source_version(name)
        files = archive.state / "downloads" / f"{name}_{version}_source"
        with cache.locked(archive.state / "source.lock"):
            if not files.exists():
                archive._download_source(name, version, files)
        (description,) = files.glob("*.dsc")
        # The files' hashes were checked by apt against the signed index.
        subprocess.run(["dpkg-source", "--no-check", "-x", description, str(dest)], check=True,
                       stdout=subprocess.DEVNULL)

    def _download_source(self, name: str, version: str, files: Path) -> None:
        cache.say(f"downloading the source of {name} {version}")
        with tempfile.TemporaryDirectory(dir=self.state) as scratch:
            fetched = Path(scratch, "source")
            fetched.mkdir()
            done = self._run("apt-get", "source", "--only-source", "--download-only", f"{name}={version}", cwd=fetched)
            if done.returncode:
                raise DownloadFailed(f"cannot download the source of {name}:\n{done.stderr.strip()}")
            fetched.rename(files)


def product(kind: str, archives: list[Archive], describe: Callable[[], Any],
            make: Callable[[Path, Any], None]) -> Path:
    """A cached product made from packages.

    `describe` resolves what it is made from; `make` is given the directory to
    fill and that description.  The lists are only refreshed when it is missing.
    """
    made_from = describe()
    if not cache.find(kind, made_from) and any([archive.refresh() for archive in archives]):
        made_from = describe()
    return cache.get(kind, made_from, lambda path: make(path, made_from))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command, arguments in {"unpack": ["arch", "dest", "package+"], "source": ["package", "dest"],
                               "version": ["arch", "package+"], "depends": ["arch", "package", "regex"]}.items():
        sub = commands.add_parser(command)
        for argument in arguments:
            sub.add_argument(argument.rstrip("+"), nargs="+" if argument.endswith("+") else None)
    args = parser.parse_args()
    archive = Archive(getattr(args, "arch", "native"))
    if args.command == "unpack":
        archive.unpack(args.package, args.dest)
    elif args.command == "source":
        archive.source(args.package, args.dest)
    elif args.command == "version":
        for name, version in archive.versions(args.package).items():
            print(name, version)
    else:
        print("\n".join(archive.depends(args.package, args.regex)))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (NotAvailable, subprocess.CalledProcessError) as error:
        sys.exit(f"debian.py: {error}")

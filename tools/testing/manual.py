# SPDX-License-Identifier: GPL-2.0-only
"""Does the manual know all of the ABI, and do its excerpts of the examples exist?"""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"^#\s*define\s+(KVM_VINTC_\w+|KVM_DEV_TYPE_VINTC)", re.MULTILINE)
_EXCERPT = re.compile(r"^\.\. literalinclude:: (\S+)\n((?:   :.*\n)*)", re.MULTILINE)
_MARK = re.compile(r"^   :(start-at|end-before): (.*)$", re.MULTILINE)


def unnamed(header: str, manual: str) -> list[str]:
    """
    What the header defines and the manual does not name. In the manual a name may be cut
    at its front, before or after an underscore, where the rest is clear.
    """
    words = set(re.findall(r"\w+", manual))

    def forms(name: str) -> list[str]:
        cuts = [match.start() for match in re.finditer("_", name)]
        return [name, *[name[cut:] for cut in cuts], *[name[cut + 1:] for cut in cuts]]

    return [name for name in dict.fromkeys(_NAME.findall(header)) if words.isdisjoint(forms(name))]


def lost_excerpts(document: str, directory: Path) -> list[str]:
    """Excerpts whose file is not there, or does not have their marks in their order."""
    lost = []
    for file, options in _EXCERPT.findall(document):
        path = directory / file
        rest = path.read_text() if path.is_file() else ""
        marks = [mark for _, mark in _MARK.findall(options)]
        for mark in marks:
            _, found, rest = rest.partition(mark)
            if not found:
                lost.append(f"{file}: {mark}")
                break
        if not path.is_file() and not marks:
            lost.append(file)
    return lost


def complaints(root: Path) -> tuple[list[str], list[str]]:
    """Of the whole manual: names that it lacks, excerpts that are lost."""
    header = (root / "include/uapi/linux/kvm_vintc.h").read_text()
    documents = sorted((root / "Documentation").glob("*.rst"))
    reference = "\n".join(d.read_text() for d in documents if d.name.startswith("abi"))
    lost = [f"{d.name}: {what}" for d in documents for what in lost_excerpts(d.read_text(), d.parent)]
    return unnamed(header, reference), lost

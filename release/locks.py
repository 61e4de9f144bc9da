"""The locks: every package of others, in both languages (docs/decisions/0002-locks.md)."""

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[1]
ENTRY = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)([^\n]*(?:\n +--hash=\S+(?: \\)?)*)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages call a licence in their own words."""

ELSEWHERE = {"colorama": "BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause"}
"""Licences of what is installed on other systems than this one."""

UNKNOWN = "unknown"


@dataclass(slots=True, frozen=True)
class Package:
    """One entry of a lock. `hashes` are (algorithm as CycloneDX names it, hex) of its files."""

    kind: Literal["pypi", "npm"]
    name: str
    version: str
    licence: str
    """An SPDX expression, or UNKNOWN."""
    hashes: tuple[tuple[str, str], ...]
    shipped: bool
    """Whether it runs on a server, in a terminal or in a browser; else it builds or tests."""

    @property
    def url(self) -> str:
        """Its package URL (purl)."""
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version}"


def read() -> list[Package]:
    """All of both locks, once each, by kind and name."""
    by_url = {each.url: each for each in [*_python(), *_npm()]}
    return sorted(by_url.values(), key=lambda each: (each.kind, each.name, each.version))


def _python() -> list[Package]:
    shipped = {name for name, *_ in _entries("terminal")}
    return [
        Package("pypi", name, version, _licence(name), hashes, name in shipped)
        for name, version, hashes in _entries("dev")
    ]


def _entries(lock: str) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    return [
        (name, version, tuple(("SHA-256", digest) for digest in HASH.findall(rest)))
        for name, version, rest in ENTRY.findall(text)
    ]


def _licence(name: str) -> str:
    """As the installed package states it: by expression, in its own words, or by classifier."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name, UNKNOWN)
    if "License-Expression" in told:
        return str(told["License-Expression"])
    words = [str(told["License"])] if "License" in told else []
    words += [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or []]
    return next((SPDX.get(word, word) for word in words if _is_spdx(SPDX.get(word, word))), UNKNOWN)


def _is_spdx(word: str) -> bool:
    return word in SPDX.values() or word in ("MIT", "ISC", "0BSD")


def _npm() -> list[Package]:
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    return [
        Package(
            "npm",
            entry.get("name", path.rpartition("node_modules/")[2]),
            entry["version"],
            entry.get("license", UNKNOWN),
            (_integrity(entry["integrity"]),),
            not entry.get("dev", False),
        )
        for path, entry in lock["packages"].items()
        if "node_modules/" in path and not entry.get("link", False)
    ]


def _integrity(text: str) -> tuple[str, str]:
    algorithm, _, encoded = text.partition("-")
    return algorithm.upper().replace("SHA", "SHA-"), b64decode(encoded).hex()

"""Python imports this by itself in every process whose PYTHONPATH names its folder: the tap gets
in from outside.

It wraps the SRTP sessions of a media process and writes what they hold in the clear: `rtp-in`,
`rtp-out`, `rtcp-in`, `rtcp-out` in the folder that SEGEL_WIRETAP names; a record begins with its
session's number. Where SEGEL_WIRETAP_CLIENT names a folder, the server serves that web client.
"""

import importlib.abc
import importlib.machinery
import itertools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType


def _tap_srtp(module: ModuleType) -> None:
    from segel.testing.wiretap.srtp_tap import attach  # after the module, since it imports it

    attach(module, Path(os.environ["SEGEL_WIRETAP"]), itertools.count())


def _serve_other_client(module: ModuleType) -> None:
    client = os.environ.get("SEGEL_WIRETAP_CLIENT")
    if client:
        vars(module)["FOLDER"] = Path(client)


TAPPED: dict[str, Callable[[ModuleType], None]] = {
    "segel.core.crypto.srtp": _tap_srtp,
    "segel.server.http.static": _serve_other_client,
}


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, tap: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._tap = tap

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._tap(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        tap = TAPPED.get(name)
        if tap is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)  # type: ignore[arg-type]
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, tap)
        return spec


sys.meta_path.insert(0, _Finder())

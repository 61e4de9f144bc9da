"""Python imports this by itself in every process whose PYTHONPATH names its folder: the tap gets
in from outside.

It wraps the SRTP sessions of a media process, and writes what they hold in the clear: `rtp-in`,
`rtp-out`, `rtcp-in`,
`rtcp-out` in the folder that SEGEL_WIRETAP names. An `in` and an `out` record begin with a
session's number.
"""

import importlib.abc
import importlib.machinery
import itertools
import os
import sys
from pathlib import Path
from types import ModuleType

TAPPED = "segel.core.crypto.srtp"


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        from segel.testing.wiretap.srtp_tap import attach  # after the module, since it imports it

        attach(module, Path(os.environ["SEGEL_WIRETAP"]), itertools.count())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != TAPPED:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)  # type: ignore[arg-type]
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


sys.meta_path.insert(0, _Finder())

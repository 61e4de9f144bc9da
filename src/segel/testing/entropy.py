"""Entropy for tests: from a seed, or what a vector's author drew."""

import random

from segel.core.crypto.xwing import encapsulate_mlkem768


class Seeded:
    """What a seed gives, so that a run can be repeated; ML-KEM's encapsulation is the system's."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def random(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        return encapsulate_mlkem768(public)


class Recorded:
    """Bytes that were drawn before, in their order."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = drawn

    def random(self, size: int) -> bytes:
        if size > len(self._drawn):
            raise ValueError("more is drawn than was recorded")
        taken, self._drawn = self._drawn[:size], self._drawn[size:]
        return taken

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        return encapsulate_mlkem768(public)

"""A public key that is looked at is one that can be used, and the other way round."""

import os

import pytest

from segel.core.crypto import dhkem
from segel.core.crypto.ciphersuite import SUITES, Ciphersuite
from segel.core.crypto.keys import InvalidKey
from segel.testing.entropy import Seeded

ENTROPY = Seeded(3)


def is_taken(suite: Ciphersuite, public: bytes) -> bool:
    try:
        suite.kem.encapsulate(public, ENTROPY)
    except InvalidKey:
        return False
    return True


def passes(suite: Ciphersuite, public: bytes) -> bool:
    try:
        suite.kem.check(public)
    except InvalidKey:
        return False
    return True


@pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: suite.name)
def test_a_key_passes_where_something_can_be_sealed_to_it(suite: Ciphersuite) -> None:
    good = suite.kem.generate(ENTROPY).public
    size = len(good)
    tried = [
        good,
        good[:-1],
        good + b"\0",
        b"",
        bytes(size),
        b"\xff" * size,
        good[:1] + bytes(size - 1),
        bytes(size - 32) + bytes(31) + b"\x80",
        good[:-32] + bytes(32),
        *(os.urandom(size) for _ in range(4)),
    ]
    assert passes(suite, good)
    for public in tried:
        assert passes(suite, public) == is_taken(suite, public), public.hex()


@pytest.mark.parametrize(
    ("suite", "small", "size"),
    [(SUITES[1], dhkem._SMALL_25519, 32), (SUITES[4], dhkem._SMALL_448, 56)],
    ids=["X25519", "X448"],
)
def test_a_point_of_small_order_gives_nothing(
    suite: Ciphersuite, small: set[int], size: int
) -> None:
    for number in small:
        for high in (0, 2**255) if size == 32 else (0,):
            public = (number + high).to_bytes(size, "little")
            assert not is_taken(suite, public)
            assert not passes(suite, public)

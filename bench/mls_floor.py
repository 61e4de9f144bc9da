"""The floor of bench.mls: the primitives that an operation calls, replayed with nothing else.

What is counted is every call into `cryptography`, PyNaCl and hashlib; parsing, the tree and the
state are what an implementation adds. That no call is needless, the counts are printed for.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from segel.core.crypto import aead, ciphersuite, dhkem, labelled, signature, xwing

Call = tuple[Callable[..., Any], tuple[Any, ...]]

_PLACES: list[tuple[Any, str]] = [
    (ciphersuite, "digest"),
    (ciphersuite, "hkdf_expand"),
    (ciphersuite, "hkdf_extract"),
    (labelled, "hkdf_expand"),
    (labelled, "hkdf_extract"),
    (dhkem, "crypto_scalarmult"),
    (dhkem, "crypto_scalarmult_base"),
    (signature, "crypto_sign"),
    (signature, "crypto_sign_open"),
    (signature, "crypto_sign_seed_keypair"),
    (xwing, "sha3_256"),
    (xwing, "shake_256"),
    (xwing, "decapsulate"),
    (xwing, "encapsulate_mlkem768"),
    (xwing, "mlkem_public"),
    (aead.Aead, "seal"),
    (aead.Aead, "open"),
]


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """The calls of primitives, in their order."""
    calls: list[Call] = []

    def recorder(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            calls.append((original, arguments))
            return original(*arguments)

        return call

    patches = [patch.object(at, name, recorder(getattr(at, name))) for at, name in _PLACES]
    for each in patches:
        each.start()
    try:
        yield calls
    finally:
        for each in patches:
            each.stop()


def replay(calls: list[Call]) -> None:
    """Calls them all again."""
    for function, arguments in calls:
        function(*arguments)


def counts(calls: list[Call]) -> dict[str, int]:
    """How often each primitive was called."""
    return dict(Counter(function.__qualname__ for function, _ in calls).most_common())

"""Randomness, handed in: a run can be replayed from its seed and its inputs."""

from typing import Protocol


class Entropy(Protocol):
    """Where the core takes randomness from: the system in the product, a seed in tests."""

    def random(self, size: int) -> bytes:
        """`size` bytes that nobody can guess."""
        ...

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        """A shared secret (32 bytes) and its ciphertext (1 088), for a key of 1 184 bytes.

        Apart from `random`, because the library takes no encapsulation seed. Raises InvalidKey.
        """
        ...

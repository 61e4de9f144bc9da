"""The system's randomness."""

import os

from segel.core.crypto.xwing import encapsulate_mlkem768


class System:
    """`segel.core.crypto.entropy.Entropy` of the operating system."""

    def random(self, size: int) -> bytes:
        """`size` bytes of os.urandom."""
        return os.urandom(size)

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        """A shared secret and its ciphertext. Raises InvalidKey."""
        return encapsulate_mlkem768(public)

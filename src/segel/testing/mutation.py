"""Hostile bytes for fuzz tests: noise, and valid messages with a few changes.

Needs hypothesis, so only tests import this module.
"""

from collections.abc import Sequence

from hypothesis import strategies as st


def hostile(valid: Sequence[bytes], max_size: int = 300) -> st.SearchStrategy[bytes]:
    """Noise of up to `max_size` bytes, or one of `valid` with bytes changed, cut off or added."""
    return st.binary(max_size=max_size) | _mutated(valid)


@st.composite
def _mutated(draw: st.DrawFn, valid: Sequence[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(valid)))
    for _ in range(draw(st.integers(0, 4))):
        if not data:
            break
        index = draw(st.integers(0, len(data) - 1))
        change = draw(st.sampled_from(("set", "flip", "cut", "insert")))
        if change == "set":
            data[index] = draw(st.integers(0, 255))
        elif change == "flip":
            data[index] ^= 1 << draw(st.integers(0, 7))
        elif change == "cut":
            del data[index:]
        else:
            data[index:index] = draw(st.binary(max_size=8))
    return bytes(data)

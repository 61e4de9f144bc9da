"""For every input to every decoder: what parses is encoded to the same bytes, all else is
Malformed, and memory stays within a bound that is proportional to the input."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segel.core.mls.group import Group
from segel.core.mls.storage import encode_staged
from segel.testing.entropy import Seeded
from segel.testing.mls_fuzz import DECODERS, check, samples
from segel.testing.mutation import hostile

from .meeting import NOW, SUITE, Client

MESSAGES = Path(__file__).parents[3] / "vectors/mls/messages.json"


def stored() -> dict[str, list[bytes]]:
    """A commit that adds two and is not merged; the state after it, in which proposals wait."""
    entropy = Seeded(1)
    founder, *others = (Client(f"client {number}", entropy) for number in range(3))
    group = Group.create(SUITE, b"group", founder.key_package(), founder.services)
    sent = group.commit(NOW, add=[each.key_package().key_package for each in others])
    group.merge(sent.staged)
    group.propose_update()
    return {"staged": [encode_staged(sent.staged)], "state": [group.to_bytes()]}


SAMPLES = {**samples(MESSAGES, cases=2), **stored()}
INPUTS = st.sampled_from(sorted(DECODERS)).flatmap(
    lambda name: st.tuples(st.just(name), hostile(SAMPLES[name]))
)


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_real_encodings_parse(name: str) -> None:
    assert SAMPLES[name]
    assert all(check(name, data) for data in SAMPLES[name])


@settings(max_examples=1500, deadline=None)
@given(INPUTS)
def test_what_parses_has_one_encoding_and_all_else_is_malformed(case: tuple[str, bytes]) -> None:
    check(*case)


DENSE = {
    "blank nodes": b"\x80\x01\x00\x00" + bytes(65536),
    "leaves of nothing": b"\x80\x01\x00\x00" + b"\x01\x01" * 32768,
    "empty extensions": b"\x00\x07\x80\x00\xc0\x00" + b"\x00\x01\x00" * 16384,
    "small proposals": b"\x80\x01\x00\x00" + b"\x01\xf0\xc0\x00" * 16384 + b"\x00",
    "a length of a gigabyte": b"\xbf\xff\xff\xff",
}


@pytest.mark.parametrize("data", DENSE.values(), ids=DENSE.keys())
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_memory_is_bounded(name: str, data: bytes) -> None:
    tracemalloc.start()
    try:
        check(name, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * len(data) + 100_000

"""STUN messages: RFC 5769's vectors, what we write, and what we must not accept."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import stun
from segel.core.media.errors import StunMalformed, StunUnauthenticated
from segel.testing.mutation import hostile

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/media/stun-rfc5769.json").read_text())
PASSWORD = VECTORS["password"].encode()
REQUEST = bytes.fromhex(VECTORS["request"]["bytes"])
TRANSACTION = bytes.fromhex(VECTORS["transaction"])


def test_reads_the_sample_request() -> None:
    message = stun.parse(REQUEST)
    stun.authenticate(message, PASSWORD)
    expected = VECTORS["request"]
    assert message.message_type == stun.BINDING_REQUEST
    assert message.transaction == TRANSACTION
    assert message.get(stun.USERNAME) == expected["username"].encode()
    assert message.get(stun.PRIORITY) == expected["priority"].to_bytes(4)
    assert message.get(stun.ICE_CONTROLLED) == bytes.fromhex(expected["controlled"])


@pytest.mark.parametrize("vector", VECTORS["responses"], ids=lambda vector: vector["section"])
def test_reads_the_sample_responses(vector: dict[str, str | int]) -> None:
    message = stun.parse(bytes.fromhex(str(vector["bytes"])))
    stun.authenticate(message, PASSWORD)
    assert message.message_type == stun.BINDING_SUCCESS
    assert stun.mapped_address(message) == (vector["host"], vector["port"])


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7"])
def test_writes_an_answer_that_it_reads(host: str) -> None:
    data = stun.binding_success(TRANSACTION, (host, 4711), PASSWORD)
    message = stun.parse(data)
    stun.authenticate(message, PASSWORD)
    assert stun.mapped_address(message) == (host, 4711)


def test_leaves_the_zone_of_an_address_out() -> None:
    value = stun.xor_address(("fe80::1%eth0", 1), TRANSACTION)
    assert value == stun.xor_address(("fe80::1", 1), TRANSACTION)


def test_writes_an_error_that_it_reads() -> None:
    data = stun.binding_error(TRANSACTION, 420, "Unknown Attribute", PASSWORD, (0x7777,))
    message = stun.parse(data)
    stun.authenticate(message, PASSWORD)
    assert stun.error_code(message) == 420
    assert message.get(stun.UNKNOWN_ATTRIBUTES) == b"\x77\x77"


def test_refuses_another_password() -> None:
    with pytest.raises(StunUnauthenticated):
        stun.authenticate(stun.parse(REQUEST), PASSWORD + b"x")


def test_refuses_a_message_without_integrity() -> None:
    message = stun.parse(stun.serialise(stun.BINDING_REQUEST, TRANSACTION, [], None))
    with pytest.raises(StunUnauthenticated):
        stun.authenticate(message, PASSWORD)


def test_ignores_attributes_behind_the_integrity() -> None:
    """RFC 8489 14.5: nothing vouches for them, so an added USE-CANDIDATE has no effect."""
    covered = stun.serialise(stun.BINDING_REQUEST, TRANSACTION, [], PASSWORD)[:-8]
    added = covered + b"\x00\x25\x00\x00"
    data = added[:2] + (len(added) - stun.HEADER_SIZE).to_bytes(2) + added[4:]
    message = stun.parse(data)
    stun.authenticate(message, PASSWORD)
    assert message.get(stun.USE_CANDIDATE) is None


@given(st.integers(0, 8 * (len(REQUEST) - 8) - 1))
def test_refuses_every_flipped_bit(bit: int) -> None:
    """All up to the FINGERPRINT, whose own type and value only matter if it is one."""
    data = bytearray(REQUEST)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((StunMalformed, StunUnauthenticated)):
        stun.authenticate(stun.parse(bytes(data)), PASSWORD)


@pytest.mark.parametrize("bit", range(32))
def test_refuses_a_wrong_fingerprint(bit: int) -> None:
    data = bytearray(REQUEST)
    data[len(data) - 4 + bit // 8] ^= 1 << bit % 8
    with pytest.raises(StunMalformed):
        stun.parse(bytes(data))


def bare(attributes: bytes) -> bytes:
    """A success answer without integrity and fingerprint, so that fuzzing reaches its values."""
    head = (stun.BINDING_SUCCESS << 16 | len(attributes)).to_bytes(4)
    return head + stun.MAGIC.to_bytes(4) + TRANSACTION + attributes


def test_refuses_an_attribute_beyond_the_message() -> None:
    assert stun.parse(bare(bytes.fromhex("80220004 61626364"))).get(stun.SOFTWARE) == b"abcd"
    with pytest.raises(StunMalformed):
        stun.parse(bare(bytes.fromhex("80220005 61626364")))


@pytest.mark.parametrize(
    "value", ["00200000", "00200004 00010000", "00200008 00020000 00000000", "00210000"]
)
def test_refuses_other_mapped_addresses(value: str) -> None:
    message = stun.parse(bare(bytes.fromhex(value)))
    with pytest.raises(StunMalformed):
        stun.mapped_address(message)


BARE = bare(bytes.fromhex("00200008 0001a147 e112a643 00090004 00000414"))
OURS = stun.binding_request(
    TRANSACTION, "abcd:efgh", PASSWORD, priority=1, tie_breaker=2, nominate=True
)


@given(
    hostile([REQUEST, OURS, BARE, BARE, *(bytes.fromhex(v["bytes"]) for v in VECTORS["responses"])])
)
def test_fuzz_parse(data: bytes) -> None:
    """Parses or raises StunMalformed, never anything else; its accessors too."""
    try:
        message = stun.parse(data)
    except StunMalformed:
        return
    stun.unknown_required(message)
    for read in (stun.mapped_address, stun.error_code):
        try:
            read(message)
        except StunMalformed:
            continue


@given(
    st.integers(0, 0x3FFF),
    st.binary(min_size=12, max_size=12),
    st.lists(
        st.tuples(
            st.integers(0, 0xFFFF).filter(
                lambda kind: kind not in (stun.MESSAGE_INTEGRITY, stun.FINGERPRINT)
            ),
            st.binary(max_size=40),
        ),
        max_size=8,
    ),
)
def test_what_is_written_is_read(
    message_type: int, transaction: bytes, attributes: list[tuple[int, bytes]]
) -> None:
    data = stun.serialise(message_type, transaction, attributes, PASSWORD)
    message = stun.parse(data)
    stun.authenticate(message, PASSWORD)
    assert list(message.attributes[:-2]) == attributes
    assert (message.message_type, message.transaction) == (message_type, transaction)
    again = stun.serialise(message_type, transaction, message.attributes[:-2], PASSWORD)
    assert again == data

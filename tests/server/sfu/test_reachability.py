"""Anybody may ask whether a relay is there, and nobody is flooded by way of it."""

import os
import socket

import pytest

from segel.core.media import reachability, stun
from segel.core.media.errors import StunMalformed, StunUnauthenticated

from .conftest import Meeting


async def test_the_relay_says_where_the_question_came_from(meeting: Meeting) -> None:
    transaction = os.urandom(12)
    asked = reachability.question(transaction)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.bind(("127.0.0.1", 0))
        damaged = asked[:-20] + bytes(20)
        for datagram in (damaged, asked[:-1], asked):
            sock.sendto(datagram, ("127.0.0.1", meeting.engine.port))
        answered = sock.recv(2000)
        assert reachability.seen_from(answered, transaction) == sock.getsockname()
        assert len(answered) < len(asked)


def test_only_the_question_is_answered() -> None:
    transaction = bytes(12)
    source = ("192.0.2.1", 5000)
    asked = stun.parse(reachability.question(transaction))
    assert reachability.answer(asked, source) is not None
    for username in (b"segel:other", b"abcdefgh:segel"):
        other = stun.serialise(1, transaction, [(stun.USERNAME, username)], reachability.PASSWORD)
        assert reachability.answer(stun.parse(other), source) is None
    unproven = stun.serialise(1, transaction, [(stun.USERNAME, reachability.USERNAME)], None)
    with pytest.raises(StunUnauthenticated):
        reachability.answer(stun.parse(unproven), source)


def test_an_answer_to_another_question_is_none() -> None:
    message = stun.parse(reachability.question(bytes(12)))
    answered = reachability.answer(message, ("192.0.2.1", 5000)) or b""
    assert reachability.seen_from(answered, bytes(12)) == ("192.0.2.1", 5000)
    with pytest.raises(StunMalformed):
        reachability.seen_from(answered, b"another one!")
    with pytest.raises(StunMalformed):
        reachability.seen_from(reachability.question(bytes(12)), bytes(12))

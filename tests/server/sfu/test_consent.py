"""What ends without a word: a participant that gives no consent any more (RFC 7675)."""

import socket
from collections.abc import Iterator

import pytest

from segel.core.media.ice import CONSENT_SECONDS
from segel.server.sfu import port
from segel.server.sfu.messages import (
    Answered,
    Attach,
    ParticipantGone,
    Publish,
    Report,
    StreamAdded,
    StreamRemoved,
)
from segel.server.sfu.relay import Relay
from segel.testing.media_client import MediaClient

from .conftest import CERTIFICATE

MEETING, NAME = bytes(16), b"one".ljust(16, b"\0")


@pytest.fixture
def sock() -> Iterator[socket.socket]:
    """The relay's port."""
    sock = port.open_port(0)
    yield sock
    sock.close()


def test_silence_ends_a_participant_and_frees_its_streams(sock: socket.socket) -> None:
    told: list[Report] = []
    relay = Relay(sock, (("127.0.0.1", 9),), told.append)
    client = MediaClient(CERTIFICATE)
    mid = client.publish("video")
    relay.execute(Attach(1, MEETING, NAME, client.offer(), {mid: Publish("camera")}), 100.0)
    added, answered = told
    assert isinstance(answered, Answered)
    stream = answered.streams[mid]
    assert added == StreamAdded(MEETING, NAME, stream, "video")
    relay.tick(100.0 + CONSENT_SECONDS - 0.1)
    assert told == [added, answered]
    assert relay.stats().streams == 1
    relay.tick(100.0 + CONSENT_SECONDS + 0.1)
    assert told[2:] == [
        StreamRemoved(MEETING, NAME, stream),
        ParticipantGone(MEETING, NAME, "silent"),
    ]
    stats = relay.stats()
    assert (stats.meetings, stats.participants, stats.streams) == (0, 0, 0)

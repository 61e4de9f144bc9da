"""Participants are found by all their names, and by none once they are gone."""

from OpenSSL import SSL

from segel.core.media.sdp import Transport
from segel.server.sfu.directory import MAX_PATHS, Directory
from segel.server.sfu.dtls import Certificate
from segel.server.sfu.participant import Participant

CONTEXT: SSL.Context = Certificate().context()
REMOTE = Transport("ufrag", "p" * 22, (), ("sha-256", bytes(32)), "actpass")


def participant(name: bytes, meeting: bytes = b"m") -> Participant:
    return Participant(meeting, name, CONTEXT, REMOTE, 0.0)


def test_finds_by_name_credentials_and_path() -> None:
    directory, subject = Directory(), participant(b"a")
    directory.add(subject, "one")
    directory.add(subject, "two")
    directory.add_path(subject, ("192.0.2.1", 1))
    assert directory.find(b"m", b"a") is subject
    assert directory.by_ufrag("two") is subject
    assert directory.by_ufrag("one") is None, "only the newest credentials are good for anything"
    assert directory.by_address(("192.0.2.1", 1)) is subject


def test_who_is_gone_is_not_found_and_leaves_nothing() -> None:
    directory, subject = Directory(), participant(b"a")
    directory.add(subject, "one")
    directory.add_path(subject, ("192.0.2.1", 1))
    assert directory.remove(subject)
    assert not directory.remove(subject)
    assert directory == Directory()


def test_an_address_belongs_to_who_proved_it_last() -> None:
    directory, first, second = Directory(), participant(b"a"), participant(b"b")
    directory.add(first, "one")
    directory.add(second, "two")
    address = ("192.0.2.1", 1)
    directory.add_path(first, address)
    directory.add_path(second, address)
    directory.remove(first)
    assert directory.by_address(address) is second


def test_paths_are_bounded() -> None:
    directory, subject = Directory(), participant(b"a")
    directory.add(subject, "one")
    for port in range(MAX_PATHS + 1):
        directory.add_path(subject, ("192.0.2.1", port))
    assert directory.by_address(("192.0.2.1", 0)) is None
    assert directory.by_address(("192.0.2.1", MAX_PATHS)) is subject


def test_a_newer_session_of_the_same_name_stays() -> None:
    directory, old, new = Directory(), participant(b"a"), participant(b"a")
    directory.add(old, "old")
    directory.remove(old)
    directory.add(new, "new")
    assert not directory.remove(old)
    assert directory.find(b"m", b"a") is new

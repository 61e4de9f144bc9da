"""The lite agent: checks, nomination, consent, restart, and what shares the port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import ice, stun
from segel.core.media.errors import StunMalformed, StunUnauthenticated
from segel.core.media.ice import CONSENT_SECONDS, ConsentExpired, Credentials, IceAgent, Selected

LOCAL = Credentials("ours", "p" * 24)
HOME = ("192.0.2.1", 5000)
AWAY = ("198.51.100.2", 6000)


def check(
    username: str = "ours:theirs", password: str = LOCAL.password, *, nominate: bool = False
) -> stun.Message:
    data = stun.binding_request(
        b"transaction!",
        username,
        password.encode(),
        priority=1,
        tie_breaker=7,
        nominate=nominate,
    )
    return stun.parse(data)


def agent() -> IceAgent:
    return IceAgent(LOCAL, "theirs", now=0.0)


def test_answers_a_check_with_its_source() -> None:
    answer = agent().receive(check(), HOME, 1.0)
    message = stun.parse(answer.datagram)
    stun.authenticate(message, LOCAL.password.encode())
    assert message.message_type == stun.BINDING_SUCCESS
    assert stun.mapped_address(message) == HOME
    assert answer.events == ()


def test_nomination_selects_once_and_moves_with_the_browser() -> None:
    lite = agent()
    assert lite.receive(check(nominate=True), HOME, 1.0).events == (Selected(HOME),)
    assert lite.receive(check(nominate=True), HOME, 2.0).events == ()
    assert lite.receive(check(nominate=True), AWAY, 3.0).events == (Selected(AWAY),)
    assert lite.selected == AWAY


@pytest.mark.parametrize(
    ("username", "password"),
    [("ours:others", LOCAL.password), ("theirs:ours", LOCAL.password), ("ours:theirs", "q" * 24)],
)
def test_strangers_get_no_answer_and_renew_nothing(username: str, password: str) -> None:
    lite = agent()
    with pytest.raises(StunUnauthenticated):
        lite.receive(check(username, password, nominate=True), AWAY, 29.0)
    assert lite.selected is None
    assert lite.handle_timeout(CONSENT_SECONDS) == (ConsentExpired(),)


def test_only_requests_are_for_it() -> None:
    answer = stun.parse(agent().receive(check(), HOME, 1.0).datagram)
    with pytest.raises(StunMalformed):
        agent().receive(answer, HOME, 1.0)


def test_consent_expires_30_seconds_after_the_last_check() -> None:
    lite = agent()
    lite.receive(check(nominate=True), HOME, 10.0)
    assert lite.deadline == 40.0
    assert lite.handle_timeout(39.9) == ()
    assert lite.handle_timeout(40.0) == (ConsentExpired(),)
    assert lite.handle_timeout(41.0) == ()
    assert lite.selected is None


def test_restart_takes_new_credentials_and_keeps_the_path_until_nomination() -> None:
    lite = agent()
    lite.receive(check(nominate=True), HOME, 1.0)
    new = Credentials("news", "n" * 24)
    lite.restart(new, "fresh", now=2.0)
    assert lite.selected == HOME
    with pytest.raises(StunUnauthenticated):
        lite.receive(check(), HOME, 3.0)
    answer = lite.receive(check("news:fresh", new.password, nominate=True), AWAY, 3.0)
    assert answer.events == (Selected(AWAY),)


def test_a_controlled_browser_hears_of_the_role_conflict() -> None:
    data = stun.serialise(
        stun.BINDING_REQUEST,
        b"transaction!",
        [(stun.USERNAME, b"ours:theirs"), (stun.ICE_CONTROLLED, bytes(8))],
        LOCAL.password.encode(),
    )
    answer = agent().receive(stun.parse(data), HOME, 1.0)
    assert stun.error_code(stun.parse(answer.datagram)) == 487


def test_an_unknown_required_attribute_is_named() -> None:
    data = stun.serialise(
        stun.BINDING_REQUEST,
        b"transaction!",
        [(stun.USERNAME, b"ours:theirs"), (0x7777, b"")],
        LOCAL.password.encode(),
    )
    message = stun.parse(agent().receive(stun.parse(data), HOME, 1.0).datagram)
    assert stun.error_code(message) == 420
    assert message.get(stun.UNKNOWN_ATTRIBUTES) == b"\x77\x77"


def test_tells_whose_request_it_is() -> None:
    assert ice.local_ufrag(check()) == "ours"
    with pytest.raises(StunMalformed):
        ice.local_ufrag(stun.Message(stun.BINDING_REQUEST, b"", ((stun.USERNAME, b"nobody"),)))
    with pytest.raises(StunMalformed):
        ice.local_ufrag(stun.Message(stun.BINDING_REQUEST, b"", ((stun.USERNAME, b"\xff:a"),)))


@pytest.mark.parametrize(
    ("datagram", "kind"),
    [
        (b"", ice.UNKNOWN),
        (b"\x80", ice.UNKNOWN),
        (b"\x00\x01", ice.STUN),
        (b"\x03\x01", ice.STUN),
        (b"\x04\x01", ice.UNKNOWN),
        (b"\x13\x01", ice.UNKNOWN),
        (b"\x14\xfe", ice.DTLS),
        (b"\x3f\xfe", ice.DTLS),
        (b"\x40\x00", ice.UNKNOWN),
        (b"\x7f\xff", ice.UNKNOWN),
        (b"\x80\x60", ice.RTP),
        (b"\x90\xe0", ice.RTP),
        (b"\x80\xc8", ice.RTCP),
        (b"\xbf\xdf", ice.RTCP),
        (b"\xc0\xc8", ice.UNKNOWN),
    ],
)
def test_classifies_datagrams(datagram: bytes, kind: int) -> None:
    assert ice.classify(datagram) == kind


KINDS = (
    stun.USERNAME,
    stun.PRIORITY,
    stun.ICE_CONTROLLED,
    stun.ICE_CONTROLLING,
    stun.USE_CANDIDATE,
)
ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(KINDS) | st.integers(0, 0xFFFF), st.binary(max_size=20)), max_size=6
)


@given(ATTRIBUTES, st.sampled_from((LOCAL.password.encode(), b"", None)), st.integers(0, 0x3FFF))
def test_fuzz_checks(
    attributes: list[tuple[int, bytes]], password: bytes | None, message_type: int
) -> None:
    """Answers what its owner sealed, with what parses; else raises one of two errors, never
    another.
    """
    named = [(stun.USERNAME, b"ours:theirs"), *attributes]
    for kind in (message_type, stun.BINDING_REQUEST):
        try:
            message = stun.parse(stun.serialise(kind, b"transaction!", named, password))
            assert ice.local_ufrag(message) == "ours"
            answer = agent().receive(message, HOME, 1.0)
        except (StunMalformed, StunUnauthenticated):
            continue
        assert password == LOCAL.password.encode()
        stun.authenticate(stun.parse(answer.datagram), LOCAL.password.encode())

"""A meeting's group in Python: founding, coming in, talking, the rule, and what is refused."""

import pytest

from segel.core.cbor import Malformed
from segel.core.crypto.ciphersuite import HYBRID_ID, SUITES
from segel.core.crypto.signature import Ed25519
from segel.core.identity.account import Identity, create_identity
from segel.core.meeting.context import MeetingContext
from segel.core.meeting.group import Founding, MeetingGroup, own_key_package, read_key_package
from segel.core.meeting.rule import EQUALS, Forbidden, Terms, next_terms, sign_rule
from segel.core.mls.errors import MlsError
from segel.core.mls.key_package import KeyPackageIn, OwnKeyPackage
from segel.core.mls.message import encode_message
from segel.core.wire import signing
from segel.testing.entropy import Seeded

NOW, ALIAS, GROUP = 1_800_000_000, bytes(32), bytes(range(32))
PLACE = bytes(72)
OPENER = Ed25519().pair(bytes(range(32)))
ENTROPY = Seeded(4)


def person(suite_id: int = 1, name: str = "Ada") -> tuple[Identity, OwnKeyPackage]:
    identity = create_identity(ENTROPY)
    return identity, own_key_package(SUITES[suite_id], identity, name, NOW, ENTROPY)


def found(terms: Terms, own: OwnKeyPackage, suite_id: int = 1) -> MeetingGroup:
    def describe(root_key: bytes) -> Founding:
        signed = signing.opening(ALIAS, 1, GROUP, root_key, 1)
        signature = Ed25519().sign(OPENER, signed)
        context = MeetingContext(ALIAS, 1, 0, 1, root_key, signature)
        return Founding(context, sign_rule(OPENER, ALIAS, terms))

    suite = SUITES[suite_id]
    return MeetingGroup.create(suite, GROUP, own, OPENER.public, describe, ENTROPY)


def never(group_id: bytes) -> bool:
    return False


def join(welcome: bytes, own: OwnKeyPackage) -> MeetingGroup:
    return MeetingGroup.join(welcome, own, OPENER.public, ENTROPY, never)


def candidate(own: OwnKeyPackage) -> KeyPackageIn:
    suite = SUITES[own.key_package.cipher_suite]
    return read_key_package(suite, encode_message(own.key_package))[0]


@pytest.mark.parametrize("suite", [1, HYBRID_ID])
def test_two_people_come_together_and_talk(suite: int) -> None:
    (ada, ada_package), (_, bea_package) = person(suite), person(suite, "Bea ")
    group = found(next_terms(EQUALS, hosts=(ada.account,)), ada_package, suite)
    staged = group.stage(PLACE, NOW, added=[candidate(bea_package)])
    bea = join(staged.welcomes[0], bea_package)
    group = staged.next
    assert [member.name for member in bea.members] == ["Ada", "Bea"]
    assert group.keys == bea.keys
    assert bea.open(group.seal(b"hello", PLACE)).data == b"hello"
    assert group.open(bea.seal(b"yes", PLACE)).sender == bea.leaf


def test_a_guest_neither_lets_in_behind_a_lobby_nor_changes_the_rule() -> None:
    (ada, ada_package), (_, bea_package), (_, eve_package) = person(), person(), person()
    terms = next_terms(EQUALS, hosts=(ada.account,), lobby=True)
    host = found(terms, ada_package)
    staged = host.stage(PLACE, NOW, added=[candidate(bea_package)])
    guest = join(staged.welcomes[0], bea_package)
    with pytest.raises(Forbidden):
        guest.stage(PLACE, NOW, added=[candidate(eve_package)])
    with pytest.raises(Forbidden):
        guest.stage(PLACE, NOW, rule=sign_rule(OPENER, ALIAS, next_terms(terms, lobby=False)))
    assert guest.stage(PLACE, NOW).next.epoch == guest.epoch + 1


def test_a_hosts_client_refuses_what_a_guests_own_client_did_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (ada, ada_package), (_, bea_package), (_, eve_package) = person(), person(), person()
    host = found(next_terms(EQUALS, hosts=(ada.account,), lobby=True), ada_package)
    staged = host.stage(PLACE, NOW, added=[candidate(bea_package)])
    guest, host = join(staged.welcomes[0], bea_package), staged.next
    with monkeypatch.context() as lawless:
        lawless.setattr("segel.core.meeting.group.judge", lambda change: None)
        forced = guest.stage(PLACE, NOW, added=[candidate(eve_package)])
    with pytest.raises(Forbidden):
        host.process(forced.commit)
    with pytest.raises(Forbidden):
        join(forced.welcomes[0], eve_package)
    with monkeypatch.context() as lawless:
        lawless.setattr("segel.core.meeting.group.judge", lambda change: None)
        assert host.process(forced.commit).next is not None


def test_who_is_taken_out_reads_nothing_more_and_learns_the_rule() -> None:
    (ada, ada_package), (bea, bea_package) = person(), person()
    terms = next_terms(EQUALS, hosts=(ada.account,))
    host = found(terms, ada_package)
    staged = host.stage(PLACE, NOW, added=[candidate(bea_package)])
    guest, host = join(staged.welcomes[0], bea_package), staged.next
    banned = sign_rule(OPENER, ALIAS, next_terms(terms, bans=(bea.account,), lobby=True))
    kick = host.stage(PLACE, NOW, removed=[guest.leaf], rule=banned)
    processed = guest.process(kick.commit)
    assert processed.next is None
    assert not processed.replaced
    assert bea.account in processed.rule.terms.bans
    with pytest.raises(MlsError):
        guest.open(kick.next.seal(b"without her", PLACE))
    again = own_key_package(SUITES[1], bea, "Bea", NOW, ENTROPY)
    with pytest.raises(Forbidden):
        kick.next.stage(PLACE, NOW, added=[candidate(again)])


def test_a_rule_that_the_opener_did_not_sign_is_refused() -> None:
    (ada, ada_package), _ = person(), None
    host = found(next_terms(EQUALS, hosts=(ada.account,)), ada_package)
    forged = sign_rule(Ed25519().pair(bytes(32)), ALIAS, next_terms(host.rule.terms, lobby=True))
    with pytest.raises(Malformed):
        host.stage(PLACE, NOW, rule=forged)


def test_somebody_elses_device_key_makes_no_leaf() -> None:
    _, ada_package = person()
    other = create_identity(ENTROPY)
    stolen = own_key_package(
        SUITES[1], other._replace(credential=person()[0].credential), "Eve", NOW, ENTROPY
    )
    with pytest.raises(Malformed):
        candidate(stolen)
    assert candidate(ada_package) == KeyPackageIn.of(ada_package.key_package)

"""What must be refused as an error that is declared, whoever sends it: each was found by trying."""

import msgspec
import pytest

from segel.core.crypto.ciphersuite import SUITES
from segel.core.mls import proposal_cache
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.credential import Credential
from segel.core.mls.epoch import check_confirmation
from segel.core.mls.errors import Full, Missing, Refused
from segel.core.mls.extension import Extension
from segel.core.mls.external_join import ExternalJoin
from segel.core.mls.external_proposal import propose_to_join
from segel.core.mls.group import Group
from segel.core.mls.group_info import sign_group_info
from segel.core.mls.key_package import OwnKeyPackage, make_key_package
from segel.core.mls.key_schedule import member_secret, welcome_secret
from segel.core.mls.leaf_node import Capabilities, LeafNodeContent, Lifetime
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.outgoing import own_group_info
from segel.core.mls.proposal import ReInit, UsePsk
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.registry import MLS10, CredentialType
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.state import NewLeaf
from segel.core.mls.welcome import NewMember, make_welcome
from segel.testing.entropy import Seeded

SUITE = SUITES[1]
NOW = 1_800_000_000
ENTROPY = Seeded(9)
PUBLIC = Services(ENTROPY, lambda credential, key: True, private_handshakes=False)


def member(name: bytes) -> OwnKeyPackage:
    about = LeafNodeContent(
        Credential.basic(name),
        Capabilities(ciphersuites=(1,), credentials=(CredentialType.BASIC,)),
    )
    lifetime = Lifetime(NOW - 1, NOW + 3600)
    return make_key_package(SUITE, SUITE.signature.generate(ENTROPY), about, lifetime, ENTROPY)


def pair(services: Services = PUBLIC) -> tuple[Group, Group]:
    ada, bea = member(b"ada"), member(b"bea")
    group = Group.create(SUITE, b"group", ada, services)
    sent = group.commit(NOW, add=[bea.key_package])
    group.merge(sent.staged)
    return group, Group.join(sent.welcome or b"", [bea], services)


def commit_of(group: Group, message: bytes) -> StagedCommit:
    staged = group.receive(message)
    assert isinstance(staged, StagedCommit)
    return staged


def test_ones_own_public_commit_that_comes_back_is_refused() -> None:
    ada, _ = pair()
    before = ada.to_bytes()
    with pytest.raises(Refused, match="6/own"):
        ada.receive(ada.commit(NOW).message)
    assert ada.to_bytes() == before


def test_an_update_of_ones_own_that_was_forgotten_is_missing() -> None:
    ada, bea = pair()
    bea.receive(ada.propose_update())
    ada.clear_proposals()
    sent = bea.commit(NOW)
    with pytest.raises(Missing):
        ada.receive(sent.message)


def test_a_path_secret_for_a_path_that_the_tree_has_not_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any member can make such a Welcome."""
    ada, bea = member(b"ada"), member(b"bea")
    group = Group.create(SUITE, b"group", ada, PUBLIC)
    plan = CommitPlan(path=False)
    sent = group.commit(NOW, add=[bea.key_package], plan=plan)
    after = sent.staged.after
    assert after is not None
    assert Group.join(sent.welcome or b"", [bea], PUBLIC).epoch == 1
    # The forger has the epoch's joiner secret; the test, which has not, makes one up.
    monkeypatch.setattr(check_confirmation, "holds", lambda *told: True)
    joiner = bytes(32)
    welcome = welcome_secret(SUITE, member_secret(SUITE, joiner, SUITE.zeros))
    info = own_group_info(after)
    forged = make_welcome(
        SUITE, info, joiner, welcome, [NewMember(bea.key_package, bytes(32))], (), ENTROPY
    )
    with pytest.raises(Refused, match=r"12\.4\.3\.1/path-secret"):
        Group.join(encode_message(forged), [bea], PUBLIC)


def test_a_group_info_that_another_member_signed_is_refused() -> None:
    ada, bea = pair()
    info = own_group_info(bea.state, joinable=True)
    forged = sign_group_info(
        SUITE,
        bea.state.signer,
        ada.own_leaf,
        info.group_context,
        info.extensions,
        info.confirmation_tag,
    )
    eve = member(b"eve")
    leaf = eve.key_package.leaf_node
    about = LeafNodeContent(leaf.credential, leaf.capabilities, leaf.extensions)
    how = ExternalJoin(NewLeaf(eve.signature, about))
    Group.join_externally(encode_message(info), how, PUBLIC)
    with pytest.raises(Refused, match=r"12\.4\.3/signature"):
        Group.join_externally(encode_message(forged), how, PUBLIC)


def test_a_psk_that_a_member_does_not_hold_is_missing() -> None:
    ada, bea = pair()
    psk = PreSharedKeyId.external(b"secret of ours", bytes(32))
    holding = PUBLIC._replace(psk=lambda asked: b"secret" if asked.psk_id else None)
    holder = Group.from_bytes(ada.to_bytes(), holding)
    sent = holder.commit(NOW, plan=CommitPlan([UsePsk(psk)]))
    with pytest.raises(Missing):
        bea.receive(sent.message)


def test_a_reinit_with_an_extension_twice_is_refused() -> None:
    ada, _ = pair()
    twice = (Extension(0xF0A0, b"a"), Extension(0xF0A0, b"b"))
    with pytest.raises(Refused, match=r"13\.4/unique"):
        ada.commit(NOW, plan=CommitPlan([ReInit(b"next", MLS10, 1, twice)]))


def test_the_last_epoch_has_no_next() -> None:
    ada, _ = pair()
    last = msgspec.structs.replace(ada.state.context, epoch=2**64 - 1)
    state = msgspec.structs.replace(ada.state, context=last, context_bytes=last.encode())
    with pytest.raises(Refused, match=r"8\.1/epoch"):
        Group(state, PUBLIC).commit(NOW)


def test_a_message_is_decoded_to_what_it_was() -> None:
    ada, _ = pair()
    info = decode_message(ada.group_info())
    assert encode_message(info) == ada.group_info()


def test_strangers_cannot_fill_a_members_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposal_cache, "MOST_PROPOSALS", 3)
    ada, _ = pair()
    asking = [propose_to_join(SUITE, b"group", 1, member(b"%d" % number)) for number in range(4)]
    for message in asking[:3]:
        ada.receive(message)
    with pytest.raises(Full):
        ada.receive(asking[3])
    ada.receive(asking[0])
    assert len(ada.state.proposals) == 3

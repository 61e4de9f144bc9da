"""Messages as they are framed and protected (RFC 9420 sections 6 and 9.1)."""

import msgspec

from segel.core.crypto.keys import KeyPair
from segel.core.mls.codec import vector
from segel.core.mls.credential import Credential
from segel.core.mls.extension import Extension, ExternalSender
from segel.core.mls.external_proposal import propose_from_outside
from segel.core.mls.framing import Application, FramedContentAuthData, Sender
from segel.core.mls.group import Group
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.outgoing import sign
from segel.core.mls.private_message import PrivateMessage, protect
from segel.core.mls.proposal import Custom, Proposal, Remove
from segel.core.mls.registry import ExtensionType, SenderType, WireFormat
from segel.core.mls.secret_tree import MAX_FORWARD, RatchetKind
from segel.core.mls.tree_math import LeafIndex

from .forge import ENTROPY, SERVICES, SUITE, Case, Try, group_of, lawless, message, signed


class _Dirty(FramedContentAuthData, frozen=True):
    """Puts something where there should be nothing."""

    def encode(self) -> bytes:
        return super().encode() + b"\x01"


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _sealed(field: str) -> Try:
    """A PrivateMessage with one bit of a field changed."""
    ada, bea, *_ = group_of()
    good = decode_message(ada.seal(b"hello"))
    assert isinstance(good, PrivateMessage)
    bad = msgspec.structs.replace(good, **{field: _flipped(getattr(good, field))})
    return lambda: bea.receive(encode_message(bad))


def _protected(leaf: LeafIndex | None = None, *, dirty: bool = False) -> Try:
    """A PrivateMessage under the keys of any leaf."""
    ada, bea, *_ = group_of()
    state = ada.state
    said = sign(state, WireFormat.PRIVATE_MESSAGE, Application(b"hello"), b"")
    if dirty:
        auth = _Dirty(said.auth.signature, None)
        said = msgspec.structs.replace(said, auth=auth)
    who = state.own if leaf is None else leaf
    bad, _ = protect(
        SUITE,
        said,
        who,
        state.secret_tree,
        state.secrets.sender_data,
        SERVICES.pad,
        ENTROPY,
    )
    return lambda: bea.receive(encode_message(bad))


def _far_ahead() -> Try:
    ada, bea, *_ = group_of()
    tree = ada.state.secret_tree
    with lawless():
        tree.spend(tree.take(ada.own_leaf, RatchetKind.APPLICATION, MAX_FORWARD + 1))
    sent = ada.seal(b"hello")
    return lambda: bea.receive(sent)


def _said_openly() -> Try:
    ada, bea, *_ = group_of()
    sent = message(ada, Application(b"hello"))
    return lambda: bea.receive(sent)


def _by_nobody() -> Try:
    ada, bea, *_ = group_of()
    sent = message(ada, Remove(LeafIndex(2)), sender=Sender(SenderType.EXTERNAL, 0))
    return lambda: bea.receive(sent)


def _of_ones_own() -> Try:
    _, bea, *_ = group_of()
    sent = message(bea, Remove(LeafIndex(2)))
    return lambda: bea.receive(sent)


def _without_the_epochs_tag() -> Try:
    ada, bea, *_ = group_of()
    bad = msgspec.structs.replace(signed(ada, Remove(LeafIndex(2))), membership_tag=bytes(32))
    return lambda: bea.receive(encode_message(bad))


def _signed_by_another() -> Try:
    ada, bea, cy, _ = group_of()
    sent = message(ada, Remove(LeafIndex(2)), signer=cy.state.signer)
    return lambda: bea.receive(sent)


def _from_outside(name: bytes, proposal: Proposal) -> Try:
    """An external sender whom the group's extensions name."""
    key: KeyPair = SUITE.signature.generate(ENTROPY)
    known = ExternalSender(key.public, Credential.basic(name))
    listed = Extension(ExtensionType.EXTERNAL_SENDERS, vector([known.encode()]))
    members: list[Group] = group_of(extensions=(listed,))
    bea = members[1]
    sent = propose_from_outside(SUITE, bea.group_id, bea.epoch, key, 0, proposal)
    return lambda: bea.receive(sent)


CASES = [
    Case("6/application", _said_openly),
    Case("6/sender", _by_nobody),
    Case("6/own", _of_ones_own),
    Case("6.1/signature", _signed_by_another),
    Case("6.2/membership", _without_the_epochs_tag),
    Case("6.3.1/ciphertext", lambda: _sealed("ciphertext")),
    Case("6.3.1/padding", lambda: _protected(dirty=True)),
    Case("6.3.2/sender-data", lambda: _sealed("encrypted_sender_data")),
    Case("6.3.2/leaf", lambda: _protected(LeafIndex(1))),
    Case("9.1/forward", _far_ahead),
    Case("5.3.1/external-credential", lambda: _from_outside(b"mallory", Remove(LeafIndex(2)))),
    Case("12.1.8/sender", lambda: _from_outside(b"auditor", Custom(0xF000, b""))),
]

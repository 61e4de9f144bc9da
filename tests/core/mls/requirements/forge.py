"""What a malicious member can make: with real keys, and without any of the checks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec

from segel.core.crypto.ciphersuite import SUITES, Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls import key_package as key_packages
from segel.core.mls.codec import opaque, uint16
from segel.core.mls.commit import Commit
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.credential import Credential
from segel.core.mls.epoch import enter
from segel.core.mls.extension import Extension, Extensions, encode_extensions
from segel.core.mls.framing import (
    AuthenticatedContent,
    Content,
    FramedContent,
    FramedContentAuthData,
    Sender,
    sign_content,
)
from segel.core.mls.group import Group
from segel.core.mls.group_context import GroupContext
from segel.core.mls.group_info import sign_group_info
from segel.core.mls.key_package import KeyPackage, OwnKeyPackage
from segel.core.mls.leaf_node import (
    Capabilities,
    LeafNode,
    LeafNodeContent,
    Lifetime,
    Position,
    sign_leaf,
)
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.proposal import Proposal
from segel.core.mls.psk import Psk
from segel.core.mls.public_message import PublicMessage, protect_publicly
from segel.core.mls.registry import (
    MLS10,
    CredentialType,
    ExtensionType,
    LeafNodeSource,
    SenderType,
    WireFormat,
)
from segel.core.mls.requirement import REQUIREMENTS
from segel.core.mls.services import Services
from segel.core.mls.tree_math import LeafIndex
from segel.core.mls.welcome import NewMember, Welcome, make_welcome
from segel.testing.entropy import Seeded

SUITE = SUITES[1]
NOW = 1_800_000_000
ENTROPY = Seeded(20)
LIFE = Lifetime(NOW - 1, NOW + 3600)
SERVICES = Services(
    ENTROPY,
    lambda credential, key: credential.data != b"mallory",
    psk=lambda asked: b"a secret that all hold",
    private_handshakes=False,
)
"""Accepts everybody but mallory, and sends handshakes that a test can take apart."""

Try = Callable[[], object]
"""What an honest member does with what was forged."""


class Case(NamedTuple):
    """Breaks the requirement of the id, and nothing that is looked at before."""

    requirement: str
    forge: Callable[[], Try]


@contextmanager
def lawless() -> Iterator[None]:
    """Nothing is checked: what a malicious member's program is like."""
    kept = {each: each.holds for each in REQUIREMENTS.values()}
    for each in kept:
        each.holds = lambda *args, **kwargs: True
    try:
        yield
    finally:
        for each, holds in kept.items():
            each.holds = holds


def about(name: bytes, **capabilities: tuple[int, ...]) -> LeafNodeContent:
    """What a member says of itself."""
    able: dict[str, Any] = {"ciphersuites": (1,), "credentials": (CredentialType.BASIC,)}
    return LeafNodeContent(Credential.basic(name), Capabilities(**(able | capabilities)))


def package(
    said: LeafNodeContent | bytes = b"eve",
    *,
    suite: Ciphersuite = SUITE,
    suite_id: int | None = None,
    signer: KeyPair | None = None,
    lifetime: Lifetime = LIFE,
    source: LeafNodeSource = LeafNodeSource.KEY_PACKAGE,
    encryption: bytes | None = None,
    init: bytes | None = None,
    leaf_signature: bytes | None = None,
    signature: bytes | None = None,
) -> OwnKeyPackage:
    """A KeyPackage, any part of which can be another; what is signed is signed all the same."""
    content = about(said) if isinstance(said, bytes) else said
    signer = signer or suite.signature.generate(ENTROPY)
    own_init, own = suite.kem.generate(ENTROPY), suite.kem.generate(ENTROPY)
    made = source == LeafNodeSource.KEY_PACKAGE
    leaf = sign_leaf(
        suite,
        signer,
        encryption or own.public,
        content,
        source,
        lifetime=lifetime if made else None,
    )
    if leaf_signature is not None:
        leaf = msgspec.structs.replace(leaf, signature=leaf_signature)
    head = uint16(MLS10) + uint16(suite_id or suite.id) + opaque(init or own_init.public)
    body = head + leaf.encode() + encode_extensions(())
    signed = signature or suite.sign(signer, key_packages.LABEL, body)
    return OwnKeyPackage(KeyPackage.decode(body + opaque(signed)), own_init, own, signer)


def group_of(
    names: Sequence[bytes] = (b"ada", b"bea", b"cy", b"dee"),
    extensions: Extensions = (),
    *,
    path: bool = True,
) -> list[Group]:
    """Members of one group, the first of whom made it, with a path or without."""
    services = SERVICES
    packages = [package(name) for name in names]
    founder = Group.create(SUITE, b"group", packages[0], services, extensions)
    added = [each.key_package for each in packages[1:]]
    sent = founder.commit(NOW, add=added, plan=CommitPlan(path=path))
    founder.merge(sent.staged)
    return [founder, *(Group.join(sent.welcome or b"", [own], services) for own in packages[1:])]


def signed(
    group: Group,
    content: Content,
    *,
    tag: bytes | None = None,
    sender: Sender | None = None,
    signer: KeyPair | None = None,
) -> PublicMessage:
    """A PublicMessage of any content, by the group's member or whoever `sender` says."""
    state = group.state
    who = sender or Sender.member(state.own)
    framed = FramedContent(state.context.group_id, state.context.epoch, who, b"", content)
    form = WireFormat.PUBLIC_MESSAGE
    signature = sign_content(SUITE, signer or state.signer, form, framed, state.context_bytes)
    auth = FramedContentAuthData(signature, tag)
    said = AuthenticatedContent(form, framed, auth)
    return protect_publicly(SUITE, said, state.secrets.membership, state.context_bytes)


def message(group: Group, content: Content, **how: Any) -> bytes:
    """The MLSMessage of `signed`."""
    return encode_message(signed(group, content, **how))


def committed(group: Group, *by_value: Proposal, **plan: Any) -> bytes:
    """A commit that its maker's own program would refuse to make."""
    with lawless():
        return group.commit(NOW, plan=CommitPlan(by_value, **plan)).message


def altered(group: Group, change: Callable[[Commit], Commit], **plan: Any) -> bytes:
    """A good commit, changed, and signed again."""
    good = decode_message(group.commit(NOW, plan=CommitPlan(**plan)).message)
    assert isinstance(good, PublicMessage)
    assert isinstance(good.framed.content, Commit)
    return message(group, change(good.framed.content), tag=good.auth.confirmation_tag)


def proposing(group: Group, *proposals: Proposal) -> bytes:
    """A commit with a good path and any proposals."""
    return altered(group, lambda commit: msgspec.structs.replace(commit, proposals=proposals))


def newcomer_commit(
    group: Group, sent: bytes, signer: KeyPair, change: Callable[[Commit], Commit]
) -> bytes:
    """An external commit, changed, and signed again by who made it."""
    good = decode_message(sent)
    assert isinstance(good, PublicMessage)
    assert isinstance(good.framed.content, Commit)
    return message(
        group,
        change(good.framed.content),
        tag=good.auth.confirmation_tag,
        sender=Sender(SenderType.NEW_MEMBER_COMMIT),
        signer=signer,
    )


def own_leaf(group: Group, **changes: Any) -> LeafNode:
    """The member's leaf as an Update has it, with changes; signed."""
    leaf = group.state.leaf
    given: dict[str, Any] = {
        "encryption_key": SUITE.kem.generate(ENTROPY).public,
        "about": LeafNodeContent(leaf.credential, leaf.capabilities, leaf.extensions),
        "source": LeafNodeSource.UPDATE,
        "position": Position(group.group_id, group.own_leaf),
    }
    return sign_leaf(SUITE, group.state.signer, **(given | changes))


def welcome_to(
    group: Group,
    newcomer: OwnKeyPackage,
    *,
    tree: bytes | None = None,
    context: GroupContext | None = None,
    psks: Sequence[Psk] = (),
    signer: LeafIndex | None = None,
    path_secret: bytes | None = None,
    sealed_under: bytes | None = None,
) -> Welcome:
    """A Welcome to whatever its maker says is the group: all its secrets fit together."""
    state = group.state
    said, joiner = context or state.context, bytes(32)
    epoch = enter(SUITE, said, joiner, psks)
    brought = Extension(ExtensionType.RATCHET_TREE, tree or state.tree.encode())
    info = sign_group_info(
        SUITE,
        state.signer,
        state.own if signer is None else signer,
        said,
        (brought,),
        epoch.confirmation_tag,
    )
    member = NewMember(newcomer.key_package, path_secret)
    names = tuple(psk for psk, _ in psks)
    under = sealed_under or epoch.welcome
    return make_welcome(SUITE, info, joiner, under, [member], names, ENTROPY)


def joining(welcome: Welcome, own: OwnKeyPackage, tree: bytes | None = None) -> Try:
    """Joins by it."""
    sent = encode_message(welcome)
    return lambda: Group.join(sent, [own], SERVICES, tree=tree)

"""Signing and protecting what a member sends (RFC 9420 section 6)."""

from segel.core.mls.codec import opaque
from segel.core.mls.errors import UsageError
from segel.core.mls.extension import Extension, Extensions
from segel.core.mls.framing import (
    AuthenticatedContent,
    Content,
    FramedContent,
    FramedContentAuthData,
    Sender,
    sign_content,
)
from segel.core.mls.group_info import GroupInfo, sign_group_info
from segel.core.mls.key_schedule import external_key
from segel.core.mls.message import encode_message
from segel.core.mls.private_message import protect
from segel.core.mls.public_message import protect_publicly
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import ExtensionType, WireFormat
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState


def handshake_format(services: Services) -> WireFormat:
    """How one's own proposals and commits are sent."""
    private = services.private_handshakes
    return WireFormat.PRIVATE_MESSAGE if private else WireFormat.PUBLIC_MESSAGE


def sign(
    state: GroupState, wire_format: WireFormat, content: Content, authenticated_data: bytes
) -> AuthenticatedContent:
    """A content with this member's signature; a commit is still to be confirmed."""
    sender, context = Sender.member(state.own), state.context
    framed = FramedContent(context.group_id, context.epoch, sender, authenticated_data, content)
    signature = sign_content(state.suite, state.signer, wire_format, framed, state.context_bytes)
    return AuthenticatedContent(wire_format, framed, FramedContentAuthData(signature, None))


def confirm(unconfirmed: AuthenticatedContent, tag: bytes) -> AuthenticatedContent:
    """A commit with its confirmation tag."""
    auth = FramedContentAuthData(unconfirmed.auth.signature, tag)
    return AuthenticatedContent(unconfirmed.wire_format, unconfirmed.framed, auth)


def send(state: GroupState, services: Services, content: AuthenticatedContent) -> bytes:
    """The MLSMessage of a content. A PrivateMessage spends a key of one's own."""
    if content.wire_format == WireFormat.PUBLIC_MESSAGE:
        membership, context = state.secrets.membership, state.context_bytes
        return encode_message(protect_publicly(state.suite, content, membership, context))
    message, taken = protect(
        state.suite,
        content,
        state.own,
        state.secret_tree,
        state.secrets.sender_data,
        services.pad,
        services.entropy,
    )
    state.secret_tree.spend(taken)
    return encode_message(message)


def check_active(state: GroupState) -> None:
    """Returns where the group can still be spoken in. Raises UsageError."""
    if state.reinit is not None:
        raise UsageError("the group was ended by a ReInit: go on in the new one")


def own_group_info(
    state: GroupState, plain: Extensions = (), with_tree: bool = True, joinable: bool = False
) -> GroupInfo:
    """A GroupInfo of one's own: with the tree, and the key for external commits, as asked."""
    external = external_key(state.suite, state.secrets.external).public if joinable else None
    extensions = _info_extensions(state.tree, plain, with_tree, external)
    return sign_group_info(
        state.suite, state.signer, state.own, state.context, extensions, state.confirmation_tag
    )


def _info_extensions(
    tree: RatchetTree, plain: Extensions, with_tree: bool, external: bytes | None
) -> Extensions:
    extensions = list(plain)
    if with_tree:
        extensions.append(Extension(ExtensionType.RATCHET_TREE, tree.encode()))
    if external is not None:
        extensions.append(Extension(ExtensionType.EXTERNAL_PUB, opaque(external)))
    return tuple(extensions)

"""What makes a message of a group one that its sender sent (RFC 9420 section 6)."""

from segel.core.mls.commit import Commit
from segel.core.mls.errors import WrongEpoch, WrongGroup
from segel.core.mls.extension import external_senders
from segel.core.mls.framing import (
    LABEL,
    Application,
    AuthenticatedContent,
    AuthenticatedContentIn,
    FramedContent,
    Sender,
    signed_content,
)
from segel.core.mls.leaf_checks import is_signed
from segel.core.mls.private_message import (
    PrivateMessage,
    open_content,
    open_sender_data,
    take_key,
)
from segel.core.mls.proposal import Add, Proposal
from segel.core.mls.public_message import PublicMessage, tagged_content
from segel.core.mls.registry import SenderType
from segel.core.mls.requirement import requirement
from segel.core.mls.secret_tree import Taken
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState
from segel.core.mls.tree_math import LeafIndex


@requirement("6/application", "Application data comes in a PrivateMessage.")
def check_not_application(framed: FramedContent) -> bool:
    return not isinstance(framed.content, Application)


@requirement("6/sender", "The sender is a member, or an outsider who may say such a thing.")
def check_sender(state: GroupState, framed: FramedContent) -> bool:
    sender, content = framed.sender, framed.content
    if sender.type == SenderType.MEMBER:
        return state.tree.leaf(LeafIndex(sender.index)) is not None
    if sender.type == SenderType.NEW_MEMBER_COMMIT:
        return isinstance(content, Commit) and content.path is not None
    if sender.type == SenderType.NEW_MEMBER_PROPOSAL:
        return isinstance(content, Add)
    known = external_senders(state.context.extensions)
    return isinstance(content, Proposal) and sender.index < len(known)


@requirement("6.3.2/leaf", "A PrivateMessage comes from another member's leaf.")
def check_private_sender(state: GroupState, leaf: LeafIndex) -> bool:
    return state.tree.leaf(leaf) is not None and leaf != state.own


@requirement("6/own", "A message of a member's own is not taken as another's.")
def check_not_own(state: GroupState, framed: FramedContent) -> bool:
    return framed.sender != Sender.member(state.own)


@requirement("6.2/membership", "A member's PublicMessage has the epoch's membership tag.")
def check_membership(state: GroupState, message: PublicMessage) -> bool:
    if message.framed.sender.type != SenderType.MEMBER or message.membership_tag is None:
        return message.framed.sender.type != SenderType.MEMBER
    tagged = tagged_content(message.framed, message.auth, state.context_bytes)
    return state.suite.is_mac(state.secrets.membership, tagged, message.membership_tag)


@requirement("6.1/signature", "A content is signed by its sender.")
def check_signature(state: GroupState, content: AuthenticatedContentIn) -> bool:
    signed = signed_content(content.wire_format, content.framed, state.context_bytes)
    key = sender_key(state, content.framed)
    return is_signed(state.suite, key, LABEL, signed, content.auth.signature)


@requirement("5.3.1/external-credential", "An external sender's credential is accepted.")
def check_external_credential(services: Services, state: GroupState, framed: FramedContent) -> bool:
    if framed.sender.type != SenderType.EXTERNAL:
        return True
    sender = external_senders(state.context.extensions)[framed.sender.index]
    return services.validate(sender.credential, sender.signature_key)


def sender_key(state: GroupState, framed: FramedContent) -> bytes:
    """The signature key of a sender that `check_sender` accepts."""
    sender, content = framed.sender, framed.content
    if sender.type == SenderType.EXTERNAL:
        return external_senders(state.context.extensions)[sender.index].signature_key
    if isinstance(content, Commit) and sender.type == SenderType.NEW_MEMBER_COMMIT:
        return content.path.leaf_node.signature_key if content.path is not None else b""
    if isinstance(content, Add) and sender.type == SenderType.NEW_MEMBER_PROPOSAL:
        return content.key_package.leaf_node.signature_key
    leaf = state.tree.leaf(LeafIndex(sender.index))
    return b"" if leaf is None else leaf.signature_key


def check_epoch(state: GroupState, group_id: bytes, epoch: int) -> None:
    """Returns for a message of this group and epoch. Raises WrongGroup and WrongEpoch."""
    if group_id != state.context.group_id:
        raise WrongGroup("the message is of another group")
    if epoch != state.context.epoch:
        raise WrongEpoch(f"the message is of epoch {epoch}, the group in {state.context.epoch}")


def verify_content(
    services: Services, state: GroupState, content: AuthenticatedContentIn
) -> AuthenticatedContent:
    """The content, its sender and signature verified. Raises Refused."""
    check_sender(state, content.framed)
    check_external_credential(services, state, content.framed)
    check_signature(state, content)
    return AuthenticatedContent.of(content)


def unprotect(
    services: Services, state: GroupState, message: PublicMessage | PrivateMessage
) -> tuple[AuthenticatedContent, Taken | None]:
    """What a message of this epoch says, verified, and the key to spend.

    Raises Refused, Malformed, WrongGroup, WrongEpoch and Spent.
    """
    if isinstance(message, PublicMessage):
        framed = message.framed
        check_epoch(state, framed.group_id, framed.epoch)
        check_not_application(framed)
        check_not_own(state, framed)
        check_sender(state, framed)
        check_membership(state, message)
        return verify_content(services, state, message.authenticated()), None
    check_epoch(state, message.group_id, message.epoch)
    sender_data = open_sender_data(state.suite, message, state.secrets.sender_data)
    check_private_sender(state, sender_data.leaf)
    taken = take_key(state.secret_tree, message, sender_data)
    content = open_content(state.suite, message, sender_data, taken)
    return verify_content(services, state, content), taken

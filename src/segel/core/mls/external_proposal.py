"""Proposals of those who are no members (RFC 9420 section 12.1.8)."""

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls.framing import FramedContent, FramedContentAuthData, Sender, sign_content
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.message import encode_message
from segel.core.mls.proposal import Add, Proposal
from segel.core.mls.public_message import PublicMessage
from segel.core.mls.registry import SenderType, WireFormat


def propose_from_outside(
    suite: Ciphersuite,
    group_id: bytes,
    epoch: int,
    signer: KeyPair,
    index: int,
    proposal: Proposal,
) -> bytes:
    """The message of an external sender, who is the `index`-th of the GroupContext's list."""
    sender = Sender(SenderType.EXTERNAL, index)
    return _message(suite, group_id, epoch, signer, sender, proposal)


def propose_to_join(suite: Ciphersuite, group_id: bytes, epoch: int, own: OwnKeyPackage) -> bytes:
    """The message in which somebody asks to be added."""
    sender = Sender(SenderType.NEW_MEMBER_PROPOSAL)
    return _message(suite, group_id, epoch, own.signature, sender, Add(own.key_package))


def _message(
    suite: Ciphersuite,
    group_id: bytes,
    epoch: int,
    signer: KeyPair,
    sender: Sender,
    proposal: Proposal,
) -> bytes:
    framed = FramedContent(group_id, epoch, sender, b"", proposal)
    signature = sign_content(suite, signer, WireFormat.PUBLIC_MESSAGE, framed, b"")
    return encode_message(PublicMessage(framed, FramedContentAuthData(signature, None), None))

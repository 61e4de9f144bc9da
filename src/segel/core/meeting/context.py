"""What a group is: the GroupContext's extensions, and a leaf's (meeting.md 3)."""

from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.content.text import clean_name
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.meeting.rule import Rule, decode_rule, encode_rule
from segel.core.mls.credential import Credential
from segel.core.mls.extension import Extension, Extensions, RequiredCapabilities, find
from segel.core.mls.leaf_node import Capabilities, LeafNodeContent
from segel.core.mls.registry import CredentialType, ExtensionType

MEETING, NAME, RULE = 0xF0A0, 0xF0A1, 0xF0A2
"""Extensions of private use (RFC 9420 17.3)."""


class MeetingContext(NamedTuple):
    """What a group is, said once by its founder and never changed."""

    alias: bytes
    generation: int
    policy: int
    ttl_days: int
    root_key: bytes
    """The root epoch's public key, for which the opener signed."""
    signature: bytes


def encode_context(context: MeetingContext) -> bytes:
    """The extension 0xF0A0."""
    return cbor.encode([1, *context])


def decode_context(data: bytes) -> MeetingContext:
    """The context in the extension's bytes. Raises Malformed."""
    alias, generation, policy, ttl_days, root_key, signature = cbor.fields(data, 7)
    if ttl_days not in (1, 7, 30, 90):
        raise Malformed("no retention class")
    return MeetingContext(
        cbor.octets(alias, 32),
        cbor.integer(generation, 1, 2**32 - 1),
        cbor.integer(policy, 0, 255),
        cbor.integer(ttl_days, 1, 90),
        cbor.octets(root_key, 32),
        cbor.octets(signature, 64),
    )


def context_extensions(context: MeetingContext, rule: Rule) -> Extensions:
    """The GroupContext's extensions, in their one order."""
    required = RequiredCapabilities((MEETING, NAME, RULE), (), (CredentialType.BASIC,))
    return (
        Extension(ExtensionType.REQUIRED_CAPABILITIES, required.encode()),
        Extension(MEETING, encode_context(context)),
        Extension(RULE, encode_rule(rule)),
    )


def read_extensions(extensions: Extensions) -> tuple[MeetingContext, Rule]:
    """What a group is and who rules it. Raises Malformed for any other extensions."""
    meeting, rule = find(extensions, MEETING), find(extensions, RULE)
    if meeting is None or rule is None:
        raise Malformed("not a meeting's group")
    read = decode_context(meeting), decode_rule(rule)
    if context_extensions(*read) != extensions:
        raise Malformed("other extensions than a meeting's")
    return read


def leaf_content(suite: Ciphersuite, credential: bytes, name: str) -> LeafNodeContent:
    """What a member's leaf says of it."""
    capabilities = Capabilities(
        ciphersuites=(suite.id,),
        extensions=(MEETING, NAME, RULE),
        credentials=(CredentialType.BASIC,),
    )
    shown = Extension(NAME, clean_name(name).encode())
    return LeafNodeContent(Credential.basic(credential), capabilities, (shown,))


def read_name(extensions: Extensions) -> str:
    """The name that a leaf claims, cleaned; "?" where it has none that can be shown."""
    return clean_name((find(extensions, NAME) or b"").decode(errors="replace"))

"""The numbers of RFC 9420 section 17. A value that is not named here is not an error by itself."""

from enum import IntEnum

MLS10 = 1
"""ProtocolVersion mls10."""


class WireFormat(IntEnum):
    """What an MLSMessage carries (section 17.2)."""

    PUBLIC_MESSAGE = 1
    PRIVATE_MESSAGE = 2
    WELCOME = 3
    GROUP_INFO = 4
    KEY_PACKAGE = 5


class ExtensionType(IntEnum):
    """Section 17.3."""

    APPLICATION_ID = 1
    RATCHET_TREE = 2
    REQUIRED_CAPABILITIES = 3
    EXTERNAL_PUB = 4
    EXTERNAL_SENDERS = 5


class ProposalType(IntEnum):
    """Section 17.4."""

    ADD = 1
    UPDATE = 2
    REMOVE = 3
    PSK = 4
    REINIT = 5
    EXTERNAL_INIT = 6
    GROUP_CONTEXT_EXTENSIONS = 7


class CredentialType(IntEnum):
    """Section 17.5."""

    BASIC = 1
    X509 = 2


class LeafNodeSource(IntEnum):
    """How a leaf came into the tree (section 7.2)."""

    KEY_PACKAGE = 1
    UPDATE = 2
    COMMIT = 3


class ContentType(IntEnum):
    """What a framed content is (section 6)."""

    APPLICATION = 1
    PROPOSAL = 2
    COMMIT = 3


class SenderType(IntEnum):
    """Who framed it (section 6)."""

    MEMBER = 1
    EXTERNAL = 2
    NEW_MEMBER_PROPOSAL = 3
    NEW_MEMBER_COMMIT = 4


class PskType(IntEnum):
    """Section 8.4."""

    EXTERNAL = 1
    RESUMPTION = 2


class PskUsage(IntEnum):
    """What a resumption PSK is for (section 8.4)."""

    APPLICATION = 1
    REINIT = 2
    BRANCH = 3


DEFAULT_EXTENSIONS = frozenset(ExtensionType)
"""Extensions that every member supports without listing them (section 7.2)."""
DEFAULT_PROPOSALS = frozenset(ProposalType)
"""Proposals that every member supports without listing them."""

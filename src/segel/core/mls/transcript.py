"""The transcript hashes: a group's history of commits in two values (RFC 9420 section 8.2)."""

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import opaque, uint16
from segel.core.mls.framing import AuthenticatedContentIn


def confirmed_hash(suite: Ciphersuite, interim: bytes, commit: AuthenticatedContentIn) -> bytes:
    """confirmed_transcript_hash after a commit; `interim` is the hash before it."""
    said = uint16(commit.wire_format) + commit.framed.encode() + opaque(commit.auth.signature)
    return suite.hash(interim + said)


def interim_hash(suite: Ciphersuite, confirmed: bytes, confirmation_tag: bytes) -> bytes:
    """interim_transcript_hash of an epoch."""
    return suite.hash(confirmed + opaque(confirmation_tag))

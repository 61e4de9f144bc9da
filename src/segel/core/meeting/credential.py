"""The Authentication Service of a meeting: an account vouches for its leaf (meeting.md 2, 3)."""

from functools import lru_cache

from segel.core.cbor import Malformed
from segel.core.crypto.entropy import Entropy
from segel.core.identity.account import Account, Verified, verify_credential
from segel.core.mls.credential import Credential
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.registry import CredentialType
from segel.core.mls.services import DAY, Services


def services(entropy: Entropy) -> Services:
    """What an MLS group of a meeting asks for."""
    return Services(entropy, is_valid, same_account, longest_lifetime=31 * DAY)


def account_of(leaf: LeafNode) -> Account:
    """The account that a leaf's credential proves. Raises Malformed."""
    if not is_valid(leaf.credential, leaf.signature_key):
        raise Malformed("the leaf's key is not its account's device key")
    return _verified(leaf.credential.data).account


def is_valid(credential: Credential, signature_key: bytes) -> bool:
    """Whether the credential's account made the signature key its device's."""
    if credential.type != CredentialType.BASIC:
        return False
    try:
        return _verified(credential.data).device_key == signature_key
    except Malformed:
        return False


def same_account(before: Credential, after: Credential) -> bool:
    """Whether a leaf stays its account's."""
    try:
        return _verified(before.data).account == _verified(after.data).account
    except Malformed:
        return False


@lru_cache(maxsize=1024)
def _verified(credential: bytes) -> Verified:
    return verify_credential(credential)

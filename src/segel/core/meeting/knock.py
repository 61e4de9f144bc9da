"""A knock: a KeyPackage with a proof of the link, sealed to the knock key (meeting.md 5)."""

from hashlib import sha256
from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.crypto.ciphersuite import HYBRID_ID, Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.mac import equal, hmac_sha256
from segel.core.meeting.link import LinkKeys
from segel.core.meeting.sealing import seal, unseal


class Address(NamedTuple):
    """Where the Welcome is to be put."""

    inbox: bytes
    """32 bytes."""
    token: bytes
    """16 bytes."""


class Knock(NamedTuple):
    """A knock that was opened, its proof checked; its KeyPackage is an MLSMessage, unverified."""

    key_package: bytes
    address: Address


def knock_size(suite: Ciphersuite) -> int:
    """Bytes of every knock's plaintext."""
    return 8192 if suite.id == HYBRID_ID else 4096


def seal_knock(
    suite: Ciphersuite, keys: LinkKeys, knock_key: bytes, knock: Knock, entropy: Entropy
) -> bytes:
    """The sealed knock. Raises Malformed where the knock key is none."""
    package, address = knock
    content = cbor.encode([1, package, *address, _proof(keys, package)])
    padding = knock_size(suite) - 4 - len(content)
    if padding < 0:
        raise ValueError("the name is too long for a knock")
    plain = len(content).to_bytes(4) + content + bytes(padding)
    return seal(suite, knock_key, b"segel knock v1" + keys.alias, plain, entropy)


def open_knock(suite: Ciphersuite, keys: LinkKeys, own: KeyPair, body: bytes) -> Knock:
    """The knock in the bytes. Raises Malformed."""
    plain = unseal(suite, own, b"segel knock v1" + keys.alias, body)
    package_field, inbox, token, proof = cbor.fields(_unpadded(plain), 5)
    package = cbor.octets(package_field)
    if not equal(cbor.octets(proof, 32), _proof(keys, package)):
        raise Malformed("a knock without the link")
    return Knock(package, Address(cbor.octets(inbox, 32), cbor.octets(token, 16)))


def _proof(keys: LinkKeys, key_package: bytes) -> bytes:
    digest = sha256(key_package).digest()
    return hmac_sha256(keys.proof, b"segel knock proof v1" + digest)


def _unpadded(plain: bytes) -> bytes:
    end = 4 + int.from_bytes(plain[:4])
    if len(plain) < 4 or end > len(plain) or any(plain[end:]):
        raise Malformed("padded otherwise")
    return plain[4:end]

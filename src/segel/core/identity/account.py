"""Guest accounts: a genesis, its device key, and what proves that one made the other."""

from base64 import b32decode, b32encode
from hashlib import sha256
from typing import NamedTuple, NewType

from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.crypto.ed25519 import BadSignature, verify
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519

Account = NewType("Account", bytes)
"""An account's id: 20 bytes."""

ACCOUNT_SIZE = 20
_SCHEME = Ed25519()


class Verified(NamedTuple):
    """An account whose proof was checked, and the device key that speaks for it."""

    account: Account
    device_key: bytes


class Identity(NamedTuple):
    """One's own account. `credential` goes into leaves."""

    account: Account
    device: KeyPair
    credential: bytes


def create_identity(entropy: Entropy) -> Identity:
    """A new guest account."""
    device = _SCHEME.pair(entropy.random(32))
    genesis = cbor.encode([1, device.public, entropy.random(16)])
    proof = _SCHEME.sign(device, _proven(genesis))
    return Identity(_account_of(genesis), device, cbor.encode([genesis, 0, proof]))


def export_identity(identity: Identity) -> bytes:
    """The bytes under which an account is stored: secret."""
    return identity.device.private + identity.credential


def import_identity(stored: bytes) -> Identity:
    """The account of `export_identity`'s bytes. Raises Malformed."""
    device, credential = _SCHEME.pair(stored[:32]), stored[32:]
    account, device_key = verify_credential(credential)
    if device_key != device.public:
        raise Malformed("the stored key is another account's")
    return Identity(account, device, credential)


def verify_credential(credential: bytes) -> Verified:
    """The account of a basic credential's identity. Raises Malformed."""
    genesis_field, seq, proof = cbor.array(cbor.decode(credential), 3)
    cbor.integer(seq, 0, 0)
    genesis = cbor.octets(genesis_field)
    key, random = cbor.fields(genesis, 3)
    device_key = cbor.octets(key, 32)
    cbor.octets(random, 16)
    try:
        verify(device_key, cbor.octets(proof, 64), _proven(genesis))
    except BadSignature:
        raise Malformed("a credential whose device key did not sign it") from None
    return Verified(_account_of(genesis), device_key)


def show_account(account: Account) -> str:
    """The account as people see it: 32 characters of base32."""
    return b32encode(account).decode().lower()


def read_account(shown: str) -> Account:
    """The account that is shown so. Raises Malformed."""
    try:
        account = b32decode(shown.upper())
    except ValueError:
        raise Malformed("not an account") from None
    if len(account) != ACCOUNT_SIZE or shown != shown.lower():
        raise Malformed("not an account")
    return Account(account)


def _account_of(genesis: bytes) -> Account:
    return Account(sha256(b"segel account v1" + genesis).digest()[:ACCOUNT_SIZE])


def _proven(genesis: bytes) -> bytes:
    return b"segel genesis v1" + genesis

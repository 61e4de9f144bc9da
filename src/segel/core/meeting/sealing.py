"""What is sealed to one key by HPKE: CBOR [enc, ciphertext], with empty associated data."""

from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.crypto.aead import AeadFailure
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import InvalidKey, KeyPair


def seal(
    suite: Ciphersuite, public: bytes, info: bytes, plaintext: bytes, entropy: Entropy
) -> bytes:
    """The sealed bytes. Raises Malformed where the key is none."""
    try:
        return cbor.encode([*suite.hpke.seal(public, info, b"", plaintext, entropy)])
    except InvalidKey as error:
        raise Malformed(f"a key that nothing can be sealed to: {error}") from None


def unseal(suite: Ciphersuite, own: KeyPair, info: bytes, sealed: bytes) -> bytes:
    """The plaintext. Raises Malformed, also where it does not open under this key."""
    enc, ciphertext = cbor.array(cbor.decode(sealed), 2)
    try:
        return suite.hpke.open(own, cbor.octets(enc), info, b"", cbor.octets(ciphertext))
    except (AeadFailure, InvalidKey):
        raise Malformed("a sealed value does not open under this key") from None

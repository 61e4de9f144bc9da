"""The ciphersuites of MLS and their labelled functions (RFC 9420 sections 5.1, 5.2 and 8)."""

from segel.core.crypto.aead import AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305, AeadKind
from segel.core.crypto.dhkem import P256, P384, P521, X448, X25519, DhKem, Group
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.hpke import Hpke, Kem
from segel.core.crypto.kdf import HASH_SIZE, Hash, digest, hkdf_expand, hkdf_extract
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.mac import equal
from segel.core.crypto.signature import Ecdsa, Ed448, Ed25519, SignatureScheme
from segel.core.crypto.xwing import XWing

_PREFIX = b"MLS 1.0 "


def _opaque(data: bytes) -> bytes:
    """A vector with its length before it (section 2.1.2)."""
    size = len(data)
    if size < 64:
        return size.to_bytes(1) + data
    if size < 16384:
        return (0x4000 | size).to_bytes(2) + data
    return (0x80000000 | size).to_bytes(4) + data


class Ciphersuite:
    """One suite: what every secret, signature and hash of a group is made with."""

    def __init__(
        self,
        suite_id: int,
        name: str,
        kem: Kem,
        hash_name: Hash,
        aead: AeadKind,
        signature: SignatureScheme,
    ) -> None:
        self.id = suite_id
        self.name = name
        self.hpke = Hpke(kem, hash_name, aead)
        self.kem = kem
        self.aead = aead
        self.signature = signature
        self.hash_size = HASH_SIZE[hash_name]
        """Bytes of a hash, and of every secret (KDF.Nh)."""
        self.zeros = bytes(self.hash_size)
        """The secret that stands for none (section 8)."""
        self._hash: Hash = hash_name

    def __repr__(self) -> str:
        return f"<Ciphersuite {self.name}>"

    def hash(self, data: bytes) -> bytes:
        """The suite's hash."""
        return digest(self._hash, data)

    def ref_hash(self, label: bytes, value: bytes) -> bytes:
        """RefHash: the name of a KeyPackage or a proposal (section 5.2)."""
        return digest(self._hash, _opaque(label) + _opaque(value))

    def extract(self, salt: bytes, key_material: bytes) -> bytes:
        """KDF.Extract."""
        return hkdf_extract(self._hash, salt, key_material)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """MAC (section 5.1)."""
        return hkdf_extract(self._hash, key, data)

    def is_mac(self, key: bytes, data: bytes, tag: bytes) -> bool:
        """Whether `tag` is the MAC, in a time that tells nothing."""
        return equal(hkdf_extract(self._hash, key, data), tag)

    def expand(self, secret: bytes, label: bytes, context: bytes, size: int) -> bytes:
        """ExpandWithLabel (section 8): `size` bytes."""
        info = size.to_bytes(2) + _opaque(_PREFIX + label) + _opaque(context)
        return hkdf_expand(self._hash, secret, info, size)

    def derive(self, secret: bytes, label: bytes) -> bytes:
        """DeriveSecret (section 8)."""
        return self.expand(secret, label, b"", self.hash_size)

    def derive_tree(self, secret: bytes, label: bytes, generation: int, size: int) -> bytes:
        """DeriveTreeSecret (section 9.1)."""
        return self.expand(secret, label, generation.to_bytes(4), size)

    def sign(self, own: KeyPair, label: bytes, content: bytes) -> bytes:
        """SignWithLabel (section 5.1.2). Raises InvalidKey."""
        return self.signature.sign(own, _opaque(_PREFIX + label) + _opaque(content))

    def verify(self, public: bytes, label: bytes, content: bytes, signature: bytes) -> None:
        """VerifyWithLabel (section 5.1.2). Raises BadSignature."""
        message = _opaque(_PREFIX + label) + _opaque(content)
        self.signature.verify(public, signature, message)

    def encrypt(
        self, public: bytes, label: bytes, context: bytes, plaintext: bytes, entropy: Entropy
    ) -> tuple[bytes, bytes]:
        """EncryptWithLabel (section 5.1.3): KEM output and ciphertext. Raises InvalidKey."""
        info = _opaque(_PREFIX + label) + _opaque(context)
        return self.hpke.seal(public, info, b"", plaintext, entropy)

    def decrypt(
        self, own: KeyPair, label: bytes, context: bytes, kem_output: bytes, ciphertext: bytes
    ) -> bytes:
        """DecryptWithLabel (section 5.1.3). Raises InvalidKey and AeadFailure."""
        info = _opaque(_PREFIX + label) + _opaque(context)
        return self.hpke.open(own, kem_output, info, b"", ciphertext)


_GROUPS: dict[int, Group] = {
    0x10: P256,
    0x11: P384,
    0x12: P521,
    0x20: X25519(),
    0x21: X448(),
}


def _dhkem(kem_id: int, hash_name: Hash) -> DhKem:
    return DhKem(kem_id, _GROUPS[kem_id], hash_name, HASH_SIZE[hash_name])


HYBRID_ID = 0xF5E6
"""Private use (section 17.1): no code point is assigned to this combination yet."""

SUITES = {
    suite.id: suite
    for suite in (
        Ciphersuite(
            1,
            "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
            _dhkem(0x20, "sha256"),
            "sha256",
            AES_128_GCM,
            Ed25519(),
        ),
        Ciphersuite(
            2,
            "MLS_128_DHKEMP256_AES128GCM_SHA256_P256",
            _dhkem(0x10, "sha256"),
            "sha256",
            AES_128_GCM,
            Ecdsa("P-256"),
        ),
        Ciphersuite(
            3,
            "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
            _dhkem(0x20, "sha256"),
            "sha256",
            CHACHA20_POLY1305,
            Ed25519(),
        ),
        Ciphersuite(
            4,
            "MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448",
            _dhkem(0x21, "sha512"),
            "sha512",
            AES_256_GCM,
            Ed448(),
        ),
        Ciphersuite(
            5,
            "MLS_256_DHKEMP521_AES256GCM_SHA512_P521",
            _dhkem(0x12, "sha512"),
            "sha512",
            AES_256_GCM,
            Ecdsa("P-521"),
        ),
        Ciphersuite(
            6,
            "MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448",
            _dhkem(0x21, "sha512"),
            "sha512",
            CHACHA20_POLY1305,
            Ed448(),
        ),
        Ciphersuite(
            7,
            "MLS_256_DHKEMP384_AES256GCM_SHA384_P384",
            _dhkem(0x11, "sha384"),
            "sha384",
            AES_256_GCM,
            Ecdsa("P-384"),
        ),
        Ciphersuite(
            HYBRID_ID,
            "MLS_256_XWING_AES256GCM_SHA512_Ed25519",
            XWing(),
            "sha512",
            AES_256_GCM,
            Ed25519(),
        ),
    )
}
"""Every suite by its number."""

"""HPKE in base mode (RFC 9180): what MLS needs of it. No primitive is made here."""

from typing import Protocol

from segel.core.crypto.aead import AeadKind
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.kdf import HASH_SIZE, KDF_ID, Hash
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.labelled import labelled_expand, labelled_extract


class Kem(Protocol):
    """A key encapsulation mechanism (section 4): DhKem or XWing."""

    id: int

    def derive(self, ikm: bytes) -> KeyPair: ...
    def generate(self, entropy: Entropy) -> KeyPair: ...
    def pair(self, private: bytes) -> KeyPair: ...
    def check(self, public: bytes) -> None: ...
    def encapsulate(self, public: bytes, entropy: Entropy) -> tuple[bytes, bytes]: ...
    def decapsulate(self, own: KeyPair, encapsulated: bytes) -> bytes: ...


class Hpke:
    """A KEM, a KDF and an AEAD together."""

    def __init__(self, kem: Kem, hash_name: Hash, aead: AeadKind) -> None:
        self.kem = kem
        self.aead = aead
        self._hash: Hash = hash_name
        ids = (kem.id, KDF_ID[hash_name], aead.id)
        self._suite = b"HPKE" + b"".join(number.to_bytes(2) for number in ids)
        self._psk_hash = labelled_extract(hash_name, self._suite, b"", b"psk_id_hash", b"")

    def seal(
        self, public: bytes, info: bytes, associated: bytes, plaintext: bytes, entropy: Entropy
    ) -> tuple[bytes, bytes]:
        """The encapsulated key and the ciphertext (section 6.1). Raises InvalidKey."""
        shared, encapsulated = self.kem.encapsulate(public, entropy)
        key, nonce, _ = self._schedule(shared, info)
        return encapsulated, self.aead.new(key).seal(nonce, plaintext, associated)

    def open(
        self, own: KeyPair, encapsulated: bytes, info: bytes, associated: bytes, ciphertext: bytes
    ) -> bytes:
        """The plaintext (section 6.1). Raises InvalidKey and AeadFailure."""
        key, nonce, _ = self._schedule(self.kem.decapsulate(own, encapsulated), info)
        return self.aead.new(key).open(nonce, ciphertext, associated)

    def send_export(
        self, public: bytes, info: bytes, exporter_context: bytes, size: int, entropy: Entropy
    ) -> tuple[bytes, bytes]:
        """The encapsulated key and an exported secret (section 6.2). Raises InvalidKey."""
        shared, encapsulated = self.kem.encapsulate(public, entropy)
        return encapsulated, self._export(shared, info, exporter_context, size)

    def receive_export(
        self, own: KeyPair, encapsulated: bytes, info: bytes, exporter_context: bytes, size: int
    ) -> bytes:
        """The secret that `send_export` gave (section 6.2). Raises InvalidKey."""
        shared = self.kem.decapsulate(own, encapsulated)
        return self._export(shared, info, exporter_context, size)

    def _export(self, shared: bytes, info: bytes, exporter_context: bytes, size: int) -> bytes:
        exporter = self._schedule(shared, info)[2]
        return labelled_expand(self._hash, self._suite, exporter, b"sec", exporter_context, size)

    def _schedule(self, shared: bytes, info: bytes) -> tuple[bytes, bytes, bytes]:
        """Key, base nonce and exporter secret (section 5.1), without a pre-shared key."""
        info_hash = labelled_extract(self._hash, self._suite, b"", b"info_hash", info)
        context = b"\x00" + self._psk_hash + info_hash
        secret = labelled_extract(self._hash, self._suite, shared, b"secret", b"")

        def expand(label: bytes, size: int) -> bytes:
            return labelled_expand(self._hash, self._suite, secret, label, context, size)

        return (
            expand(b"key", self.aead.key_size),
            expand(b"base_nonce", self.aead.nonce_size),
            expand(b"exp", HASH_SIZE[self._hash]),
        )

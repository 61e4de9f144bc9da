"""Welcome: what brings new members in (RFC 9420 section 12.4.3.1)."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from segel.core.crypto.aead import AeadFailure
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import InvalidKey, KeyPair
from segel.core.mls.codec import Reader, Structure, opaque, optional, uint16, vector
from segel.core.mls.commit import HpkeCiphertext
from segel.core.mls.group_info import GroupInfo, GroupInfoIn
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.key_schedule import welcome_key
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.requirement import attempt

_LABEL = b"Welcome"

SECRETS_OPEN = attempt("12.4.3.1/secrets", "The group secrets open under the init key.")
INFO_OPENS = attempt("12.4.3.1/group-info", "A Welcome's GroupInfo opens under its key.")


class GroupSecrets(Structure, frozen=True):
    """What one new member is told: the joiner secret, its path secret, and which PSKs it needs."""

    joiner_secret: bytes
    path_secret: bytes | None
    psks: tuple[PreSharedKeyId, ...]

    def encode(self) -> bytes:
        path = optional(None if self.path_secret is None else opaque(self.path_secret))
        return opaque(self.joiner_secret) + path + vector(psk.encode() for psk in self.psks)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        joiner, path = reader.opaque(), reader.optional(Reader.opaque)
        return cls(joiner, path, reader.vector(PreSharedKeyId.read))


class EncryptedGroupSecrets(Structure, frozen=True):
    """GroupSecrets, sealed to the init key of the KeyPackage with this reference."""

    new_member: bytes
    encrypted: HpkeCiphertext

    def encode(self) -> bytes:
        return opaque(self.new_member) + self.encrypted.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), HpkeCiphertext.read(reader))


class Welcome(Structure, frozen=True):
    """One message for all new members of a commit."""

    cipher_suite: int
    secrets: tuple[EncryptedGroupSecrets, ...]
    encrypted_group_info: bytes

    def encode(self) -> bytes:
        listed = vector(each.encode() for each in self.secrets)
        return uint16(self.cipher_suite) + listed + opaque(self.encrypted_group_info)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        suite = reader.uint16()
        return cls(suite, reader.vector(EncryptedGroupSecrets.read), reader.opaque())


class NewMember(NamedTuple):
    """One whom a commit adds, and the path secret of the lowest parent over it and the sender."""

    key_package: KeyPackageIn
    path_secret: bytes | None


def make_welcome(
    suite: Ciphersuite,
    info: GroupInfo,
    joiner: bytes,
    welcome_secret: bytes,
    members: Sequence[NewMember],
    psks: tuple[PreSharedKeyId, ...],
    entropy: Entropy,
) -> Welcome:
    """The Welcome of a commit. Raises InvalidKey."""
    key, nonce = welcome_key(suite, welcome_secret)
    sealed_info = suite.aead.new(key).seal(nonce, info.encode(), b"")

    def sealed(member: NewMember) -> EncryptedGroupSecrets:
        package = member.key_package
        secrets = GroupSecrets(joiner, member.path_secret, psks).encode()
        encrypted = suite.encrypt(package.init_key, _LABEL, sealed_info, secrets, entropy)
        return EncryptedGroupSecrets(package.reference(suite), HpkeCiphertext(*encrypted))

    return Welcome(suite.id, tuple(map(sealed, members)), sealed_info)


def open_secrets(
    suite: Ciphersuite, welcome: Welcome, own: EncryptedGroupSecrets, init: KeyPair
) -> GroupSecrets:
    """One's own GroupSecrets. Raises Refused and Malformed."""
    sealed = own.encrypted
    try:
        plain = suite.decrypt(
            init, _LABEL, welcome.encrypted_group_info, sealed.kem_output, sealed.ciphertext
        )
    except (AeadFailure, InvalidKey):
        raise SECRETS_OPEN.broken() from None
    return GroupSecrets.decode(plain)


def open_group_info(suite: Ciphersuite, welcome: Welcome, welcome_secret: bytes) -> GroupInfoIn:
    """The GroupInfo, unverified. Raises Refused and Malformed."""
    key, nonce = welcome_key(suite, welcome_secret)
    try:
        plain = suite.aead.new(key).open(nonce, welcome.encrypted_group_info, b"")
    except AeadFailure:
        raise INFO_OPENS.broken() from None
    return GroupInfoIn.decode(plain)

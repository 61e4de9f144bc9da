"""The secrets of an epoch (RFC 9420 section 8)."""

from typing import NamedTuple

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import KeyPair

_EXTERNAL_INIT = b"MLS 1.0 external init secret"


class EpochSecrets(NamedTuple):
    """What an epoch's members share, each as long as the suite's hash.

    `encryption` becomes the secret tree and is not kept.
    """

    sender_data: bytes
    encryption: bytes
    exporter: bytes
    external: bytes
    confirmation: bytes
    membership: bytes
    resumption: bytes
    authenticator: bytes
    init: bytes


_LABELS = EpochSecrets(
    b"sender data",
    b"encryption",
    b"exporter",
    b"external",
    b"confirm",
    b"membership",
    b"resumption",
    b"authentication",
    b"init",
)


def joiner_secret(suite: Ciphersuite, init: bytes, commit_secret: bytes, context: bytes) -> bytes:
    """joiner_secret of the epoch that begins. `context` is its encoded GroupContext."""
    extracted = suite.extract(init, commit_secret)
    return suite.expand(extracted, b"joiner", context, suite.hash_size)


def member_secret(suite: Ciphersuite, joiner: bytes, psk_secret: bytes) -> bytes:
    """The secret from which the welcome and the epoch are derived."""
    return suite.extract(joiner, psk_secret)


def welcome_secret(suite: Ciphersuite, member: bytes) -> bytes:
    """welcome_secret: it seals the GroupInfo of a Welcome."""
    return suite.derive(member, b"welcome")


def welcome_key(suite: Ciphersuite, welcome: bytes) -> tuple[bytes, bytes]:
    """Key and nonce of a Welcome's GroupInfo (section 12.4.3.1)."""
    key = suite.expand(welcome, b"key", b"", suite.aead.key_size)
    return key, suite.expand(welcome, b"nonce", b"", suite.aead.nonce_size)


def epoch_secrets(suite: Ciphersuite, member: bytes, context: bytes) -> EpochSecrets:
    """All secrets of the epoch whose encoded GroupContext is `context`."""
    epoch = suite.expand(member, b"epoch", context, suite.hash_size)
    return secrets_of(suite, epoch)


def secrets_of(suite: Ciphersuite, epoch_secret: bytes) -> EpochSecrets:
    """All secrets of an epoch, from its one."""
    return EpochSecrets(*(suite.derive(epoch_secret, label) for label in _LABELS))


def export(suite: Ciphersuite, exporter: bytes, label: bytes, context: bytes, size: int) -> bytes:
    """MLS-Exporter (section 8.5): `size` bytes for an application."""
    derived = suite.derive(exporter, label)
    return suite.expand(derived, b"exported", suite.hash(context), size)


def external_key(suite: Ciphersuite, external: bytes) -> KeyPair:
    """The pair to whose public key external commits are sealed (section 8.3)."""
    return suite.kem.derive(external)


def make_external_init(
    suite: Ciphersuite, external_public: bytes, entropy: Entropy
) -> tuple[bytes, bytes]:
    """An ExternalInit's kem_output, and the init secret (section 8.3). Raises InvalidKey."""
    size = suite.hash_size
    return suite.hpke.send_export(external_public, b"", _EXTERNAL_INIT, size, entropy)


def take_external_init(suite: Ciphersuite, external: bytes, kem_output: bytes) -> bytes:
    """The init secret of an ExternalInit (section 8.3). Raises InvalidKey."""
    own, size = external_key(suite, external), suite.hash_size
    return suite.hpke.receive_export(own, kem_output, b"", _EXTERNAL_INIT, size)

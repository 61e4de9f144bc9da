"""Leaves and KeyPackages (RFC 9420 sections 5.3.1, 7.2, 7.3, 10.1 and 13.4)."""

from segel.core.mls.credential import Credential
from segel.core.mls.extension import Extension, RequiredCapabilities
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.leaf_node import LeafNodeContent, Lifetime
from segel.core.mls.proposal import Add, GroupContextExtensions, Proposal, Update
from segel.core.mls.registry import CredentialType, ExtensionType, LeafNodeSource
from segel.core.mls.services import DAY

from .forge import (
    ENTROPY,
    NOW,
    SUITE,
    Case,
    Try,
    about,
    committed,
    group_of,
    message,
    own_leaf,
    package,
)

_OURS = 0xF0A0


def _proposed(own: OwnKeyPackage) -> Try:
    """Somebody proposes to add it."""
    ada, bea, *_ = group_of()
    sent = message(ada, Add(own.key_package))
    return lambda: bea.receive(sent)


def _committed(*proposals: Proposal) -> Try:
    """Somebody commits it."""
    ada, bea, *_ = group_of()
    sent = committed(ada, *proposals)
    return lambda: bea.receive(sent)


def _added_now(lifetime: Lifetime) -> Try:
    ada, *_ = group_of()
    own = package(lifetime=lifetime)
    return lambda: ada.commit(NOW, add=[own.key_package])


def _updated(**changes: object) -> Try:
    ada, bea, *_ = group_of()
    if changes.pop("same_key", False):
        changes["encryption_key"] = ada.state.leaf.encryption_key
    sent = message(ada, Update(own_leaf(ada, **changes)))
    return lambda: bea.receive(sent)


def _with_extensions(*extensions: Extension, listed: tuple[int, ...] = ()) -> OwnKeyPackage:
    return package(about(b"eve", extensions=listed)._replace(extensions=extensions))


def _same_init_key() -> Try:
    key = SUITE.kem.generate(ENTROPY).public
    return _proposed(package(init=key, encryption=key))


def _same_signature_key() -> Try:
    ada, bea, cy, _ = group_of()
    sent = committed(ada, Add(package(signer=cy.state.signer).key_package))
    return lambda: bea.receive(sent)


def _same_encryption_key() -> Try:
    ada, bea, cy, _ = group_of()
    taken = package(encryption=cy.state.leaf.encryption_key)
    sent = committed(ada, Add(taken.key_package))
    return lambda: bea.receive(sent)


def _other_credential_type() -> Try:
    both = (CredentialType.BASIC, CredentialType.X509)
    said = LeafNodeContent(Credential.x509((b"der",)), about(b"", credentials=both).capabilities)
    return _committed(Add(package(said).key_package))


def _extended(extension: Extension) -> Try:
    return _committed(GroupContextExtensions((extension,)))


_ONE = Extension(_OURS, b"")
_REQUIRED = RequiredCapabilities((_OURS,)).encode()

CASES = [
    Case("5.3.1/credential", lambda: _proposed(package(b"mallory"))),
    Case("5.3.1/successor", lambda: _updated(about=about(b"another"))),
    Case("7.3/signature", lambda: _proposed(package(leaf_signature=bytes(64)))),
    Case("7.3/suite", lambda: _proposed(package(about(b"eve", ciphersuites=(2,))))),
    Case("7.3/lifetime", lambda: _added_now(Lifetime(NOW - 9, NOW - 1))),
    Case("7.2/longest", lambda: _added_now(Lifetime(NOW - 1, NOW + 200 * DAY))),
    Case("7.3/extensions", lambda: _proposed(_with_extensions(_ONE))),
    Case(
        "7.3/own-credential",
        lambda: _proposed(package(about(b"eve", credentials=(CredentialType.X509,)))),
    ),
    Case("7.3/source", lambda: _proposed(package(source=LeafNodeSource.UPDATE))),
    Case("7.3/new-key", lambda: _updated(same_key=True)),
    Case("13.4/unique", lambda: _proposed(_with_extensions(_ONE, _ONE, listed=(_OURS,)))),
    Case("10.1/suite", lambda: _proposed(package(suite_id=3))),
    Case("10.1/signature", lambda: _proposed(package(signature=bytes(64)))),
    Case("10.1/init-key", _same_init_key),
    Case("10.1/public-key", lambda: _proposed(package(init=bytes(32)))),
    Case("7.3/public-key", lambda: _updated(encryption_key=b"short")),
    Case(
        "7.3/required", lambda: _extended(Extension(ExtensionType.REQUIRED_CAPABILITIES, _REQUIRED))
    ),
    Case("13.4/supported", lambda: _extended(_ONE)),
    Case("7.3/credential-types", _other_credential_type),
    Case("7.3/signature-keys", _same_signature_key),
    Case("7.3/encryption-keys", _same_encryption_key),
]

"""What makes a LeafNode, or a KeyPackage, valid (RFC 9420 sections 7.3 and 10.1)."""

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.ed25519 import BadSignature
from segel.core.crypto.keys import InvalidKey
from segel.core.mls import key_package as key_packages
from segel.core.mls.codec import all_differ
from segel.core.mls.extension import Extensions, RequiredCapabilities
from segel.core.mls.key_package import KeyPackage, KeyPackageIn
from segel.core.mls.leaf_node import LABEL, LeafNode, Position
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import (
    DEFAULT_EXTENSIONS,
    DEFAULT_PROPOSALS,
    MLS10,
    LeafNodeSource,
)
from segel.core.mls.requirement import requirement
from segel.core.mls.services import Services


def is_signed(
    suite: Ciphersuite, public: bytes, label: bytes, content: bytes, signature: bytes
) -> bool:
    """Whether a signature verifies."""
    try:
        suite.verify(public, label, content, signature)
    except BadSignature:
        return False
    return True


def is_public_key(suite: Ciphersuite, public: bytes) -> bool:
    """Whether something can be sealed to an HPKE key: who is shown one that is none must say so
    before it stands in the tree, where it would end everybody's commits.
    """
    try:
        suite.kem.check(public)
    except InvalidKey:
        return False
    return True


@requirement("5.3.1/credential", "The Authentication Service accepts the credential.")
def check_credential(services: Services, leaf: LeafNode) -> bool:
    return services.validate(leaf.credential, leaf.signature_key)


@requirement("5.3.1/successor", "A new credential is of the same member as the one before.")
def check_successor(services: Services, before: LeafNode, after: LeafNode) -> bool:
    return services.succeeds(before.credential, after.credential)


@requirement("7.3/signature", "A leaf is signed by its own key, for its group and its place.")
def check_leaf_signature(suite: Ciphersuite, leaf: LeafNode, position: Position | None) -> bool:
    return is_signed(suite, leaf.signature_key, LABEL, leaf.signed(position), leaf.signature)


@requirement("7.3/suite", "A leaf can do the group's version and ciphersuite.")
def check_suite(suite: Ciphersuite, leaf: LeafNode) -> bool:
    able = leaf.capabilities
    return MLS10 in able.versions and suite.id in able.ciphersuites


@requirement("7.3/lifetime", "The current time is within the leaf's lifetime.")
def check_lifetime(leaf: LeafNode, now: int) -> bool:
    life = leaf.lifetime
    return life is None or life.not_before <= now <= life.not_after


@requirement("7.2/longest", "A leaf's whole lifetime is no longer than the application allows.")
def check_longest(leaf: LeafNode, services: Services) -> bool:
    life = leaf.lifetime
    return life is None or life.not_after - life.not_before <= services.longest_lifetime


@requirement("7.3/extensions", "A leaf lists every extension that it has among its capabilities.")
def check_listed(leaf: LeafNode) -> bool:
    able = leaf.capabilities.extensions
    return all(each.type in able or each.type in DEFAULT_EXTENSIONS for each in leaf.extensions)


@requirement("7.3/own-credential", "A leaf lists its own credential's type.")
def check_own_credential_type(leaf: LeafNode) -> bool:
    return leaf.credential.type in leaf.capabilities.credentials


@requirement("7.3/source", "A leaf comes from where its source says.")
def check_source(leaf: LeafNode, source: LeafNodeSource) -> bool:
    return leaf.source == source


@requirement("7.3/new-key", "A leaf that replaces another has a new encryption key.")
def check_new_key(before: LeafNode, after: LeafNode) -> bool:
    return before.encryption_key != after.encryption_key


@requirement("13.4/unique", "No extension is twice in a list.")
def check_unique_extensions(extensions: Extensions) -> bool:
    return len(extensions) < 2 or all_differ(each.type for each in extensions)


@requirement("10.1/suite", "A KeyPackage is for the group's version and ciphersuite.")
def check_package_suite(suite: Ciphersuite, package: KeyPackageIn) -> bool:
    return package.version == MLS10 and package.cipher_suite == suite.id


@requirement("10.1/signature", "A KeyPackage is signed by its leaf's key.")
def check_package_signature(suite: Ciphersuite, package: KeyPackageIn) -> bool:
    key = package.leaf_node.signature_key
    return is_signed(suite, key, key_packages.LABEL, package.content, package.signature)


@requirement("10.1/init-key", "A KeyPackage's init key is not its leaf's encryption key.")
def check_init_key(package: KeyPackageIn) -> bool:
    return package.init_key != package.leaf_node.encryption_key


@requirement("7.3/public-key", "A leaf's encryption key is one that something can be sealed to.")
def check_encryption_key(suite: Ciphersuite, leaf: LeafNode) -> bool:
    return is_public_key(suite, leaf.encryption_key)


@requirement("10.1/public-key", "An init key is one that something can be sealed to.")
def check_public_init_key(suite: Ciphersuite, package: KeyPackageIn) -> bool:
    return is_public_key(suite, package.init_key)


def check_leaf(
    suite: Ciphersuite,
    services: Services,
    leaf: LeafNode,
    source: LeafNodeSource | None,
    position: Position | None,
) -> None:
    """All that a leaf can be asked apart from its tree; `source` is None where any will do."""
    if source is not None:
        check_source(leaf, source)
    check_suite(suite, leaf)
    check_longest(leaf, services)
    check_unique_extensions(leaf.extensions)
    check_listed(leaf)
    check_own_credential_type(leaf)
    check_leaf_signature(suite, leaf, position)
    check_credential(services, leaf)


def verify_key_package(
    suite: Ciphersuite, services: Services, package: KeyPackageIn, now: int | None
) -> KeyPackage:
    """The KeyPackage, verified (section 10.1). Raises Refused.

    `now` is None where another member's commit brought it: clocks that differ must not part them.
    """
    check_package_suite(suite, package)
    check_init_key(package)
    check_public_init_key(suite, package)
    check_encryption_key(suite, package.leaf_node)
    check_unique_extensions(package.extensions)
    check_leaf(suite, services, package.leaf_node, LeafNodeSource.KEY_PACKAGE, None)
    if now is not None:
        check_lifetime(package.leaf_node, now)
    check_package_signature(suite, package)
    return KeyPackage.of(package)


@requirement("7.3/required", "Every member can do what the group requires.")
def check_required(tree: RatchetTree, required: RequiredCapabilities) -> bool:
    extensions = set(required.extensions) - DEFAULT_EXTENSIONS
    proposals = set(required.proposals) - DEFAULT_PROPOSALS
    return all(
        extensions <= set(able.extensions)
        and proposals <= set(able.proposals)
        and set(required.credentials) <= set(able.credentials)
        for able, _ in tree.index.kinds
    )


@requirement("13.4/supported", "Every member lists the extensions of the GroupContext.")
def check_supported(tree: RatchetTree, extensions: Extensions) -> bool:
    used = {each.type for each in extensions} - DEFAULT_EXTENSIONS
    return all(used <= set(able.extensions) for able, _ in tree.index.kinds)


@requirement("7.3/credential-types", "Every member can read every other's type of credential.")
def check_credential_types(tree: RatchetTree) -> bool:
    used = {kind for _, kind in tree.index.kinds}
    return all(used <= set(able.credentials) for able, _ in tree.index.kinds)


@requirement("7.3/signature-keys", "No two members have the same signature key.")
def check_signature_keys(tree: RatchetTree) -> bool:
    return len(tree.index.signature_keys) == tree.index.signature_keys.total()


@requirement("7.3/encryption-keys", "No two nodes have the same encryption key.")
def check_encryption_keys(tree: RatchetTree) -> bool:
    return len(tree.index.encryption_keys) == tree.index.encryption_keys.total()


def check_members(tree: RatchetTree, extensions: Extensions) -> None:
    """What the members of a tree must have in common, and must not. Raises Refused."""
    check_unique_extensions(extensions)
    check_required(tree, RequiredCapabilities.within(extensions))
    check_supported(tree, extensions)
    check_credential_types(tree)
    check_signature_keys(tree)
    check_encryption_keys(tree)

"""Which check a test vector asks for: its fields tell."""

from segel.apps.conformance import mls
from segel.apps.conformance.mls import Case, Check
from segel.apps.conformance.passive_client import passive_client

_KINDS: list[tuple[str, str, Check]] = [
    ("n_leaves", "tree-math", mls.tree_math),
    ("vlbytes_header", "deserialization", mls.deserialization),
    ("encrypt_with_label", "crypto-basics", mls.crypto_basics),
    ("sender_data", "secret-tree", mls.secret_tree),
    ("proposal_priv", "message-protection", mls.message_protection),
    ("initial_init_secret", "key-schedule", mls.key_schedule_epochs),
    ("psks", "psk_secret", mls.psk_secrets),
    ("authenticated_content", "transcript-hashes", mls.transcript_hashes),
    ("initial_epoch_authenticator", "passive-client", passive_client),
    ("signer_pub", "welcome", mls.welcome),
    ("proposal_sender", "tree-operations", mls.tree_operations),
    ("resolutions", "tree-validation", mls.tree_validation),
    ("update_paths", "treekem", mls.treekem),
    ("mls_welcome", "messages", mls.messages),
]
"""A field that only cases of a kind have, the kind's name, and its check."""


class UnknownKind(Exception):
    """No kind of vector has such fields."""


def kind_of(case: Case) -> tuple[str, Check]:
    """The name of a case's kind, and what checks it. Raises UnknownKind."""
    for field, name, check in _KINDS:
        if field in case:
            return name, check
    raise UnknownKind(f"no kind of vector has the fields {', '.join(sorted(case)) or '(none)'}")

"""The working group's test vectors for RFC 9420, each kind known by its fields.

A check returns where the case holds and raises AssertionError, or any error of the engine, where
it does not. The kinds: mlswg/mls-implementations, test-vectors.md.
"""

from collections.abc import Callable
from typing import Any

from segel.core.crypto.ciphersuite import SUITES, Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls import key_schedule, private_message
from segel.core.mls.codec import Reader, length
from segel.core.mls.commit import Commit, UpdatePath
from segel.core.mls.framing import LABEL, Application, AuthenticatedContentIn, signed_content
from segel.core.mls.group_context import GroupContext
from segel.core.mls.group_info import LABEL as GROUP_INFO_LABEL
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.leaf_checks import check_leaf_signature, check_members
from segel.core.mls.leaf_node import Position
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.private_message import PrivateMessage, open_content, open_sender_data, take_key
from segel.core.mls.proposal import Add, Remove, Update, decode_proposal
from segel.core.mls.psk import PreSharedKeyId, psk_secret
from segel.core.mls.public_message import PublicMessage, tagged_content
from segel.core.mls.ratchet_tree import RatchetTree, decode_nodes
from segel.core.mls.registry import MLS10
from segel.core.mls.secret_tree import RatchetKind, SecretTree
from segel.core.mls.transcript import confirmed_hash, interim_hash
from segel.core.mls.tree_checks import check_parents
from segel.core.mls.tree_hash import node_hash, tree_hash
from segel.core.mls.tree_kem import PrivateKeys, climb, merge_path, open_path
from segel.core.mls.tree_math import (
    LeafIndex,
    NodeIndex,
    is_leaf,
    left,
    node_of,
    parent,
    right,
    root,
    sibling,
    width,
)
from segel.core.mls.welcome import GroupSecrets, Welcome, open_group_info, open_secrets

Case = dict[str, Any]
Check = Callable[[Case], None]


def same(found: object, expected: object) -> None:
    """Returns where a value is what the vector says. Raises AssertionError."""
    if found != expected:
        raise AssertionError(f"is {_short(found)}, should be {_short(expected)}")


def suite_of(case: Case) -> Ciphersuite:
    """The suite of a case. Raises AssertionError for one that is not known."""
    suite = SUITES.get(case["cipher_suite"])
    if suite is None:
        raise AssertionError(f"ciphersuite {case['cipher_suite']} is not known here")
    return suite


def private_pair(suite: Ciphersuite, private: str) -> KeyPair:
    """The pair of a private key, from which the vectors may leave out leading zeros."""
    size = len(suite.kem.derive(suite.zeros).private)
    return suite.kem.pair(_bytes(private).rjust(size, b"\0"))


def tree_math(case: Case) -> None:
    leaves = case["n_leaves"]
    same((width(leaves), root(leaves)), (case["n_nodes"], case["root"]))
    for place in range(case["n_nodes"]):
        node = NodeIndex(place)
        below = None if is_leaf(node) else (left(node), right(node))
        same(below or (None, None), (case["left"][place], case["right"][place]))
        over = None if node == case["root"] else (parent(node), sibling(node))
        same(over or (None, None), (case["parent"][place], case["sibling"][place]))


def deserialization(case: Case) -> None:
    reader = Reader(_bytes(case["vlbytes_header"]))
    same(reader.length(), case["length"])
    reader.finish()
    same(length(case["length"]).hex(), case["vlbytes_header"])


def crypto_basics(case: Case) -> None:
    suite = suite_of(case)
    at = case["ref_hash"]
    same(suite.ref_hash(at["label"].encode(), _bytes(at["value"])).hex(), at["out"])
    at = case["expand_with_label"]
    secret, label = _bytes(at["secret"]), at["label"].encode()
    same(suite.expand(secret, label, _bytes(at["context"]), at["length"]).hex(), at["out"])
    at = case["derive_secret"]
    same(suite.derive(_bytes(at["secret"]), at["label"].encode()).hex(), at["out"])
    at = case["derive_tree_secret"]
    secret, label = _bytes(at["secret"]), at["label"].encode()
    same(suite.derive_tree(secret, label, at["generation"], at["length"]).hex(), at["out"])
    at = case["sign_with_label"]
    label, content, public = at["label"].encode(), _bytes(at["content"]), _bytes(at["pub"])
    suite.verify(public, label, content, _bytes(at["signature"]))
    own = KeyPair(_bytes(at["priv"]), public)
    suite.verify(public, label, content, suite.sign(own, label, content))
    at = case["encrypt_with_label"]
    own, label = private_pair(suite, at["priv"]), at["label"].encode()
    same(own.public.hex(), at["pub"])
    sealed = _bytes(at["kem_output"]), _bytes(at["ciphertext"])
    same(suite.decrypt(own, label, _bytes(at["context"]), *sealed).hex(), at["plaintext"])


def secret_tree(case: Case) -> None:
    suite = suite_of(case)
    at = case["sender_data"]
    secret, ciphertext = _bytes(at["sender_data_secret"]), _bytes(at["ciphertext"])
    key, nonce = private_message.sender_data_key(suite, secret, ciphertext)
    same((key.hex(), nonce.hex()), (at["key"], at["nonce"]))
    tree = SecretTree.new(suite, len(case["leaves"]), _bytes(case["encryption_secret"]))
    for index, generations in enumerate(case["leaves"]):
        for at in generations:
            for kind in RatchetKind:
                name = kind.name.lower()
                taken = tree.take(LeafIndex(index), kind, at["generation"])
                same(taken.key.key.hex(), at[f"{name}_key"])
                same(taken.key.nonce.hex(), at[f"{name}_nonce"])
                tree.spend(taken)


def message_protection(case: Case) -> None:
    suite, public = suite_of(case), _bytes(case["signature_pub"])
    context = _context(suite, case)
    for name in ("proposal", "commit", "application"):
        sealed = decode_message(_bytes(case[f"{name}_priv"]))
        if not isinstance(sealed, PrivateMessage):
            raise AssertionError("not a PrivateMessage")
        tree = SecretTree.new(suite, 2, _bytes(case["encryption_secret"]))
        sender = open_sender_data(suite, sealed, _bytes(case["sender_data_secret"]))
        content = open_content(suite, sealed, sender, take_key(tree, sealed, sender))
        _check_said(suite, public, context, content, case[name])
        if name == "application":
            continue
        shown = decode_message(_bytes(case[f"{name}_pub"]))
        if not isinstance(shown, PublicMessage):
            raise AssertionError("not a PublicMessage")
        tagged = tagged_content(shown.framed, shown.auth, context)
        same(suite.mac(_bytes(case["membership_key"]), tagged), shown.membership_tag)
        _check_said(suite, public, context, shown.authenticated(), case[name])


def _check_said(
    suite: Ciphersuite, public: bytes, context: bytes, content: AuthenticatedContentIn, said: str
) -> None:
    found = content.framed.content
    same((found.data if isinstance(found, Application) else found.encode()).hex(), said)
    signed = signed_content(content.wire_format, content.framed, context)
    suite.verify(public, LABEL, signed, content.auth.signature)


def key_schedule_epochs(case: Case) -> None:
    suite, init = suite_of(case), _bytes(case["initial_init_secret"])
    for number, epoch in enumerate(case["epochs"]):
        context = _context(suite, {**epoch, "group_id": case["group_id"], "epoch": number})
        same(context.hex(), epoch["group_context"])
        joiner = key_schedule.joiner_secret(suite, init, _bytes(epoch["commit_secret"]), context)
        member = key_schedule.member_secret(suite, joiner, _bytes(epoch["psk_secret"]))
        same(joiner.hex(), epoch["joiner_secret"])
        same(key_schedule.welcome_secret(suite, member).hex(), epoch["welcome_secret"])
        secrets = key_schedule.epoch_secrets(suite, member, context)
        for name, field in _SECRETS.items():
            same(getattr(secrets, name).hex(), epoch[field])
        public = key_schedule.external_key(suite, secrets.external).public
        same(public.hex(), epoch["external_pub"])
        at = epoch["exporter"]
        label, said = at["label"].encode(), _bytes(at["context"])
        exported = key_schedule.export(suite, secrets.exporter, label, said, at["length"])
        same(exported.hex(), at["secret"])
        init = secrets.init


_SECRETS = {
    "init": "init_secret",
    "sender_data": "sender_data_secret",
    "encryption": "encryption_secret",
    "exporter": "exporter_secret",
    "authenticator": "epoch_authenticator",
    "external": "external_secret",
    "confirmation": "confirmation_key",
    "membership": "membership_key",
    "resumption": "resumption_psk",
}


def psk_secrets(case: Case) -> None:
    psks = [
        (
            PreSharedKeyId.external(_bytes(psk["psk_id"]), _bytes(psk["psk_nonce"])),
            _bytes(psk["psk"]),
        )
        for psk in case["psks"]
    ]
    same(psk_secret(suite_of(case), psks).hex(), case["psk_secret"])


def transcript_hashes(case: Case) -> None:
    suite = suite_of(case)
    commit = AuthenticatedContentIn.decode(_bytes(case["authenticated_content"]))
    confirmed = confirmed_hash(suite, _bytes(case["interim_transcript_hash_before"]), commit)
    same(confirmed.hex(), case["confirmed_transcript_hash_after"])
    tag = commit.auth.confirmation_tag
    if tag is None:
        raise AssertionError("not a commit")
    same(suite.mac(_bytes(case["confirmation_key"]), confirmed), tag)
    same(interim_hash(suite, confirmed, tag).hex(), case["interim_transcript_hash_after"])


def welcome(case: Case) -> None:
    suite = suite_of(case)
    message = decode_message(_bytes(case["welcome"]))
    package = decode_message(_bytes(case["key_package"]))
    if not isinstance(message, Welcome) or not isinstance(package, KeyPackageIn):
        raise AssertionError("not a Welcome and a KeyPackage")
    reference = package.reference(suite)
    sealed = next(each for each in message.secrets if each.new_member == reference)
    secrets = open_secrets(suite, message, sealed, private_pair(suite, case["init_priv"]))
    member = key_schedule.member_secret(suite, secrets.joiner_secret, psk_secret(suite, []))
    info = open_group_info(suite, message, key_schedule.welcome_secret(suite, member))
    signer = _bytes(case["signer_pub"])
    suite.verify(signer, GROUP_INFO_LABEL, info.signed(), info.signature)
    context = info.group_context
    epoch = key_schedule.epoch_secrets(suite, member, context.encode())
    tag = suite.mac(epoch.confirmation, context.confirmed_transcript_hash)
    same(info.confirmation_tag, tag)


def tree_operations(case: Case) -> None:
    suite, sender = suite_of(case), LeafIndex(case["proposal_sender"])
    tree = RatchetTree.of(suite, decode_nodes(_bytes(case["tree_before"])))
    same(tree_hash(tree).hex(), case["tree_hash_before"])
    proposal = decode_proposal(_bytes(case["proposal"]))
    match proposal:
        case Add():
            tree.add(proposal.key_package.leaf_node)
        case Update():
            tree.replace(sender, proposal.leaf_node)
        case Remove():
            tree.replace(proposal.removed, None)
            tree.truncate()
        case _:
            raise AssertionError("neither Add, Update nor Remove")
    same(tree.encode().hex(), case["tree_after"])
    same(tree_hash(tree).hex(), case["tree_hash_after"])


def tree_validation(case: Case) -> None:
    suite, group_id = suite_of(case), _bytes(case["group_id"])
    tree = RatchetTree.of(suite, decode_nodes(_bytes(case["tree"])))
    same(tree.encode().hex(), case["tree"])
    for place, expected in enumerate(case["tree_hashes"]):
        same(node_hash(tree, NodeIndex(place)).hex(), expected)
    for place, reached in enumerate(case["resolutions"]):
        same(tree.resolution(NodeIndex(place)), reached)
    for index, leaf in tree.members():
        check_leaf_signature(suite, leaf, Position(group_id, index))
    check_members(tree, ())
    check_parents(tree)


def treekem(case: Case) -> None:
    suite = suite_of(case)
    before = RatchetTree.of(suite, decode_nodes(_bytes(case["ratchet_tree"])))
    known = {}
    for leaf in case["leaves_private"]:
        keys: PrivateKeys = {
            node_of(leaf["index"]): private_pair(suite, leaf["encryption_priv"]),
        }
        for at in leaf["path_secrets"]:
            keys |= climb(suite, _bytes(at["path_secret"]), [at["node"]])[1].keys
        for node, key in keys.items():
            same(key.public, before.encryption_key(node))
        known[leaf["index"]] = keys
    for update in case["update_paths"]:
        tree, path = before.copy(), UpdatePath.decode(_bytes(update["update_path"]))
        filtered = merge_path(tree, LeafIndex(update["sender"]), path)
        same(tree_hash(tree).hex(), update["tree_hash_after"])
        context = _context(suite, {**case, "tree_hash": update["tree_hash_after"]})
        for index, secret in enumerate(update["path_secrets"]):
            if secret is not None:
                own = LeafIndex(index)
                found = open_path(tree, own, known[own], filtered, path, (), context)
                same(found.commit_secret.hex(), update["commit_secret"])


def messages(case: Case) -> None:
    for name in _MESSAGES:
        same(encode_message(decode_message(_bytes(case[name]))).hex(), case[name])
    for name, number in _PROPOSALS.items():
        encoded = number.to_bytes(2) + _bytes(case[name])
        same(decode_proposal(encoded).encode(), encoded)
    tree = RatchetTree.of(SUITES[1], decode_nodes(_bytes(case["ratchet_tree"])))
    same(tree.encode().hex(), case["ratchet_tree"])
    secrets, commit = _bytes(case["group_secrets"]), _bytes(case["commit"])
    same(GroupSecrets.decode(secrets).encode(), secrets)
    same(Commit.decode(commit).encode(), commit)


_MESSAGES = (
    "mls_welcome",
    "mls_group_info",
    "mls_key_package",
    "public_message_application",
    "public_message_proposal",
    "public_message_commit",
    "private_message",
)
_PROPOSALS = {
    "add_proposal": 1,
    "update_proposal": 2,
    "remove_proposal": 3,
    "pre_shared_key_proposal": 4,
    "re_init_proposal": 5,
    "external_init_proposal": 6,
    "group_context_extensions_proposal": 7,
}


def _context(suite: Ciphersuite, case: Case) -> bytes:
    hashes = _bytes(case["tree_hash"]), _bytes(case["confirmed_transcript_hash"])
    return GroupContext(
        MLS10, suite.id, _bytes(case["group_id"]), case["epoch"], *hashes, ()
    ).encode()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:76]}..."

"""A member's state as bytes, and back. They hold every secret of the epoch: seal them at rest."""

from collections.abc import Sequence
from typing import TypeVar

from segel.core.crypto.ciphersuite import SUITES, Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls.codec import Reader, opaque, optional, uint8, uint16, uint32, uint64, vector
from segel.core.mls.credential import Credential
from segel.core.mls.errors import Malformed
from segel.core.mls.framing import Sender
from segel.core.mls.group_context import GroupContext
from segel.core.mls.key_schedule import EpochSecrets
from segel.core.mls.proposal import ReInit, read_proposal
from segel.core.mls.proposal_checks import CommittedProposal
from segel.core.mls.ratchet_tree import RatchetTree, decode_nodes
from segel.core.mls.secret_tree import MessageKey, Ratchet, SecretTree
from segel.core.mls.staged_commit import Change, StagedCommit
from segel.core.mls.state import GroupState, OwnUpdate
from segel.core.mls.tree_hash import tree_hash
from segel.core.mls.tree_kem import PrivateKeys
from segel.core.mls.tree_math import LeafIndex, NodeIndex

VERSION = 1

K = TypeVar("K")
V = TypeVar("V")


def encode_state(state: GroupState) -> bytes:
    """The state of a member."""
    return b"".join(
        (
            uint8(VERSION),
            uint16(state.suite.id),
            state.context_bytes,
            state.tree.encode(),
            uint32(state.own),
            _encode_pair(state.signer),
            vector(uint32(node) + opaque(key.private) for node, key in state.keys.items()),
            vector(map(opaque, state.secrets)),
            _encode_secret_tree(state.secret_tree),
            opaque(state.confirmation_tag),
            opaque(state.interim),
            vector(uint64(epoch) + opaque(psk) for epoch, psk in state.resumption.items()),
            optional(None if state.reinit is None else state.reinit.encode()[2:]),
            vector(
                opaque(reference) + _encode_proposed(proposed)
                for reference, proposed in state.proposals.items()
            ),
            vector(
                _encode_pair(update.encryption) + _encode_pair(update.signer)
                for update in state.own_updates.values()
            ),
        )
    )


def decode_state(data: bytes) -> GroupState:
    """The state that `encode_state` gave. Raises Malformed."""
    reader = Reader(data)
    state = _read_state(reader)
    reader.finish()
    return state


def encode_staged(staged: StagedCommit) -> bytes:
    """A commit that waits to be merged."""
    lists = (staged.added, staged.removed, staged.updated)
    return b"".join(
        (
            uint8(VERSION),
            staged.sender.encode(),
            _encode_change(staged.committer),
            vector(map(_encode_proposed, staged.proposals)),
            *(vector(map(_encode_change, changes)) for changes in lists),
            opaque(staged.authenticated_data),
            opaque(staged.before),
            optional(None if staged.after is None else encode_state(staged.after)),
        )
    )


def decode_staged(data: bytes) -> StagedCommit:
    """The commit that `encode_staged` gave. Raises Malformed."""
    reader = Reader(data)
    _read_version(reader)
    staged = StagedCommit(
        Sender.read(reader),
        _read_change(reader),
        reader.vector(_read_proposed),
        reader.vector(_read_change),
        reader.vector(_read_change),
        reader.vector(_read_change),
        reader.opaque(),
        reader.opaque(),
        reader.optional(_read_state),
    )
    reader.finish()
    return staged


def _read_state(reader: Reader) -> GroupState:
    _read_version(reader)
    suite = SUITES.get(reader.uint16())
    if suite is None:
        raise Malformed("a state of a ciphersuite that is not known here")
    start = reader.position
    context = GroupContext.read(reader)
    context_bytes = reader.since(start)
    tree = RatchetTree.of(suite, decode_nodes(_whole_vector(reader)))
    # Also so that the hashes are there: the next commit then computes only what it changes.
    if tree_hash(tree) != context.tree_hash:
        raise Malformed("a state whose tree is not its context's")
    own, signer = LeafIndex(reader.uint32()), _read_pair(reader)
    if tree.leaf(own) is None:
        raise Malformed("a state of somebody who is no member")
    keys = _read_keys(tree, reader)
    return GroupState(
        suite,
        context,
        context_bytes,
        tree,
        own,
        signer,
        keys,
        _read_secrets(reader),
        _read_secret_tree(suite, tree.leaves, reader),
        reader.opaque(),
        reader.opaque(),
        _distinct(reader.vector(_read_resumption)),
        reader.optional(ReInit.read),
        _distinct(reader.vector(_read_cached)),
        _distinct([(each.encryption.public, each) for each in reader.vector(_read_update)]),
    )


def _read_version(reader: Reader) -> None:
    if (version := reader.uint8()) != VERSION:
        raise Malformed(f"a stored state of version {version}")


def _distinct(pairs: Sequence[tuple[K, V]]) -> dict[K, V]:
    """What was a dict. Raises Malformed where a key is there twice."""
    if len(found := dict(pairs)) < len(pairs):
        raise Malformed("a state with the same entry twice")
    return found


def _read_keys(tree: RatchetTree, reader: Reader) -> PrivateKeys:
    """The private keys, with the public ones of the tree."""
    private = _distinct(reader.vector(_read_private_key))
    if any(node >= len(tree.nodes) or tree.nodes[node] is None for node in private):
        raise Malformed("a state with the key of a node that is blank")
    return {node: KeyPair(key, tree.encryption_key(node)) for node, key in private.items()}


def _read_secrets(reader: Reader) -> EpochSecrets:
    secrets = reader.vector(Reader.opaque)
    if len(secrets) != len(EpochSecrets._fields):
        raise Malformed("a state with other secrets than an epoch's")
    return EpochSecrets(*secrets)


def _whole_vector(reader: Reader) -> bytes:
    start = reader.position
    reader.opaque()
    return reader.since(start)


def _encode_pair(pair: KeyPair) -> bytes:
    return opaque(pair.private) + opaque(pair.public)


def _read_pair(reader: Reader) -> KeyPair:
    return KeyPair(reader.opaque(), reader.opaque())


def _read_private_key(reader: Reader) -> tuple[NodeIndex, bytes]:
    return NodeIndex(reader.uint32()), reader.opaque()


def _read_resumption(reader: Reader) -> tuple[int, bytes]:
    return reader.uint64(), reader.opaque()


def _encode_proposed(proposed: CommittedProposal) -> bytes:
    return proposed.sender.encode() + proposed.proposal.encode()


def _read_proposed(reader: Reader) -> CommittedProposal:
    sender = Sender.read(reader)
    return CommittedProposal(read_proposal(reader), sender)


def _read_cached(reader: Reader) -> tuple[bytes, CommittedProposal]:
    return reader.opaque(), _read_proposed(reader)


def _read_update(reader: Reader) -> OwnUpdate:
    return OwnUpdate(_read_pair(reader), _read_pair(reader))


def _encode_change(change: Change) -> bytes:
    return uint32(change.leaf) + change.credential.encode()


def _read_change(reader: Reader) -> Change:
    return Change(LeafIndex(reader.uint32()), Credential.read(reader))


def _encode_secret_tree(tree: SecretTree) -> bytes:
    nodes = vector(uint32(node) + opaque(secret) for node, secret in tree.nodes.items())
    return nodes + vector(
        uint32(leaf) + b"".join(map(_encode_ratchet, ratchets))
        for leaf, ratchets in tree.ratchets.items()
    )


def _read_secret_tree(suite: Ciphersuite, leaves: int, reader: Reader) -> SecretTree:
    nodes = _distinct(reader.vector(_read_private_key))
    return SecretTree(suite, leaves, nodes, _distinct(reader.vector(_read_ratchets)))


def _encode_ratchet(ratchet: Ratchet) -> bytes:
    skipped = vector(
        uint32(key.generation) + opaque(key.key) + opaque(key.nonce)
        for key in ratchet.skipped.values()
    )
    return opaque(ratchet.secret) + uint32(ratchet.generation) + skipped


def _read_ratchets(reader: Reader) -> tuple[LeafIndex, tuple[Ratchet, Ratchet]]:
    return LeafIndex(reader.uint32()), (_read_ratchet(reader), _read_ratchet(reader))


def _read_ratchet(reader: Reader) -> Ratchet:
    secret, generation = reader.opaque(), reader.uint32()
    skipped = _distinct([(key.generation, key) for key in reader.vector(_read_message_key)])
    return Ratchet(secret, generation, skipped)


def _read_message_key(reader: Reader) -> MessageKey:
    generation = reader.uint32()
    return MessageKey(reader.opaque(), reader.opaque(), generation)

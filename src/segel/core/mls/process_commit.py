"""Taking another's commit (RFC 9420 section 12.4.2)."""

from collections.abc import Iterable

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import InvalidKey, KeyPair
from segel.core.mls.commit import Commit, UpdatePath
from segel.core.mls.epoch import (
    Before,
    check_confirmation,
    find_psks,
    next_epoch,
    provisional_context,
)
from segel.core.mls.errors import Missing
from segel.core.mls.framing import AuthenticatedContent, Sender
from segel.core.mls.key_schedule import take_external_init
from segel.core.mls.leaf_checks import (
    check_encryption_key,
    check_leaf,
    check_members,
    is_public_key,
)
from segel.core.mls.leaf_node import LeafNode, Position
from segel.core.mls.proposal import ProposalRef
from segel.core.mls.proposal_checks import CommittedProposal, check_path_present
from segel.core.mls.proposal_list import Applied, apply_proposals, verify_replacement
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import LeafNodeSource, SenderType
from segel.core.mls.requirement import attempt, requirement
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import Change, StagedCommit
from segel.core.mls.state import GroupState, Held, new_state
from segel.core.mls.tree_kem import PrivateKeys, merge_path, open_path, still_known
from segel.core.mls.tree_math import LeafIndex, node_of

EXTERNAL_INIT_OPENS = attempt("8.3/external-init", "An ExternalInit's KEM output gives a secret.")


@requirement("12.4.2/fresh-keys", "No public key of a path is in the tree already.")
def check_fresh_keys(tree: RatchetTree, path: UpdatePath) -> bool:
    keys = [path.leaf_node.encryption_key, *(node.encryption_key for node in path.nodes)]
    known = tree.index.encryption_keys
    return len(set(keys)) == len(keys) and not any(key in known for key in keys)


@requirement("12.4.2/public-keys", "Something can be sealed to every key of a path.")
def check_public_keys(suite: Ciphersuite, path: UpdatePath) -> bool:
    return all(is_public_key(suite, node.encryption_key) for node in path.nodes)


def process_commit(
    state: GroupState, services: Services, content: AuthenticatedContent
) -> StagedCommit:
    """The commit, verified and staged; the state is not touched.

    Raises Refused, Missing and Malformed.
    """
    commit, sender = _commit(content), content.framed.sender
    proposals = resolve(state, commit, sender)
    check_path_present(proposals, commit.path is not None)
    external = sender.type == SenderType.NEW_MEMBER_COMMIT
    member = None if external else LeafIndex(sender.index)
    applied = apply_proposals(state.tree, state.context, services, proposals, member)
    committer = applied.tree.blank_leaf() if member is None else member
    after = None
    if commit.path is not None:
        _verify_path_leaf(state, services, applied, commit.path.leaf_node, committer, external)
        check_fresh_keys(applied.tree, commit.path)
        check_public_keys(state.suite, commit.path)
    if state.own not in applied.removed:
        after = _next_state(state, services, content, applied, committer)
    return staged(state, content, proposals, applied, committer, after)


def resolve(state: GroupState, commit: Commit, sender: Sender) -> list[CommittedProposal]:
    """The proposals of a commit with their senders. Raises Missing."""
    proposals = []
    for item in commit.proposals:
        if not isinstance(item, ProposalRef):
            proposals.append(CommittedProposal(item, sender))
        elif (known := state.proposals.get(item.reference)) is not None:
            proposals.append(known)
        else:
            raise Missing("the commit refers to a proposal that did not come")
    return proposals


def staged(
    state: GroupState,
    content: AuthenticatedContent,
    proposals: list[CommittedProposal],
    applied: Applied,
    committer: LeafIndex,
    after: GroupState | None,
) -> StagedCommit:
    """What a commit does, in terms of members."""

    def changes(tree: RatchetTree, leaves: Iterable[LeafIndex]) -> tuple[Change, ...]:
        found = ((leaf, tree.leaf(leaf)) for leaf in leaves)
        return tuple(Change(leaf, node.credential) for leaf, node in found if node is not None)

    path = _commit(content).path
    made_by = applied.tree.leaf(committer) if path is None else path.leaf_node
    assert made_by is not None  # noqa: S101 - a committer is a member, or has a path
    return StagedCommit(
        content.framed.sender,
        Change(committer, made_by.credential),
        tuple(proposals),
        changes(applied.tree, applied.joined),
        changes(state.tree, applied.removed),
        changes(applied.tree, applied.updated),
        content.framed.authenticated_data,
        state.interim,
        after,
    )


def _commit(content: AuthenticatedContent) -> Commit:
    commit = content.framed.content
    assert isinstance(commit, Commit)  # noqa: S101 - whoever calls has looked
    return commit


def _verify_path_leaf(
    state: GroupState,
    services: Services,
    applied: Applied,
    leaf: LeafNode,
    committer: LeafIndex,
    external: bool,
) -> None:
    """The committer's new leaf, against the one that it replaces (section 12.4.2)."""
    position = Position(state.context.group_id, committer)
    replaced = next(iter(applied.removed), None) if external else committer
    before = None if replaced is None else state.tree.leaf(replaced)
    source = LeafNodeSource.COMMIT
    if before is None:
        check_encryption_key(state.suite, leaf)
        check_leaf(state.suite, services, leaf, source, position)
    else:
        verify_replacement(applied.tree, services, before, leaf, source, position)


def _next_state(
    state: GroupState,
    services: Services,
    content: AuthenticatedContent,
    applied: Applied,
    committer: LeafIndex,
) -> GroupState:
    """The epoch that a commit begins, for a member who stays."""
    path, suite, tree = _commit(content).path, state.suite, applied.tree
    psks = find_psks(applied.psks, services, state.context.group_id, state.resumption)
    filtered = [] if path is None else merge_path(tree, committer, path)
    check_members(tree, applied.extensions)
    provisional = provisional_context(state.context, tree, applied.extensions)
    signer, keys = own_keys(state, applied)
    commit_secret = suite.zeros
    if path is not None:
        sealed_to = provisional.encode()
        found = open_path(tree, state.own, keys, filtered, path, applied.joined, sealed_to)
        keys, commit_secret = keys | found.keys, found.commit_secret
    before = Before(suite, state.context, state.interim, _init_secret(state, applied))
    epoch = next_epoch(before, provisional, content, commit_secret, psks)
    check_confirmation(epoch.confirmation_tag, content.auth.confirmation_tag)
    held = Held(state.own, signer, still_known(tree, keys))
    return new_state(suite, tree, held, epoch, state.resumption, services, applied.reinit)


def own_keys(state: GroupState, applied: Applied) -> tuple[KeyPair, PrivateKeys]:
    """One's signature key and private keys once the proposals are applied."""
    keys, signer = state.keys, state.signer
    if state.own in applied.updated:
        leaf = applied.tree.leaf(state.own)
        assert leaf is not None  # noqa: S101 - an Update fills its leaf
        update = state.own_updates.get(leaf.encryption_key)
        if update is None:
            raise Missing("the keys of one's own Update, which was forgotten")
        signer, keys = update.signer, {node_of(state.own): update.encryption}
    return signer, still_known(applied.tree, keys)


def _init_secret(state: GroupState, applied: Applied) -> bytes:
    if applied.external_init is None:
        return state.secrets.init
    try:
        kem_output = applied.external_init.kem_output
        return take_external_init(state.suite, state.secrets.external, kem_output)
    except InvalidKey:
        raise EXTERNAL_INIT_OPENS.broken() from None

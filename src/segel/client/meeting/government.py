"""What hosts do: every change of the rule is one commit of a host (rule.md)."""

from collections.abc import Callable
from typing import NamedTuple

from segel.client.errors import NotHost
from segel.client.meeting.admission import Planned
from segel.client.meeting.ground import Ground
from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.content.mimi import (
    RENDER,
    Content,
    SinglePart,
    decode_content,
    encode_content,
)
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519
from segel.core.identity.account import Account
from segel.core.meeting.group import MeetingGroup
from segel.core.meeting.rule import Terms, next_terms, sign_rule
from segel.core.meeting.sealing import seal, unseal
from segel.core.mls.tree_math import LeafIndex

_HOST_KEY = "application/vnd.segel.host-key"


class Decree(NamedTuple):
    """What a host asks for: the next terms, and who is taken out with them."""

    terms: Terms
    removed: tuple[LeafIndex, ...] = ()


Decision = Callable[[MeetingGroup], Decree]
"""Made anew on each epoch, until its commit is the one that wins."""


def kick(account: Account) -> Decision:
    """Takes somebody out for good. The lobby goes on: who has the link can make a new account."""

    def decide(group: MeetingGroup) -> Decree:
        terms = group.rule.terms
        removed = tuple(each.leaf for each in group.members if each.account == account)
        hosts = tuple(host for host in terms.hosts if host != account)
        bans = (*terms.bans, account)
        return Decree(next_terms(terms, hosts=hosts, lobby=True, bans=bans), removed)

    return decide


def promote(account: Account) -> Decision:
    """Makes somebody a host as well."""

    def decide(group: MeetingGroup) -> Decree:
        terms = group.rule.terms
        return Decree(next_terms(terms, hosts=(*terms.hosts, account)))

    return decide


def step_down(account: Account) -> Decision:
    """Is no host any more."""

    def decide(group: MeetingGroup) -> Decree:
        terms = group.rule.terms
        hosts = tuple(host for host in terms.hosts if host != account)
        return Decree(next_terms(terms, hosts=hosts))

    return decide


def change(**terms: bool) -> Decision:
    """Lays down `lobby`, `locked`, `ended` or `revoked`."""
    return lambda group: Decree(next_terms(group.rule.terms, **terms))


def plan_decree(ground: Ground, decree: Decree) -> Planned:
    """The commit of a decree. Raises NotHost; Forbidden where the rule does not allow it."""
    opener = ground.party.keys.opener
    if opener is None:
        raise NotHost("the key of hosts is not here")
    rule = sign_rule(opener, ground.party.keys.alias, decree.terms)
    now = int(ground.party.clock.wall())
    staged = ground.group.stage(ground.place(), now, removed=decree.removed, rule=rule)
    return Planned(*staged)


def host_key_content(ground: Ground, to: Account) -> bytes:
    """The content of an application message that gives the opener's seed to a member (rule.md 5).
    Raises NotHost, and Malformed where there is no such member.
    """
    group, party = ground.group, ground.party
    member = next((each for each in group.members if each.account == to), None)
    opener = party.keys.opener
    if opener is None:
        raise NotHost("the key of hosts is not here")
    if member is None:
        raise Malformed("nobody to make a host")
    info = _HOST_KEY.encode()
    sealed = seal(group.suite, member.encryption_key, info, opener.private, party.entropy)
    said = cbor.encode([1, to, *cbor.array(cbor.decode(sealed), 2)])
    part = SinglePart(RENDER, "", _HOST_KEY, said)
    return encode_content(Content(party.entropy.random(16), None, None, part))


def is_host_key(content: bytes) -> bool:
    """Whether an application message is about the opener's seed."""
    # Cheap to say no: the type stands in the message as it is.
    if _HOST_KEY.encode() not in content:
        return False
    try:
        body = decode_content(content).body
    except Malformed:
        return False
    return isinstance(body, SinglePart) and body.content_type == _HOST_KEY


def read_host_key(group: MeetingGroup, content: bytes) -> KeyPair | None:
    """The opener's pair, where the message gives it to our own leaf. Raises Malformed."""
    body = decode_content(content).body
    own = group.member(group.leaf)
    if not isinstance(body, SinglePart) or own is None:
        raise Malformed("not a key")
    account, enc, sealed = cbor.fields(body.content, 4)
    if cbor.octets(account, 20) != own.account:
        return None
    both = cbor.encode([enc, sealed])
    seed = unseal(group.suite, group.leaf_keys(), _HOST_KEY.encode(), both)
    pair = Ed25519().pair(cbor.octets(seed, 32))
    if pair.public != group.opener:
        raise Malformed("the key of another meeting")
    return pair

"""Who rules a meeting, and what a commit may do under it: the extension 0xF0A2 (rule.md)."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed, Value
from segel.core.crypto.ed25519 import BadSignature, verify
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519
from segel.core.identity.account import ACCOUNT_SIZE, Account

MAX_HOSTS, MAX_BANS = 16, 512
_LOBBY, _LOCKED, _ENDED, _REVOKED = 1, 2, 4, 8


class Forbidden(Exception):
    """The rule does not allow what a commit does."""


class Terms(NamedTuple):
    """What the hosts have laid down. Both lists are in order and name nobody twice."""

    serial: int = 0
    """Grows by one with every change, over all generations of the meeting."""
    hosts: tuple[Account, ...] = ()
    """Nobody, in a meeting where all are equal."""
    lobby: bool = False
    """Only hosts let newcomers in."""
    locked: bool = False
    """Nobody comes in who was not a member."""
    ended: bool = False
    """The hosts ended this generation for all."""
    revoked: bool = False
    """The link lets nobody in any more."""
    bans: tuple[Account, ...] = ()
    """Who may not come in again."""


class Rule(NamedTuple):
    """Terms with the opener key's signature, which only hosts can make."""

    terms: Terms
    signature: bytes


EQUALS = Terms()
"""A meeting without hosts: all are equal, for good."""


def next_terms(terms: Terms, **changes: object) -> Terms:
    """The terms with changes, as the next in their row; the oldest bans leave a full list."""
    changed = terms._replace(serial=terms.serial + 1, **changes)  # type: ignore[arg-type]
    return changed._replace(
        hosts=tuple(sorted(set(changed.hosts))), bans=tuple(sorted(set(changed.bans[-MAX_BANS:])))
    )


def sign_rule(opener: KeyPair, alias: bytes, terms: Terms) -> Rule:
    """The terms, signed by the opener key for the meeting of this alias."""
    return Rule(terms, Ed25519().sign(opener, _signed(alias, terms)))


def check_rule(opener: bytes, alias: bytes, rule: Rule) -> None:
    """Returns where the opener key of the alias signed the rule. Raises Malformed."""
    try:
        verify(opener, rule.signature, _signed(alias, rule.terms))
    except BadSignature:
        raise Malformed("a rule that the opener did not sign") from None


def encode_rule(rule: Rule) -> bytes:
    """The extension's bytes."""
    return cbor.encode([*_fields(rule.terms), rule.signature])


def decode_rule(data: bytes) -> Rule:
    """The rule in the extension's bytes; its signature is not checked. Raises Malformed."""
    serial, hosts, flags_field, bans, signature = cbor.fields(data, 6)
    flags = cbor.integer(flags_field, 0, _LOBBY | _LOCKED | _ENDED | _REVOKED)
    terms = Terms(
        cbor.integer(serial, 0, 2**32 - 1),
        _accounts(hosts, MAX_HOSTS),
        bool(flags & _LOBBY),
        bool(flags & _LOCKED),
        bool(flags & _ENDED),
        bool(flags & _REVOKED),
        _accounts(bans, MAX_BANS),
    )
    if set(terms.hosts) & set(terms.bans):
        raise Malformed("a host who is banned")
    return Rule(terms, cbor.octets(signature, 64))


class Change(NamedTuple):
    """What a commit does to who is in the meeting; `after` is `before` where it brings no rule."""

    before: Rule
    after: Rule
    committer: Account
    members: Collection[Account]
    """Who was a member before."""
    removed: Collection[Account]
    added: Collection[Account]


def judge(change: Change) -> None:
    """Returns where the rule allows the commit (rule.md 2). Raises Forbidden.

    The signature of `after` was checked before.
    """
    before, after = change.before.terms, change.after.terms
    host = change.committer in before.hosts
    if before.ended:
        raise Forbidden("the meeting was ended")
    if change.before != change.after:
        _judge_rule(before, after, host)
    stay = [account for account in change.members if account not in change.removed]
    if any(account in after.bans for account in (*stay, *change.added)):
        raise Forbidden("somebody who is banned stays or comes in")
    known = {*change.removed, *after.hosts}
    if any(account not in known for account in change.added):
        _judge_newcomers(after, host)


def _judge_rule(before: Terms, after: Terms, host: bool) -> None:
    if not host:
        raise Forbidden("only a host changes the rule")
    if after.serial != before.serial + 1:
        raise Forbidden("a rule that is not the next")
    if not after.hosts:
        raise Forbidden("a meeting without its hosts")


def _judge_newcomers(after: Terms, host: bool) -> None:
    if after.locked or after.ended or after.revoked:
        raise Forbidden("nobody new may come in")
    if after.lobby and not host:
        raise Forbidden("only a host lets newcomers in")


def _fields(terms: Terms) -> list[Value]:
    flags = (
        _LOBBY * terms.lobby
        | _LOCKED * terms.locked
        | _ENDED * terms.ended
        | _REVOKED * terms.revoked
    )
    return [1, terms.serial, [*terms.hosts], flags, [*terms.bans]]


def _signed(alias: bytes, terms: Terms) -> bytes:
    return b"segel rule v1" + alias + cbor.encode(_fields(terms))


def _accounts(value: Value, most: int) -> tuple[Account, ...]:
    listed = cbor.array(value)
    if len(listed) > most:
        raise Malformed("too many accounts")
    read = tuple(Account(cbor.octets(each, ACCOUNT_SIZE)) for each in listed)
    if tuple(_in_order(read)) != read:
        raise Malformed("accounts in another order")
    return read


def _in_order(accounts: Iterable[Account]) -> list[Account]:
    return sorted(set(accounts))

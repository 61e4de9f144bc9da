"""Who of those at the door comes in by whose word (rule.md 3). Times in seconds."""

from collections.abc import Collection
from typing import Literal, NamedTuple

from segel.core.identity.account import Account
from segel.core.meeting.envelope import Denial
from segel.core.meeting.rule import Terms

_LINGER = 5.0
"""For so long somebody is shown whose knock is gone: after each change of the group they knock
anew.
"""
MOST_MEMBERS = 64
"""How many a meeting holds."""

Verdict = Literal["admit", "wait"] | Denial


class Waiter(NamedTuple):
    """Somebody who waits for a host's word."""

    account: Account
    name: str
    last: float


class Circumstances(NamedTuple):
    """What a knock is judged under."""

    terms: Terms
    members: Collection[Account]
    """Those in the meeting, and on their way in."""
    host: bool
    """Whether it is a host who judges."""
    expired: bool
    """The link's time is over."""


class Lobby:
    """What a host sees of the lobby, and has said. Words count for as long as the host is here."""

    def __init__(self) -> None:
        self._waiters: dict[Account, Waiter] = {}
        self._admitted: set[Account] = set()
        self._denied: set[Account] = set()

    def admit(self, account: Account) -> None:
        """Lets them in, now or as soon as they knock again."""
        self._admitted.add(account)
        self._denied.discard(account)
        self._waiters.pop(account, None)

    def deny(self, account: Account) -> None:
        """Does not. They may knock again, and are asked about again."""
        self._denied.add(account)
        self._admitted.discard(account)
        self._waiters.pop(account, None)

    def waiters(self, now: float) -> list[Waiter]:
        """Those who wait, in the order in which they came."""
        for waiter in list(self._waiters.values()):
            if now - waiter.last > _LINGER:
                del self._waiters[waiter.account]
        return list(self._waiters.values())

    def judge(self, account: Account, name: str, under: Circumstances, now: float) -> Verdict:
        """What to do about a visitor."""
        terms = under.terms
        if account in terms.bans:
            return Denial.BANNED
        if account in under.members or account in terms.hosts:
            return "admit"
        if terms.revoked or under.expired:
            return Denial.CLOSED
        if terms.locked:
            return Denial.LOCKED
        if len(under.members) >= MOST_MEMBERS:
            return Denial.FULL
        if not terms.lobby:
            return "admit"
        return self._asked(account, name, now) if under.host else "wait"

    def _asked(self, account: Account, name: str, now: float) -> Verdict:
        if account in self._admitted:
            return "admit"
        if account in self._denied:
            self._denied.discard(account)
            return Denial.REFUSED
        self._waiters[account] = Waiter(account, name, now)
        return "wait"

    def still_there(self, account: Account, now: float) -> None:
        """Their knock still lies at the door."""
        if (waiter := self._waiters.get(account)) is not None:
            self._waiters[account] = waiter._replace(last=now)

    def clear(self) -> None:
        """Nobody is asked about any more: the lobby is open, or somebody else is host."""
        self._waiters.clear()

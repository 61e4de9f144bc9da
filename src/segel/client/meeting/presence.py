"""Who is there: heartbeats, and when somebody counts as vanished (meeting.md 8). Times in
seconds.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from segel.core.meeting.whisper import Asking, Heard, Here, Leaving
from segel.core.mls.tree_math import LeafIndex

HERE_EVERY = 10.0
"""A *here* goes out this often."""
PRESENT_FOR = 20.0
"""Present: the last heartbeat is at most this old."""
_VANISHED_AFTER = 45.0


class Seen(NamedTuple):
    """What was last heard of a leaf."""

    counter: int
    at: float
    here: Here
    leaving: bool


class Presence(NamedTuple):
    """The hearing of one epoch."""

    listening: float | None = None
    """Since when this client has been connected and inside the epoch; None while it is not."""
    seen: Mapping[LeafIndex, Seen] = {}

    def listen(self, now: float) -> "Presence":
        """The connection is inside the epoch from now on: everybody's time starts anew."""
        return self._replace(listening=now)

    def deafen(self) -> "Presence":
        """The connection was lost: time no longer counts against anybody."""
        return self._replace(listening=None)

    def next_epoch(self, removed: Iterable[LeafIndex]) -> "Presence":
        """Counters begin anew; what members said of their devices stays, and who said that they
        leave still does.
        """
        gone = set(removed)
        kept = {
            leaf: seen._replace(counter=0) for leaf, seen in self.seen.items() if leaf not in gone
        }
        return Presence(None, kept)

    def hear(self, heard: Heard, now: float) -> "Presence | None":
        """After a whisper; None for one whose counter does not rise."""
        before = self.seen.get(heard.leaf)
        if before is not None and heard.counter <= before.counter:
            return None
        known = before or Seen(0, now, Here(), leaving=False)
        return self._replace(seen={**self.seen, heard.leaf: _after(known, heard, now)})

    def is_present(self, leaf: LeafIndex, now: float) -> bool:
        """Whether the leaf was heard lately."""
        seen = self.seen.get(leaf)
        return seen is not None and not seen.leaving and now - seen.at <= PRESENT_FOR

    def departed(self, leaves: Iterable[LeafIndex], now: float) -> list[LeafIndex]:
        """Those to remove: who said that they leave, and who vanished while this client
        listened.
        """
        listening = self.listening
        if listening is None:
            return []
        return [leaf for leaf in leaves if self._is_gone(leaf, listening, now)]

    def _is_gone(self, leaf: LeafIndex, listening: float, now: float) -> bool:
        seen = self.seen.get(leaf)
        if seen is None:
            return now - listening > _VANISHED_AFTER
        return seen.leaving or now - max(listening, seen.at) > _VANISHED_AFTER

    def acting(self, leaves: Iterable[LeafIndex], now: float) -> list[LeafIndex]:
        """Those who can be expected to act: heard lately, or not yet heard since we came."""
        fresh = self.listening is not None and now - self.listening <= PRESENT_FOR
        return [
            leaf
            for leaf in leaves
            if self.is_present(leaf, now) or (fresh and leaf not in self.seen)
        ]


def _after(known: Seen, heard: Heard, now: float) -> Seen:
    match heard.saying:
        case Here():
            return Seen(heard.counter, now, heard.saying, leaving=False)
        case Leaving():
            return Seen(heard.counter, now, Here(), leaving=True)
        case Asking():
            return known._replace(counter=heard.counter, at=now)

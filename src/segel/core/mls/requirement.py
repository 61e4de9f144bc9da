"""What a receiver must verify: each requirement has an id, a text and one predicate."""

from collections.abc import Callable
from typing import Generic, ParamSpec

from segel.core.mls.errors import Refused

P = ParamSpec("P")


class Requirement(Generic[P]):
    """A MUST of RFC 9420. Called, it returns where the predicate holds, and else raises Refused."""

    def __init__(self, requirement_id: str, text: str, holds: Callable[P, bool]) -> None:
        self.id = requirement_id
        self.text = text
        self.holds = holds

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        if not self.holds(*args, **kwargs):
            raise self.broken()

    def broken(self) -> Refused:
        """The error, for where it shows by an attempt that fails."""
        return Refused(self.id, self.text)


REQUIREMENTS: dict[str, Requirement[...]] = {}
"""Every requirement by its id: the RFC's section, a slash and a word."""


def requirement(requirement_id: str, text: str) -> Callable[[Callable[P, bool]], Requirement[P]]:
    """Makes a predicate a requirement. The text is what a person reads where it fails."""

    def declare(holds: Callable[P, bool]) -> Requirement[P]:
        if requirement_id in REQUIREMENTS:
            raise ValueError(f"{requirement_id} is declared twice")
        declared = Requirement(requirement_id, text, holds)
        REQUIREMENTS[requirement_id] = declared
        return declared

    return declare


def attempt(requirement_id: str, text: str) -> Requirement[[]]:
    """A requirement that only an attempt can test: to open, to verify."""
    return requirement(requirement_id, text)(lambda: True)

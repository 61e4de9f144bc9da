"""Who is known by which name, and who is meant by one."""

from segel.apps.client.plain import plain
from segel.client import UsageError
from segel.core.content.text import clean_name

_SHORT = 4
"""Characters of an account that tell people of one name apart."""


class People:
    """Names of accounts, as they are shown: two of one name are told apart by their accounts."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def learn(self, account: str, name: str) -> str:
        """Somebody calls themselves so; what they are called here."""
        self._names[account] = plain(clean_name(name))
        return self.called(account)

    def called(self, account: str) -> str:
        """The name, with a part of the account where somebody else has the same name."""
        name = self._names.get(account, "?")
        twice = sum(other.casefold() == name.casefold() for other in self._names.values()) > 1
        return f"{name} ({account[:_SHORT]})" if twice else name

    def meant(self, words: str, among: list[str]) -> str:
        """The account, of those, that a name or the beginning of an account means. Raises
        UsageError where it is nobody, or more than one.
        """
        said = words.casefold()
        found = [each for each in among if self.called(each).casefold() == said]
        if not found:
            found = [each for each in among if self._names.get(each, "").casefold() == said]
        if not found and said:
            found = [each for each in among if each.casefold().startswith(said)]
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f"{self.called(each)}" for each in found)
            raise UsageError(f"{plain(words)} may be each of these: {several}")
        there = ", ".join(self.called(each) for each in among) or "nobody"
        raise UsageError(f"there is no {plain(words)}; it could be: {there}")

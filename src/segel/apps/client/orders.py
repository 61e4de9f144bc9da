"""Words that are typed between what is said: `/people`, and a host's `/admit Ben`."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from segel.apps.client import records
from segel.apps.client.plain import plain
from segel.apps.client.progress import progress
from segel.apps.client.screen import Screen
from segel.client import Meeting, Message, UsageError

HELP = """\
What you type is sent. A line that begins with / is a word to the program:
  /people            who is here
  /code              the 30 digits to compare by voice
  /file PATH         give a file
  /save N [FOLDER]   save the file with this number
  /leave             go; so does Ctrl-D, and Ctrl-C
For hosts:
  /admit [NAME]      let in who waits; a name may be the beginning of an account
  /deny [NAME]       do not let in who waits
  /kick NAME         take somebody out for good
  /host NAME         make somebody a host as well
  /lobby on|off      hosts let newcomers in, or the link does
  /lock, /unlock     let nobody new in; let them in again
  /end               end the meeting for all
To send a line that begins with /, double it: //like this"""


class Leave(Exception):
    """One wants to go."""


class Orders:
    """Carries out what is typed in a meeting."""

    def __init__(self, meeting: Meeting, screen: Screen) -> None:
        self._meeting, self._screen = meeting, screen
        self._words: dict[str, Callable[[str], Awaitable[None]]] = {
            "people": self._people,
            "code": self._code,
            "file": self._file,
            "save": self._save,
            "admit": self._admit,
            "deny": self._deny,
            "kick": self._kick,
            "host": self._host,
            "lobby": self._lobby,
            "lock": self._lock,
            "unlock": self._unlock,
            "end": lambda _: meeting.end(),
            "leave": self._leave,
            "help": self._help,
        }

    async def obey(self, line: str) -> None:
        """One line: said, or done. Raises SegelError, Leave."""
        if not line.startswith("/") or line.startswith("//"):
            text = line.removeprefix("/") if line.startswith("//") else line
            if text.strip():
                await self._meeting.send(text)
            return
        word, _, rest = line[1:].strip().partition(" ")
        order = self._words.get(word.casefold())
        if order is None:
            raise UsageError(f"there is no /{plain(word)}; /help lists what there is, // sends it")
        await order(rest.strip())

    async def _help(self, _: str) -> None:
        for line in HELP.splitlines():
            self._screen.note(line)

    async def _leave(self, _: str) -> None:
        raise Leave

    async def _people(self, _: str) -> None:
        for who in self._meeting.people:
            called = self._screen.names.learn(who.account, who.name)
            marks = [*(["you"] if who.you else []), *(["host"] if who.host else [])]
            self._screen.tell(
                records.person("person", who), f"* {called}{_in_brackets(marks)}  {who.account}"
            )

    async def _code(self, _: str) -> None:
        code = " ".join(await self._meeting.code())
        epoch = self._meeting.epoch
        self._screen.tell({"event": "code", "code": code, "epoch": epoch}, f"* {code}")

    async def _file(self, path: str) -> None:
        if not path:
            raise UsageError("which file? /file PATH")
        source = _path(path)
        with progress(source.name, quiet=self._screen.as_json) as told:
            await self._meeting.send_file(source, progress=told)
        self._screen.note(f"{plain(source.name)} is given.")

    async def _save(self, words: str) -> None:
        number, _, folder = words.partition(" ")
        message = self._numbered(number)
        to = _path(folder.strip() or ".")
        await save(self._meeting, self._screen, message, to)

    def _numbered(self, number: str) -> Message:
        files = self._screen.files
        if not number and len(files) == 1:
            return files[0]
        if not number.isdecimal() or not 1 <= int(number) <= len(files):
            raise UsageError(f"which file? /save N; {len(files)} were given so far")
        return files[int(number) - 1]

    async def _admit(self, name: str) -> None:
        await self._meeting.admit(self._knocking(name))

    async def _deny(self, name: str) -> None:
        account = self._knocking(name)
        await self._meeting.deny(account)
        called = self._screen.knocking.pop(account)
        self._screen.note(f"{called} is not let in.")

    def _knocking(self, name: str) -> str:
        waiting = list(self._screen.knocking)
        if not name and len(waiting) == 1:
            return waiting[0]
        return self._screen.names.meant(name, waiting)

    async def _kick(self, name: str) -> None:
        await self._meeting.kick(self._other(name))

    async def _host(self, name: str) -> None:
        await self._meeting.promote(self._other(name))

    def _other(self, name: str) -> str:
        others = [who.account for who in self._meeting.people if not who.you]
        return self._screen.names.meant(name, others)

    async def _lobby(self, word: str) -> None:
        if word not in ("on", "off"):
            raise UsageError("/lobby on, or /lobby off")
        await self._meeting.set_lobby(word == "on")
        self._screen.note("Hosts let newcomers in." if word == "on" else "The link lets in.")

    async def _lock(self, _: str) -> None:
        await self._meeting.lock(True)
        self._screen.note("Nobody new comes in: the meeting is locked.")

    async def _unlock(self, _: str) -> None:
        await self._meeting.lock(False)
        self._screen.note("The meeting is not locked any more.")


async def save(meeting: Meeting, screen: Screen, message: Message, to: Path) -> None:
    """Saves the file of a message and says where it is. Raises SegelError."""
    name = "" if message.file is None else plain(message.file.name)
    with progress(name, quiet=screen.as_json) as told:
        path = await meeting.save_file(message.id, to, progress=told)
    size = path.stat().st_size
    told_as = {"event": "saved", "id": message.id, "path": str(path), "size": size}
    screen.tell(told_as, f"* {plain(str(path))} is saved.")


def _path(typed: str) -> Path:
    return Path(typed).expanduser()


def _in_brackets(marks: list[str]) -> str:
    return f" ({', '.join(marks)})" if marks else ""

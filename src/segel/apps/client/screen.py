"""What happens in a meeting, shown line by line to a person or to a program."""

import sys
from typing import TextIO

import click

from segel.apps.client import records
from segel.apps.client.people import People
from segel.apps.client.plain import plain, plain_lines
from segel.apps.client.words import ALARMS, OVER, WAITING
from segel.apps.sizes import shown_size
from segel.client import (
    Alarm,
    Asked,
    Came,
    Changed,
    Connection,
    Ended,
    Event,
    Knocked,
    Left,
    Meeting,
    Message,
    Moved,
    Person,
    Rekeyed,
    Said,
)


class Screen:
    """Shows events. For a person what is said goes to `said`, and all else to standard error; for a
    program everything is a JSON object on standard output.
    """

    def __init__(self, *, as_json: bool, said: TextIO | None = None) -> None:
        self.as_json, self._said_to = as_json, said or sys.stdout
        self.names = People()
        self.knocking: dict[str, str] = {}
        """Who waits for a host's word: names by account."""
        self.files: list[Message] = []
        """Files that were given, by number from 1."""
        self._people: dict[str, Person] = {}
        self._texts: dict[str, str | None] = {}
        self._waiting = ""

    # What a command tells

    def result(self, record: records.Record, line: str) -> None:
        """What the command is for: to standard output in either form."""
        _print(records.line(record) if self.as_json else line, sys.stdout)

    def tell(self, record: records.Record, line: str) -> None:
        """What was asked for on the way: to where a person reads what is said."""
        if self.as_json:
            _print(records.line(record), sys.stdout)
        else:
            _print(line, self._said_to)

    def note(self, line: str) -> None:
        """For a person only."""
        if not self.as_json:
            _print(click.style(f"* {line}", dim=True), sys.stderr)

    def waiting(self, what: str) -> None:
        """What one waits for at the door, once each."""
        if what == self._waiting:
            return
        self._waiting = what
        if self.as_json:
            _print(records.line({"event": "waiting", "for": what}), sys.stdout)
        self.note(WAITING[what])

    def entered(self, meeting: Meeting) -> None:
        """One is in: who is there."""
        for who in meeting.people:
            self.names.learn(who.account, who.name)
            self._people[who.account] = who
        if self.as_json:
            people = [records.person("person", who) for who in meeting.people]
            _print(
                records.line({"event": "in", "link": meeting.link, "people": people}), sys.stdout
            )
        others = [self.names.called(who.account) for who in meeting.people if not who.you]
        self.note(
            f"You are in, with {', '.join(others)}." if others else "You are in, alone so far."
        )

    # What happens

    def show(self, event: Event) -> None:
        """An event, as far as a person is to see it."""
        if self.as_json:
            _print(records.line(records.record(event)), sys.stdout)
        match event:
            case Said(message=message):
                self._said(message)
            case Changed(message=message):
                self._changed(message)
            case Came(person=who):
                self.knocking.pop(who.account, None)
                self._people[who.account] = who
                self.note(f"{self.names.learn(who.account, who.name)} is here.")
            case Left(person=who):
                self._people.pop(who.account, None)
                self.note(f"{self.names.called(who.account)} is gone.")
            case Moved(person=who):
                self._moved(who)
            case Knocked(account=account, name=name):
                self.knocking[account] = called = self.names.learn(account, name)
                self.note(f"{called} waits to be let in: /admit {called} or /deny {called}")
            case Connection(online=online):
                self.note("Connected again." if online else "The connection is lost; coming back.")
            case Asked(what=what, by=by):
                wish = "mute your microphone" if what == "mute" else "lower your hand"
                self.note(f"{plain(by)} asks you to {wish}.")
            case Alarm(kind=kind, detail=detail):
                self.alarm(f"{ALARMS.get(kind, kind)} ({plain(detail)})")
            case Ended(reason=reason):
                if reason == "ended":
                    self.note(OVER[reason])
            case Rekeyed():
                pass

    def alarm(self, line: str) -> None:
        """What must never happen."""
        if not self.as_json:
            _print(click.style(f"ALARM: {line}", fg="red", bold=True), sys.stderr)

    def _said(self, message: Message) -> None:
        who = self.names.learn(message.account, message.name)
        self._texts[message.id] = message.text
        if message.file is not None:
            self.files.append(message)
        if self.as_json or message.you:
            return
        if message.file is None:
            self._say(who, message.text)
            return
        what = f"{plain(message.file.name)} ({shown_size(message.file.size)})"
        self._say(who, f"gives {what}: /save {len(self.files)}")

    def _changed(self, message: Message) -> None:
        """An edit and a deletion are worth a line; a reaction is not."""
        text = None if message.deleted else message.text
        if message.you or self._texts.get(message.id, text) == text:
            return
        self._texts[message.id] = text
        if not self.as_json:
            who = self.names.learn(message.account, message.name)
            self._say(who, "takes a message back." if text is None else f"corrects: {text}")

    def _moved(self, who: Person) -> None:
        before, self._people[who.account] = self._people.get(who.account, who), who
        called = "You" if who.you else self.names.called(who.account)
        if who.host != before.host:
            are = "are" if who.you else "is"
            self.note(f"{called} {are} host{'' if who.host else ' no more'}.")
        if who.hand and not before.hand and not who.you:
            self.note(f"{called} raises a hand.")

    def _say(self, who: str, text: str) -> None:
        first, *more = plain_lines(text)
        lines = [f"{click.style(f'{who}:', bold=True)} {first}", *(f"    {each}" for each in more)]
        _print("\n".join(lines), self._said_to)


def _print(line: str, to: TextIO) -> None:
    click.echo(line, file=to)
    to.flush()

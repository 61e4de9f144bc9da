"""The relay behind the group: who may use it, and under which random names (media.md, wire.md 4).

The relay is told random ids for meetings and participants, made anew for each; it knows no group.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from segel.core.wire.answers import (
    MediaAnswer,
    MediaEnded,
    Stream,
    StreamAdded,
    StreamRemoved,
)
from segel.core.wire.requests import OfferMedia, Publish, Receive, WatchMedia
from segel.server.delivery.connection import Connection
from segel.server.delivery.groups import LiveGroups
from segel.server.refusals import Refuse
from segel.server.sfu import engine as sfu

ID_SIZE = 16


class Relay(Protocol):
    """What is asked of `segel.server.sfu.engine.SfuEngine`."""

    @property
    def running(self) -> bool: ...

    async def attach(
        self, meeting: bytes, participant: bytes, offer: str, tracks: Mapping[str, sfu.Track]
    ) -> sfu.Answered: ...

    async def reoffer(
        self, meeting: bytes, participant: bytes, offer: str, tracks: Mapping[str, sfu.Track]
    ) -> sfu.Answered: ...

    def subscribe(self, meeting: bytes, participant: bytes, wishes: list[sfu.Wish]) -> None: ...

    def detach(self, meeting: bytes, participant: bytes) -> None: ...

    def close_meeting(self, meeting: bytes) -> None: ...


@dataclass(slots=True)
class _Call:
    """A group's media: participants by random id, streams by id with whose they are."""

    group: bytes
    meeting: bytes
    members: dict[bytes, Connection] = field(default_factory=dict)
    streams: dict[bytes, tuple[Stream, bytes]] = field(default_factory=dict)

    def participant(self, connection: Connection) -> bytes | None:
        """The connection's participant id, if it is in the call."""
        return next((each for each, who in self.members.items() if who is connection), None)

    def others(self, participant: bytes | None) -> list[Stream]:
        """The streams of everybody else."""
        return [stream for stream, owner in self.streams.values() if owner != participant]


class Media:
    """The calls of all groups. `relay` is None while there is none: offers are refused then."""

    def __init__(self, groups: LiveGroups) -> None:
        self.relay: Relay | None = None
        self._groups = groups
        self._calls: dict[bytes, _Call] = {}
        self._meetings: dict[bytes, _Call] = {}
        groups.on_gone.append(self._late)

    @property
    def running(self) -> bool:
        """There is a relay, and it answers."""
        return self.relay is not None and self.relay.running

    def streams(self, group: bytes, connection: Connection) -> list[Stream]:
        """What the connection can receive in the group now: not what it sends itself."""
        call = self._calls.get(group)
        return [] if call is None else call.others(call.participant(connection))

    async def offer(self, connection: Connection, ask: OfferMedia) -> MediaAnswer:
        """Brings the connection in, or renegotiates. Refuses no_media, bad_offer."""
        relay = self._running()
        if ask.restart:
            self.leave(ask.group, connection)
        call = self._call(ask.group)
        old = call.participant(connection)
        participant = old or os.urandom(ID_SIZE)
        call.members[participant] = connection
        tracks = {mid: _track(track) for mid, track in ask.tracks.items()}
        negotiate = relay.attach if old is None else relay.reoffer
        try:
            answered = await negotiate(call.meeting, participant, ask.offer, tracks)
        except sfu.EngineError as error:
            if old is None:
                self._remove(call, participant)
            code: Literal["bad_offer", "no_media"] = (
                "bad_offer" if isinstance(error, sfu.OfferRefused) else "no_media"
            )
            raise Refuse(code) from None
        return MediaAnswer(answered.answer, answered.streams, call.others(participant))

    def watch(self, connection: Connection, ask: WatchMedia) -> None:
        """Shows these video streams and no others."""
        relay, call = self._running(), self._calls.get(ask.group)
        participant = None if call is None else call.participant(connection)
        if call is None or participant is None:
            raise Refuse("no_media")
        hidden = [each.id for each in call.others(participant) if each.kind == "video"]
        wishes = [sfu.Wish(stream, True, stream in ask.small) for stream in ask.streams]
        wishes += [sfu.Wish(stream, False, False) for stream in hidden if stream not in ask.streams]
        relay.subscribe(call.meeting, participant, wishes)

    def leave(self, group: bytes, connection: Connection) -> None:
        """Takes the connection out of the group's call; nothing is told to it."""
        call = self._calls.get(group)
        participant = None if call is None else call.participant(connection)
        if call is not None and participant is not None:
            if self.relay is not None:
                self.relay.detach(call.meeting, participant)
            self._remove(call, participant)

    def leave_all(self, connection: Connection) -> None:
        """The connection has ended."""
        for group in list(self._calls):
            self.leave(group, connection)

    async def on_event(self, event: sfu.Event) -> None:
        """What the relay reports."""
        match event:
            case sfu.StreamAdded(meeting=meeting):
                self._added(self._meetings.get(meeting), event)
            case sfu.StreamRemoved(meeting=meeting, stream=stream):
                self._ended(self._meetings.get(meeting), stream)
            case sfu.ParticipantGone(meeting=meeting, participant=participant):
                self._lost(self._meetings.get(meeting), participant)
            case sfu.EngineRestarted():
                self._restarted()

    def _running(self) -> Relay:
        if self.relay is None:
            raise Refuse("no_media")
        return self.relay

    def _call(self, group: bytes) -> _Call:
        call = self._calls.get(group)
        if call is None:
            call = self._calls[group] = _Call(group, os.urandom(ID_SIZE))
            self._meetings[call.meeting] = call
        return call

    def _added(self, call: _Call | None, event: sfu.StreamAdded) -> None:
        if call is None or event.participant not in call.members:
            return
        stream = Stream(event.stream, "audio" if event.kind == "audio" else "video")
        call.streams[stream.id] = (stream, event.participant)
        owner = call.members[event.participant]
        self._groups.tell_latest(call.group, StreamAdded(call.group, stream), owner)

    def _ended(self, call: _Call | None, stream: bytes) -> None:
        if call is not None and call.streams.pop(stream, None) is not None:
            self._groups.tell_latest(call.group, StreamRemoved(call.group, stream))

    def _lost(self, call: _Call | None, participant: bytes) -> None:
        if call is not None and participant in call.members:
            call.members[participant].tell(MediaEnded(call.group, "lost"))
            self._remove(call, participant)

    def _restarted(self) -> None:
        for call in list(self._calls.values()):
            for connection in call.members.values():
                connection.tell(MediaEnded(call.group, "relay"))
        self._calls.clear()
        self._meetings.clear()

    def _late(self, group: bytes, connection: Connection) -> None:
        call = self._calls.get(group)
        if call is not None and call.participant(connection) is not None:
            self.leave(group, connection)
            connection.tell(MediaEnded(group, "stale"))

    def _remove(self, call: _Call, participant: bytes) -> None:
        """Drops a participant and what it published; the last one ends the call."""
        call.members.pop(participant, None)
        for stream in [each for each, (_, owner) in call.streams.items() if owner == participant]:
            self._ended(call, stream)
        if not call.members and self._calls.get(call.group) is call:
            del self._calls[call.group]
            del self._meetings[call.meeting]
            if self.relay is not None:
                self.relay.close_meeting(call.meeting)


def _track(track: Publish | Receive) -> sfu.Track:
    return sfu.Publish(track.kind) if isinstance(track, Publish) else sfu.Receive(track.stream)

"""Who is attached to the relay: by meeting, by ICE credentials, by network path."""

from dataclasses import dataclass, field

from segel.core.media.publication import Publication
from segel.core.media.stun import Address
from segel.server.sfu.participant import Participant

MAX_PATHS = 16
"""Addresses kept for one participant: who moves from network to network leaves old ones behind."""

Meeting = dict[bytes, Participant]


@dataclass(slots=True)
class Directory:
    """Everybody, found by whatever a command or a datagram names."""

    meetings: dict[bytes, Meeting] = field(default_factory=dict)
    _by_ufrag: dict[str, Participant] = field(default_factory=dict)
    _by_address: dict[Address, Participant] = field(default_factory=dict)
    _paths: dict[Participant, list[Address]] = field(default_factory=dict)
    _ufrags: dict[Participant, str] = field(default_factory=dict)

    def add(self, participant: Participant, ufrag: str) -> None:
        """Find the participant from now on, and by these ICE credentials of the relay alone."""
        self.meetings.setdefault(participant.meeting, {})[participant.identifier] = participant
        before = self._ufrags.pop(participant, None)
        if before is not None:
            del self._by_ufrag[before]
        self._by_ufrag[ufrag] = participant
        self._ufrags[participant] = ufrag

    def add_path(self, participant: Participant, address: Address) -> None:
        """A check has proved that the participant is at this address."""
        before = self._by_address.get(address)
        if before is participant:
            return
        if before is not None:
            self._paths[before].remove(address)
        self._by_address[address] = participant
        paths = self._paths.setdefault(participant, [])
        paths.append(address)
        if len(paths) > MAX_PATHS:
            del self._by_address[paths.pop(0)]

    def remove(self, participant: Participant) -> bool:
        """Forget the participant; false if it was not there (any more)."""
        if self.find(participant.meeting, participant.identifier) is not participant:
            return False
        meeting = self.meetings[participant.meeting]
        del meeting[participant.identifier]
        if not meeting:
            del self.meetings[participant.meeting]
        del self._by_ufrag[self._ufrags.pop(participant)]
        for address in self._paths.pop(participant, []):
            del self._by_address[address]
        return True

    def find(self, meeting: bytes, identifier: bytes) -> Participant | None:
        """The participant whom a command names."""
        return self.meetings.get(meeting, {}).get(identifier)

    def by_ufrag(self, ufrag: str) -> Participant | None:
        """The participant whom a check names."""
        return self._by_ufrag.get(ufrag)

    def by_address(self, address: Address) -> Participant | None:
        """The participant on whose path a datagram came."""
        return self._by_address.get(address)

    def everybody(self) -> list[Participant]:
        """All participants of all meetings."""
        return [
            participant for meeting in self.meetings.values() for participant in meeting.values()
        ]

    def published_to(self, meeting: bytes, identifier: bytes) -> dict[bytes, Publication]:
        """The streams that a participant may receive: those of the others in its meeting."""
        return {
            publication.stream: publication
            for other in self.meetings.get(meeting, {}).values()
            if other.identifier != identifier
            for publication in other.streams.published.values()
        }
